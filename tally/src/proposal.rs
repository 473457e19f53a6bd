//! The number that stands on a site's pages: what an owner may want counting to start from.
//!
//! Anybody can send one, so it changes no count by itself; the owner sees it and decides. The largest of the
//! day is kept, and a day's changes are few, so that it costs next to nothing to be told lies.

use crate::counts::MAX_COUNT;
use crate::day::Date;
use crate::site::Site;
use serde::{Deserialize, Serialize};

/// Most changes kept in a day.
const MAX_CHANGES_A_DAY: u8 = 8;

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

    /// Takes in a number that stands on a page. True if it is kept, and has to be stored.
    pub(crate) fn propose(&mut self, shown: u64, page: &str) -> bool {
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
        if shown <= self.totals.visitors || shown > MAX_COUNT {
            return false;
        }
        self.proposal = Some(Proposal { visitors: shown, page: page.to_owned(), day: today, changes });
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

    #[test]
    fn the_largest_number_of_the_day_is_proposed() {
        let mut site = site();
        assert!(site.propose(500, "/a") && !site.propose(500, "/b") && !site.propose(400, "/b"));
        assert!(site.propose(600, "/c"));
        let proposal = site.proposal().unwrap();
        assert_eq!((proposal.visitors, proposal.page.as_str()), (600, "/c"));
        begin(&mut site, 2);
        assert!(site.propose(400, "/b"), "another day begins anew");
    }

    #[test]
    fn a_number_that_was_counted_past_is_no_proposal() {
        let mut site = site();
        assert!(!site.propose(10, "/a") && !site.propose(MAX_COUNT + 1, "/a"));
        assert!(site.propose(11, "/a") && site.proposal().is_some());
        site.totals.visitors = 11;
        assert_eq!(site.proposal(), None);
    }

    /// Sites have a row in exactly these bytes: see the journal's test of the same name.
    #[test]
    fn a_proposal_is_stored_in_these_bytes() {
        let mut site = site();
        site.propose(500, "/a");
        assert_eq!(site.proposal_row().unwrap().body, [2, 1, 244, 3, 2, b'/', b'a', 0, 1]);
    }

    #[test]
    fn a_day_has_few_changes() {
        let mut site = site();
        let kept = (100..200).filter(|shown| site.propose(*shown, "/a")).count();
        assert_eq!(kept, usize::from(MAX_CHANGES_A_DAY));
    }
}
