//! `POST /v1/shares`: counts that a page was shared.

use crate::config::Config;
use crate::hits::{address, header, read_body};
use crate::reply::Problem;
use crate::site_counter::{ShareJob, ask};
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
    let job = ShareJob {
        site: target.site,
        page: target.page,
        id: body.id,
        network: body.network,
        address: address(&request),
    };
    ask(env, "share", &job.site, &job).await
}
