//! A site's state as rows, and back.
//!
//! Which rows there are, in which bytes, and how a waking site reads them. The journal says what happened
//! since. Out of scope: when which row is written (`checkpoint`).

mod older;

use crate::checkpoint::{Tail, Unsaved};
use crate::checksum::{self, format_of};
use crate::day::{Date, Day};
use crate::glance::Glance;
use crate::journal::{Entry, FormatError, pack, unpack};
use crate::moves::Moves;
use crate::page_set::PageSet;
use crate::pages::{PAGE_BUCKETS, Page, Pages};
use crate::proposal;
use crate::publish::Document;
use crate::site::{DayCounts, Site, Totals};
use crate::split_row::{FIRST_OVERFLOW_KEY, SPLIT_FORMAT, overflow_body, read_split_head};
use crate::visitor::Secret;
use older::{TotalsV1, TotalsV2, TotalsV3};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// First byte of a row. A change of a row's contents needs a new one, and a reader for the old.
pub(crate) const FORMAT: u8 = 2;
/// The same of rows of pages and days, which came to say which set they are of.
pub(crate) const SET_FORMAT: u8 = 3;
/// The same of the totals, which came to say which key chooses the buckets of pages.
const TOTALS_FORMAT: u8 = 5;
/// The same of the totals of a site whose pages were moved; what leads where follows them. An older release would
/// count at old addresses.
pub(crate) const MOVED_FORMAT: u8 = 6;

/// The row of the site's name.
pub const NAME_KEY: i64 = -2;
/// The row that holds the day's salt, which is nowhere else: of one length, overwritten when the day ends.
pub const SALT_KEY: i64 = -1;
/// The row that makes all others a site.
pub const TOTALS_KEY: i64 = 0;
pub(crate) const FIRST_BUCKET_KEY: i64 = 1;
pub(crate) const ALLOWANCE_KEY: i64 = 100;
pub(crate) const FIRST_VISITORS_KEY: i64 = 1_000;
pub(crate) const FIRST_PAIRS_KEY: i64 = 100_000;
pub(crate) const PROPOSAL_KEY: i64 = 101;
pub(crate) const PAGE_SET_KEY: i64 = 102;
pub(crate) const FIRST_MONTH_KEY: i64 = 1_000_000;
/// Length of the salt's row in the first format, which had nothing else in it.
const BARE_SALT_BYTES: usize = 16;
/// Pages and days have two places, the second this far from the first; which is theirs says the totals row.
const SECOND_PLACE: i64 = 10_000_000;

/// One row of the snapshot table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its primary key.
    pub key: i64,
    /// Its bytes, as they are stored.
    pub body: Vec<u8>,
}

impl Row {
    /// A row of these bytes, with their checksum.
    pub(crate) fn new(key: i64, bytes: Vec<u8>) -> Self {
        Self { key, body: checksum::add(key, bytes) }
    }

    /// Its bytes without the checksum.
    pub(crate) fn checked(&self) -> Result<&[u8], FormatError> {
        let is_bare_salt = self.key == SALT_KEY && self.body.len() == BARE_SALT_BYTES;
        if is_bare_salt { Ok(&self.body) } else { checksum::check(self.key, &self.body) }
    }
}

/// The row that says whose counts these are, for alarms, which nobody sends.
#[must_use]
pub fn name_row(site: &str) -> Row {
    Row::new(NAME_KEY, [&[FORMAT], site.as_bytes()].concat())
}

/// Reads the row of [`name_row`]. Older releases stored the name alone.
///
/// # Errors
/// [`FormatError::Damaged`] where it is no name.
pub fn read_name(row: &Row) -> Result<String, FormatError> {
    let bytes = row.checked()?;
    let name = if format_of(bytes) == Some(FORMAT) { bytes.get(1..).unwrap_or_default() } else { bytes };
    String::from_utf8(name.to_vec()).map_err(|_| FormatError::Damaged)
}

/// Where the rows of a set are, from those of the first.
pub(crate) fn place(row_set: u64) -> i64 {
    if row_set.is_multiple_of(2) { 0 } else { SECOND_PLACE }
}

/// The keys of the rows that make a site, given its totals row: from, to.
pub fn key_ranges(totals: &Row) -> Result<Vec<(i64, i64)>, FormatError> {
    let place = place(read_totals(totals.checked()?)?.row_set);
    if place == 0 {
        return Ok(vec![(SALT_KEY, SECOND_PLACE.saturating_sub(1))]);
    }
    let shared = (ALLOWANCE_KEY, FIRST_MONTH_KEY.saturating_sub(1));
    Ok(vec![(SALT_KEY, TOTALS_KEY), shared, (place, place.saturating_add(SECOND_PLACE).saturating_sub(1))])
}

