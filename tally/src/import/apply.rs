//! How a file changes a site.
//!
//! Our own export restores a site: it must be empty, unless it is to be replaced. Starting values raise
//! counts to where the old counter stood: a visitor number that was given stays, the next one goes on from the
//! start, and no count is lowered. The site is changed as a copy, which the engine then takes in whole.

use super::{Import, Kind, Start, shown};
use crate::counts::PageCounts;
use crate::moves::Moves;
use crate::page_shares::PageShares;
use crate::pages::{MAX_KEYS_BYTES, Page};
use crate::publish::Document;
use crate::site::{DayCounts, Fresh, Site, Totals};
use serde::Serialize;

/// Imports that are remembered, so that each counts once.
const MAX_IMPORTS: usize = 16;

/// How an import is meant.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// An export may replace what is counted.
    pub replace: bool,
    /// Starting values below what is counted are passed over instead of refused.
    pub keep_higher: bool,
    /// Most pages the site may have.
    pub max_pages: usize,
}

/// Why a file is not applied. Nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// An export restores an empty site only.
    NotEmpty,
    /// A line would lower a count.
    LowerStart {
        /// Which.
        line: u64,
        /// A sentence.
        reason: String,
    },
    /// The site would have more pages than it may.
    TooManyPages {
        /// How many it would have.
        pages: usize,
    },
    /// The names of the site's pages would be longer together than [`MAX_KEYS_BYTES`].
    TooLongNames,
}

/// Views and visitors of all time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Both {
    /// Views.
    pub views: u64,
    /// Visitors.
    pub visitors: u64,
}

/// What an import changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// What kind of file it was.
    pub format: Kind,
    /// Lines or rows read, headings aside.
    pub lines: u64,
    /// The same file was imported before, so nothing changes.
    pub already_imported: bool,
    /// The site before.
    pub before: Both,
    /// The site after.
    pub after: Both,
    /// Pages the site did not know.
    pub pages_added: u64,
    /// Pages whose counts change.
    pub pages_changed: u64,
    /// Pages that the site loses, as it is replaced.
    pub pages_removed: u64,
    /// Finished days that are new or change.
    pub days: u64,
    /// Starting values passed over, as more is counted already.
    pub kept: u64,
    /// Lines added to a page that another line had named in other words.
    pub merged: u64,
}

impl Report {
    fn of(import: &Import, site: &Site) -> Self {
        let before = both(site);
        Self {
            format: import.kind,
            lines: import.lines,
            already_imported: false,
            before,
            after: before,
            pages_added: 0,
            pages_changed: 0,
            pages_removed: 0,
            days: 0,
            kept: 0,
            merged: import.merged,
        }
    }
}

fn both(site: &Site) -> Both {
    Both { views: site.totals.views, visitors: site.totals.visitors }
}

