//! The number that stands on a site's pages: what an owner may want counting to start from.
//!
//! Anybody can send one, so it changes no count by itself; the owner sees it and decides. It takes two addresses to
//! propose a number: the second largest of what each has told is proposed, so one that lies hides nothing. The
//! largest such number of the day is kept, and a day's changes are few, so that lies cost next to nothing.

use crate::counts::MAX_COUNT;
use crate::day::Date;
use crate::site::Site;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most changes kept in a day.
const MAX_CHANGES_A_DAY: u8 = 8;

/// No page has had so many visitors; the largest site counts some billions.
const MAX_PLAUSIBLE: u64 = 100_000_000_000;
/// Addresses whose word is remembered, in memory and for a day.
const MAX_WITNESSES: usize = 64;

const _: () = assert!(MAX_PLAUSIBLE <= MAX_COUNT);

/// What each address told today: the number, and the key of the page it stands on.
pub(crate) type Witnesses = BTreeMap<u64, (u64, String)>;

/// A number that stands on a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The number.
    pub visitors: u64,
    /// The key of the page it stands on.
    pub page: String,
    /// The day it was met.
    day: Date,
    /// Changes on that day.
    changes: u8,
}

impl Site {
    /// What the owner may start from: a number that stands on a page and is larger than what is counted.
    #[must_use]
    pub fn proposal(&self) -> Option<&Proposal> {
        self.proposal.as_ref().filter(|proposal| proposal.visitors > self.totals.visitors)
    }

    /// Takes in a number that stands on a page, as an address (its key) tells it. True if a number is proposed
    /// that has to be stored.
    pub(crate) fn propose(&mut self, shown: u64, page: &str, address: u64) -> bool {
        if shown <= self.totals.visitors || shown > MAX_PLAUSIBLE {
            return false;
        }
        if self.witnesses.len() < MAX_WITNESSES || self.witnesses.contains_key(&address) {
            self.witnesses.insert(address, (shown, page.to_owned()));
        }
        let mut told: Vec<&(u64, String)> = self.witnesses.values().collect();
        told.sort_unstable();
        let Some((shown, page)) = told.iter().rev().nth(1).map(|told| (told.0, told.1.clone())) else {
            return false;
        };
        self.keep_proposal(shown, page)
    }

    fn keep_proposal(&mut self, shown: u64, page: String) -> bool {
        let today = self.totals.day.date;
        let changes = match &self.proposal {
            Some(known) if known.visitors == shown => return false,
            Some(known) if known.day == today => {
                if shown < known.visitors || known.changes >= MAX_CHANGES_A_DAY {
                    return false;
                }
                known.changes.saturating_add(1)
            }
            _ => 1,
        };
        self.proposal = Some(Proposal { visitors: shown, page, day: today, changes });
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::day::Day;

    fn site() -> Site {
        let mut site = Site::default();
        site.totals.visitors = 10;
        site
    }

    fn begin(site: &mut Site, date: u32) {
        site.totals.day = Day { date: Date(date), ends_at_ms: 0 };
    }

    /// Two addresses tell the same.
    fn told_twice(site: &mut Site, shown: u64, page: &str) -> bool {
        site.propose(shown, page, 1) | site.propose(shown, page, 2)
    }

    #[test]
    fn one_address_proposes_nothing_and_hides_nothing() {
        let mut site = site();
        assert!(!site.propose(500, "/a", 1) && !site.propose(600, "/a", 1));
        assert!(site.propose(500, "/a", 2));
        site.propose(MAX_PLAUSIBLE, "/lie", 3);
        let proposal = site.proposal().unwrap();
        assert_eq!((proposal.visitors, proposal.page.as_str()), (600, "/a"), "the largest that two bear out");
    }

    #[test]
    fn so_many_addresses_are_remembered() {
        let mut site = site();
        for address in 0..200 {
            site.propose(500, "/a", address);
        }
        assert_eq!(site.witnesses.len(), MAX_WITNESSES);
    }

    #[test]
    fn the_largest_number_of_the_day_is_proposed() {
        let mut site = site();
        assert!(
            told_twice(&mut site, 500, "/a")
                && !told_twice(&mut site, 500, "/b")
                && !told_twice(&mut site, 400, "/b")
        );
        assert!(told_twice(&mut site, 600, "/c"));
        let proposal = site.proposal().unwrap();
        assert_eq!((proposal.visitors, proposal.page.as_str()), (600, "/c"));
        begin(&mut site, 2);
        assert!(told_twice(&mut site, 400, "/b"), "another day begins anew");
    }

    #[test]
    fn a_number_that_was_counted_past_is_no_proposal() {
        let mut site = site();
        assert!(!told_twice(&mut site, 10, "/a") && !told_twice(&mut site, MAX_PLAUSIBLE + 1, "/a"));
        assert!(told_twice(&mut site, 11, "/a") && site.proposal().is_some());
        site.totals.visitors = 11;
        assert_eq!(site.proposal(), None);
    }

    /// Sites have a row in exactly these bytes: see the journal's test of the same name.
    #[test]
    fn a_proposal_is_stored_in_these_bytes() {
        let mut site = site();
        told_twice(&mut site, 500, "/a");
        assert_eq!(site.proposal_row().unwrap().body, [2, 1, 244, 3, 2, b'/', b'a', 0, 1]);
    }

    #[test]
    fn a_day_has_few_changes() {
        let mut site = site();
        let kept = (100..200).filter(|shown| told_twice(&mut site, *shown, "/a")).count();
        assert_eq!(kept, usize::from(MAX_CHANGES_A_DAY));
    }
}
