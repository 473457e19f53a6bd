//! How moves and merges change a site: as a copy, which the engine takes in whole.
//!
//! The counts of a page that is moved or merged are added to those of the page it is from now on. Visitors are
//! added, too: who saw both pages is counted on both. Nothing else changes: the site's own counts stay.

use super::{Moves, Pair, Said};
use crate::counts::{MAX_COUNT, PageCounts, Shares};
use crate::import::BadLine;
use crate::page_shares::PageShares;
use crate::pages::{MAX_KEYS_BYTES, Page, bucket_of};
use crate::publish::Document;
use crate::site::Site;
use serde::Serialize;
use std::collections::BTreeSet;

/// Most lines that a report tells.
const MAX_TOLD: usize = 100;

/// Why a call is not applied. Nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// A line can't be taken.
    Line(BadLine),
    /// More addresses would lead to others than a site may keep.
    TooManyMoves {
        /// How many there would be.
        moves: usize,
        /// Bytes of both sides.
        bytes: usize,
    },
    /// The addresses of the pages would be longer together than a site may have.
    NamesTooLong,
}

impl From<BadLine> for Refused {
    fn from(bad: BadLine) -> Self {
        Self::Line(bad)
    }
}

/// An address that leads to another from now on, or a page that becomes part of another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The old address.
    pub from: String,
    /// The new one.
    pub to: String,
    /// What is added to the new one: the counts of the old one's own page.
    pub adds: PageTotals,
    /// What the new one has once all is done.
    pub after: PageTotals,
}

/// A page's counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PageTotals {
    /// Views.
    pub views: u64,
    /// Visitors.
    pub visitors: u64,
    /// Shares by network.
    pub shares: Shares,
}

impl From<Option<&Page>> for PageTotals {
    fn from(page: Option<&Page>) -> Self {
        page.map_or_else(Self::default, |page| Self {
            views: page.counts.views,
            visitors: page.counts.visitors,
            shares: page.shares.to_map(),
        })
    }
}

/// What a call changes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The first hundred, by the new address.
    pub lines: Vec<Line>,
    /// All of them.
    pub total: usize,
    /// Addresses that led to others and are pages of their own again; the first hundred.
    pub ended: Vec<String>,
    /// Pages before.
    pub pages_before: usize,
    /// Pages after.
    pub pages_after: usize,
    /// Addresses that lead to others after.
    pub moves: usize,
}

impl Site {
    /// The site with its pages at their new addresses; none if that changes nothing. It is to be taken in by
    /// [`crate::engine::Engine::switch`].
    pub fn with_moves(&self, pairs: &[Pair]) -> Result<(Option<Self>, Report), Refused> {
        let rule = &self.totals.settings.query;
        let before = &self.totals.moves;
        let said = Said::of(pairs, rule, before)?;
        let moves = before.with(&said, rule);
        if !moves.fit() && moves.bytes() >= before.bytes() {
            return Err(Refused::TooManyMoves { moves: moves.len(), bytes: moves.bytes() });
        }
        let mut changed: Vec<(String, String)> = Vec::new();
        let old = moves.iter().map(|(from, _)| from).chain(said.moved.keys().map(String::as_str));
        for from in old.collect::<BTreeSet<_>>() {
            let to = moves.page_of(rule, from).into_owned();
            let is_new = moves.get(from) != before.get(from);
            if to != from && (is_new || self.pages.get(from).is_some()) {
                changed.push((to, from.to_owned()));
            }
        }
        let ended = ended(before, &moves);
        if changed.is_empty() && ended.is_empty() && moves == *before {
            return Ok((None, self.report(self, &[], ended)));
        }
        changed.sort_unstable();
        let site = self.folded(moves, &changed);
        if site.pages.keys_bytes() > MAX_KEYS_BYTES.max(self.pages.keys_bytes()) {
            return Err(Refused::NamesTooLong);
        }
        let report = self.report(&site, &changed, ended);
        Ok((Some(site), report))
    }

