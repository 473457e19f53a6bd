//! A site's state as rows, and back.
//!
//! The journal says what happened since; a checkpoint writes what changed since the last one, each part
//! to a row of its own, so that a busy site never rewrites what stood still. Visitors and pairs of the day
//! only grow, so their full segments are written once.

use crate::counts::Shares;
use crate::day::Date;
use crate::journal::{Entry, FormatError, pack, unpack};
use crate::publish::Document;
use crate::site::{DayCounts, PAGE_BUCKETS, Page, Site, Totals, bucket_of};
use crate::visitor::{Secret, VisitorKey};

/// Entries between two checkpoints: what a waking site replays at most, and a 512th of a row per hit.
pub const CHECKPOINT_EVERY: u64 = 512;
/// First byte of every row but the salt's. A change of a row's contents needs a new one.
const FORMAT: u8 = 1;
/// Visitors or pairs in a full segment: 64 KB and 32 KB.
const SEGMENT_LENGTH: usize = 4096;

/// The row that holds the day's salt and nothing else: sixteen bytes, overwritten when the day ends.
pub const SALT_KEY: i64 = -1;
const TOTALS_KEY: i64 = 0;
const FIRST_BUCKET_KEY: i64 = 1;
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

impl Site {
    /// Whether enough has happened for a checkpoint.
    #[must_use]
    pub fn is_checkpoint_due(&self) -> bool {
        self.totals.seq.is_multiple_of(CHECKPOINT_EVERY)
    }

    /// The rows that changed since the last checkpoint. All of them, or none, must be written.
    pub fn checkpoint(&self) -> Result<Vec<Row>, FormatError> {
        let totals = Totals { unpublished: self.unpublished.clone(), ..self.totals.clone() };
        let mut rows = vec![
            Row { key: SALT_KEY, body: self.salt.0.to_vec() },
            Row { key: TOTALS_KEY, body: pack(FORMAT, &totals)? },
        ];
        for (bucket, pages) in self.changed_buckets() {
            rows.push(Row { key: offset(FIRST_BUCKET_KEY, bucket as u64), body: pack(FORMAT, &pages)? });
        }
        let date = self.totals.day.date;
        let first = self.unsaved.visitor_segments;
        rows.extend(segments(FIRST_VISITORS_KEY, first, date, &self.unsaved.visitors)?);
        rows.extend(segments(FIRST_PAIRS_KEY, self.unsaved.pair_segments, date, &self.unsaved.pairs)?);
        for month in &self.unsaved.months {
            let days: Vec<&DayCounts> = self.days.values().filter(|day| day.date.month() == *month).collect();
            rows.push(Row { key: offset(FIRST_MONTH_KEY, u64::from(*month)), body: pack(FORMAT, &days)? });
        }
        Ok(rows)
    }

    fn changed_buckets(&self) -> impl Iterator<Item = (usize, Vec<(&str, &Page)>)> {
        let mut buckets: Vec<(usize, Vec<(&str, &Page)>)> =
            self.unsaved.buckets.iter().map(|bucket| (*bucket, Vec::new())).collect();
        for (key, page) in &self.pages {
            let bucket = bucket_of(key);
            if let Some((_, pages)) = buckets.iter_mut().find(|(number, _)| *number == bucket) {
                pages.push((key, page));
            }
        }
        buckets.into_iter()
    }

    /// Notes that the rows of [`Site::checkpoint`] have been written.
    pub fn checkpointed(&mut self) {
        self.unsaved.buckets.clear();
        self.unsaved.months.clear();
        self.unsaved.visitor_segments =
            drop_full_segments(self.unsaved.visitor_segments, &mut self.unsaved.visitors);
        self.unsaved.pair_segments = drop_full_segments(self.unsaved.pair_segments, &mut self.unsaved.pairs);
    }

    /// Reads a site from its rows, in any order. No totals row: there is no site yet.
    pub fn load(rows: impl IntoIterator<Item = Row>) -> Result<Option<Self>, FormatError> {
        let mut rows: Vec<Row> = rows.into_iter().collect();
        rows.sort_by_key(|row| row.key);
        let Some(totals) = rows.iter().find(|row| row.key == TOTALS_KEY) else { return Ok(None) };
        let mut site = Self { totals: unpack::<Totals>(FORMAT, &totals.body)?, ..Self::default() };
        for row in &rows {
            site.load_row(row)?;
        }
        // Whether KV took what came after the checkpoint is not known: it is told again.
        site.unpublished = std::mem::take(&mut site.totals.unpublished);
        site.mark_unpublished(Document::Main);
        Ok(Some(site))
    }

