//! `GET /v1/sites`: the deployment's sites and their published counts, from KV alone.
//!
//! Hosts written out in `SITES` are listed whether or not they were ever counted. Those that a pattern such
//! as `*.example.cn` allows are known only by what they published, so KV is listed for them.

use crate::config::Config;
use crate::kv;
use crate::platform;
use crate::reply::{self, Problem};
use futures_util::future::join_all;
use laifang_tally::publish::{self, Document, MainDocument};
use serde::Serialize;
use std::collections::BTreeSet;
use worker::{Env, Response};

/// Most sites whose counts are read for one answer: each is one of the 1,000 calls a request may make.
const MAX_READ: usize = 200;

#[derive(Serialize)]
struct List {
    sites: Vec<Listed>,
    /// The entries of `SITES`.
    patterns: Vec<String>,
}

#[derive(Serialize)]
struct Listed {
    site: String,
    counts: Option<Counts>,
    as_of: Option<String>,
}

#[derive(Serialize)]
struct Counts {
    views: u64,
    visitors: u64,
    views_today: u64,
    visitors_today: u64,
}

/// Answers the list.
pub async fn list(env: &Env) -> Result<Response, Problem> {
    let config = Config::read(env);
    let mut names: BTreeSet<String> = config.sites.hosts().map(str::to_owned).collect();
    if config.sites.has_patterns() {
        let published = kv::names(env, Document::PREFIX).await?;
        let own = published.iter().filter_map(|key| Document::site_of_main(key));
        names.extend(own.filter(|site| config.sites.allow(site)).map(str::to_owned));
    }
    let read = names.into_iter().enumerate().map(|(index, site)| listed(env, site, index < MAX_READ));
    let sites = join_all(read).await.into_iter().collect::<Result<_, _>>()?;
    let patterns = config.sites.entries().collect();
    Ok(reply::json(&List { sites, patterns })?)
}

async fn listed(env: &Env, site: String, is_read: bool) -> Result<Listed, Problem> {
    let body = if is_read { kv::get(env, &Document::Main.key(&site)).await? } else { None };
    let Some(body) = body else { return Ok(Listed { site, counts: None, as_of: None }) };
    let main: MainDocument = publish::read(&body).map_err(|error| Problem::unavailable(error.to_string()))?;
    let (views_today, visitors_today) = main.today(platform::now_ms());
    let counts = Counts { views: main.views, visitors: main.visitors, views_today, visitors_today };
    Ok(Listed { site, counts: Some(counts), as_of: Some(platform::rfc_3339(main.as_of_ms)) })
}
