//! What is stored for each hit: one entry in one slot of a ring.
//!
//! An entry holds the outcome, in absolute numbers, not the request: replaying it sets counts instead of
//! adding to them, so replaying twice is replaying once and no rule is ever decided again. The ring is
//! also the exactly-once memory. The first entry of a day says which day begins, so midnight itself costs no
//! entry. Out of scope: where the bytes are put.

use crate::budget::Allowance;
use crate::checksum::{self, format_of};
use crate::counts::{HitReply, PageCounts, Shares, SiteCounts};
use crate::day::Day;
use crate::visitor::{RequestId, VisitorKey};
use serde::{Deserialize, Serialize};

/// Slots in the ring: how many hits a site remembers.
pub const SLOTS: u64 = 65_536;
/// First byte of every entry. A change of [`Entry`] needs a new one, and a reader for the old.
pub(crate) const FORMAT: u8 = 3;

/// One event in a site's life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its place in the site's history, counted from 1 without gaps.
    pub seq: u64,
    /// When, in milliseconds since 1970; never earlier than the entry before.
    pub at_ms: u64,
    /// The request that caused it.
    pub id: RequestId,
    /// The day it is the first entry of.
    pub begins: Option<Day>,
    /// KV writes the site has left once this entry is published.
    pub allowance: Allowance,
    /// Key of the address, where the entry used up some of its hourly ceilings: they outlast a sleep.
    pub address: Option<u64>,
    /// What happened.
    pub event: Event,
}

/// Format 2: the hourly ceilings were kept in memory alone.
#[derive(Deserialize)]
struct EntryV2 {
    seq: u64,
    at_ms: u64,
    id: RequestId,
    begins: Option<Day>,
    allowance: Allowance,
    event: Event,
}

impl From<EntryV2> for Entry {
    fn from(EntryV2 { seq, at_ms, id, begins, allowance, event }: EntryV2) -> Self {
        Self { seq, at_ms, id, begins, allowance, address: None, event }
    }
}

/// Format 1: days were begun by the snapshot alone.
#[derive(Deserialize)]
struct EntryV1 {
    seq: u64,
    at_ms: u64,
    id: RequestId,
    event: Event,
}

impl From<EntryV1> for Entry {
    fn from(EntryV1 { seq, at_ms, id, event }: EntryV1) -> Self {
        Self { seq, at_ms, id, begins: None, allowance: Allowance::default(), address: None, event }
    }
}

/// What an entry records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// A view was counted.
    View(View),
    /// A share was counted.
    Share(Share),
}

/// A counted view and everything it was answered with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// Who.
    pub visitor: VisitorKey,
    /// The visitor's number of the day.
    pub number: u64,
    /// Whether the number was given by this hit.
    pub new_visitor: bool,
    /// The site after it.
    pub site: SiteCounts,
    /// The page after it, where it was kept.
    pub page: Option<PageView>,
}

/// The page's side of a counted view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageView {
    /// The page's key.
    pub key: String,
    /// Its counts after the view.
    pub counts: PageCounts,
    /// The mark of this visitor on this page, if it was new today.
    pub new_pair: Option<u64>,
    /// The page that gave way to this one.
    pub evicted: Option<String>,
}

/// A counted share, with the counts after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// The page's key.
    pub page: String,
    /// The page's shares by network.
    pub page_shares: Shares,
    /// Where it was shared.
    pub network: String,
    /// The site's shares on that network.
    pub site_total: u64,
}

/// Why stored bytes were not understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormatError {
    /// Written by a version this one does not know.
    UnknownVersion,
    /// Cut short or damaged.
    Damaged,
}

impl std::fmt::Display for FormatError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::UnknownVersion => "stored by a version of Laifang that this one does not know",
            Self::Damaged => "stored bytes are damaged",
        })
    }
}

/// Packs a value behind a format byte.
pub(crate) fn pack<T: Serialize>(format: u8, value: &T) -> Result<Vec<u8>, FormatError> {
    postcard::to_extend(value, vec![format]).map_err(|_| FormatError::Damaged)
}

/// Unpacks what [`pack`] wrote, to the last byte.
pub(crate) fn unpack<'a, T: Deserialize<'a>>(format: u8, bytes: &'a [u8]) -> Result<T, FormatError> {
    let version = format_of(bytes).ok_or(FormatError::Damaged)?;
    if version != format {
        return Err(checksum::unknown_format(bytes));
    }
    let body = bytes.get(1..).unwrap_or_default();
    match postcard::take_from_bytes(body) {
        Ok((value, [])) => Ok(value),
        _ => Err(FormatError::Damaged),
    }
}

impl Entry {
    /// The slot the entry with this `seq` goes to.
    #[must_use]
    pub fn slot(seq: u64) -> u64 {
        seq % SLOTS
    }

