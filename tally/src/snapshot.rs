//! A site's state as rows, and back.
//!
//! The journal says what happened since; a checkpoint writes what changed since the last one, each part
//! to a row of its own and one part a turn, so that no turn is long and a busy site never rewrites what
//! stood still. Entries hold outcomes, so a part may be newer than the totals row, which is written last and
//! says from where to replay. Visitors and pairs of the day only grow: their full segments are written once.

use crate::budget::Allowance;
use crate::counts::Shares;
use crate::day::{Date, Day};
use crate::journal::{Entry, FormatError, pack, unpack};
use crate::pages::{PAGE_BUCKETS, Page, Pages};
use crate::publish::Document;
use crate::site::{DayCounts, Settings, Site, Totals};
use crate::visitor::{Secret, VisitorKey};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, VecDeque};

/// Entries between two checkpoints. A waking site replays at most this many and one a part besides.
pub const CHECKPOINT_EVERY: u64 = 1024;
/// First byte of every row. A change of a row's contents needs a new one, and a reader for the old.
const FORMAT: u8 = 2;
/// Visitors or pairs in a full segment: 64 KB and 32 KB.
const SEGMENT_LENGTH: usize = 4096;

/// The row that holds the day's salt, which is nowhere else: of one length, overwritten when the day ends.
pub const SALT_KEY: i64 = -1;
/// The row that makes all others a site.
pub const TOTALS_KEY: i64 = 0;
const FIRST_BUCKET_KEY: i64 = 1;
const ALLOWANCE_KEY: i64 = 100;
const FIRST_VISITORS_KEY: i64 = 1_000;
const FIRST_PAIRS_KEY: i64 = 100_000;
const FIRST_MONTH_KEY: i64 = 1_000_000;

/// One row of the snapshot table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its primary key.
    pub key: i64,
    /// Its bytes.
    pub body: Vec<u8>,
}

/// A part of a checkpoint: what one turn writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Bucket(usize),
    Visitors,
    Pairs,
    Month(u32),
    Totals,
}

/// A checkpoint under way.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Checkpoint {
    /// As they were when it began: replay begins after their `seq`.
    totals: Totals,
    parts: VecDeque<Part>,
}

/// A list of the day that only grows: what is not yet in a full segment, and how many of those there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tail<T> {
    items: Vec<T>,
    full_segments: u64,
}

impl<T> Default for Tail<T> {
    fn default() -> Self {
        Self { items: Vec::new(), full_segments: 0 }
    }
}

impl<T> Tail<T> {
    pub(crate) fn push(&mut self, item: T) {
        self.items.push(item);
    }

    /// Leaves out the full segments once they have been written.
    fn drop_full_segments(&mut self) {
        let full = self.items.len() / SEGMENT_LENGTH;
        self.items.drain(..full.saturating_mul(SEGMENT_LENGTH));
        self.full_segments = self.full_segments.saturating_add(full as u64);
    }

    /// Takes in a segment that was read, in the order of their keys: full ones are only counted.
    fn read(&mut self, segment: &[T])
    where
        T: Copy,
    {
        if segment.len() >= SEGMENT_LENGTH {
            self.full_segments = self.full_segments.saturating_add(1);
        } else {
            self.items = segment.to_vec();
        }
    }
}

impl<T: Serialize> Tail<T> {
    fn rows(&self, first_key: i64, day_start_seq: u64) -> Result<Vec<Row>, FormatError> {
        let segments = self.items.chunks(SEGMENT_LENGTH).zip(self.full_segments..);
        segments.map(|(part, number)| row(first_key, number, &(day_start_seq, part))).collect()
    }
}

/// What changed since it was last stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Unsaved {
    pub(crate) buckets: BTreeSet<usize>,
    pub(crate) months: BTreeSet<u32>,
    pub(crate) visitors: Tail<(VisitorKey, u64)>,
    pub(crate) pairs: Tail<u64>,
    checkpoint: Option<Checkpoint>,
}

impl Unsaved {
    /// Forgets the lists of the day before.
    pub(crate) fn begin_day(&mut self) {
        self.visitors = Tail::default();
        self.pairs = Tail::default();
    }

    fn parts(&self) -> VecDeque<Part> {
        let buckets = self.buckets.iter().copied().map(Part::Bucket);
        let months = self.months.iter().copied().map(Part::Month);
        buckets.chain(months).chain([Part::Visitors, Part::Pairs, Part::Totals]).collect()
    }
}

