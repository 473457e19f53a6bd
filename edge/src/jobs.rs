//! What the routes ask of a site's object, and how they ask.

use crate::platform;
use crate::reply::Problem;
use laifang_tally::day::Date;
use laifang_tally::request::Kind;
use laifang_tally::site::Settings;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use wasm_bindgen::JsValue;
use worker::{Env, Method, Request, RequestInit, Response};

/// Longest wait for a site's object before the sender is asked to retry.
const OBJECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Longest wait for an import, which includes the sending of the file.
const IMPORT_TIMEOUT: Duration = Duration::from_secs(600);

/// One thing to be done by a site's object.
#[derive(Debug, Serialize, Deserialize)]
pub struct Job {
    /// The site.
    pub site: String,
    /// What.
    pub task: Task,
}

/// What is to be done.
#[derive(Debug, Serialize, Deserialize)]
pub enum Task {
    /// Count a view.
    Hit(Hit),
    /// Count a share.
    Share(Share),
    /// Tell the owner how the site stands.
    Describe,
    /// Keep what the owner chose.
    Configure(Settings),
    /// Begin at zero, under a new generation.
    Reset,
    /// Give up damaged storage and go on from KV.
    Restore,
    /// Tell days, pages and shares.
    Stats(StatsQuery),
    /// Tell everything, as lines.
    Export,
    /// Tell which addresses lead to others.
    Moves,
    /// Lead old addresses to new ones.
    Move(Move),
    /// Add pages to those that the rule about queries made them part of.
    Merge(Merge),
}

impl Task {
    /// The address of whoever causes it, unless that is the owner.
    pub fn address(&self) -> Option<&str> {
        match self {
            Self::Hit(hit) => Some(&hit.address),
            Self::Share(share) => Some(&share.address),
            _ => None,
        }
    }
}

/// What of a site's history is asked for.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct StatsQuery {
    /// The first day, if any.
    pub from: Option<Date>,
    /// The last day, if any.
    pub to: Option<Date>,
    /// What a page's key must contain.
    pub search: String,
    /// Most pages told.
    pub limit: usize,
}

/// How an import is meant: the query of the request whose body is the file.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct ImportQuery {
    /// The site.
    pub site: String,
    /// Only tell what would change.
    pub dry_run: bool,
    /// An export may replace what is counted.
    pub replace: bool,
    /// Starting values below what is counted are passed over.
    pub keep_higher: bool,
}

/// Old addresses with their new ones.
#[derive(Debug, Serialize, Deserialize)]
pub struct Move {
    /// As they were sent.
    pub body: String,
    /// Only tell what would change.
    pub dry_run: bool,
}

/// A merge of pages that are one by the rule about queries.
#[derive(Debug, Serialize, Deserialize)]
pub struct Merge {
    /// Only tell what would change.
    pub dry_run: bool,
}

/// The path of an import at a site's object.
pub const IMPORT_PATH: &str = "/import";

/// A view, checked.
#[derive(Debug, Serialize, Deserialize)]
pub struct Hit {
    /// The page's key.
    pub page: String,
    /// The request's id.
    pub id: String,
    /// What kind of view.
    pub kind: Kind,
    /// The visitor's address; hashed, never stored.
    pub address: String,
    /// The visitor's user agent; hashed, never stored.
    pub user_agent: String,
    /// The visitor number that stands on the page.
    pub shown: Option<u64>,
}

/// A share, checked.
#[derive(Debug, Serialize, Deserialize)]
pub struct Share {
    /// The page's key.
    pub page: String,
    /// The request's id.
    pub id: String,
    /// Where it was shared.
    pub network: String,
    /// The visitor's address; hashed, never stored.
    pub address: String,
}

/// A job as `carry.js` carries it: the site, and what is sent to its object.
pub fn lines(job: &Job) -> worker::Result<JsValue> {
    Ok(format!("{}\n{}", job.site, serde_json::to_string(job)?).into())
}

/// An object did not answer in time.
pub fn late() -> Problem {
    Problem::unavailable("The site's counter did not answer in time. A retry with the same id is safe.")
}

/// Asks the site's object, for a bounded time. Whatever fails, a retry with the same id is safe.
pub async fn ask(env: &Env, job: &Job) -> Result<Response, Problem> {
    let body = serde_json::to_string(job).map_err(worker::Error::from)?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_body(Some(body.into()));
    let request = Request::new_with_init("https://site.invalid/", &init)?;
    send(env, &job.site, request, OBJECT_TIMEOUT).await
}

/// Passes the file that `request` brings on to the site's object, as it comes.
pub async fn import(env: &Env, query: &ImportQuery, request: &Request) -> Result<Response, Problem> {
    let told = serde_json::to_string(query).map_err(worker::Error::from)?;
    let told: String = url::form_urlencoded::byte_serialize(told.as_bytes()).collect();
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_body(request.inner().body().map(Into::into));
    let address = format!("https://site.invalid{IMPORT_PATH}?{told}");
    let request = Request::new_with_init(&address, &init)?;
    send(env, &query.site, request, IMPORT_TIMEOUT).await
}

async fn send(env: &Env, site: &str, request: Request, limit: Duration) -> Result<Response, Problem> {
    let stub = env.durable_object("SITE_COUNTER")?.get_by_name(site)?;
    match platform::within(limit, stub.fetch_with_request(request)).await {
        Some(response) => Ok(response?),
        None => Err(late()),
    }
}
