//! What of a site is stored when: the rolling checkpoint, one part a turn.
//!
//! A checkpoint writes what changed since the last one, each part to a row of its own and one part a turn, so
//! that no turn is long and a busy site never rewrites what stood still. Entries hold outcomes, so a part may
//! be newer than the totals row, which is written last and says from where to replay. Visitors and pairs of
//! the day only grow: their full segments are written once. A part that can't be written abandons the
//! checkpoint and loses nothing, as the journal still holds what it would have said; a site far behind writes
//! a whole checkpoint in one turn. Out of scope: reading rows back (`snapshot`).

use crate::journal::{FormatError, SLOTS, pack};
use crate::pages::PAGE_BUCKETS;
use crate::site::{DayCounts, Site, Totals};
use crate::snapshot::{
    ALLOWANCE_KEY, FIRST_MONTH_KEY, FIRST_PAIRS_KEY, FIRST_VISITORS_KEY, FORMAT, MOVED_FORMAT, PAGE_SET_KEY,
    Row, SALT_KEY, row, set_row, totals_row,
};
use crate::split_row::bucket_rows;
use crate::visitor::VisitorKey;
use serde::Serialize;
use std::collections::{BTreeSet, VecDeque};

/// Entries between two checkpoints. A waking site replays at most this many and one a part besides.
pub const CHECKPOINT_EVERY: u64 = 1024;
/// Entries that no finished checkpoint covers, from which checkpoints are a site's first duty: half the ring.
pub const URGENT_BACKLOG: u64 = SLOTS / 2;
/// Entries between two tries of an urgent checkpoint that failed.
const RETRY_EVERY: u64 = 64;
/// Visitors or pairs in a full segment: 64 KB and 32 KB.
const SEGMENT_LENGTH: usize = 4096;

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
    pub(crate) fn read(&mut self, segment: &[T])
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
    /// Newest entry that the stored rows hold: the journal may overwrite it and those before.
    pub(crate) covered_seq: u64,
    /// Buckets whose overflow rows are at the second place: the next are written to the first.
    pub(crate) second_side: BTreeSet<usize>,
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
        let is_retry_due = self.is_checkpoint_urgent() && self.totals.seq.is_multiple_of(RETRY_EVERY);
        if self.totals.seq.is_multiple_of(every) || is_retry_due {
            self.begin_checkpoint();
        }
    }

    /// Begins a checkpoint unless one is under way.
    pub(crate) fn begin_checkpoint(&mut self) {
        if self.unsaved.checkpoint.is_none() {
            let totals = self.totals_to_store();
            self.unsaved.checkpoint = Some(Checkpoint { totals, parts: self.unsaved.parts() });
        }
    }

    /// Gives up the checkpoint under way, after a part that could not be written. What it has not written
    /// stays unsaved.
    pub(crate) fn abandon_checkpoint(&mut self) {
        self.unsaved.checkpoint = None;
    }

    /// Whether a checkpoint is under way.
    pub(crate) fn is_checkpoint_under_way(&self) -> bool {
        self.unsaved.checkpoint.is_some()
    }

    /// Entries that only the journal holds. The ring has [`SLOTS`]; past that a hit would overwrite one.
    #[must_use]
    pub fn checkpoint_backlog(&self) -> u64 {
        self.totals.seq.saturating_sub(self.unsaved.covered_seq)
    }

    /// Whether checkpoints have failed for so long that the journal is half full.
    #[must_use]
    pub fn is_checkpoint_urgent(&self) -> bool {
        self.checkpoint_backlog() >= URGENT_BACKLOG
    }

    /// Whether the next entry's slot holds nothing that is still needed.
    #[must_use]
    pub fn has_free_slot(&self) -> bool {
        self.checkpoint_backlog() < SLOTS
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
        let seq = checkpoint.totals.seq;
        if checkpoint.parts.is_empty() {
            self.unsaved.checkpoint = None;
        }
        match part {
            Some(Part::Bucket(bucket)) => {
                self.unsaved.buckets.remove(&bucket);
                if !self.unsaved.second_side.remove(&bucket) {
                    self.unsaved.second_side.insert(bucket);
                }
            }
            Some(Part::Month(month)) => _ = self.unsaved.months.remove(&month),
            Some(Part::Visitors) => self.unsaved.visitors.drop_full_segments(),
            Some(Part::Pairs) => self.unsaved.pairs.drop_full_segments(),
            Some(Part::Totals) => self.unsaved.covered_seq = seq,
            None => {}
        }
    }

    /// Everything unsaved, for a change that no entry tells: a new, restored, reset or configured site.
    ///
    /// To be written in this order. A new site is there with its totals row, which is the last; a reset
    /// one with its first, which makes every older row say nothing.
    pub fn all_parts(&self) -> Result<Vec<Row>, FormatError> {
        let totals = self.totals_to_store();
        // What is due now may be more than the newest entry told of, as after a change of settings.
        let mut rows = vec![self.allowance_row()?, self.salt_row()];
        if totals.seq > 0 && totals.seq == totals.reset_seq {
            rows.insert(0, totals_row(&totals)?);
        }
        for part in self.unsaved.parts() {
            rows.extend(self.rows_of(part, &totals)?);
        }
        Ok(rows)
    }

    /// Every row of a site that moved to another set, part by part, so that no more than one part is packed
    /// at a time. To be written in this order: until the totals row, the last but the salt, the old set counts.
    pub fn rows_of_set(&self) -> impl Iterator<Item = Result<Vec<Row>, FormatError>> {
        let totals = self.totals_to_store();
        let months: BTreeSet<u32> = self.days.keys().map(|date| date.month()).collect();
        let parts = [Part::Visitors, Part::Pairs]
            .into_iter()
            .chain((0..PAGE_BUCKETS).map(Part::Bucket))
            .chain(months.into_iter().map(Part::Month))
            .chain([Part::Totals]);
        // What is due now may be more than the newest entry told of.
        let allowance = self.allowance_row().map(|row| vec![row]);
        let parts = parts.map(move |part| self.rows_of(part, &totals));
        [allowance].into_iter().chain(parts).chain([Ok(vec![self.salt_row()])])
    }

    /// Notes that the rows of [`Site::all_parts`] or of [`Site::rows_of_set`] have been written.
    pub fn all_written(&mut self) {
        self.unsaved.checkpoint =
            Some(Checkpoint { totals: self.totals.clone(), parts: self.unsaved.parts() });
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
        Row::new(SALT_KEY, body)
    }

    /// What a grant leaves once it is spent on what is due. Written when it comes: the entries after it
    /// tell the rest, but a site may sleep before there is another.
    pub fn allowance_row(&self) -> Result<Row, FormatError> {
        let left = self.allowance.after(self.unpublished().len(), self.now_ms);
        row(ALLOWANCE_KEY, 0, &(self.totals.seq, left))
    }

    /// What is to be stored once KV has all pages that were moved: that it has, and what is left of the grant, as the
    /// main document that says so is told by no entry.
    pub fn page_set_rows(&self) -> Result<[Row; 2], FormatError> {
        let moved = (self.totals.generation, self.totals.row_set);
        Ok([Row::new(PAGE_SET_KEY, pack(MOVED_FORMAT, &moved)?), self.allowance_row()?])
    }

    fn rows_of(&self, part: Part, totals: &Totals) -> Result<Vec<Row>, FormatError> {
        let day_start_seq = self.totals.day_start_seq;
        let single = match part {
            Part::Visitors => return self.unsaved.visitors.rows(FIRST_VISITORS_KEY, day_start_seq),
            Part::Pairs => return self.unsaved.pairs.rows(FIRST_PAIRS_KEY, day_start_seq),
            Part::Bucket(bucket) => {
                let is_second_side = !self.unsaved.second_side.contains(&bucket);
                return bucket_rows(&self.totals, bucket, is_second_side, self.pages.in_bucket(bucket));
            }
            Part::Month(month) => {
                let days: Vec<&DayCounts> =
                    self.days.values().filter(|day| day.date.month() == month).collect();
                set_row(&self.totals, FIRST_MONTH_KEY, u64::from(month), &days)
            }
            Part::Totals => totals_row(totals),
        };
        Ok(vec![single?])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_full_but_for_the_last() {
        let mut tail = Tail { items: vec![0_u8; SEGMENT_LENGTH + 1], full_segments: 2 };
        let keys =
            |tail: &Tail<u8>| -> Vec<i64> { tail.rows(100, 0).unwrap().iter().map(|row| row.key).collect() };
        assert_eq!(keys(&tail), [102, 103]);
        tail.drop_full_segments();
        assert_eq!(keys(&tail), [103]);
    }
}
