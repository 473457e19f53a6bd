//! How much one address may do: hits in a minute, new visitors and new pages in an hour.
//!
//! The minute is kept in memory only. The hours outlast a sleep: an entry that used up some of them names the
//! address in the journal, from which they are counted again. Addresses are keyed hashes, under a key that ends
//! with the day. Pages stay in a site's table, so new ones are dearer than hits: a wider network has one ceiling,
//! a long name counts as several pages, and a table that is filling up takes in few. Out of scope: telling people
//! apart behind one address.

use crate::glance::Glance;
use crate::journal::{Entry, Event};
use crate::visitor::wider_network;
use std::collections::BTreeMap;

/// The window of hits.
pub const HITS_WINDOW_MS: u64 = 60_000;
/// The window of new visitors and of new pages.
pub const NEW_WINDOW_MS: u64 = 3_600_000;
/// Bytes of a page's name that count as one page: a table's share for each of its pages.
const NAME_BYTES: usize = 160;
/// A table that is filling up takes in so many times fewer new pages.
const SCARCE_DIVISOR: u64 = 10;
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
        // Also one that began by a clock that was ahead is over.
        if now_ms.abs_diff(self.began_ms) >= length_ms || self.counts.len() >= MAX_ADDRESSES {
            self.began_ms = now_ms;
            self.counts.clear();
        }
    }

    pub(crate) fn add(&mut self, address: u64, units: u64) {
        let count = self.counts.entry(address).or_default();
        *count = count.saturating_add(units);
    }

    pub(crate) fn wait_ms(&self, now_ms: u64, length_ms: u64) -> u64 {
        self.began_ms.saturating_add(length_ms).saturating_sub(now_ms).max(1)
    }
}

/// How much an address may do.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Hits in a minute, and as many new visitors and new pages in an hour.
    pub ceiling: u64,
    /// Whether the site's table of pages is filling up.
    pub are_pages_scarce: bool,
}

impl Limits {
    fn new_pages(self) -> u64 {
        if self.are_pages_scarce { (self.ceiling / SCARCE_DIVISOR).max(1) } else { self.ceiling }
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
    pub fn admit(
        &mut self,
        now_ms: u64,
        address: u64,
        entry: &mut Entry,
        limits: Limits,
    ) -> Result<(), Refused> {
        let news = News::of(entry);
        let ceiling = limits.ceiling;
        let asked = [
            (&mut self.hits, HITS_WINDOW_MS, Excess::Hits, address, ceiling, 1),
            (&mut self.new_visitors, NEW_WINDOW_MS, Excess::NewVisitors, address, ceiling, news.visitors),
            (
                &mut self.new_pages,
                NEW_WINDOW_MS,
                Excess::NewPages,
                wider_network(address),
                limits.new_pages(),
                news.pages,
            ),
        ];
        let mut admitted = Vec::with_capacity(asked.len());
        for (window, length_ms, excess, whose, most, units) in asked {
            if units == 0 {
                continue;
            }
            window.open(now_ms, length_ms);
            if window.of(whose) >= most {
                return Err(Refused { excess, wait_ms: window.wait_ms(now_ms, length_ms) });
            }
            admitted.push((window, whose, units));
        }
        admitted.into_iter().for_each(|(window, whose, units)| window.add(whose, units));
        entry.address = (news != News::default()).then_some(address);
        Ok(())
    }

    /// Counts an entry of the time before a sleep, in the order in which they were stored.
    pub(crate) fn replay(&mut self, entry: &Glance) {
        let Some(address) = entry.address else { return };
        let news = entry.news;
        for (window, whose, units) in [
            (&mut self.new_visitors, address, news.visitors),
            (&mut self.new_pages, wider_network(address), news.pages),
        ] {
            if units > 0 {
                window.open(entry.at_ms, NEW_WINDOW_MS);
                window.add(whose, units);
            }
        }
    }
}

/// What an entry uses up of the hourly ceilings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct News {
    visitors: u64,
    pages: u64,
}

impl News {
    pub(crate) fn of(entry: &Entry) -> Self {
        let Event::View(view) = &entry.event else { return Self::default() };
        Self::of_view(view.new_visitor, view.page.as_ref().map(|page| (&*page.key, page.counts.views)))
    }

