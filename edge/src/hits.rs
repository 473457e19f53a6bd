//! `POST /v1/hits`: checks a hit and hands it to its site's object.

use crate::config::Config;
use crate::jobs::{Hit, Job, Task, ask};
use crate::platform;
use crate::reply::{self, Problem};
use futures_util::StreamExt;
use laifang_tally::request::{self, HitBody, MAX_BODY_BYTES};
use serde::Serialize;
use worker::{Env, Request, Response};

/// Counts a view.
pub async fn post(mut request: Request, env: &Env) -> Result<Response, Problem> {
    let config = Config::read(env);
    let bytes = read_body(&mut request).await?;
    let body: HitBody = request::read_body(&bytes)?;
    request::check_id(&body.id)?;
    let origin = header(&request, "Origin");
    let target = request::target(&config.sites, &body.url, body.site.as_deref(), origin.as_deref())?;
    let user_agent = header(&request, "User-Agent").unwrap_or_default();
    if let Some(reason) = not_counted(&request, &config, &user_agent) {
        return Ok(reply::json(&uncounted(reason))?);
    }
    let address = address(&request, &config);
    check_rate(env, &address).await?;
    let hit = Hit { page: target.page, id: body.id, kind: body.kind, address, user_agent, shown: body.shown };
    ask(env, &Job { site: target.site, task: Task::Hit(hit) }).await
}

/// Reads a body of the size that public routes take.
pub async fn read_body(request: &mut Request) -> Result<Vec<u8>, Problem> {
    read_body_up_to(request, MAX_BODY_BYTES).await?.ok_or_else(Problem::too_large)
}

/// Reads a body of bounded size; none if it has more.
pub async fn read_body_up_to(request: &mut Request, max_bytes: usize) -> Result<Option<Vec<u8>>, Problem> {
    if declares_more_than(request, max_bytes) {
        return Ok(None);
    }
    // A declared length is kept to by HTTP itself; a chunked body is read only as far as the limit.
    if header(request, "Content-Length").is_some() || request.inner().body().is_none() {
        return Ok(Some(request.bytes().await?));
    }
    let mut bytes = Vec::new();
    let mut pieces = request.stream()?;
    while let Some(piece) = pieces.next().await {
        bytes.extend(piece?);
        if bytes.len() > max_bytes {
            return Ok(None);
        }
    }
    Ok(Some(bytes))
}

/// Whether a request says beforehand that its body is too large.
pub fn declares_more_than(request: &Request, max_bytes: usize) -> bool {
    let declared = header(request, "Content-Length").and_then(|length| length.parse::<usize>().ok());
    declared.is_some_and(|bytes| bytes > max_bytes)
}

/// A request header.
pub fn header(request: &Request, name: &str) -> Option<String> {
    request.headers().get(name).ok().flatten()
}

/// The visitor's address, which only the platform can say, and a proxy that the owner trusts.
pub fn address(request: &Request, config: &Config) -> String {
    let peer = header(request, "CF-Connecting-IP").unwrap_or_default();
    if config.trusted_proxies.is_empty() {
        return peer;
    }
    let forwarded_for = header(request, "X-Forwarded-For");
    let real = header(request, "X-Real-IP");
    config.trusted_proxies.visitor_of(&peer, forwarded_for.as_deref(), real.as_deref())
}

/// The platform's own limit, in front of every object: it keeps a flood from waking one. Coarse, by
/// location; the exact ceilings are the object's.
pub async fn check_rate(env: &Env, address: &str) -> Result<(), Problem> {
    let Ok(limiter) = env.rate_limiter("RATE_LIMITER") else { return Ok(()) };
    match limiter.limit(address.to_owned()).await {
        Ok(outcome) if !outcome.success => Err(Problem::flood()),
        Ok(_) => Ok(()),
        Err(error) => {
            worker::console_error!("the rate limit could not be asked: {error}");
            Ok(())
        }
    }
}

/// Why a request is answered but not counted.
pub fn not_counted(request: &Request, config: &Config, user_agent: &str) -> Option<&'static str> {
    let purposes = ["Sec-Purpose", "Purpose", "X-Moz"];
    let is_prefetch = |name: &&str| header(request, name).is_some_and(|value| value.contains("prefetch"));
    if purposes.iter().any(is_prefetch) {
        return Some("prefetch");
    }
    (!config.count_bots && platform::names_bot(user_agent)).then_some("bot")
}

/// Response for requests that are not counted (bots, prefetches): no counts, so that no page shows zeros.
#[derive(Serialize)]
struct Uncounted {
    counted: bool,
    reason: &'static str,
}

fn uncounted(reason: &'static str) -> Uncounted {
    Uncounted { counted: false, reason }
}
