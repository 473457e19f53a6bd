//! The owner's routes, behind the token, and how a site stands.
//!
//! The list of sites is `sites`', days and pages are `stats`', files `export`'s and `import`'s, addresses that lead
//! to others `moves`'. Out of scope:
//! anything public. Without a token in the configuration these routes do not exist.

use crate::config::Config;
use crate::hits::{address, declares_more_than, header, read_body, read_body_up_to};
use crate::jobs::{self, ImportQuery, Job, Merge, Move, Task, ask};
use crate::query::Query;
use crate::reply::{self, Problem};
use crate::{export, platform, stats};
use laifang_tally::counts::{Shares, SiteCounts};
use laifang_tally::guesses::{Guesses, MIN_TOKEN_BYTES};
use laifang_tally::import::MAX_FILE_BYTES;
use laifang_tally::moves::MAX_BODY_BYTES as MAX_MOVES_BODY_BYTES;
use laifang_tally::query_rule::QueryRule;
use laifang_tally::request::{self, Refusal, asked_site};
use laifang_tally::site::{Settings, Site};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use subtle::ConstantTimeEq;
use worker::{Env, Request, Response};

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
    /// Hits that only the journal holds: past 65,536 the site refuses hits rather than lose one.
    checkpoint_backlog: u64,
    /// Whether checkpoints have failed for so long that the owner has to look into the Worker's log.
    checkpoints_failing: bool,
    settings: Settings,
    /// Addresses that lead to others.
    moves: usize,
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
            checkpoint_backlog: site.checkpoint_backlog(),
            checkpoints_failing: site.is_checkpoint_urgent(),
            settings: totals.settings.clone(),
            moves: totals.moves.len(),
            time_zone: config.zone_of(&totals.settings).to_owned(),
            proposed_start: site
                .proposed_start()
                .map(|start| ProposedStart { visitors: start.visitors, page: start.page.clone() }),
        }
    }
}

/// Settings as an owner sends them. What is not known is refused: a slip would set a setting back unseen.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SettingsBody {
    #[serde(default)]
    time_zone: Option<String>,
    #[serde(default)]
    query: QueryRule,
}

/// How a site stands, its settings, its reset.
pub async fn site(mut request: Request, method: &str, name: &str, env: &Env) -> Result<Response, Problem> {
    let site = listed(name, env)?;
    let task = match method {
        "PUT" => {
            let body: SettingsBody = request::read_body(&read_body(&mut request).await?)?;
            Task::Configure(Settings { time_zone: body.time_zone, query: body.query })
        }
        "DELETE" => Task::Reset,
        _ => Task::Describe,
    };
    ask(env, &Job { site, task }).await
}

/// A damaged site, brought back from KV.
pub async fn restore(name: &str, env: &Env) -> Result<Response, Problem> {
    ask(env, &Job { site: listed(name, env)?, task: Task::Restore }).await
}

/// Whose request one is.
#[derive(Debug, Serialize)]
struct Seen {
    address: String,
    forwarded_for: Option<String>,
    real_ip: Option<String>,
    now: String,
}

/// Whose view it would be if the owner's request were one, and what web servers in front said about that.
pub fn visitor(request: &Request, env: &Env) -> Result<Response, Problem> {
    let seen = Seen {
        address: address(request, &Config::read(env)),
        forwarded_for: header(request, "X-Forwarded-For"),
        real_ip: header(request, "X-Real-IP"),
        now: platform::rfc_3339(platform::now_ms()),
    };
    Ok(reply::json(&seen)?)
}

/// A site's history.
pub async fn stats(request: &Request, name: &str, env: &Env) -> Result<Response, Problem> {
    let site = listed(name, env)?;
    ask(env, &Job { site, task: Task::Stats(stats::query(request)?) }).await
}

/// A site's numbers as a file. `HEAD` is answered without making one.
pub async fn export(method: &str, name: &str, env: &Env) -> Result<Response, Problem> {
    let site = listed(name, env)?;
    if method == "HEAD" {
        return Ok(export::head(&site)?);
    }
    ask(env, &Job { site, task: Task::Export }).await
}

/// Numbers brought in as a file.
pub async fn import(request: &Request, name: &str, env: &Env) -> Result<Response, Problem> {
    let site = listed(name, env)?;
    if declares_more_than(request, MAX_FILE_BYTES) {
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

/// Addresses that lead to others; told, or given.
pub async fn moves(mut request: Request, method: &str, name: &str, env: &Env) -> Result<Response, Problem> {
    let site = listed(name, env)?;
    if method != "POST" {
        return ask(env, &Job { site, task: Task::Moves }).await;
    }
    let dry_run = choice(&request, "dry_run", "1")?;
    let body = read_body_up_to(&mut request, MAX_MOVES_BODY_BYTES).await?;
    let body = String::from_utf8(body.ok_or_else(Problem::too_large_moves)?)
        .map_err(|_| Refusal::Bad("The body is not UTF-8. Save the file as “CSV UTF-8”.".into()))?;
    ask(env, &Job { site, task: Task::Move(Move { body, dry_run }) }).await
}

/// Pages that the rule about queries made one; told, or merged.
pub async fn merges(method: &str, name: &str, env: &Env) -> Result<Response, Problem> {
    let merge = Merge { dry_run: method != "POST" };
    ask(env, &Job { site: listed(name, env)?, task: Task::Merge(merge) }).await
}

fn listed(name: &str, env: &Env) -> Result<String, Problem> {
    Ok(asked_site(&Config::read(env).sites, name)?)
}

/// Whether a parameter has its one value; it may be absent or empty, but nothing else.
fn choice(request: &Request, name: &str, value: &str) -> Result<bool, Problem> {
    match Query::read(request)?.get(name).as_deref() {
        None | Some("" | "0") => Ok(false),
        Some(given) if given == value => Ok(true),
        Some(_) => Err(Refusal::Bad(format!("`{name}` must be {value}, or left out.")).into()),
    }
}

thread_local! {
    /// Wrong tokens that came to this isolate.
    static GUESSES: RefCell<Guesses> = RefCell::default();
}

/// Whether the request brings the owner's token, compared in constant time. `OPTIONS` needs none, for browsers
/// send none with it. An address that has guessed too often waits before its token is looked at, a right one too.
pub fn check_token(request: &Request, method: &str, env: &Env) -> Result<(), Problem> {
    let config = Config::read(env);
    let token = config.admin_token.as_deref().ok_or_else(|| Problem::not_found(&request.path()))?;
    if token.len() < MIN_TOKEN_BYTES {
        return Err(Problem::short_token());
    }
    let Some(authorization) = header(request, "Authorization") else {
        return if method == "OPTIONS" { Ok(()) } else { Err(Problem::unauthorized()) };
    };
    let (address, now_ms) = (address(request, &config), platform::now_ms());
    if let Some(wait_ms) = GUESSES.with_borrow_mut(|guesses| guesses.wait_ms(now_ms, &address)) {
        return Err(Problem::too_many_guesses(wait_ms));
    }
    let (scheme, given) = authorization.split_once(' ').unwrap_or_default();
    let given = if scheme.eq_ignore_ascii_case("Bearer") { given } else { "" };
    if bool::from(given.as_bytes().ct_eq(token.as_bytes())) {
        return Ok(());
    }
    GUESSES.with_borrow_mut(|guesses| guesses.note_wrong(now_ms, &address));
    Err(Problem::unauthorized())
}