impl Site {
    /// Reads a site from its rows, in any order. No totals row: there is no site yet.
    ///
    /// Returns the day the salt is of, too: where the journal does not know it yet, it has to be begun
    /// after the replay.
    pub fn load(rows: impl IntoIterator<Item = Row>) -> Result<Option<(Self, Option<Day>)>, FormatError> {
        let mut rows: Vec<Row> = rows.into_iter().collect();
        rows.sort_unstable_by_key(|row| row.key);
        let Some(totals) = rows.iter().find(|row| row.key == TOTALS_KEY) else { return Ok(None) };
        let mut site =
            Self { totals: read_totals(totals.checked()?)?, is_day_journaled: true, ..Self::default() };
        let (mut visitors, mut pairs, mut salt_day) = (Vec::new(), Vec::new(), None);
        let mut buckets: Vec<(usize, Vec<(&str, Page)>)> = Vec::new();
        let mut bodies: BTreeMap<i64, &[u8]> = BTreeMap::new();
        for row in &rows {
            bodies.insert(key_in_first_place(row.key), row.checked()?);
        }
        for (key, body) in &bodies {
            match *key {
                SALT_KEY => (site.salt, salt_day) = read_salt(body)?,
                TOTALS_KEY => {}
                key if key < offset(FIRST_BUCKET_KEY, PAGE_BUCKETS as u64) => {
                    let bucket = usize::try_from(key.saturating_sub(FIRST_BUCKET_KEY)).unwrap_or_default();
                    buckets.push((bucket, site.read_bucket(bucket, body, &bodies)?));
                }
                ALLOWANCE_KEY => site.granted = unpack(FORMAT, body)?,
                PAGE_SET_KEY => {
                    let whole: (u64, u64) = unpack(MOVED_FORMAT, body)?;
                    if whole == (site.totals.generation, site.totals.row_set) {
                        site.totals.page_set = site.totals.page_set.settled();
                    }
                }
                PROPOSAL_KEY => site.proposal = proposal::read(body)?,
                key if key < FIRST_PAIRS_KEY => {
                    site.read_segment(body, &mut visitors, |unsaved| &mut unsaved.visitors)?;
                }
                key if key < FIRST_MONTH_KEY => {
                    site.read_segment(body, &mut pairs, |unsaved| &mut unsaved.pairs)?;
                }
                // Overflow rows are read with the heads that name them.
                key if key >= FIRST_OVERFLOW_KEY => {}
                _ => {
                    for day in site.read_items::<DayCounts>(body)? {
                        site.days.insert(day.date, day);
                    }
                }
            }
        }
        site.pages = Pages::from_buckets(site.totals.bucket_key, buckets);
        if site.pages.iter().count() != site.pages.len() {
            // A page stands in its rows twice.
            return Err(FormatError::Damaged);
        }
        site.sum_periods();
        site.unsaved.covered_seq = site.totals.seq;
        visitors.sort_unstable();
        pairs.sort_unstable();
        site.visitors_today = visitors.into_iter().collect();
        site.pairs_today = pairs.into_iter().collect();
        // Whether KV took what came after the checkpoint is not known: it is told again.
        site.unpublished = std::mem::take(&mut site.totals.unpublished);
        let (granted_seq, granted) = site.granted;
        site.allowance = if granted_seq == site.totals.seq { granted } else { site.totals.allowance };
        site.mark_unpublished(Document::Main);
        Ok(Some((site, salt_day)))
    }

    /// Reads a bucket of pages: its one row, or the head and the overflow rows it names.
    fn read_bucket<'a>(
        &mut self,
        bucket: usize,
        body: &'a [u8],
        bodies: &BTreeMap<i64, &'a [u8]>,
    ) -> Result<Vec<(&'a str, Page)>, FormatError> {
        if format_of(body) != Some(SPLIT_FORMAT) {
            return self.read_items(body);
        }
        let (seq, row_set, overflow, mut pages) = read_split_head(body)?;
        if overflow.is_second_side {
            self.unsaved.second_side.insert(bucket);
        }
        if seq < self.totals.reset_seq || row_set != self.totals.row_set {
            return Ok(Vec::new());
        }
        for key in overflow.keys(bucket) {
            pages.extend(self.read_items(overflow_body(bodies, key)?)?);
        }
        Ok(pages)
    }

    /// Reads a row of pages or days, unless it is from before a reset or of another set. Format 1 did not
    /// say when it was written, format 2 not of which set it is: there was one.
    fn read_items<'a, T: Deserialize<'a>>(&self, body: &'a [u8]) -> Result<Vec<T>, FormatError> {
        let (seq, row_set, items): (u64, u64, Vec<T>) = match format_of(body) {
            Some(1) => (0, 0, unpack(1, body)?),
            Some(2) => {
                let (seq, items) = unpack(2, body)?;
                (seq, 0, items)
            }
            _ => unpack(SET_FORMAT, body)?,
        };
        let counts = seq >= self.totals.reset_seq && row_set == self.totals.row_set;
        Ok(if counts { items } else { Vec::new() })
    }

    /// Takes in a segment if it is of the running day.
    fn read_segment<T: DeserializeOwned + Copy>(
        &mut self,
        body: &[u8],
        all: &mut Vec<T>,
        tail: impl FnOnce(&mut Unsaved) -> &mut Tail<T>,
    ) -> Result<(), FormatError> {
        let items = if format_of(body) == Some(1) {
            let (date, items): (Date, Vec<T>) = unpack(1, body)?;
            (date == self.totals.day.date).then_some(items)
        } else {
            let (day_start_seq, items): (u64, Vec<T>) = unpack(FORMAT, body)?;
            (day_start_seq == self.totals.day_start_seq).then_some(items)
        };
        if let Some(items) = items {
            tail(&mut self.unsaved).read(&items);
            all.extend(items);
        }
        Ok(())
    }

    /// Takes in the entries read after [`Site::load`], in order of `seq`. Those the totals know only
    /// refresh the memory of recent hits; later ones count.
    pub fn replay(&mut self, entry: &Entry) {
        self.glance(&Glance::of(entry));
        if entry.seq == self.totals.seq.saturating_add(1) {
            self.apply(entry);
            let (granted_seq, granted) = self.granted;
            self.allowance = if granted_seq == entry.seq { granted } else { entry.allowance };
        } else if entry.seq <= self.totals.seq {
            self.recent.remember(entry);
            if entry.seq <= self.totals.day_start_seq {
                self.recent.forget_visitors();
            }
        }
    }

    /// Takes in an entry of which only the ceilings need to know.
    pub(crate) fn glance(&mut self, entry: &Glance) {
        self.ceilings.replay(entry);
    }

    /// Puts finished days back as they were published.
    pub fn restore_days(&mut self, days: impl IntoIterator<Item = DayCounts>) {
        for day in days {
            self.unsaved.months.insert(day.date.month());
            self.days.insert(day.date, day);
        }
        self.sum_periods();
    }
}

