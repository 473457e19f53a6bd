//! The Worker: reads a request, asks the site's object or KV, writes the reply.
//!
//! Every rule is in `laifang_tally`; this crate is the rim that knows the platform. Public reads come from
//! KV alone, counting goes to one [`SiteCounter`] object a site.
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a panic in an object leaves its callers hanging"
)]

mod config;
mod counts;
mod export;
mod hits;
mod import;
mod jobs;
mod kv;
mod owner;
mod platform;
mod publisher;
mod reply;
mod restore;
mod shares;
mod site_counter;
mod site_store;
mod sites;
mod stats;
mod svg;
mod write_budget;

pub use site_counter::SiteCounter;
pub use write_budget::WriteBudget;

use reply::Problem;
use worker::{Context, Env, Method, Request, Response, Result, event};

/// Everything that reaches the Worker and is no asset.
#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> Result<Response> {
    let method = request.method();
    let is_owner = owner::answers(&request.path());
    let response = match route(request, &env).await {
        Ok(response) => response,
        Err(problem) => problem.into_response()?,
    };
    let response = if is_owner { reply::for_owner(response)? } else { response };
    if method == Method::Head { reply::without_body(response) } else { Ok(response) }
}

async fn route(request: Request, env: &Env) -> std::result::Result<Response, Problem> {
    let path = request.path();
    if owner::answers(&path) {
        return owner::answer(request, env).await;
    }
    let allowed = match path.as_str() {
        "/v1/hits" | "/v1/shares" => "POST, OPTIONS",
        "/v1/counts" | "/v1/counter.svg" | "/v1/hit.svg" | "/v1/health" => "GET, HEAD, OPTIONS",
        _ => return Err(Problem::not_found(&path)),
    };
    match (request.method(), path.as_str()) {
        (Method::Options, _) => Ok(reply::preflight(allowed)?),
        (Method::Post, "/v1/hits") => hits::post(request, env).await,
        (Method::Post, "/v1/shares") => shares::post(request, env).await,
        (Method::Get | Method::Head, "/v1/counts") => counts::get(&request, env).await,
        (Method::Get | Method::Head, "/v1/counter.svg") => svg::counter(&request, env).await,
        (Method::Get | Method::Head, "/v1/hit.svg") => svg::hit(&request, env).await,
        (Method::Get | Method::Head, "/v1/health") => Ok(reply::health()?),
        _ => Err(Problem::method_not_allowed(allowed)),
    }
}
