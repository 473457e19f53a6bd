//! `GET /v1/counts`: the published counts, from KV alone.

use crate::config::Config;
use crate::query::Query;
use crate::reply::{self, Problem};
use crate::site_store::Failure;
use crate::{kv, platform};
use laifang_tally::counts::Shares;
use laifang_tally::page::key_of_path;
use laifang_tally::pages::bucket_of;
use laifang_tally::periods::Periods;
use laifang_tally::publish::{self, Document, MainDocument, PagesDocument, PublishedPage};
use laifang_tally::request::{MAX_PAGES_ASKED, Refusal, asked_site};
use serde::Serialize;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use worker::{Env, Request, Response};

/// Browsers and caches between may keep the answer this long.
const CACHE_CONTROL: &str = "public, max-age=30";

#[derive(Serialize)]
struct Counts {
    site: SiteTotals,
    periods: Periods,
    pages: BTreeMap<String, PageTotals>,
    as_of: Option<String>,
}

/// A page's published counts. Its shares stand there even if there are none.
#[derive(Serialize)]
struct PageTotals {
    views: u64,
    visitors: u64,
    shares: Shares,
}

impl From<PublishedPage> for PageTotals {
    fn from(page: PublishedPage) -> Self {
        Self { views: page.views, visitors: page.visitors, shares: page.shares }
    }
}

/// A site's published counts; today's are 0 once their day is over.
#[derive(Serialize)]
pub struct SiteTotals {
    views: u64,
    visitors: u64,
    views_today: u64,
    visitors_today: u64,
}

impl SiteTotals {
    /// As they are now.
    pub fn of(main: &MainDocument) -> Self {
        let (views_today, visitors_today) = main.today(platform::now_ms());
        Self { views: main.views, visitors: main.visitors, views_today, visitors_today }
    }
}

/// Answers from the newest documents KV serves; what was never published is zero.
pub async fn get(request: &Request, env: &Env) -> Result<Response, Problem> {
    let config = Config::read(env);
    let asked = Asked::read(request)?;
    let site = asked_site(&config.sites, &asked.site)?;
    let main = main_document(env, &site).await?;
    let pages = pages(env, &site, &main, asked.pages).await?;
    let counts = Counts {
        site: SiteTotals::of(&main),
        periods: periods(&main, &config)?,
        as_of: (main.as_of_ms > 0).then(|| platform::rfc_3339(main.as_of_ms)),
        pages: pages.into_iter().map(|(name, page)| (name, page.into())).collect(),
    };
    Ok(reply::json_cached(&counts, CACHE_CONTROL)?)
}

/// Yesterday, week, month and year as they are now. Only where the document's day is over is its zone asked what day it is.
pub fn periods(main: &MainDocument, config: &Config) -> Result<Periods, Problem> {
    let now_ms = platform::now_ms();
    if !main.day.is_over(now_ms) {
        return Ok(main.periods);
    }
    let zone = config.zone_of(&main.settings);
    let today = platform::date_at(now_ms, zone).map_err(Failure::Zone)?;
    Ok(main.periods_on(today))
}

/// The newest main document KV serves; zeros if nothing was published.
pub async fn main_document(env: &Env, site: &str) -> Result<MainDocument, Problem> {
    Ok(published(env, site).await?.unwrap_or_default())
}

/// The newest main document KV serves, if anything was published.
pub async fn published(env: &Env, site: &str) -> Result<Option<MainDocument>, Problem> {
    let body = kv::get(env, &Document::Main.key(site)).await?;
    let read = body.map(|body| publish::read(&body)).transpose();
    read.map_err(|error| Problem::unavailable(error.to_string()))
}

/// The pages asked for, by the string they were asked by.
pub async fn pages(
    env: &Env,
    site: &str,
    main: &MainDocument,
    asked: Vec<String>,
) -> Result<BTreeMap<String, PublishedPage>, Problem> {
    let mut buckets: BTreeMap<usize, PagesDocument> = BTreeMap::new();
    let mut found = BTreeMap::new();
    for name in asked {
        let Some(key) = key_of_path(&name) else { continue };
        let key = main.page_of(&key);
        let page = match &main.pages {
            Some(pages) => pages.get(&*key).cloned(),
            None if main.format == 0 => None,
            None => {
                let bucket = bucket_of(&main.bucket_key, &key);
                let document = match buckets.entry(bucket) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(free) => free.insert(read_bucket(env, site, bucket, main).await?),
                };
                document.pages.get(&*key).cloned()
            }
        };
        found.insert(name, page.unwrap_or_default());
    }
    Ok(found)
}

/// A bucket, unless it is from before a reset.
async fn read_bucket(
    env: &Env,
    site: &str,
    bucket: usize,
    main: &MainDocument,
) -> Result<PagesDocument, Problem> {
    let Some(body) = kv::get(env, &main.pages_in(bucket).key(site)).await? else {
        return Ok(PagesDocument::default());
    };
    let document: PagesDocument =
        publish::read(&body).map_err(|error| Problem::unavailable(error.to_string()))?;
    Ok(if main.accepts(document.generation) { document } else { PagesDocument::default() })
}

struct Asked {
    site: String,
    pages: Vec<String>,
}

impl Asked {
    fn read(request: &Request) -> Result<Self, Problem> {
        let query = Query::read(request)?;
        let site = query
            .get("site")
            .ok_or_else(|| Refusal::Bad("`site` is missing: name the site's host.".into()))?;
        let pages: Vec<String> = query.all("page").map(str::to_owned).collect();
        if pages.len() > MAX_PAGES_ASKED {
            return Err(Refusal::Bad("At most 100 pages can be asked for at once.".into()).into());
        }
        Ok(Self { site, pages })
    }
}
