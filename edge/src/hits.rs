//! `POST /v1/hits`: checks a hit and hands it to its site's object.

use crate::Answer;
use crate::config::Config;
use crate::head::Head;
use crate::jobs::{Hit, Job, Task};
use crate::platform;
use crate::reply::{self, Problem};
use futures_util::StreamExt;
use laifang_tally::request::{self, HitBody, MAX_BODY_BYTES};
use serde::Serialize;
use worker::{Env, Request};

/// Counts a view.
pub async fn post(head: &Head, body: &str, env: &Env) -> Result<Answer, Problem> {
    let config = Config::read(env);
    let body: HitBody = request::read_text(body)?;
    request::check_id(&body.id)?;
    let target = request::target(&config.sites, &body.url, body.site.as_deref(), head.origin())?;
    if let Some(reason) = not_counted(head, &config) {
        return Ok(reply::json(&uncounted(reason))?.into());
    }
    let address = head.address(&config);
    check_rate(env, &address).await?;
    let user_agent = head.user_agent().to_owned();
    let hit = Hit { page: target.page, id: body.id, kind: body.kind, address, user_agent, shown: body.shown };
    Ok(Answer::Ask(Job { site: target.site, task: Task::Hit(hit) }))
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
pub fn not_counted(head: &Head, config: &Config) -> Option<&'static str> {
    if head.is_prefetch() {
        return Some("prefetch");
    }
    (!config.count_bots && platform::names_bot(head.user_agent())).then_some("bot")
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