impl Site {
    /// Begins a checkpoint if one is due, every so many entries. Its parts are asked for one by one.
    pub fn begin_checkpoint_if_due(&mut self, every: u64) {
        if self.totals.seq.is_multiple_of(every) && self.unsaved.checkpoint.is_none() {
            let totals = self.totals_to_store();
            self.unsaved.checkpoint = Some(Checkpoint { totals, parts: self.unsaved.parts() });
        }
    }

    fn totals_to_store(&self) -> Totals {
        let allowance = self.allowance.after(self.due_after_entry(), self.totals.clock_ms);
        let unpublished = self.unpublished.union(&self.sent).copied().collect();
        Totals { unpublished, allowance, ..self.totals.clone() }
    }

    /// The rows of the checkpoint's next part; none if no checkpoint is under way.
    pub fn next_part(&self) -> Result<Vec<Row>, FormatError> {
        let Some(checkpoint) = &self.unsaved.checkpoint else { return Ok(Vec::new()) };
        checkpoint.parts.front().map_or(Ok(Vec::new()), |part| self.rows_of(*part, &checkpoint.totals))
    }

    /// Notes that the rows of [`Site::next_part`] have been written.
    pub fn part_written(&mut self) {
        let Some(checkpoint) = &mut self.unsaved.checkpoint else { return };
        let part = checkpoint.parts.pop_front();
        if checkpoint.parts.is_empty() {
            self.unsaved.checkpoint = None;
        }
        match part {
            Some(Part::Bucket(bucket)) => _ = self.unsaved.buckets.remove(&bucket),
            Some(Part::Month(month)) => _ = self.unsaved.months.remove(&month),
            Some(Part::Visitors) => self.unsaved.visitors.drop_full_segments(),
            Some(Part::Pairs) => self.unsaved.pairs.drop_full_segments(),
            Some(Part::Totals) | None => {}
        }
    }

    /// Everything unsaved, for a change that no entry tells: a new, restored, reset or configured site.
    ///
    /// To be written in this order. A new site is there with its totals row, which is the last; a reset
    /// one with its first, which makes every older row say nothing.
    pub fn all_parts(&self) -> Result<Vec<Row>, FormatError> {
        let totals = self.totals_to_store();
        let mut rows = vec![self.salt_row()];
        if totals.seq > 0 && totals.seq == totals.reset_seq {
            rows.insert(0, row(TOTALS_KEY, 0, &totals)?);
        }
        for part in self.unsaved.parts() {
            rows.extend(self.rows_of(part, &totals)?);
        }
        Ok(rows)
    }

    /// Notes that the rows of [`Site::all_parts`] have been written.
    pub fn all_written(&mut self) {
        self.unsaved.checkpoint = Some(Checkpoint { totals: Totals::default(), parts: self.unsaved.parts() });
        while self.unsaved.checkpoint.is_some() {
            self.part_written();
        }
        self.is_day_journaled = true;
    }

    /// The day's salt and which day it is of.
    #[must_use]
    pub fn salt_row(&self) -> Row {
        let day = self.totals.day;
        let mut body = vec![FORMAT];
        body.extend(self.salt.0);
        body.extend(day.date.0.to_le_bytes());
        body.extend(day.ends_at_ms.to_le_bytes());
        Row { key: SALT_KEY, body }
    }

    /// What a grant leaves once it is spent on what is due. Written when it comes: the entries after it
    /// tell the rest, but a site may sleep before there is another.
    pub fn allowance_row(&self) -> Result<Row, FormatError> {
        let left = self.allowance.after(self.unpublished().len(), self.now_ms);
        row(ALLOWANCE_KEY, 0, &(self.totals.seq, left))
    }

    fn rows_of(&self, part: Part, totals: &Totals) -> Result<Vec<Row>, FormatError> {
        let day_start_seq = self.totals.day_start_seq;
        let single = match part {
            Part::Visitors => return self.unsaved.visitors.rows(FIRST_VISITORS_KEY, day_start_seq),
            Part::Pairs => return self.unsaved.pairs.rows(FIRST_PAIRS_KEY, day_start_seq),
            Part::Bucket(bucket) => {
                let pages: Vec<(&str, &Page)> = self.pages.in_bucket(bucket).collect();
                row(FIRST_BUCKET_KEY, bucket as u64, &(self.totals.seq, pages))
            }
            Part::Month(month) => {
                let days: Vec<&DayCounts> =
                    self.days.values().filter(|day| day.date.month() == month).collect();
                row(FIRST_MONTH_KEY, u64::from(month), &(self.totals.seq, days))
            }
            Part::Totals => row(TOTALS_KEY, 0, totals),
        };
        Ok(vec![single?])
    }

