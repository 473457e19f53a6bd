//! `GET /v1/counter.svg`, a badge from KV alone, and `GET /v1/hit.svg`, which counts for pages without scripts.
//!
//! An `<img>` sends no id, so each request for `hit.svg` is a view of its own; what keeps others from counting
//! with it is the `Referer`, whose host must be the page's. Whoever is not counted sees the site's views,
//! which are true for everybody, and a header says why. Out of scope: the drawing (`tally::badge`).

use crate::config::Config;
use crate::counts;
use crate::head::Head;
use crate::hits::{self, header};
use crate::jobs::{Hit, Job, Task, ask};
use crate::platform;
use crate::query::Query;
use crate::reply::{self, Problem};
use laifang_tally::badge::{self, Color, Look, Theme};
use laifang_tally::counts::HitReply;
use laifang_tally::label::clean;
use laifang_tally::publish::{MainDocument, PublishedPage};
use laifang_tally::request::{self, Kind, Refusal, Target, asked_site};
use laifang_tally::visitor::Secret;
use laifang_tally::words::{Language, Metric};
use worker::{Env, Request, Response, ResponseBuilder};

/// Nothing may be loaded or run; the one style sheet is known by its hash (`tests/edge/svg.test.mjs`).
const CONTENT_SECURITY_POLICY: &str =
    "default-src 'none'; sandbox; style-src 'sha256-kNmaWxs8xfbhYp+FdR+U8jKt8f4Z5IsKoSPIcJqqxt4='";
const CACHE_CONTROL: &str = "public, max-age=30";
/// Why a request for `hit.svg` was not counted.
const NOT_COUNTED: &str = "Laifang-Not-Counted";

/// The badge, unless the browser has it already.
pub async fn counter(request: &Request, env: &Env) -> Result<Response, Problem> {
    let config = Config::read(env);
    let query = Query::read(request)?;
    let look = look(&query)?;
    let site = asked_site(&config.sites, &query.required("site")?)?;
    let page = query.get("page").filter(|page| !page.is_empty());
    let metric = metric(query.get("metric").as_deref(), page.is_some())?;
    let main = counts::main_document(env, &site).await?;
    let page = match page.filter(|_| metric.is_of_page()) {
        Some(page) => {
            counts::pages(env, &site, &main, vec![page]).await?.into_values().next().unwrap_or_default()
        }
        None => PublishedPage::default(),
    };
    let value = look.language.number(value(metric, &main, &page, &config)?);
    let label = query.get("label").unwrap_or_else(|| metric.label(look.language).to_owned());
    let drawing = badge::badge(&clean(&label), &value, look);
    let tag = format!("\"{:032x}\"", Secret::default().hash(0, &[drawing.as_bytes()]));
    let is_known = header(request, "If-None-Match").is_some_and(|known| names(&known, &tag));
    let builder = drawn(CACHE_CONTROL)?.with_header("ETag", &tag)?;
    if is_known {
        return Ok(builder.with_status(304).empty());
    }
    Ok(builder.fixed(drawing.into_bytes()))
}

/// Whether an `If-None-Match` names the tag.
fn names(known: &str, tag: &str) -> bool {
    known.split(',').map(str::trim).any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}

fn metric(name: Option<&str>, has_page: bool) -> Result<Metric, Problem> {
    let default = if has_page { Metric::PageViews } else { Metric::SiteViews };
    let metric = match name.filter(|name| !name.is_empty()) {
        Some(name) => Metric::of_name(name).ok_or_else(|| {
            let names: Vec<&str> = Metric::ALL.iter().map(|(name, _)| *name).collect();
            Refusal::Bad(format!("`metric` must be one of {}.", names.join(", ")))
        })?,
        None => default,
    };
    if metric.is_of_page() && !has_page {
        return Err(Refusal::Bad("`page` is missing: name the page's path, such as /a.".into()).into());
    }
    Ok(metric)
}

