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

mod config;
mod counts;
mod export;
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

use reply::Problem;
use routes::{Entry, Route};
use worker::{Context, Env, Request, Response, Result, event};

/// The description of this API, which `tests/api` checks against the running Worker.
const OPENAPI: &str = include_str!("../openapi.json");

/// Everything that reaches the Worker and is no asset.
#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> Result<Response> {
    // The crate takes a method it does not know for GET.
    let method = request.inner().method();
    let found = routes::find(&request.path()).map(|(entry, site)| (entry, site.to_owned()));
    let is_owners = found.as_ref().is_some_and(|(entry, _)| entry.is_owners);
    let answer = match found {
        Some((entry, site)) => answer(request, &method, entry, &site, &env).await,
        None => Err(Problem::not_found(&request.path())),
    };
    let response = answer.or_else(Problem::into_response)?;
    let response = if is_owners { reply::for_owner(response)? } else { response };
    if method == "HEAD" { reply::without_body(response) } else { Ok(response) }
}

async fn answer(
    request: Request,
    method: &str,
    entry: &Entry,
    site: &str,
    env: &Env,
) -> std::result::Result<Response, Problem> {
    if entry.is_owners {
        owner::check_token(&request, method, env)?;
    }
    if method == "OPTIONS" {
        let (allowed, asked) = (entry.allowed(), hits::header(&request, "Access-Control-Request-Headers"));
        let answer = match entry.is_owners {
            true => reply::options(&allowed),
            false => reply::preflight(&allowed, asked.as_deref()),
        };
        return Ok(answer?);
    }
    if !entry.takes(method) {
        return Err(Problem::method_not_allowed(&entry.allowed()));
    }
    match entry.route {
        Route::Hits => hits::post(request, env).await,
        Route::Shares => shares::post(request, env).await,
        Route::Counts => counts::get(&request, env).await,
        Route::CounterSvg => svg::counter(&request, env).await,
        Route::HitSvg => svg::hit(&request, env).await,
        Route::Health => Ok(reply::health()?),
        Route::OpenApi => Ok(reply::openapi(OPENAPI)?),
        Route::Visitor => owner::visitor(&request, env),
        Route::Sites => sites::list(env).await,
        Route::Site => owner::site(request, method, site, env).await,
        Route::Restore => owner::restore(site, env).await,
        Route::Stats => owner::stats(&request, site, env).await,
        Route::Export => owner::export(method, site, env).await,
        Route::Import => owner::import(&request, site, env).await,
        Route::Moves => owner::moves(request, method, site, env).await,
        Route::Merges => owner::merges(method, site, env).await,
    }
}
