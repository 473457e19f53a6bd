//! `WriteBudget`: one object that hands out the deployment's KV writes of the day.
//!
//! Calls: `POST /new-site`, see `new_sites`, and `POST /grant`, which answers 200 with a [`Grant`]; what it handed out is stored before it answers,
//! so a restart cannot hand it out again.
#![allow(missing_docs, reason = "the object macro makes public bindings without docs")]

use crate::config::Config;
use crate::{new_sites, platform};
use laifang_tally::budget::{Budget, Grant};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use worker::{
    DurableObject, Env, Error, Method, Request, RequestInit, Response, Result, State, durable_object,
};

/// Longest wait for an answer.
const TIMEOUT: Duration = Duration::from_secs(10);
#[derive(Serialize, Deserialize)]
struct Ask {
    site: String,
    wanted: u64,
}

/// The one row, as `serde-wasm-bindgen` reads it from the cursor.
#[derive(Deserialize)]
struct Stored {
    granted: String,
}

/// Asks for writes on behalf of `site`.
pub async fn ask(env: &Env, site: &str, wanted: u64) -> Result<Grant> {
    let body = serde_json::to_string(&Ask { site: site.to_owned(), wanted })?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_body(Some(body.into()));
    let request = Request::new_with_init("https://budget.invalid/grant", &init)?;
    let stub = env.durable_object("WRITE_BUDGET")?.get_by_name("deployment")?;
    match platform::within(TIMEOUT, stub.fetch_with_request(request)).await {
        Some(response) => response?.json().await,
        None => Err(Error::RustError("the write budget did not answer in time".into())),
    }
}

/// The object.
#[durable_object]
pub struct WriteBudget {
    state: State,
    env: Env,
}

impl DurableObject for WriteBudget {
    fn new(state: State, env: Env) -> Self {
        Self { state, env }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let sql = self.state.storage().sql();
        if request.path() == new_sites::PATH {
            return new_sites::answer(&mut request, &sql).await;
        }
        let asked: Ask = request.json().await?;
        sql.exec("create table if not exists budget (id integer primary key, granted text not null)", None)?;
        let rows: Vec<Stored> = sql.exec("select granted from budget where id = 1", None)?.to_array()?;
        let mut budget: Budget = match rows.first() {
            Some(row) => serde_json::from_str(&row.granted)?,
            None => Budget::default(),
        };
        let per_day = Config::read(&self.env).kv_writes_per_day;
        let before = budget.clone();
        let grant = budget.grant(platform::now_ms(), &asked.site, asked.wanted, per_day);
        if budget == before {
            return Response::from_json(&grant);
        }
        let granted = serde_json::to_string(&budget)?;
        sql.exec("insert or replace into budget values (1, ?)", vec![granted.into()])?;
        Response::from_json(&grant)
    }
}
