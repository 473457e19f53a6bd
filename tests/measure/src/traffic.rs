//! A site and its hits, each as the Worker's object does it: decide, admit, store, take in.

use crate::memory::{Failed, Memory};
use laifang_tally::day::{Date, Day};
use laifang_tally::engine::Engine;
use laifang_tally::journal::Entry;
use laifang_tally::request::Kind;
use laifang_tally::site::Site;
use laifang_tally::visit::{Arrival, Decision};
use laifang_tally::visitor::{Secret, VisitorKey};

/// The site's name.
pub const SITE: &str = "example.cn";
/// As many pages as a site has by default, at most.
pub const MAX_PAGES: usize = 100_000;
const CEILING: u64 = 1_000_000;
const USER_AGENT: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
const DAY_MS: u64 = 86_400_000;

/// A site that nobody has visited, in the morning of a day.
#[must_use]
pub fn new_site() -> Site {
    new_site_at(0)
}

/// The same, its day beginning at a time of one's choice.
fn new_site_at(begins_ms: u64) -> Site {
    let day = Day { date: Date::new(2026, 11, 25), ends_at_ms: begins_ms.saturating_add(DAY_MS) };
    Site::new(1, day, Secret([1; 16]), Secret([2; 16]))
}

/// The address of the visitor with this number.
#[must_use]
pub fn address(visitor: usize) -> String {
    format!("10.{}.{}.{}", (visitor >> 16) & 255, (visitor >> 8) & 255, visitor & 255)
}

/// The key of the page with this number.
#[must_use]
pub fn page(number: usize) -> String {
    format!("/articles/2026/{number}")
}

/// The visitor's key, as the object makes it for each hit.
#[must_use]
pub fn key_of(site: &Site, visitor: usize) -> VisitorKey {
    VisitorKey::new(site.salt(), SITE, &address(visitor), USER_AGENT)
}

/// An arrival with the request's own id.
#[must_use]
pub fn arrival<'a>(site: &Site, now_ms: u64, (visitor, page): (usize, &'a str), id: &'a str) -> Arrival<'a> {
    Arrival { now_ms, id, visitor: key_of(site, visitor), page, kind: Kind::Load }
}

/// The entry that the object stores for a hit.
pub fn decide(site: &mut Site, now_ms: u64, hit: (usize, &str), id: &str) -> Result<Box<Entry>, Failed> {
    let arrival = arrival(site, now_ms, hit, id);
    let Decision::Count(mut entry, _) = site.decide_view(&arrival, MAX_PAGES) else {
        return Err(Failed(format!("the hit {id} was not counted")));
    };
    let address = VisitorKey::of_address(site.salt(), &address(hit.0)).0;
    site.admit(now_ms, address, &mut entry, (CEILING, MAX_PAGES))
        .map_err(|refused| Failed(format!("the hit {id} was refused: {refused:?}")))?;
    Ok(entry)
}

/// A site that is awake over its rows.
#[derive(Debug)]
pub struct Traffic {
    /// The site.
    pub engine: Engine,
    /// Its rows.
    pub rows: Memory,
    /// The site's time.
    pub now_ms: u64,
    sent: usize,
}

impl Traffic {
    /// A new site whose day begins then.
    pub fn new(begins_ms: u64) -> Result<Self, Failed> {
        let (mut engine, rows) = (Engine::default(), Memory::default());
        engine.begin(&rows, new_site_at(begins_ms))?;
        Ok(Self { engine, rows, now_ms: begins_ms.saturating_add(1_000), sent: 0 })
    }

    /// A site of so many pages and visitors of the running day: as many hits as the larger of both, at one pace
    /// over `over_ms`, and some more after the last checkpoint.
    pub fn of_size(pages: usize, visitors: usize, over_ms: u64) -> Result<Self, Failed> {
        Self::of_size_from(0, pages, visitors, over_ms)
    }

    /// The same, its day beginning then.
    pub fn of_size_from(begins_ms: u64, pages: usize, visitors: usize, over_ms: u64) -> Result<Self, Failed> {
        let mut traffic = Self::new(begins_ms)?;
        let first_ms = traffic.now_ms;
        let hits = pages.max(visitors);
        for number in 0..hits.saturating_add(700) {
            traffic.now_ms = first_ms + over_ms * number.min(hits) as u64 / hits as u64;
            traffic.hit(number % visitors, &page(number % pages))?;
        }
        Ok(traffic)
    }

    /// Counts a hit.
    pub fn hit(&mut self, visitor: usize, page: &str) -> Result<(), Failed> {
        self.sent += 1;
        let id = format!("id-{:016}", self.sent);
        let now_ms =
            self.engine.pass_time(&self.rows, self.now_ms, |_, _| Err(Failed("the day is over".into())))?;
        let site = self.engine.site_mut().ok_or_else(|| Failed("the site sleeps".into()))?;
        let entry = decide(site, now_ms, (visitor, page), &id)?;
        match self.engine.count(&self.rows, &entry)? {
            None => Ok(()),
            Some(error) => Err(error),
        }
    }
}
