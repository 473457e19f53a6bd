//! `POST /v1/shares`: counts that a page was shared.

use crate::config::Config;
use crate::hits::{address, check_rate, header, read_body};
use crate::jobs::{Job, Share, Task, ask};
use crate::reply::Problem;
use laifang_tally::request::{self, ShareBody};
use worker::{Env, Request, Response};

/// Counts a share.
pub async fn post(mut request: Request, env: &Env) -> Result<Response, Problem> {
    let config = Config::read(env);
    let bytes = read_body(&mut request).await?;
    let body: ShareBody = request::read_body(&bytes)?;
    request::check_id(&body.id)?;
    request::check_network(&body.network)?;
    let origin = header(&request, "Origin");
    let target = request::target(&config.sites, &body.url, body.site.as_deref(), origin.as_deref())?;
    let address = address(&request, &config);
    check_rate(env, &address).await?;
    let share = Share { page: target.page, id: body.id, network: body.network, address };
    ask(env, &Job { site: target.site, task: Task::Share(share) }).await
}