impl Site {
    /// Whether nothing at all has been counted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        both(self) == Both::default() && self.pages.is_empty() && self.days.is_empty()
    }

    /// The site as it would be with the file; none if the file is known already. It is to be taken in by
    /// [`crate::engine::Engine::switch`].
    pub fn with_import(
        &self,
        import: Import,
        options: Options,
        fresh: Fresh,
    ) -> Result<(Option<Self>, Report), Refused> {
        let mut report = Report::of(&import, self);
        let digest = import.digest();
        if self.totals.imports.contains(&digest) && !options.replace {
            report.already_imported = true;
            return Ok((None, report));
        }
        let mut site = match import.kind {
            Kind::Laifang if !options.replace && !self.is_empty() => return Err(Refused::NotEmpty),
            Kind::Laifang => self.restored(import, fresh, &mut report),
            Kind::Csv | Kind::Goatcounter | Kind::Leancloud => {
                let import = import.under(&self.totals);
                report.merged = import.merged;
                self.started(import, options.keep_higher, &mut report)?
            }
        };
        if site.pages.len() > options.max_pages.max(self.pages.len()) {
            return Err(Refused::TooManyPages { pages: site.pages.len() });
        }
        if site.pages.keys_bytes() > MAX_KEYS_BYTES.max(self.pages.keys_bytes()) {
            return Err(Refused::TooLongNames);
        }
        site.totals.row_set = self.totals.row_set.saturating_add(1);
        site.totals.imports.push(digest);
        let surplus = site.totals.imports.len().saturating_sub(MAX_IMPORTS);
        site.totals.imports.drain(..surplus);
        report.after = both(&site);
        Ok((Some(site), report))
    }

    /// The site that an export tells of, under a new generation.
    fn restored(&self, import: Import, fresh: Fresh, report: &mut Report) -> Self {
        let mut site = self.reset(fresh);
        let start = import.site.unwrap_or_default();
        let settings = import.settings.unwrap_or_else(|| site.totals.settings.clone());
        site.totals = Totals {
            views: start.views.unwrap_or_default(),
            visitors: start.visitors.unwrap_or_default(),
            shares: start.shares,
            settings,
            moves: Moves::of(import.moves),
            ..site.totals
        };
        for (key, page) in &import.pages {
            match self.pages.get(key) {
                None => report.pages_added = report.pages_added.saturating_add(1),
                Some(known) if *known == page_of(page, known.created_seq) => {}
                Some(_) => report.pages_changed = report.pages_changed.saturating_add(1),
            }
        }
        let lost = self.pages.iter().filter(|(key, _)| !import.pages.contains_key(*key)).count();
        report.pages_removed = lost as u64;
        site.pages.restore(import.pages.into_iter().map(|(key, start)| (key, page_of(&start, 0))));
        let mut days = import.days;
        if let Some(today) = import.today {
            if today.date >= site.totals.day.date {
                site.totals.views_today = today.views;
                site.totals.visitors_today = today.visitors;
            } else if today.views > 0 {
                days.insert(today.date, today);
            }
        }
        report.days = days.values().filter(|day| self.days.get(&day.date) != Some(day)).count() as u64;
        site.restore_days(days.into_values());
        let months: Vec<u32> = site.unsaved.months.iter().copied().collect();
        site.unpublished.extend(months.into_iter().map(Document::Days));
        site
    }

    /// The same site with its counts raised to where they start.
    fn started(&self, import: Import, keep_higher: bool, report: &mut Report) -> Result<Self, Refused> {
        let mut site = self.clone();
        let mut raise = Raise { keep_higher, kept: 0 };
        if let Some(start) = &import.site {
            let counts = PageCounts { views: site.totals.views, visitors: site.totals.visitors };
            let raised = raise.counts("the site", counts, start)?;
            (site.totals.views, site.totals.visitors) = (raised.views, raised.visitors);
            site.mark_unpublished(Document::Main);
        }
        for (key, start) in &import.pages {
            let known = site.pages.get(key).map(|page| page.counts);
            let raised = raise.counts(key, known.unwrap_or_default(), start)?;
            if raised == known.unwrap_or_default() {
                continue;
            }
            let counter = if known.is_some() { &mut report.pages_changed } else { &mut report.pages_added };
            *counter = counter.saturating_add(1);
            site.change_page(0, key, |page| page.counts = raised);
            site.mark_unpublished(Document::Main);
        }
        for day in import.days.into_values() {
            report.days = report.days.saturating_add(u64::from(site.raise_day(day)));
        }
        report.kept = raise.kept;
        Ok(site)
    }

    /// Takes in a finished day; of one that is known the larger counts stay. The running day is the site's.
    fn raise_day(&mut self, day: DayCounts) -> bool {
        if day.date >= self.totals.day.date {
            return false;
        }
        let known = self.days.get(&day.date).copied();
        let (views, visitors) = known.map_or((0, 0), |known| (known.views, known.visitors));
        let raised =
            DayCounts { views: views.max(day.views), visitors: visitors.max(day.visitors), date: day.date };
        if known == Some(raised) {
            return false;
        }
        self.restore_days([raised]);
        self.mark_unpublished(Document::Days(day.date.month()));
        self.mark_unpublished(Document::Main);
        true
    }
}

fn page_of(start: &Start, created_seq: u64) -> Page {
    let counts =
        PageCounts { views: start.views.unwrap_or_default(), visitors: start.visitors.unwrap_or_default() };
    Page { counts, created_seq, shares: PageShares::from(&start.shares) }
}

/// Raises counts, and never lowers one.
struct Raise {
    keep_higher: bool,
    kept: u64,
}

impl Raise {
    fn counts(&mut self, whose: &str, counted: PageCounts, start: &Start) -> Result<PageCounts, Refused> {
        Ok(PageCounts {
            views: self.one(whose, "views", counted.views, start.views, start.line)?,
            visitors: self.one(whose, "visitors", counted.visitors, start.visitors, start.line)?,
        })
    }

    fn one(
        &mut self,
        whose: &str,
        what: &str,
        counted: u64,
        start: Option<u64>,
        line: u64,
    ) -> Result<u64, Refused> {
        match start {
            Some(start) if start < counted && !self.keep_higher => {
                let whose = if whose.starts_with('/') { shown(whose) } else { whose.to_owned() };
                let reason = format!("{whose} has {counted} {what} already, and {start} would lower that.");
                Err(Refused::LowerStart { line, reason })
            }
            Some(start) if start < counted => {
                self.kept = self.kept.saturating_add(1);
                Ok(counted)
            }
            Some(start) => Ok(start),
            None => Ok(counted),
        }
    }
}