    /// The site with each page that the rule about queries made part of another added to it; none if there is no
    /// such page. It is to be taken in by [`crate::engine::Engine::switch`].
    #[must_use]
    pub fn with_merges(&self) -> (Option<Self>, Report) {
        let mut merged: Vec<(String, String)> = Vec::new();
        for (key, _) in self.pages.iter() {
            let page = self.totals.page_of(key);
            if page != key {
                merged.push((page.into_owned(), key.to_owned()));
            }
        }
        if merged.is_empty() {
            return (None, self.report(self, &[], Vec::new()));
        }
        merged.sort_unstable();
        let moves = self.totals.moves.under(&self.totals.settings.query);
        let ended = ended(&self.totals.moves, &moves);
        let site = self.folded(moves, &merged);
        let report = self.report(&site, &merged, ended);
        (Some(site), report)
    }

    /// Pages added to others: each new address with an old one.
    fn folded(&self, moves: Moves, changed: &[(String, String)]) -> Self {
        let mut site = self.clone();
        site.totals.moves = moves;
        for (to, from) in changed {
            site.fold(from, to);
        }
        site.totals.row_set = self.totals.row_set.saturating_add(1);
        let has_moved = changed.iter().any(|(_, from)| self.may_be_published(from));
        let has_ended = self.totals.moves.iter().any(|(from, _)| site.totals.moves.get(from).is_none());
        if (has_moved || has_ended) && self.totals.published_in_buckets {
            site.switch_page_set(&self.totals.moves);
        }
        site.mark_unpublished(Document::Main);
        site
    }

    /// Whether KV may have a page: one that gave way is in its document until that is written again.
    fn may_be_published(&self, key: &str) -> bool {
        let document = self.totals.page_set.document(bucket_of(&self.totals.bucket_key, key));
        let is_behind = self.unpublished.contains(&document) || self.sent.contains(&document);
        is_behind || self.pages.get(key).is_some()
    }

    /// Adds a page to another. Its age stays where the other one is not known yet.
    pub(crate) fn fold(&mut self, from: &str, to: &str) {
        let Some(page) = self.pages.get(from).cloned() else { return };
        let bucket = self.pages.remove(from);
        self.mark_bucket(bucket);
        self.change_page(page.created_seq, to, |known| known.counts = sum(known.counts, page.counts));
        if !page.shares.is_empty() {
            let known = self.pages.get(to).map(|known| known.shares.to_map()).unwrap_or_default();
            let shares = sum_of_shares(known, &page.shares);
            let bucket = self.pages.set_shares(page.created_seq, to, PageShares::from(&shares));
            self.mark_bucket(bucket);
        }
    }

    fn report(&self, after: &Self, changed: &[(String, String)], mut ended: Vec<String>) -> Report {
        ended.truncate(MAX_TOLD);
        let line = |(to, from): &(String, String)| Line {
            from: from.clone(),
            to: to.clone(),
            adds: self.pages.get(from).into(),
            after: after.pages.get(to).into(),
        };
        Report {
            lines: changed.iter().take(MAX_TOLD).map(line).collect(),
            total: changed.len(),
            ended,
            pages_before: self.pages.len(),
            pages_after: after.pages.len(),
            moves: after.totals.moves.len(),
        }
    }
}

/// Addresses that led to others before and don't after.
fn ended(before: &Moves, after: &Moves) -> Vec<String> {
    before.iter().map(|(from, _)| from).filter(|from| after.get(from).is_none()).map(str::to_owned).collect()
}

fn sum(one: PageCounts, other: PageCounts) -> PageCounts {
    PageCounts { views: add(one.views, other.views), visitors: add(one.visitors, other.visitors) }
}

fn sum_of_shares(mut shares: Shares, more: &PageShares) -> Shares {
    for (network, count) in more.entries() {
        let known = shares.entry(network.to_owned()).or_default();
        *known = add(*known, count);
    }
    shares
}

fn add(one: u64, other: u64) -> u64 {
    one.saturating_add(other).min(MAX_COUNT)
}