fn value(metric: Metric, main: &MainDocument, page: &PublishedPage, config: &Config) -> Result<u64, Problem> {
    let (views_today, visitors_today) = main.today(platform::now_ms());
    Ok(match metric {
        Metric::SiteViews => main.views,
        Metric::SiteVisitors => main.visitors,
        Metric::SiteViewsToday => views_today,
        Metric::SiteVisitorsToday => visitors_today,
        Metric::SiteViewsIn(period) => counts::periods(main, config)?.of(period).views,
        Metric::SiteVisitorsIn(period) => counts::periods(main, config)?.of(period).visitors,
        Metric::PageViews => page.views,
        Metric::PageVisitors => page.visitors,
    })
}

/// Counts a view if the page at `url` asks for it, and draws what is true. `HEAD` counts nothing.
pub async fn hit(head: &Head, request: &Request, env: &Env) -> Result<Response, Problem> {
    let config = Config::read(env);
    let query = Query::read(request)?;
    let look = look(&query)?;
    let target = request::target(&config.sites, &query.required("url")?, None, head.origin())?;
    let builder = drawn("no-store")?;
    match count(head, request, env, &config, &target).await {
        Ok(visitor) => {
            let sentence = look.language.visitor_sentence(visitor);
            Ok(builder.fixed(badge::line(&sentence, look).into_bytes()))
        }
        Err(reason) => {
            let main = counts::main_document(env, &target.site).await?;
            let sentence = look.language.views_sentence(main.views);
            let builder = builder.with_header(NOT_COUNTED, reason)?;
            Ok(builder.fixed(badge::line(&sentence, look).into_bytes()))
        }
    }
}

/// The visitor's number, or why there is none.
async fn count(
    head: &Head,
    request: &Request,
    env: &Env,
    config: &Config,
    target: &Target,
) -> Result<u64, &'static str> {
    if head.method() == "HEAD" {
        return Err("head");
    }
    let referer = header(request, "Referer").ok_or("no-referer")?;
    if !target.is_asked_by(&referer) {
        return Err("foreign-referer");
    }
    if let Some(reason) = hits::not_counted(head, config) {
        return Err(reason);
    }
    let address = head.address(config);
    hits::check_rate(env, &address).await.map_err(|_| "too-many-requests")?;
    let id = platform::random_secret().map_err(|_| "unavailable")?;
    let id = format!("{:032x}", u128::from_le_bytes(id.0));
    let user_agent = head.user_agent().to_owned();
    let hit = Hit { page: target.page.clone(), id, kind: Kind::Load, address, user_agent, shown: None };
    let job = Job { site: target.site.clone(), task: Task::Hit(hit) };
    let mut response = ask(env, &job).await.map_err(|_| "unavailable")?;
    match response.status_code() {
        200 => {
            let reply: HitReply = response.json().await.map_err(|_| "unavailable")?;
            reply.visitor.ok_or("unavailable")
        }
        429 => Err("too-many-requests"),
        _ => Err("unavailable"),
    }
}

fn drawn(cache_control: &str) -> Result<ResponseBuilder, Problem> {
    let headers = reply::public_headers("image/svg+xml; charset=utf-8")?;
    headers.set("Cache-Control", cache_control)?;
    headers.set("Content-Security-Policy", CONTENT_SECURITY_POLICY)?;
    headers.set("Cross-Origin-Resource-Policy", "cross-origin")?;
    Ok(ResponseBuilder::new().with_headers(headers))
}

/// How the picture is to look.
fn look(query: &Query) -> Result<Look, Problem> {
    let theme = match query.get("theme").filter(|theme| !theme.is_empty()) {
        Some(name) => Theme::of_name(&name)
            .ok_or_else(|| Refusal::Bad("`theme` must be auto, light or dark.".into()))?,
        None => Theme::default(),
    };
    let color = match query.get("color").filter(|color| !color.is_empty()) {
        Some(text) => Some(Color::parse(&text).ok_or_else(|| {
            Refusal::Bad("`color` must be three or six hexadecimal digits, such as 0a6b58.".into())
        })?),
        None => None,
    };
    Ok(Look { theme, color, language: Language::of_tag(&query.get("lang").unwrap_or_default()) })
}
