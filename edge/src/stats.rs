//! `GET /v1/sites/{site}/stats`: days, pages and shares, as the site's object knows them.

use crate::jobs::StatsQuery;
use crate::query::Query;
use crate::reply::Problem;
use laifang_tally::counts::{Shares, SiteCounts};
use laifang_tally::day::Date;
use laifang_tally::export::DayLine;
use laifang_tally::history::Ranked;
use laifang_tally::periods::Periods;
use laifang_tally::request::Refusal;
use laifang_tally::site::Site;
use serde::Serialize;
use worker::Request;

/// Pages told if nobody says how many.
const DEFAULT_LIMIT: usize = 100;
/// Most pages told.
const MAX_LIMIT: usize = 1000;

/// What is told of a site's history.
#[derive(Serialize)]
pub struct Stats {
    site: String,
    counts: SiteCounts,
    today: String,
    /// Of the running day, not of the days asked for.
    periods: Periods,
    /// Days with views between the days asked for, today among them.
    days: Vec<DayLine>,
    /// The pages with most views of all time.
    pages: Vec<PageStats>,
    /// All pages that match what was searched for.
    pages_total: usize,
    shares: Shares,
}

#[derive(Serialize)]
struct PageStats {
    page: String,
    views: u64,
    visitors: u64,
    shares: Shares,
}

impl Stats {
    /// Of a site that is awake.
    pub fn of(name: &str, site: &Site, query: &StatsQuery) -> Self {
        let Ranked { pages, total } = site.ranked_pages(&query.search, query.limit);
        let pages = pages.into_iter().map(|(key, page)| PageStats {
            page: key.to_owned(),
            views: page.counts.views,
            visitors: page.counts.visitors,
            shares: page.shares.to_map(),
        });
        Self {
            site: name.to_owned(),
            counts: site.counts(),
            today: site.totals().day.date.to_string(),
            periods: site.periods(),
            days: site.days_between(query.from, query.to).iter().map(DayLine::from).collect(),
            pages: pages.collect(),
            pages_total: total,
            shares: site.totals().shares.clone(),
        }
    }
}

/// What a request asks for.
pub fn query(request: &Request) -> Result<StatsQuery, Problem> {
    let query = Query::read(request)?;
    let get = |wanted: &str| query.all(wanted).find(|value| !value.is_empty()).map(str::to_owned);
    let date = |name: &str| -> Result<Option<Date>, Problem> {
        let bad = || Refusal::Bad(format!("`{name}` must be a date such as 2026-11-04."));
        get(name).map(|text| text.parse().map_err(|_| bad().into())).transpose()
    };
    let (from, to) = (date("from")?, date("to")?);
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        return Err(Refusal::Bad("`from` must not be later than `to`.".into()).into());
    }
    let limit =
        match get("limit") {
            Some(text) => text.parse().ok().filter(|limit| *limit <= MAX_LIMIT).ok_or_else(|| {
                Refusal::Bad(format!("`limit` must be a whole number from 0 to {MAX_LIMIT}."))
            })?,
            None => DEFAULT_LIMIT,
        };
    Ok(StatsQuery { from, to, search: get("search").unwrap_or_default(), limit })
}