    /// As it is stored.
    pub fn to_bytes(&self) -> Result<Vec<u8>, FormatError> {
        // The entry itself says which slot it is of.
        pack(FORMAT, self).map(|bytes| checksum::add(0, bytes))
    }

    /// Reads a stored entry of any format.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FormatError> {
        let bytes = checksum::check(0, bytes)?;
        match format_of(bytes) {
            Some(1) => unpack::<EntryV1>(1, bytes).map(Self::from),
            Some(2) => unpack::<EntryV2>(2, bytes).map(Self::from),
            _ => unpack(FORMAT, bytes),
        }
    }
}

impl View {
    /// The reply this view was answered with.
    #[must_use]
    pub fn reply(&self) -> HitReply {
        HitReply {
            counted: true,
            visitor: Some(self.number),
            site: self.site,
            page: self.page.as_ref().map(|page| page.counts),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        Entry {
            seq: 300,
            at_ms: 1_000,
            id: RequestId(5),
            begins: None,
            allowance: Allowance::default(),
            address: None,
            event: Event::View(View {
                visitor: VisitorKey(9),
                number: 1,
                new_visitor: true,
                site: SiteCounts { views: 2, visitors: 1, views_today: 2, visitors_today: 1, online: 1 },
                page: Some(PageView {
                    key: "/a".into(),
                    counts: PageCounts { views: 2, visitors: 1 },
                    new_pair: Some(3),
                    evicted: None,
                }),
            }),
        }
    }

    /// Sites have entries in exactly these bytes. If this fails, stored sites would be unreadable:
    /// raise `FORMAT`, keep a reader for the old bytes, and pin both.
    #[test]
    fn an_entry_is_stored_in_these_bytes() {
        let bytes = entry().to_bytes().unwrap();
        let view = [0, 9, 1, 1, 2, 1, 2, 1, 1, 1, 2, b'/', b'a', 2, 1, 1, 3, 0];
        let checksum = [216, 180, 19, 56];
        assert_eq!(bytes, [&[0x83, 172, 2, 232, 7, 5, 0, 0, 0, 0, 0, 0][..], &view, &checksum].concat());
        assert_eq!(Entry::from_bytes(&bytes), Ok(entry()));

        let day = Day { date: crate::day::Date(1), ends_at_ms: 2 };
        let allowance = Allowance { writes: 3, valid_until_ms: 4, spacing_ms: 5, next_ms: 6 };
        let first = Entry { begins: Some(day), allowance, address: Some(7), ..entry() };
        let bytes = first.to_bytes().unwrap();
        let bare = [&[0x83, 172, 2, 232, 7, 5, 1, 1, 2, 3, 4, 5, 6, 1, 7][..], &view].concat();
        assert_eq!(checksum::check(0, &bytes), Ok(&bare[..]));
        assert_eq!(Entry::from_bytes(&bytes), Ok(first));
    }

    #[test]
    fn entries_without_a_checksum_are_read() {
        let mut bytes = entry().to_bytes().unwrap();
        bytes.truncate(bytes.len() - 4);
        bytes[0] = 3;
        assert_eq!(Entry::from_bytes(&bytes), Ok(entry()));
    }

    #[test]
    fn entries_of_format_1_are_read() {
        let bytes = [1, 172, 2, 232, 7, 5, 0, 9, 1, 1, 2, 1, 2, 1, 1, 1, 2, b'/', b'a', 2, 1, 1, 3, 0];
        assert_eq!(Entry::from_bytes(&bytes), Ok(entry()));
    }

    #[test]
    fn entries_of_format_2_are_read() {
        let view = [0, 9, 1, 1, 2, 1, 2, 1, 1, 1, 2, b'/', b'a', 2, 1, 1, 3, 0];
        let bytes = [&[2, 172, 2, 232, 7, 5, 0, 0, 0, 0, 0][..], &view].concat();
        assert_eq!(Entry::from_bytes(&bytes), Ok(entry()));
    }

    #[test]
    fn unknown_and_damaged_bytes_are_told_apart() {
        assert_eq!(Entry::from_bytes(&[]), Err(FormatError::Damaged));
        assert_eq!(Entry::from_bytes(&[4, 1]), Err(FormatError::Damaged));
        assert_eq!(Entry::from_bytes(&checksum::add(0, vec![4, 1])), Err(FormatError::UnknownVersion));
        assert_eq!(Entry::from_bytes(&[1, 1]), Err(FormatError::Damaged));
        assert_eq!(Entry::from_bytes(&[2, 1]), Err(FormatError::Damaged));
        assert_eq!(Entry::from_bytes(&[3, 1]), Err(FormatError::Damaged));
        let mut without_flag = entry().to_bytes().unwrap();
        without_flag[0] = 3;
        assert_eq!(Entry::from_bytes(&without_flag), Err(FormatError::Damaged), "bytes are left over");
    }
}
