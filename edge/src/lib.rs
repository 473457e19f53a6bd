//! The Worker: reads a request, asks the site's object or KV, writes the reply.
//!
//! Every rule is in `laifang_tally`; this crate is the rim that knows the platform. Public reads come from
//! KV alone, counting goes to one [`SiteCounter`] object a site.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        reason = "a panic in an object leaves its callers hanging"
    )
)]

mod at_once;
mod config;
mod counts;
mod export;
mod head;
mod hits;
mod import;
mod jobs;
mod kv;
mod moves;
mod new_sites;
mod owner;
mod platform;
mod publisher;
mod query;
mod reply;
mod restore;
mod routes;
mod shares;
mod site_counter;
mod site_store;
mod sites;
mod stats;
mod svg;
mod visitor_address;
mod wake;
mod write_budget;

pub use site_counter::SiteCounter;
pub use write_budget::WriteBudget;

use at_once::at_once_or_later;
use head::Head;
use jobs::Job;
use reply::Problem;
use routes::{Entry, Route};
use wasm_bindgen::prelude::*;
use worker::{Env, Request, Response, Result, web_sys};

/// The description of this API, which `tests/api` checks against the running Worker.
const OPENAPI: &str = include_str!("../openapi.json");

/// What a request comes to.
enum Answer {
    Response(Response),
    /// Something a site's object has to do, whose answer is the request's.
    Ask(Job),
}

impl From<Response> for Answer {
    fn from(response: Response) -> Self {
        Self::Response(response)
    }
}

/// Everything that reaches the Worker and is no asset: a response, or a job for `carry.js` to carry, or the promise of
/// one. `body` is there for hits and shares, unless it is too long.
#[wasm_bindgen]
pub fn fetch(head: String, body: Option<String>, request: web_sys::Request, env: Env) -> JsValue {
    at_once_or_later(async move {
        match route(Head::new(head), body, request, &env).await {
            Ok(Answer::Ask(job)) => jobs::lines(&job).unwrap_or_else(|error| failed(&error)),
            Ok(Answer::Response(response)) => web_sys::Response::from(response).into(),
            Err(error) => failed(&error),
        }
    })
}

/// The response when a site's object did not answer in time.
#[wasm_bindgen]
pub fn late() -> JsValue {
    problem(jobs::late())
}

/// The response when a site's object could not be asked.
#[wasm_bindgen]
pub fn unreachable(reason: &str) -> JsValue {
    problem(worker::Error::RustError(reason.to_owned()).into())
}

pub(crate) fn problem(problem: Problem) -> JsValue {
    problem
        .into_response()
        .map_or_else(|error| failed(&error), |response| web_sys::Response::from(response).into())
}

fn failed(error: &worker::Error) -> JsValue {
    worker::console_error!("{error}");
    let response = Response::error("INTERNAL SERVER ERROR", 500);
    response.map_or(JsValue::UNDEFINED, |response| web_sys::Response::from(response).into())
}

async fn route(head: Head, body: Option<String>, request: web_sys::Request, env: &Env) -> Result<Answer> {
    let found = routes::find(head.path()).map(|(entry, site)| (entry, site.to_owned()));
    let is_owners = found.as_ref().is_some_and(|(entry, _)| entry.is_owners);
    let answer = match found {
        Some((entry, site)) => answer(&head, body, request, entry, &site, env).await,
        None => Err(Problem::not_found(head.path())),
    };
    let response = match answer {
        Ok(Answer::Ask(job)) => return Ok(Answer::Ask(job)),
        Ok(Answer::Response(response)) => response,
        Err(problem) => problem.into_response()?,
    };
    let response = if is_owners { reply::for_owner(response)? } else { response };
    Ok(if head.method() == "HEAD" { reply::without_body(response)? } else { response }.into())
}

async fn answer(
    head: &Head,
    body: Option<String>,
    request: web_sys::Request,
    entry: &Entry,
    site: &str,
    env: &Env,
) -> std::result::Result<Answer, Problem> {
    let method = head.method();
    if matches!(entry.route, Route::Hits | Route::Shares) && entry.takes(method) {
        let body = body.ok_or_else(Problem::too_large)?;
        let is_hit = entry.route == Route::Hits;
        return if is_hit {
            hits::post(head, &body, env).await
        } else {
            shares::post(head, &body, env).await
        };
    }
    let request = Request::from(request);
    if entry.is_owners {
        owner::check_token(&request, method, env)?;
    }
    if method == "OPTIONS" {
        let (allowed, asked) = (entry.allowed(), hits::header(&request, "Access-Control-Request-Headers"));
        let answer = match entry.is_owners {
            true => reply::options(&allowed),
            false => reply::preflight(&allowed, asked.as_deref()),
        };
        return Ok(answer?.into());
    }
    let not_taken = || Problem::method_not_allowed(&entry.allowed());
    if !entry.takes(method) {
        return Err(not_taken());
    }
    let response = match entry.route {
        Route::Hits | Route::Shares => return Err(not_taken()),
        Route::Counts => counts::get(&request, env).await?,
        Route::CounterSvg => svg::counter(&request, env).await?,
        Route::HitSvg => svg::hit(head, &request, env).await?,
        Route::Health => reply::health()?,
        Route::OpenApi => reply::openapi(OPENAPI)?,
        Route::Visitor => owner::visitor(&request, env)?,
        Route::Sites => sites::list(env).await?,
        Route::Site => owner::site(request, method, site, env).await?,
        Route::Restore => owner::restore(site, env).await?,
        Route::Stats => owner::stats(&request, site, env).await?,
        Route::Export => owner::export(method, site, env).await?,
        Route::Import => owner::import(&request, site, env).await?,
        Route::Moves => owner::moves(request, method, site, env).await?,
        Route::Merges => owner::merges(method, site, env).await?,
    };
    Ok(response.into())
}
