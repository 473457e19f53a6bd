//! `POST /v1/shares`: counts that a page was shared.

use crate::Answer;
use crate::config::Config;
use crate::head::Head;
use crate::hits::check_rate;
use crate::jobs::{Job, Share, Task};
use crate::reply::Problem;
use laifang_tally::request::{self, ShareBody};
use worker::Env;

/// Counts a share.
pub async fn post(head: &Head, body: &str, env: &Env) -> Result<Answer, Problem> {
    let config = Config::read(env);
    let body: ShareBody = request::read_text(body)?;
    request::check_id(&body.id)?;
    request::check_network(&body.network)?;
    let target = request::target(&config.sites, &body.url, body.site.as_deref(), head.origin())?;
    let address = head.address(&config);
    check_rate(env, &address).await?;
    let share = Share { page: target.page, id: body.id, network: body.network, address };
    Ok(Answer::Ask(Job { site: target.site, task: Task::Share(share) }))
}
