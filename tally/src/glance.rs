//! Older entries of the last hour, as a waking site needs them: what they used up of the ceilings, and no more.
//!
//! A busy hour is the whole ring of 65,536 entries, and reading each as an [`Entry`] took most of a wake. Their ids
//! can't be repeated any more and their visitors are not online, so nothing of the reply is made either. Out of
//! scope: entries of the last ten minutes, and those that no checkpoint holds, which are read whole.

use crate::budget::Allowance;
use crate::ceiling::News;
use crate::checksum::{self, format_of};
use crate::counts::{PageCounts, SiteCounts};
use crate::day::Day;
use crate::journal::{Entry, FORMAT, FormatError};
use crate::visitor::{RequestId, VisitorKey};
use serde::Deserialize;

/// An entry of which only this is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Glance {
    pub(crate) seq: u64,
    pub(crate) at_ms: u64,
    /// Whose ceilings it used up.
    pub(crate) address: Option<u64>,
    /// What of them; nothing without an address.
    pub(crate) news: News,
}

/// The fields of [`Entry`] before its event, in their order.
#[derive(Deserialize)]
struct Head {
    seq: u64,
    at_ms: u64,
    _id: RequestId,
    _begins: Option<Day>,
    _allowance: Allowance,
    address: Option<u64>,
}

/// The beginning of [`crate::journal::Event`].
#[derive(Deserialize)]
enum EventHead<'a> {
    #[serde(borrow)]
    View(ViewHead<'a>),
    Share,
}

#[derive(Deserialize)]
struct ViewHead<'a> {
    _visitor: VisitorKey,
    _number: u64,
    new_visitor: bool,
    _site: SiteCounts,
    #[serde(borrow)]
    page: Option<PageHead<'a>>,
}

#[derive(Deserialize)]
struct PageHead<'a> {
    key: &'a str,
    counts: PageCounts,
}

impl Glance {
    /// Of an entry that was read whole.
    pub(crate) fn of(entry: &Entry) -> Self {
        Self { seq: entry.seq, at_ms: entry.at_ms, address: entry.address, news: News::of(entry) }
    }

    /// Reads a stored entry of any format as far as is needed. One with a checksum is what was written, to its end.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, FormatError> {
        let checked = checksum::check(0, bytes)?;
        if checked.len() == bytes.len() || format_of(checked) != Some(FORMAT) {
            return Entry::from_bytes(bytes).map(|entry| Self::of(&entry));
        }
        let body = checked.get(1..).unwrap_or_default();
        let (head, rest) = postcard::take_from_bytes::<Head>(body).map_err(|_| FormatError::Damaged)?;
        let news = if head.address.is_some() { read_news(rest)? } else { News::default() };
        Ok(Self { seq: head.seq, at_ms: head.at_ms, address: head.address, news })
    }
}

fn read_news(event: &[u8]) -> Result<News, FormatError> {
    let (event, _) = postcard::take_from_bytes::<EventHead<'_>>(event).map_err(|_| FormatError::Damaged)?;
    Ok(match event {
        EventHead::View(view) => {
            News::of_view(view.new_visitor, view.page.map(|page| (page.key, page.counts.views)))
        }
        EventHead::Share => News::default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{Event, PageView, Share, View};

    fn entry(event: Event, address: Option<u64>) -> Entry {
        let day = Day { date: crate::day::Date(20_261_127), ends_at_ms: 9 };
        let allowance = Allowance { writes: 3, valid_until_ms: 4, spacing_ms: 5, next_ms: 6 };
        Entry {
            seq: 300,
            at_ms: 1_000,
            id: RequestId(u128::MAX),
            begins: Some(day),
            allowance,
            address,
            event,
        }
    }

    fn view(new_visitor: bool, page: Option<(&str, u64)>) -> Event {
        let site = SiteCounts { views: 2, visitors: 300, views_today: 4, visitors_today: 5, online: 6 };
        let page = page.map(|(key, views)| PageView {
            key: key.into(),
            counts: PageCounts { views, visitors: 1 },
            new_pair: Some(3),
            evicted: Some("/gone".into()),
        });
        Event::View(View { visitor: VisitorKey(u64::MAX), number: 7, new_visitor, site, page })
    }

    #[test]
    fn a_glance_says_what_the_whole_entry_says() {
        let long = "/".repeat(400);
        let shares = [("weibo".to_owned(), 3)].into();
        let share = Event::Share(Share {
            page: "/a".into(),
            page_shares: shares,
            network: "weibo".into(),
            site_total: 3,
        });
        let views = [None, Some(("/a", 1)), Some(("/a", 2)), Some((&*long, 1))];
        let events = views.into_iter().flat_map(|page| [view(true, page), view(false, page)]).chain([share]);
        for event in events {
            for address in [None, Some(1 << 40)] {
                let entry = entry(event.clone(), address);
                let glance = Glance::read(&entry.to_bytes().unwrap()).unwrap();
                let expected = Glance::of(&entry);
                assert_eq!((glance.seq, glance.at_ms, glance.address), (300, 1_000, address));
                // Without an address nobody asks what was new.
                assert!(address.is_none() || glance == expected, "{glance:?} is not {expected:?}");
            }
        }
    }

    #[test]
    fn entries_without_a_checksum_and_damaged_ones_are_told_apart() {
        let mut bytes = entry(view(true, Some(("/a", 1))), Some(5)).to_bytes().unwrap();
        let whole = Glance::read(&bytes);
        bytes[9] ^= 1;
        assert_eq!(Glance::read(&bytes), Err(FormatError::Damaged));
        bytes[9] ^= 1;
        bytes.truncate(bytes.len() - 4);
        bytes[0] = FORMAT;
        assert_eq!(Glance::read(&bytes), whole);
        bytes.pop();
        assert_eq!(Glance::read(&bytes), Err(FormatError::Damaged), "it is cut short");
    }
}
