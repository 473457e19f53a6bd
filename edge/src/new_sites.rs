//! Whether a site that a pattern in `SITES` allows may begin: asked of the deployment's `WriteBudget` object.
//!
//! Call: `POST /new-site`. It answers 200 with a [`Verdict`]. The rule is `tally::new_sites`'s.

use crate::platform;
use crate::reply::Problem;
use laifang_tally::new_sites::NewSites;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use worker::{Env, Method, Request, RequestInit, Response, Result, SqlStorage};

/// The path of this call at the object.
pub const PATH: &str = "/new-site";
const TIMEOUT: Duration = Duration::from_secs(5);

#[derive(Serialize, Deserialize)]
struct Ask {
    address: String,
}

/// The answer: how long to wait, if the site may not begin now.
#[derive(Serialize, Deserialize)]
struct Verdict {
    wait_ms: Option<u64>,
}

/// The one row, as `serde-wasm-bindgen` reads it from the cursor.
#[derive(Deserialize)]
struct Stored {
    begun: String,
}

/// Asks whether a site may begin at the word of `address`.
pub async fn check(env: &Env, address: &str) -> std::result::Result<(), Problem> {
    let body = serde_json::to_string(&Ask { address: address.to_owned() }).map_err(worker::Error::from)?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_body(Some(body.into()));
    let request = Request::new_with_init(&format!("https://budget.invalid{PATH}"), &init)?;
    let stub = env.durable_object("WRITE_BUDGET")?.get_by_name("deployment")?;
    let Some(response) = platform::within(TIMEOUT, stub.fetch_with_request(request)).await else {
        return Err(Problem::unavailable(
            "The counter did not answer in time. A retry with the same id is safe.",
        ));
    };
    let verdict: Verdict = response?.json().await?;
    verdict.wait_ms.map_or(Ok(()), |wait_ms| Err(Problem::too_many_sites(wait_ms)))
}

/// Answers the call, at the object.
pub async fn answer(request: &mut Request, sql: &SqlStorage) -> Result<Response> {
    let asked: Ask = request.json().await?;
    sql.exec("create table if not exists new_sites (id integer primary key, begun text not null)", None)?;
    let rows: Vec<Stored> = sql.exec("select begun from new_sites where id = 1", None)?.to_array()?;
    let mut sites: NewSites = match rows.first() {
        Some(row) => serde_json::from_str(&row.begun)?,
        None => NewSites::default(),
    };
    let before = sites.clone();
    let verdict = sites.admit(platform::now_ms(), &asked.address, platform::random_secret()?);
    if sites != before {
        let begun = serde_json::to_string(&sites)?;
        sql.exec("insert or replace into new_sites values (1, ?)", vec![begun.into()])?;
    }
    Response::from_json(&Verdict { wait_ms: verdict.err() })
}
