//! `GET /v1/sites`: the deployment's sites and their published counts, from KV alone.
//!
//! Hosts written out in `SITES` are listed whether or not they were ever counted. Those that a pattern such
//! as `*.example.cn` allows are known only by what they published, so KV is listed for them.

use crate::config::Config;
use crate::counts::{self, SiteTotals};
use crate::kv;
use crate::platform;
use crate::reply::{self, Problem};
use futures_util::future::join_all;
use laifang_tally::publish::Document;
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
    counts: Option<SiteTotals>,
    as_of: Option<String>,
}

/// Answers the list.
pub async fn list(env: &Env) -> Result<Response, Problem> {
    let config = Config::read(env);
    let hosts: BTreeSet<String> = config.sites.hosts().map(str::to_owned).collect();
    let mut others = BTreeSet::new();
    if config.sites.has_patterns() {
        let published = kv::names(env, Document::PREFIX).await?;
        let own = published.iter().filter_map(|key| Document::site_of_main(key));
        others
            .extend(own.filter(|site| config.sites.allow(site) && !hosts.contains(*site)).map(str::to_owned));
    }
    // Anybody may name sites of a pattern: the owner's own come first, so that those can't push them out.
    let names = hosts.into_iter().chain(others);
    let read = names.enumerate().map(|(index, site)| listed(env, site, index < MAX_READ));
    let sites = join_all(read).await.into_iter().collect::<Result<_, _>>()?;
    let patterns = config.sites.entries().collect();
    Ok(reply::json(&List { sites, patterns })?)
}

async fn listed(env: &Env, site: String, is_read: bool) -> Result<Listed, Problem> {
    let main = if is_read { counts::published(env, &site).await? } else { None };
    let Some(main) = main else { return Ok(Listed { site, counts: None, as_of: None }) };
    let as_of = Some(platform::rfc_3339(main.as_of_ms));
    Ok(Listed { site, counts: Some(SiteTotals::of(&main)), as_of })
}