    fn load_row(&mut self, row: &Row) -> Result<(), FormatError> {
        match row.key {
            SALT_KEY => {
                let salt = <[u8; 16]>::try_from(row.body.as_slice()).map_err(|_| FormatError::Damaged)?;
                self.salt = Secret(salt);
            }
            TOTALS_KEY => {}
            key if key < offset(FIRST_BUCKET_KEY, PAGE_BUCKETS as u64) => {
                for (key, page) in unpack::<Vec<(String, Page)>>(FORMAT, &row.body)? {
                    self.restore_page(&key, page);
                }
            }
            key if key < FIRST_PAIRS_KEY => self.load_visitors(&row.body)?,
            key if key < FIRST_MONTH_KEY => self.load_pairs(&row.body)?,
            _ => {
                for day in unpack::<Vec<DayCounts>>(FORMAT, &row.body)? {
                    self.days.insert(day.date, day);
                }
            }
        }
        Ok(())
    }

    fn load_visitors(&mut self, body: &[u8]) -> Result<(), FormatError> {
        let (date, visitors): (Date, Vec<(VisitorKey, u64)>) = unpack(FORMAT, body)?;
        if date == self.totals.day.date {
            self.visitors_today.extend(visitors.iter().copied());
            self.unsaved.visitor_segments =
                keep_tail(self.unsaved.visitor_segments, &mut self.unsaved.visitors, visitors);
        }
        Ok(())
    }

    fn load_pairs(&mut self, body: &[u8]) -> Result<(), FormatError> {
        let (date, pairs): (Date, Vec<u64>) = unpack(FORMAT, body)?;
        if date == self.totals.day.date {
            self.pairs_today.extend(pairs.iter().copied());
            self.unsaved.pair_segments =
                keep_tail(self.unsaved.pair_segments, &mut self.unsaved.pairs, pairs);
        }
        Ok(())
    }

    /// Replays a stored entry after [`Site::load`], in order of `seq`. Entries of the checkpoint itself
    /// only refresh the memory of recent hits; later ones count.
    pub fn replay(&mut self, entry: &Entry) {
        if entry.seq == self.totals.seq.saturating_add(1) {
            self.apply(entry);
        } else if entry.seq <= self.totals.seq {
            let is_of_today = entry.seq > self.totals.day_start_seq;
            self.recent.remember(entry);
            if !is_of_today {
                self.recent.forget_visitors();
            }
        }
    }

    /// Puts a month of finished days back as it was published.
    pub fn restore_days(&mut self, days: impl IntoIterator<Item = DayCounts>) {
        for day in days {
            self.unsaved.months.insert(day.date.month());
            self.days.insert(day.date, day);
        }
    }

    /// Notes shares by network as they were published.
    pub fn restore_shares(&mut self, shares: Shares) {
        self.totals.shares = shares;
    }
}

fn offset(first: i64, index: u64) -> i64 {
    first.saturating_add(i64::try_from(index).unwrap_or(i64::MAX))
}

fn segments<T: serde::Serialize>(
    first_key: i64,
    first: u64,
    date: Date,
    unsaved: &[T],
) -> Result<Vec<Row>, FormatError> {
    unsaved
        .chunks(SEGMENT_LENGTH)
        .zip(first..)
        .map(|(part, number)| Ok(Row { key: offset(first_key, number), body: pack(FORMAT, &(date, part))? }))
        .collect()
}

/// Keeps what is not yet a full segment; returns how many are.
fn drop_full_segments<T>(segments: u64, unsaved: &mut Vec<T>) -> u64 {
    let full = unsaved.len() / SEGMENT_LENGTH;
    unsaved.drain(..full.saturating_mul(SEGMENT_LENGTH));
    segments.saturating_add(full as u64)
}

/// Takes in a segment that was read: full ones are only counted.
fn keep_tail<T>(segments: u64, tail: &mut Vec<T>, read: Vec<T>) -> u64 {
    if read.len() >= SEGMENT_LENGTH {
        return segments.saturating_add(1);
    }
    *tail = read;
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sites have a totals row in exactly these bytes: see the journal's test of the same name.
    #[test]
    fn totals_are_stored_in_these_bytes() {
        let totals =
            Totals { seq: 1, generation: 2, clock_ms: 3, views: 300, visitors: 5, ..Totals::default() };
        let mut expected = vec![1, 1, 2, 3, 0, 0, 0, 172, 2, 5, 0, 0, 0];
        expected.extend([0; 16]);
        expected.extend([0, 0, 0]);
        assert_eq!(pack(FORMAT, &totals).unwrap(), expected);
    }

    #[test]
    fn segments_are_full_but_for_the_last() {
        let rows = segments(100, 2, Date(1), &[0_u8; SEGMENT_LENGTH + 1]).unwrap();
        assert_eq!(rows.iter().map(|row| row.key).collect::<Vec<_>>(), [102, 103]);
    }
}
