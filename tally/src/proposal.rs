//! The number that stands on a site's pages: what an owner may want counting to start from.
//!
//! Anybody can send one, so it changes no count by itself; the owner sees it and decides. A number is proposed
//! where a quarter of the day's addresses, two at least, tell as much: one that lies hides nothing. Each address
//! has one say a day and a day has few, so that lies cost next to nothing; what was told is stored, so that a
//! site that sleeps between two visitors has a proposal too.

use crate::checksum::format_of;
use crate::counts::MAX_COUNT;
use crate::day::Date;
use crate::journal::{FormatError, pack, unpack};
use crate::site::Site;
use crate::snapshot::{FORMAT, PROPOSAL_KEY, Row};
use serde::{Deserialize, Serialize};

/// Most addresses heard in a day: each is one row written.
const MAX_REPORTS_A_DAY: usize = 16;
/// No page has had so many visitors; the largest site counts some billions.
const MAX_PLAUSIBLE: u64 = 100_000_000_000;
/// How many addresses a proposed number needs, at least.
const LEAST_WITNESSES: usize = 2;
/// Of so many addresses, one must tell as much as is proposed.
const ADDRESSES_A_WITNESS: usize = 4;
/// First byte of the row. Rows of [`FORMAT`] hold a proposed number and no reports.
const PROPOSAL_FORMAT: u8 = 3;

const _: () = assert!(MAX_PLAUSIBLE <= MAX_COUNT);

/// A number that stands on a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Start {
    /// The number.
    pub visitors: u64,
    /// The key of the page it stands on.
    pub page: String,
}

/// What was told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Proposal {
    start: Option<Start>,
    /// The day of the reports.
    day: Date,
    reports: Vec<Report>,
}

/// What one address told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Report {
    /// Keyed hash, under the day's salt.
    address: u64,
    visitors: u64,
    page: String,
}

impl Proposal {
    fn is_heard(&self, address: u64) -> bool {
        self.reports.len() >= MAX_REPORTS_A_DAY || self.reports.iter().any(|report| report.address == address)
    }

    /// What today's reports amount to.
    fn found(&self) -> Option<Start> {
        let mut reports: Vec<&Report> = self.reports.iter().collect();
        reports.sort_by_key(|report| std::cmp::Reverse(report.visitors));
        let witnesses = reports.len().div_ceil(ADDRESSES_A_WITNESS).max(LEAST_WITNESSES);
        let least = reports.get(witnesses.saturating_sub(1))?;
        Some(Start { visitors: least.visitors, page: least.page.clone() })
    }
}

impl Site {
    /// What the owner may start from: a number that stands on a page and is larger than what is counted.
    #[must_use]
    pub fn proposed_start(&self) -> Option<&Start> {
        let start = self.proposal.as_ref()?.start.as_ref();
        start.filter(|start| start.visitors > self.totals.visitors)
    }

    /// Takes in a number that somebody at `address` (a keyed hash) met on a page. True if it is kept, and has to
    /// be stored.
    pub(crate) fn propose(&mut self, shown: u64, page: &str, address: u64) -> bool {
        if shown <= self.totals.visitors || shown > MAX_PLAUSIBLE {
            return false;
        }
        let today = self.totals.day.date;
        let proposal = self.proposal.get_or_insert_default();
        if proposal.day != today {
            proposal.day = today;
            proposal.reports.clear();
        }
        if proposal.is_heard(address) {
            return false;
        }
        proposal.reports.push(Report { address, visitors: shown, page: page.to_owned() });
        // Yesterday's stands until today's addresses agree.
        if let Some(found) = proposal.found() {
            proposal.start = Some(found);
        }
        true
    }

    /// The row that holds what was told.
    pub(crate) fn proposal_row(&self) -> Result<Row, FormatError> {
        Ok(Row::new(PROPOSAL_KEY, pack(PROPOSAL_FORMAT, &self.proposal)?))
    }
}

