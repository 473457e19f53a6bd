//! The owner's routes, behind the token: how a site stands, its settings, its reset.
//!
//! Out of scope: anything public. Without a token in the configuration these routes do not exist.

use crate::config::Config;
use crate::hits::{header, read_body};
use crate::jobs::{Job, Task, ask};
use crate::platform;
use crate::reply::Problem;
use laifang_tally::counts::{Shares, SiteCounts};
use laifang_tally::request::{self, asked_site};
use laifang_tally::site::{Settings, Site};
use serde::Serialize;
use subtle::ConstantTimeEq;
use worker::{Env, Method, Request, Response};

/// The folder of the owner's routes.
pub const PREFIX: &str = "/v1/sites/";
/// What they take.
pub const ALLOWED: &str = "GET, HEAD, PUT, DELETE";

/// How a site stands.
#[derive(Debug, Serialize)]
pub struct Standing {
    site: String,
    counts: SiteCounts,
    pages: usize,
    shares: Shares,
    generation: u64,
    day: String,
    day_ends_at: String,
    /// When it was last brought back from KV: what came after the newest publication before is lost.
    restored_at: Option<String>,
    /// Whether page visitors stand still until midnight, because today has too many to remember.
    page_visitors_frozen: bool,
    /// KV documents that say less than the counter knows.
    unpublished: usize,
    settings: Settings,
}

impl Standing {
    /// Of a site that is awake.
    pub fn of(name: &str, site: &Site) -> Self {
        let totals = site.totals();
        Self {
            site: name.to_owned(),
            counts: site.counts(),
            pages: site.pages().len(),
            shares: totals.shares.clone(),
            generation: totals.generation,
            day: totals.day.date.to_string(),
            day_ends_at: platform::rfc_3339(totals.day.ends_at_ms),
            restored_at: totals.restored_at_ms.map(platform::rfc_3339),
            page_visitors_frozen: site.are_page_visitors_frozen(),
            unpublished: site.unpublished().len(),
            settings: totals.settings.clone(),
        }
    }
}

/// Answers an owner's request about one site.
pub async fn site(mut request: Request, env: &Env) -> Result<Response, Problem> {
    let config = Config::read(env);
    let path = request.path();
    check_token(&request, config.admin_token.as_deref(), &path)?;
    let name = path.strip_prefix(PREFIX).unwrap_or_default();
    let site = asked_site(&config.sites, name)?;
    let task = match request.method() {
        Method::Get | Method::Head => Task::Describe,
        Method::Put => {
            let settings: Settings = request::read_body(&read_body(&mut request).await?)?;
            Task::Configure(settings)
        }
        Method::Delete => Task::Reset,
        _ => return Err(Problem::method_not_allowed(ALLOWED)),
    };
    ask(env, &Job { site, task }).await
}

fn check_token(request: &Request, token: Option<&str>, path: &str) -> Result<(), Problem> {
    let token = token.ok_or_else(|| Problem::not_found(path))?;
    let authorization = header(request, "Authorization").unwrap_or_default();
    let given = authorization.strip_prefix("Bearer ").unwrap_or_default();
    if bool::from(given.as_bytes().ct_eq(token.as_bytes())) { Ok(()) } else { Err(Problem::unauthorized()) }
}
