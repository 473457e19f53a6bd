//! What the routes ask of a site's object, and how they ask.

use crate::platform;
use crate::reply::Problem;
use laifang_tally::request::Kind;
use laifang_tally::site::Settings;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use worker::{Env, Method, Request, RequestInit, Response};

/// Longest wait for a site's object before the sender is asked to retry.
const OBJECT_TIMEOUT: Duration = Duration::from_secs(10);

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
}

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

/// Asks the site's object, for a bounded time. Whatever fails, a retry with the same id is safe.
pub async fn ask(env: &Env, job: &Job) -> Result<Response, Problem> {
    let body = serde_json::to_string(job).map_err(worker::Error::from)?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_body(Some(body.into()));
    let request = Request::new_with_init("https://site.invalid/", &init)?;
    let stub = env.durable_object("SITE_COUNTER")?.get_by_name(&job.site)?;
    match platform::within(OBJECT_TIMEOUT, stub.fetch_with_request(request)).await {
        Some(response) => Ok(response?),
        None => Err(Problem::unavailable(
            "The site's counter did not answer in time. A retry with the same id is safe.",
        )),
    }
}