/// Reads the row.
pub(crate) fn read(body: &[u8]) -> Result<Option<Proposal>, FormatError> {
    if format_of(body) != Some(FORMAT) {
        return unpack(PROPOSAL_FORMAT, body);
    }
    let told: Option<(u64, String, Date, u8)> = unpack(FORMAT, body)?;
    Ok(told.filter(|(visitors, ..)| *visitors <= MAX_PLAUSIBLE).map(|(visitors, page, day, _)| Proposal {
        start: Some(Start { visitors, page }),
        day,
        reports: Vec::new(),
    }))
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

    fn proposed(site: &Site) -> Option<(u64, &str)> {
        site.proposed_start().map(|start| (start.visitors, start.page.as_str()))
    }

    #[test]
    fn two_addresses_propose_what_both_tell() {
        let mut site = site();
        assert!(site.propose(500, "/a", 1));
        assert!(!site.propose(900, "/b", 1), "an address has one say a day");
        assert_eq!(proposed(&site), None);
        assert!(site.propose(600, "/c", 2));
        assert_eq!(proposed(&site), Some((500, "/a")));
        assert!(site.propose(600, "/d", 3));
        assert_eq!(proposed(&site), Some((600, "/d")));
    }

    #[test]
    fn one_liar_hides_no_true_number() {
        for liar_comes_first in [true, false] {
            let mut site = site();
            let told = [(MAX_PLAUSIBLE, "/x", 1), (10_233, "/a", 2)];
            let order = if liar_comes_first { [0, 1] } else { [1, 0] };
            for (shown, page, address) in order.map(|index: usize| told[index]) {
                site.propose(shown, page, address);
            }
            assert_eq!(proposed(&site), Some((10_233, "/a")));
        }
        assert!(!site().propose(MAX_COUNT, "/x", 3), "nobody is heard who tells what can't be");
    }

    #[test]
    fn liars_have_to_be_a_quarter_of_a_crowd() {
        let mut site = site();
        for address in 0..13 {
            site.propose(10_233, "/a", address);
        }
        for address in 13..16 {
            site.propose(MAX_PLAUSIBLE, "/x", address);
        }
        assert_eq!(proposed(&site), Some((10_233, "/a")));
    }

    #[test]
    fn a_proposal_stands_until_another_day_s_addresses_agree() {
        let mut site = site();
        site.propose(500, "/a", 1);
        site.propose(500, "/a", 2);
        begin(&mut site, 2);
        assert!(site.propose(9_000, "/x", 3));
        assert_eq!(proposed(&site), Some((500, "/a")));
        site.propose(400, "/b", 4);
        assert_eq!(proposed(&site), Some((400, "/b")));
    }

    #[test]
    fn a_number_that_was_counted_past_is_no_proposal() {
        let mut site = site();
        assert!(!site.propose(10, "/a", 1));
        assert!(site.propose(11, "/a", 1) && site.propose(11, "/a", 2));
        assert_eq!(proposed(&site), Some((11, "/a")));
        site.totals.visitors = 11;
        assert_eq!(proposed(&site), None);
    }

    #[test]
    fn what_was_told_outlasts_a_sleep() {
        let mut site = site();
        site.propose(500, "/a", 1);
        site.proposal = read(site.proposal_row().unwrap().checked().unwrap()).unwrap();
        site.propose(500, "/a", 2);
        assert_eq!(proposed(&site), Some((500, "/a")));
    }

    /// Sites have a row in exactly these bytes: see the journal's test of the same name.
    #[test]
    fn a_proposal_is_stored_in_these_bytes() {
        let mut site = site();
        site.propose(500, "/a", 5);
        let row = site.proposal_row().unwrap();
        let body = row.checked().unwrap();
        assert_eq!(body, [0x83, 1, 0, 0, 1, 5, 244, 3, 2, b'/', b'a']);
        assert_eq!(read(body).unwrap(), site.proposal);
    }

    #[test]
    fn a_row_of_the_format_before_is_read_unless_it_is_out_of_reason() {
        let told = read(&[2, 1, 244, 3, 2, b'/', b'a', 0, 1]).unwrap().unwrap();
        assert_eq!(told.start.unwrap(), Start { visitors: 500, page: "/a".into() });
        let forged = pack(FORMAT, &Some((MAX_COUNT, "/x", Date(1), 1_u8))).unwrap();
        assert_eq!(read(&forged).unwrap(), None);
        assert_eq!(read(&pack(FORMAT, &None::<u8>).unwrap()).unwrap(), None);
    }

    #[test]
    fn a_day_hears_few_addresses() {
        let mut site = site();
        let kept = (100..200).filter(|address| site.propose(500, "/a", *address)).count();
        assert_eq!(kept, MAX_REPORTS_A_DAY);
    }
}