    /// Of a view whose page has this key and so many views now.
    pub(crate) fn of_view(new_visitor: bool, page: Option<(&str, u64)>) -> Self {
        let new_page = page.filter(|(_, views)| *views == 1);
        Self {
            visitors: u64::from(new_visitor),
            pages: new_page.map_or(0, |(key, _)| (key.len() / NAME_BYTES).saturating_add(1) as u64),
        }
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

    fn limits(ceiling: u64) -> Limits {
        Limits { ceiling, are_pages_scarce: false }
    }

    fn new_page_called(key: String) -> Entry {
        let mut entry = entry(false, 1);
        let Event::View(View { page: Some(page), .. }) = &mut entry.event else { unreachable!() };
        page.key = key;
        entry
    }

    #[test]
    fn a_wider_network_shares_the_ceiling_of_new_pages_and_no_other() {
        let (here, beside) = (0x0000_0007_0000_0001, 0x0000_0007_0000_0002);
        let mut ceilings = Ceilings::default();
        ceilings.admit(60_000, here, &mut entry(true, 1), limits(1)).unwrap();
        let refused = ceilings.admit(60_000, beside, &mut entry(false, 1), limits(1));
        assert_eq!(refused.unwrap_err().excess, Excess::NewPages);
        assert_eq!(ceilings.admit(60_000, beside, &mut entry(true, 2), limits(1)), Ok(()));
    }

    #[test]
    fn a_long_name_counts_as_several_pages_also_after_a_sleep() {
        let mut long = new_page_called(format!("/{}", "a".repeat(2 * NAME_BYTES)));
        let (mut ceilings, mut replayed) = (Ceilings::default(), Ceilings::default());
        ceilings.admit(60_000, 1 << 32, &mut long, limits(4)).unwrap();
        replayed.replay(&Glance::of(&long));
        for ceilings in [&mut ceilings, &mut replayed] {
            assert_eq!(ceilings.admit(60_000, 1 << 32, &mut entry(false, 1), limits(4)), Ok(()));
            let refused = ceilings.admit(60_000, 1 << 32, &mut entry(false, 1), limits(4));
            assert_eq!(refused.unwrap_err().excess, Excess::NewPages);
        }
    }

    #[test]
    fn a_table_that_fills_up_takes_in_a_tenth() {
        let scarce = |ceiling| Limits { ceiling, are_pages_scarce: true };
        let mut ceilings = Ceilings::default();
        for _ in 0..3 {
            ceilings.admit(60_000, 1, &mut entry(false, 1), scarce(30)).unwrap();
        }
        assert!(ceilings.admit(60_000, 1, &mut entry(false, 1), scarce(30)).is_err());
        assert_eq!(ceilings.admit(60_000, 1, &mut entry(false, 2), scarce(30)), Ok(()), "known pages go on");
        assert_eq!(scarce(3).new_pages(), 1, "never none at all");
    }

    #[test]
    fn an_address_may_send_so_many_a_minute_and_others_are_not_touched() {
        let (mut ceilings, mut reload) = (Ceilings::default(), entry(false, 2));
        for _ in 0..3 {
            assert_eq!(ceilings.admit(60_000, 1, &mut reload, limits(3)), Ok(()));
        }
        let refused = Refused { excess: Excess::Hits, wait_ms: 59_000 };
        assert_eq!(ceilings.admit(61_000, 1, &mut reload, limits(3)), Err(refused));
        assert_eq!(ceilings.admit(61_000, 2, &mut reload, limits(3)), Ok(()));
        assert_eq!(ceilings.admit(120_000, 1, &mut reload, limits(3)), Ok(()));
    }

    #[test]
    fn new_visitors_and_new_pages_have_an_hourly_ceiling_each() {
        for (mut new, excess) in [(entry(true, 2), Excess::NewVisitors), (entry(false, 1), Excess::NewPages)]
        {
            let mut ceilings = Ceilings::default();
            for minute in 60..63 {
                assert_eq!(ceilings.admit(minute * 60_000, 1, &mut new, limits(3)), Ok(()));
            }
            let refused = ceilings.admit(63 * 60_000, 1, &mut new, limits(3));
            assert_eq!(refused, Err(Refused { excess, wait_ms: 57 * 60_000 }));
            assert_eq!(
                ceilings.admit(63 * 60_000, 1, &mut entry(false, 2), limits(3)),
                Ok(()),
                "the known go on"
            );
            assert_eq!(ceilings.admit(120 * 60_000, 1, &mut new, limits(3)), Ok(()));
        }
    }

    #[test]
    fn a_refused_hit_uses_up_nothing() {
        let mut ceilings = Ceilings::default();
        ceilings.admit(60_000, 1 << 32, &mut entry(true, 1), limits(2)).unwrap();
        ceilings.admit(60_000, 2 << 32, &mut entry(true, 1), limits(1)).unwrap();
        assert!(ceilings.admit(60_000, 2 << 32, &mut entry(false, 1), limits(1)).is_err());
        assert_eq!(ceilings.hits.of(2 << 32), 1);
    }

    #[test]
    fn many_addresses_do_not_fill_memory() {
        let (mut ceilings, mut new) = (Ceilings::default(), entry(true, 1));
        for address in 0..(MAX_ADDRESSES as u64 * 2) {
            ceilings.admit(60_000, address << 32, &mut new, limits(9)).unwrap();
        }
        assert!(ceilings.hits.counts.len() <= MAX_ADDRESSES);
        assert!(ceilings.new_pages.counts.len() <= MAX_ADDRESSES);
    }
}
