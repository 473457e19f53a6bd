//! Numbers that an owner brings in: read as a stream, checked line by line, then taken over whole.
//!
//! Kinds of file: our own export, a table `page,views,visitors`, GoatCounter's and LeanCloud's exports. Nothing of a
//! file is applied before all of it has been read; how it is applied is `apply`'s, what it says the readers'.

mod apply;
pub(crate) mod csv;
mod goatcounter;
mod leancloud;
mod line_buffer;
mod lines;
mod reader;
mod table;

pub use apply::{Options, Refused, Report};
pub use reader::Reader;

use crate::counts::{MAX_COUNT, Shares};
use crate::day::Date;
use crate::page::{Address, MAX_KEY_BYTES, key_of_path};
use crate::query_rule::QueryRule;
use crate::site::{DayCounts, Settings, Totals};
use crate::visitor::Secret;
use serde::Serialize;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// Largest file, in bytes: what the platform lets a request carry.
pub const MAX_FILE_BYTES: usize = 100_000_000;

/// What kind of file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Our own export.
    Laifang,
    /// A table `page,views,visitors`.
    Csv,
    /// GoatCounter's export, a row a hit.
    Goatcounter,
    /// LeanCloud's export of the class `Counter`.
    Leancloud,
}

/// A line that can't be taken, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadLine {
    /// Counted from 1.
    pub line: u64,
    /// A sentence.
    pub reason: String,
}

/// Counts that a line gives; what it leaves out stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Start {
    pub(crate) views: Option<u64>,
    pub(crate) visitors: Option<u64>,
    pub(crate) shares: Shares,
    /// Where it was read first.
    pub(crate) line: u64,
}

/// What a whole file says.
#[derive(Debug, Clone)]
pub struct Import {
    pub(crate) kind: Kind,
    pub(crate) lines: u64,
    pub(crate) site: Option<Start>,
    pub(crate) pages: BTreeMap<String, Start>,
    pub(crate) days: BTreeMap<Date, DayCounts>,
    pub(crate) today: Option<DayCounts>,
    pub(crate) settings: Option<Settings>,
    pub(crate) moves: BTreeMap<String, String>,
    /// Lines whose page another line had named in other words.
    pub(crate) merged: u64,
}

impl Import {
    pub(crate) fn new(kind: Kind) -> Self {
        Self {
            kind,
            lines: 0,
            site: None,
            pages: BTreeMap::new(),
            days: BTreeMap::new(),
            today: None,
            settings: None,
            moves: BTreeMap::new(),
            merged: 0,
        }
    }

    /// The time zone the file brings, for the caller to check.
    #[must_use]
    pub fn time_zone(&self) -> Option<&str> {
        self.settings.as_ref()?.time_zone.as_deref()
    }

    /// Whether one more day may be taken: each month is a row and a document, so that days are bounded.
    pub(crate) fn check_day(&self, date: Date) -> Result<(), String> {
        if date < FIRST_DATE {
            return Err(format!("{date} is before {FIRST_DATE}, the earliest day that is taken."));
        }
        if self.days.len() >= MAX_DAYS && !self.days.contains_key(&date) {
            return Err(format!("the file has more than {MAX_DAYS} days."));
        }
        Ok(())
    }

    /// The same with pages that a site's rule about queries and its moves make one added up.
    pub(crate) fn under(mut self, totals: &Totals) -> Self {
        if totals.settings.query == QueryRule::Keep && totals.moves.is_empty() {
            return self;
        }
        for (key, start) in std::mem::take(&mut self.pages) {
            match self.pages.entry(totals.page_of(&key).into_owned()) {
                Entry::Vacant(free) => {
                    free.insert(start);
                }
                Entry::Occupied(mut known) => {
                    let known = known.get_mut();
                    known.views = sum(known.views, start.views);
                    known.visitors = sum(known.visitors, start.visitors);
                    self.merged = self.merged.saturating_add(1);
                }
            }
        }
        self
    }

    /// Tells files apart by what they say, whatever the order of their lines.
    pub(crate) fn digest(&self) -> u128 {
        let mut digest = part(0, &[]).wrapping_add(self.kind as u128);
        let start = |domain: u8, key: &str, start: &Start| {
            let number = |count: Option<u64>| count.map_or([0xff; 8], u64::to_le_bytes);
            let mut hash = part(domain, &[key.as_bytes(), &number(start.views), &number(start.visitors)]);
            for (network, count) in &start.shares {
                let shares = [key.as_bytes(), network.as_bytes(), &count.to_le_bytes()];
                hash = hash.wrapping_add(part(domain.wrapping_add(10), &shares));
            }
            hash
        };
        if let Some(site) = &self.site {
            digest = digest.wrapping_add(start(1, "", site));
        }
        for (key, page) in &self.pages {
            digest = digest.wrapping_add(start(2, key, page));
        }
        for day in self.days.values() {
            digest = digest.wrapping_add(day_digest(3, day));
        }
        if let Some(day) = &self.today {
            digest = digest.wrapping_add(day_digest(4, day));
        }
        if let Some(rule) = self.settings.as_ref().map(|settings| &settings.query)
            && *rule != QueryRule::Keep
        {
            digest = digest.wrapping_add(part(6, &[format!("{rule:?}").as_bytes()]));
        }
        for (from, to) in &self.moves {
            digest = digest.wrapping_add(part(7, &[from.as_bytes(), &[0], to.as_bytes()]));
        }
        digest.wrapping_add(part(5, &[self.time_zone().unwrap_or_default().as_bytes()]))
    }
}

fn day_digest(domain: u8, day: &DayCounts) -> u128 {
    part(domain, &[&day.date.0.to_le_bytes(), &day.views.to_le_bytes(), &day.visitors.to_le_bytes()])
}

fn part(domain: u8, parts: &[&[u8]]) -> u128 {
    Secret::default().hash(domain, parts)
}

/// The first day that is taken: where a clock that was never set begins.
const FIRST_DATE: Date = Date(19_700_101);
/// Most days of a file: 54 years.
const MAX_DAYS: usize = 20_000;

/// The key of the page a line names, by path or by full address.
fn page_key(name: &str) -> Result<String, String> {
    let key = if name.starts_with("http://") || name.starts_with("https://") {
        Address::parse(name).ok().map(|address| address.page)
    } else {
        key_of_path(name)
    };
    match key {
        Some(key) if key.len() <= MAX_KEY_BYTES => Ok(key),
        Some(_) => Err(format!("the page's path is longer than {MAX_KEY_BYTES} bytes.")),
        None => Err(format!("{} is not a page's path.", shown(name))),
    }
}

/// A count as a file has it.
fn count(text: &str) -> Result<u64, String> {
    let number = text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u64>().ok()).flatten();
    number
        .filter(|count| *count <= MAX_COUNT)
        .ok_or_else(|| format!("{} is not a whole number from 0 to {MAX_COUNT}.", shown(text)))
}

/// Adds counts, within what a count may be.
fn sum(one: Option<u64>, other: Option<u64>) -> Option<u64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.saturating_add(other).min(MAX_COUNT)),
        (one, other) => one.or(other),
    }
}

/// A piece of the file, short enough for a sentence.
pub(crate) fn shown(text: &str) -> String {
    let short: String = text.chars().filter(|c| !c.is_control()).take(60).collect();
    format!("“{short}”")
}