pub(crate) fn row(first_key: i64, index: u64, body: &impl Serialize) -> Result<Row, FormatError> {
    Ok(Row::new(offset(first_key, index), pack(FORMAT, body)?))
}

/// A row of pages or days: when it was written, of which set, and the items.
pub(crate) fn set_row<T: Serialize>(
    totals: &Totals,
    first_key: i64,
    index: u64,
    items: &[T],
) -> Result<Row, FormatError> {
    let key = offset(first_key.saturating_add(place(totals.row_set)), index);
    Ok(Row::new(key, pack(SET_FORMAT, &(totals.seq, totals.row_set, items))?))
}

/// The row of the totals.
pub(crate) fn totals_row(totals: &Totals) -> Result<Row, FormatError> {
    let is_moved = !totals.moves.is_empty() || totals.page_set != PageSet::default();
    let bytes = match is_moved {
        false => pack(TOTALS_FORMAT, totals),
        true => pack(MOVED_FORMAT, &(totals, &totals.moves, &totals.page_set)),
    };
    Ok(Row::new(TOTALS_KEY, bytes?))
}

/// Format 1 was the sixteen bytes of the salt alone; the totals row said which day.
fn read_salt(body: &[u8]) -> Result<(Secret, Option<Day>), FormatError> {
    if let Ok(salt) = <[u8; 16]>::try_from(body) {
        return Ok((Secret(salt), None));
    }
    let (format, rest) = body.split_first().ok_or(FormatError::Damaged)?;
    if *format & !checksum::FLAG != FORMAT {
        return Err(checksum::unknown_format(body));
    }
    let (salt, rest) = rest.split_first_chunk::<16>().ok_or(FormatError::Damaged)?;
    let (date, rest) = rest.split_first_chunk::<4>().ok_or(FormatError::Damaged)?;
    let ends_at_ms = <[u8; 8]>::try_from(rest).map_err(|_| FormatError::Damaged)?;
    let date = Date::try_from(u32::from_le_bytes(*date)).map_err(|_| FormatError::Damaged)?;
    let day = Day { date, ends_at_ms: u64::from_le_bytes(ends_at_ms) };
    Ok((Secret(*salt), Some(day)))
}

fn read_totals(body: &[u8]) -> Result<Totals, FormatError> {
    let totals = match format_of(body) {
        Some(1) => unpack::<TotalsV1>(1, body).map(TotalsV2::from).map(TotalsV3::from).map(Totals::from),
        Some(2) => unpack::<TotalsV2>(2, body).map(TotalsV3::from).map(Totals::from),
        Some(3) => unpack::<TotalsV3>(3, body).map(Totals::from),
        // Format 4 ends before the key of the buckets, which was zeros.
        Some(4) => unpack(4, &[body, &Secret::default().0].concat()),
        Some(MOVED_FORMAT) => {
            let moved: Result<(Totals, Moves, PageSet), _> = unpack(MOVED_FORMAT, body);
            moved.map(|(totals, moves, page_set)| Totals { moves, page_set, ..totals })
        }
        _ => unpack(TOTALS_FORMAT, body),
    }?;
    // A reset to come would make every row say nothing: a site of no pages, silently.
    let is_past = totals.reset_seq <= totals.seq && totals.day_start_seq <= totals.seq;
    if is_past { Ok(totals) } else { Err(FormatError::Damaged) }
}

/// The key that a row of the second place would have in the first.
fn key_in_first_place(key: i64) -> i64 {
    if key < SECOND_PLACE { key } else { key.saturating_sub(SECOND_PLACE) }
}

pub(crate) fn offset(first: i64, index: u64) -> i64 {
    first.saturating_add(i64::try_from(index).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests;
