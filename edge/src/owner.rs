//! The owner's routes, behind the token: which there are, and how a site stands.
//!
//! The list of sites is `sites`', days and pages are `stats`', files `export`'s and `import`'s. Out of scope: anything public. Without a token in the configuration these routes do not exist.

use crate::config::Config;
use crate::hits::{header, read_body};
use crate::jobs::{self, ImportQuery, Job, Task, ask};
use crate::reply::Problem;
use crate::{export, platform, sites, stats};
use laifang_tally::counts::{Shares, SiteCounts};
use laifang_tally::import::MAX_FILE_BYTES;
use laifang_tally::request::{self, Refusal, asked_site};
use laifang_tally::site::{Settings, Site};
use serde::Serialize;
use subtle::ConstantTimeEq;
use worker::{Env, Method, Request, Response};

/// The list of sites.
const LIST: &str = "/v1/sites";
/// The folder of each site's routes.
const PREFIX: &str = "/v1/sites/";
/// What they take.
const ALLOWED: &str = "GET, HEAD, PUT, DELETE";

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
    /// The zone its days follow: the settings' or the deployment's.
    time_zone: String,
    /// The number that stands on the site's pages, if it is larger than what is counted.
    proposed_start: Option<ProposedStart>,
}

/// A number the owner may start from.
#[derive(Debug, Serialize)]
struct ProposedStart {
    visitors: u64,
    page: String,
}

impl Standing {
    /// Of a site that is awake.
    pub fn of(name: &str, site: &Site, config: &Config) -> Self {
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
            time_zone: totals.settings.time_zone.clone().unwrap_or_else(|| config.time_zone.clone()),
            proposed_start: site
                .proposal()
                .map(|proposal| ProposedStart { visitors: proposal.visitors, page: proposal.page.clone() }),
        }
    }
}

/// Whether a path is the owner's.
pub fn answers(path: &str) -> bool {
    path == LIST || path.starts_with(PREFIX)
}

/// Answers an owner's request.
pub async fn answer(request: Request, env: &Env) -> Result<Response, Problem> {
    let config = Config::read(env);
    let path = request.path();
    check_token(&request, config.admin_token.as_deref(), &path)?;
    let Some(rest) = path.strip_prefix(PREFIX) else { return list(&request, env, &config).await };
    let (name, part) = rest.split_once('/').unwrap_or((rest, ""));
    let site = asked_site(&config.sites, name)?;
    let is_get = matches!(request.method(), Method::Get | Method::Head);
    match (part, request.method()) {
        ("", _) => one(request, env, site).await,
        ("stats", _) if is_get => {
            let query = stats::query(&request)?;
            ask(env, &Job { site, task: Task::Stats(query) }).await
        }
        ("export", Method::Head) => Ok(export::head(&site)?),
        ("export", Method::Get) => ask(env, &Job { site, task: Task::Export }).await,
        ("import", Method::Post) => import(&request, env, site).await,
        ("stats" | "export", _) => Err(Problem::method_not_allowed("GET, HEAD")),
        ("import", _) => Err(Problem::method_not_allowed("POST")),
        _ => Err(Problem::not_found(&path)),
    }
}

async fn one(mut request: Request, env: &Env, site: String) -> Result<Response, Problem> {
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

async fn list(request: &Request, env: &Env, config: &Config) -> Result<Response, Problem> {
    match request.method() {
        Method::Get | Method::Head => sites::list(env, config).await,
        _ => Err(Problem::method_not_allowed("GET, HEAD")),
    }
}

async fn import(request: &Request, env: &Env, site: String) -> Result<Response, Problem> {
    let declared = header(request, "Content-Length").and_then(|length| length.parse::<usize>().ok());
    if declared.is_some_and(|bytes| bytes > MAX_FILE_BYTES) {
        return Err(Problem::too_large_file());
    }
    let query = ImportQuery {
        site,
        dry_run: choice(request, "dry_run", "1")?,
        replace: choice(request, "replace", "1")?,
        keep_higher: choice(request, "lower", "keep")?,
    };
    jobs::import(env, &query, request).await
}

/// Whether a parameter has its one value; it may be absent or empty, but nothing else.
fn choice(request: &Request, name: &str, value: &str) -> Result<bool, Problem> {
    let url = request.url()?;
    let given = url.query_pairs().find(|(known, _)| known == name).map(|(_, given)| given.into_owned());
    match given.as_deref() {
        None | Some("" | "0") => Ok(false),
        Some(given) if given == value => Ok(true),
        Some(_) => Err(Refusal::Bad(format!("`{name}` must be {value}, or left out.")).into()),
    }
}

fn check_token(request: &Request, token: Option<&str>, path: &str) -> Result<(), Problem> {
    let token = token.ok_or_else(|| Problem::not_found(path))?;
    let authorization = header(request, "Authorization").unwrap_or_default();
    let given = authorization.strip_prefix("Bearer ").unwrap_or_default();
    if bool::from(given.as_bytes().ct_eq(token.as_bytes())) { Ok(()) } else { Err(Problem::unauthorized()) }
}