    /// Reads a site from its rows, in any order. No totals row: there is no site yet.
    ///
    /// Returns the day the salt is of, too: where the journal does not know it yet, it has to be begun
    /// after the replay.
    pub fn load(rows: impl IntoIterator<Item = Row>) -> Result<Option<(Self, Option<Day>)>, FormatError> {
        let mut rows: Vec<Row> = rows.into_iter().collect();
        rows.sort_unstable_by_key(|row| row.key);
        let Some(totals) = rows.iter().find(|row| row.key == TOTALS_KEY) else { return Ok(None) };
        let mut site = Self { totals: read_totals(&totals.body)?, is_day_journaled: true, ..Self::default() };
        let (mut visitors, mut pairs, mut salt_day) = (Vec::new(), Vec::new(), None);
        let mut buckets: Vec<(usize, Vec<(&str, Page)>)> = Vec::new();
        for row in &rows {
            match row.key {
                SALT_KEY => (site.salt, salt_day) = read_salt(&row.body)?,
                TOTALS_KEY => {}
                key if key < offset(FIRST_BUCKET_KEY, PAGE_BUCKETS as u64) => {
                    let bucket = usize::try_from(key.saturating_sub(FIRST_BUCKET_KEY)).unwrap_or_default();
                    buckets.push((bucket, site.read_items(&row.body)?));
                }
                ALLOWANCE_KEY => site.granted = unpack(FORMAT, &row.body)?,
                key if key < FIRST_PAIRS_KEY => {
                    site.read_segment(&row.body, &mut visitors, |unsaved| &mut unsaved.visitors)?;
                }
                key if key < FIRST_MONTH_KEY => {
                    site.read_segment(&row.body, &mut pairs, |unsaved| &mut unsaved.pairs)?;
                }
                _ => {
                    for day in site.read_items::<DayCounts>(&row.body)? {
                        site.days.insert(day.date, day);
                    }
                }
            }
        }
        site.pages = Pages::from_buckets(buckets);
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

    /// Reads a row of pages or days, unless it is from before a reset. Format 1 did not say.
    fn read_items<'a, T: Deserialize<'a>>(&self, body: &'a [u8]) -> Result<Vec<T>, FormatError> {
        if body.first() == Some(&1) {
            return if self.totals.reset_seq == 0 { unpack(1, body) } else { Ok(Vec::new()) };
        }
        let (seq, items): (u64, Vec<T>) = unpack(FORMAT, body)?;
        Ok(if seq >= self.totals.reset_seq { items } else { Vec::new() })
    }

    /// Takes in a segment if it is of the running day.
    fn read_segment<T: DeserializeOwned + Copy>(
        &mut self,
        body: &[u8],
        all: &mut Vec<T>,
        tail: impl FnOnce(&mut Unsaved) -> &mut Tail<T>,
    ) -> Result<(), FormatError> {
        let items = if body.first() == Some(&1) {
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

    /// Puts finished days back as they were published.
    pub fn restore_days(&mut self, days: impl IntoIterator<Item = DayCounts>) {
        for day in days {
            self.unsaved.months.insert(day.date.month());
            self.days.insert(day.date, day);
        }
    }
}

fn row(first_key: i64, index: u64, body: &impl Serialize) -> Result<Row, FormatError> {
    Ok(Row { key: offset(first_key, index), body: pack(FORMAT, body)? })
}

/// Format 1 was the sixteen bytes of the salt alone; the totals row said which day.
fn read_salt(body: &[u8]) -> Result<(Secret, Option<Day>), FormatError> {
    if let Ok(salt) = <[u8; 16]>::try_from(body) {
        return Ok((Secret(salt), None));
    }
    let (format, rest) = body.split_first().ok_or(FormatError::Damaged)?;
    if *format != FORMAT {
        return Err(FormatError::UnknownVersion);
    }
    let (salt, rest) = rest.split_first_chunk::<16>().ok_or(FormatError::Damaged)?;
    let (date, rest) = rest.split_first_chunk::<4>().ok_or(FormatError::Damaged)?;
    let ends_at_ms = <[u8; 8]>::try_from(rest).map_err(|_| FormatError::Damaged)?;
    let day = Day { date: Date(u32::from_le_bytes(*date)), ends_at_ms: u64::from_le_bytes(ends_at_ms) };
    Ok((Secret(*salt), Some(day)))
}

/// Format 1 of [`Totals`]: without what resets, settings and allowances need.
#[derive(Deserialize)]
struct TotalsV1 {
    seq: u64,
    generation: u64,
    clock_ms: u64,
    day: Day,
    day_start_seq: u64,
    views: u64,
    visitors: u64,
    views_today: u64,
    visitors_today: u64,
    shares: Shares,
    id_key: Secret,
    published_in_buckets: bool,
    restored_at_ms: Option<u64>,
    unpublished: BTreeSet<Document>,
}

impl From<TotalsV1> for Totals {
    fn from(v1: TotalsV1) -> Self {
        Self {
            seq: v1.seq,
            generation: v1.generation,
            oldest_generation: 0,
            clock_ms: v1.clock_ms,
            day: v1.day,
            day_start_seq: v1.day_start_seq,
            reset_seq: 0,
            views: v1.views,
            visitors: v1.visitors,
            views_today: v1.views_today,
            visitors_today: v1.visitors_today,
            shares: v1.shares,
            id_key: v1.id_key,
            published_in_buckets: v1.published_in_buckets,
            restored_at_ms: v1.restored_at_ms,
            unpublished: v1.unpublished,
            settings: Settings::default(),
            allowance: Allowance::default(),
        }
    }
}

fn read_totals(body: &[u8]) -> Result<Totals, FormatError> {
    if body.first() == Some(&1) {
        unpack::<TotalsV1>(1, body).map(Totals::from)
    } else {
        unpack(FORMAT, body)
    }
}

fn offset(first: i64, index: u64) -> i64 {
    first.saturating_add(i64::try_from(index).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn totals() -> Totals {
        Totals { seq: 1, generation: 2, clock_ms: 3, views: 300, visitors: 5, ..Totals::default() }
    }

    /// Sites have a totals row in exactly these bytes: see the journal's test of the same name.
    #[test]
    fn totals_are_stored_in_these_bytes() {
        let mut expected = vec![2, 1, 2, 0, 3, 0, 0, 0, 0, 172, 2, 5, 0, 0, 0];
        expected.extend([0; 16]);
        expected.extend([0; 8]);
        assert_eq!(pack(FORMAT, &totals()).unwrap(), expected);
        assert_eq!(read_totals(&expected), Ok(totals()));
    }

    #[test]
    fn totals_of_format_1_are_read() {
        let mut stored = vec![1, 1, 2, 3, 0, 0, 0, 172, 2, 5, 0, 0, 0];
        stored.extend([0; 16]);
        stored.extend([0, 0, 0]);
        assert_eq!(read_totals(&stored), Ok(totals()));
    }

    #[test]
    fn the_salt_row_has_one_length_and_its_format_1_is_read() {
        let mut site = Site::new(1, Day { date: Date(1), ends_at_ms: 2 }, Secret([7; 16]), Secret::default());
        let first = site.salt_row();
        site.begin_day(Day { date: Date(20_991_231), ends_at_ms: u64::MAX }, Secret([8; 16]));
        assert_eq!(site.salt_row().body.len(), first.body.len());
        assert_eq!(read_salt(&first.body), Ok((Secret([7; 16]), Some(Day { date: Date(1), ends_at_ms: 2 }))));
        assert_eq!(read_salt(&[7; 16]), Ok((Secret([7; 16]), None)));
        assert_eq!(read_salt(&[9; 29]), Err(FormatError::UnknownVersion));
    }

    #[test]
    fn segments_are_full_but_for_the_last() {
        let mut tail = Tail { items: vec![0_u8; SEGMENT_LENGTH + 1], full_segments: 2 };
        let keys =
            |tail: &Tail<u8>| -> Vec<i64> { tail.rows(100, 0).unwrap().iter().map(|row| row.key).collect() };
        assert_eq!(keys(&tail), [102, 103]);
        tail.drop_full_segments();
        assert_eq!(keys(&tail), [103]);
    }

    #[test]
    fn rows_from_before_a_reset_say_nothing() {
        let mut site = Site::default();
        let old = pack(1, &vec![5_u64]).unwrap();
        let new = pack(FORMAT, &(7_u64, vec![6_u64])).unwrap();
        assert_eq!((site.read_items(&old), site.read_items(&new)), (Ok(vec![5_u64]), Ok(vec![6_u64])));
        site.totals.reset_seq = 8;
        assert_eq!((site.read_items::<u64>(&old), site.read_items::<u64>(&new)), (Ok(vec![]), Ok(vec![])));
    }

    #[test]
    fn segments_of_format_1_count_if_they_are_of_the_day() {
        let mut site = Site::default();
        let mut all: Vec<u64> = Vec::new();
        let stored = pack(1, &(Date(0), vec![5_u64])).unwrap();
        site.read_segment(&stored, &mut all, |unsaved| &mut unsaved.pairs).unwrap();
        let of_another_day = pack(1, &(Date(9), vec![6_u64])).unwrap();
        site.read_segment(&of_another_day, &mut all, |unsaved| &mut unsaved.pairs).unwrap();
        assert_eq!(all, [5]);
    }
}
