//! How much one address may do: hits in a minute, new visitors and new pages in an hour.
//!
//! The minute is kept in memory only. The hours outlast a sleep: an entry that used up some of them names the
//! address in the journal, from which they are counted again. Addresses are keyed hashes, under a key that ends
//! with the day. Out of scope: telling people apart behind one address.

use crate::journal::{Entry, Event};
use std::collections::BTreeMap;

/// The window of hits.
pub const HITS_WINDOW_MS: u64 = 60_000;
/// The window of new visitors and of new pages.
pub const NEW_WINDOW_MS: u64 = 3_600_000;
/// Most addresses a window knows; past it the window begins anew, so a flood from many can't fill memory.
const MAX_ADDRESSES: usize = 50_000;

/// What an address has too much of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excess {
    /// Hits and shares.
    Hits,
    /// Visitors nobody has seen today.
    NewVisitors,
    /// Pages the site did not know.
    NewPages,
}

/// A refusal: what there was too much of, and the milliseconds until there may be more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    /// What.
    pub excess: Excess,
    /// How long to wait.
    pub wait_ms: u64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Window {
    began_ms: u64,
    counts: BTreeMap<u64, u64>,
}

impl Window {
    pub(crate) fn of(&self, address: u64) -> u64 {
        self.counts.get(&address).copied().unwrap_or_default()
    }

    pub(crate) fn open(&mut self, now_ms: u64, length_ms: u64) {
        if now_ms.saturating_sub(self.began_ms) >= length_ms || self.counts.len() >= MAX_ADDRESSES {
            self.began_ms = now_ms;
            self.counts.clear();
        }
    }

    pub(crate) fn add(&mut self, address: u64) {
        let count = self.counts.entry(address).or_default();
        *count = count.saturating_add(1);
    }

    pub(crate) fn wait_ms(&self, now_ms: u64, length_ms: u64) -> u64 {
        self.began_ms.saturating_add(length_ms).saturating_sub(now_ms).max(1)
    }
}

/// The running windows of a site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ceilings {
    hits: Window,
    new_visitors: Window,
    new_pages: Window,
}

impl Ceilings {
    /// Counts what `entry` is about to do for `address`, or says why it must not. Where it uses up some of the
    /// hourly ceilings the entry is made to say so.
    ///
    /// `ceiling` is for hits in a minute, and as many new visitors and new pages in an hour.
    pub fn admit(
        &mut self,
        now_ms: u64,
        address: u64,
        entry: &mut Entry,
        ceiling: u64,
    ) -> Result<(), Refused> {
        let (is_visitor_new, is_page_new) = news(entry);
        let asked = [
            (&mut self.hits, HITS_WINDOW_MS, Excess::Hits, true),
            (&mut self.new_visitors, NEW_WINDOW_MS, Excess::NewVisitors, is_visitor_new),
            (&mut self.new_pages, NEW_WINDOW_MS, Excess::NewPages, is_page_new),
        ];
        let mut admitted = Vec::with_capacity(asked.len());
        for (window, length_ms, excess, _) in asked.into_iter().filter(|(.., concerned)| *concerned) {
            window.open(now_ms, length_ms);
            if window.of(address) >= ceiling {
                return Err(Refused { excess, wait_ms: window.wait_ms(now_ms, length_ms) });
            }
            admitted.push(window);
        }
        admitted.into_iter().for_each(|window| window.add(address));
        entry.address = (is_visitor_new || is_page_new).then_some(address);
        Ok(())
    }

    /// Counts an entry of the time before a sleep, in the order in which they were stored.
    pub(crate) fn replay(&mut self, entry: &Entry) {
        let Some(address) = entry.address else { return };
        let (is_visitor_new, is_page_new) = news(entry);
        for (window, is_concerned) in
            [(&mut self.new_visitors, is_visitor_new), (&mut self.new_pages, is_page_new)]
        {
            if is_concerned {
                window.open(entry.at_ms, NEW_WINDOW_MS);
                window.add(address);
            }
        }
    }
}

/// Whether an entry brings a new visitor, and whether it brings a new page.
fn news(entry: &Entry) -> (bool, bool) {
    match &entry.event {
        Event::View(view) => {
            (view.new_visitor, view.page.as_ref().is_some_and(|page| page.counts.views == 1))
        }
        Event::Share(_) => (false, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Allowance;
    use crate::counts::{PageCounts, SiteCounts};
    use crate::journal::{PageView, View};
    use crate::visitor::{RequestId, VisitorKey};

    fn entry(new_visitor: bool, page_views: u64) -> Entry {
        let counts = PageCounts { views: page_views, visitors: 1 };
        let page = PageView { key: "/a".into(), counts, new_pair: None, evicted: None };
        let site = SiteCounts::default();
        let view = View { visitor: VisitorKey(1), number: 1, new_visitor, site, page: Some(page) };
        Entry {
            seq: 1,
            at_ms: 1,
            id: RequestId(1),
            begins: None,
            allowance: Allowance::default(),
            address: None,
            event: Event::View(view),
        }
    }

    #[test]
    fn an_address_may_send_so_many_a_minute_and_others_are_not_touched() {
        let (mut ceilings, mut reload) = (Ceilings::default(), entry(false, 2));
        for _ in 0..3 {
            assert_eq!(ceilings.admit(60_000, 1, &mut reload, 3), Ok(()));
        }
        let refused = Refused { excess: Excess::Hits, wait_ms: 59_000 };
        assert_eq!(ceilings.admit(61_000, 1, &mut reload, 3), Err(refused));
        assert_eq!(ceilings.admit(61_000, 2, &mut reload, 3), Ok(()));
        assert_eq!(ceilings.admit(120_000, 1, &mut reload, 3), Ok(()));
    }

    #[test]
    fn new_visitors_and_new_pages_have_an_hourly_ceiling_each() {
        for (mut new, excess) in [(entry(true, 2), Excess::NewVisitors), (entry(false, 1), Excess::NewPages)]
        {
            let mut ceilings = Ceilings::default();
            for minute in 60..63 {
                assert_eq!(ceilings.admit(minute * 60_000, 1, &mut new, 3), Ok(()));
            }
            let refused = ceilings.admit(63 * 60_000, 1, &mut new, 3);
            assert_eq!(refused, Err(Refused { excess, wait_ms: 57 * 60_000 }));
            assert_eq!(ceilings.admit(63 * 60_000, 1, &mut entry(false, 2), 3), Ok(()), "the known go on");
            assert_eq!(ceilings.admit(120 * 60_000, 1, &mut new, 3), Ok(()));
        }
    }

    #[test]
    fn a_refused_hit_uses_up_nothing() {
        let mut ceilings = Ceilings::default();
        ceilings.admit(60_000, 1, &mut entry(true, 1), 2).unwrap();
        ceilings.admit(60_000, 2, &mut entry(true, 1), 1).unwrap();
        assert!(ceilings.admit(60_000, 2, &mut entry(false, 1), 1).is_err());
        assert_eq!(ceilings.hits.of(2), 1);
    }

    #[test]
    fn many_addresses_do_not_fill_memory() {
        let (mut ceilings, mut new) = (Ceilings::default(), entry(true, 1));
        for address in 0..(MAX_ADDRESSES as u64 * 2) {
            ceilings.admit(60_000, address, &mut new, 9).unwrap();
        }
        assert!(ceilings.hits.counts.len() <= MAX_ADDRESSES);
    }
}
