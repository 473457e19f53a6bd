//! A bucket of pages as rows of bounded size.
//!
//! Whoever names pages can choose names that all fall into one bucket, and storage refuses a row past 2 MB. A
//! bucket that would come near it is split: the head row, at the bucket's own key, holds the first pages and
//! says how many overflow rows follow and on which of two sides. Overflow rows are written to the side that
//! the stored head does not name, and the head last, so a statement that fails in between leaves the bucket
//! as it was. Out of scope: which bucket a page belongs to (`pages`).

use crate::journal::{FormatError, pack, unpack};
use crate::pages::{PAGE_BUCKETS, Page};
use crate::site::Totals;
use crate::snapshot::{FIRST_BUCKET_KEY, Row, offset, set_row};
use std::collections::BTreeMap;

/// First byte of the head row of a split bucket. A bucket that fits one row keeps the format of all sets.
pub(crate) const SPLIT_FORMAT: u8 = 4;
/// The first overflow row. Keys of a bucket are 2,000 apart, its two sides 1,000.
pub(crate) const FIRST_OVERFLOW_KEY: i64 = 2_000_000;
const KEYS_PER_BUCKET: u64 = 2_000;
const KEYS_PER_SIDE: u64 = 1_000;
/// Most bytes of pages in one row (an upper estimate): half of what the platform takes in one row, 2 MB.
const MAX_ROW_BYTES: usize = 1_000_000;
/// Most bytes of a page besides its key and its shares: four numbers of 10 bytes and two lengths.
const PAGE_BYTES: usize = 48;
/// Most bytes of one network's shares besides its name: a number and a length.
const SHARE_BYTES: usize = 12;

/// What the head row of a split bucket says of its overflow rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Overflow {
    /// How many there are.
    pub(crate) count: u64,
    /// On which side they are.
    pub(crate) is_second_side: bool,
}

impl Overflow {
    /// The keys of the overflow rows of `bucket`, in the place of the first set.
    pub(crate) fn keys(self, bucket: usize) -> impl Iterator<Item = i64> {
        (0..self.count).map(move |index| overflow_key(bucket, self.is_second_side, index))
    }
}

/// The rows of a bucket, in the order in which they have to be written.
pub(crate) fn bucket_rows<'a>(
    totals: &Totals,
    bucket: usize,
    is_second_side: bool,
    pages: impl Iterator<Item = (&'a str, &'a Page)>,
) -> Result<Vec<Row>, FormatError> {
    let mut chunks = chunks_of(pages).into_iter();
    let first = chunks.next().unwrap_or_default();
    let mut rows = Vec::new();
    for (pages, index) in chunks.zip(0..) {
        let key = overflow_key(bucket, is_second_side, index);
        rows.push(set_row(totals, key, 0, &pages)?);
    }
    let head = set_row(totals, FIRST_BUCKET_KEY, bucket as u64, &first)?;
    let count = rows.len() as u64;
    rows.push(if count == 0 { head } else { split_head(head.key, totals, is_second_side, count, &first)? });
    Ok(rows)
}

fn split_head(
    key: i64,
    totals: &Totals,
    is_second_side: bool,
    count: u64,
    pages: &[(&str, &Page)],
) -> Result<Row, FormatError> {
    let body = pack(SPLIT_FORMAT, &(totals.seq, totals.row_set, is_second_side, count, pages))?;
    Ok(Row::new(key, body))
}

/// The `seq`, the set and the pages of a split bucket's head row, and what it says of the others.
pub(crate) type SplitHead<'a> = (u64, u64, Overflow, Vec<(&'a str, Page)>);

/// Reads the head row of a split bucket.
pub(crate) fn read_split_head(body: &[u8]) -> Result<SplitHead<'_>, FormatError> {
    let (seq, row_set, is_second_side, count, pages) = unpack(SPLIT_FORMAT, body)?;
    if count > KEYS_PER_SIDE {
        return Err(FormatError::Damaged);
    }
    Ok((seq, row_set, Overflow { count, is_second_side }, pages))
}

/// The body of an overflow row that a head names. One that is missing is damage, not an empty row.
pub(crate) fn overflow_body<'a>(rows: &BTreeMap<i64, &'a [u8]>, key: i64) -> Result<&'a [u8], FormatError> {
    rows.get(&key).copied().ok_or(FormatError::Damaged)
}

fn overflow_key(bucket: usize, is_second_side: bool, index: u64) -> i64 {
    let side = if is_second_side { KEYS_PER_SIDE } else { 0 };
    let bucket = bucket.min(PAGE_BUCKETS) as u64;
    offset(
        FIRST_OVERFLOW_KEY,
        bucket.saturating_mul(KEYS_PER_BUCKET).saturating_add(side).saturating_add(index),
    )
}

/// Pages in groups that each fit one row.
fn chunks_of<'a>(pages: impl Iterator<Item = (&'a str, &'a Page)>) -> Vec<Vec<(&'a str, &'a Page)>> {
    let mut chunks: Vec<Vec<(&str, &Page)>> = vec![Vec::new()];
    let mut bytes = 0_usize;
    for (key, page) in pages {
        let more = stored_bytes(key, page);
        if bytes.saturating_add(more) > MAX_ROW_BYTES && bytes > 0 {
            chunks.push(Vec::new());
            bytes = 0;
        }
        bytes = bytes.saturating_add(more);
        chunks.last_mut().into_iter().for_each(|chunk| chunk.push((key, page)));
    }
    chunks
}

/// Most bytes a page takes in a row.
fn stored_bytes(key: &str, page: &Page) -> usize {
    let shares =
        page.shares.entries().into_iter().map(|(network, _)| network.len().saturating_add(SHARE_BYTES));
    key.len().saturating_add(PAGE_BYTES).saturating_add(shares.sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn long_keys(count: usize) -> Vec<(String, Page)> {
        (0..count).map(|number| (format!("/{number:01000}"), Page::default())).collect()
    }

    fn rows(pages: &[(String, Page)], is_second_side: bool) -> Vec<Row> {
        let pages = pages.iter().map(|(key, page)| (&**key, page));
        bucket_rows(&Totals::default(), 5, is_second_side, pages).unwrap()
    }

    #[test]
    fn a_bucket_that_fits_is_one_row_of_the_format_of_all_sets() {
        let rows = rows(&long_keys(3), true);
        assert_eq!(rows.len(), 1);
        assert_eq!((rows[0].key, rows[0].body[0]), (6, 0x83));
    }

    #[test]
    fn a_large_bucket_is_split_and_its_head_comes_last() {
        let rows = rows(&long_keys(3_000), true);
        let keys: Vec<i64> = rows.iter().map(|row| row.key).collect();
        assert_eq!(keys, [2_011_000, 2_011_001, 2_011_002, 6]);
        assert!(rows.iter().all(|row| row.body.len() <= MAX_ROW_BYTES));
        let head = read_split_head(rows[3].checked().unwrap()).unwrap();
        assert_eq!(head.2, Overflow { count: 3, is_second_side: true });
        assert_eq!(head.2.keys(5).collect::<Vec<_>>(), keys[..3]);
    }

    #[test]
    fn the_two_sides_of_all_buckets_never_meet_each_other_or_the_second_set() {
        let last = overflow_key(PAGE_BUCKETS - 1, true, KEYS_PER_SIDE - 1);
        assert!(last < 10_000_000);
        assert!(overflow_key(4, true, KEYS_PER_SIDE - 1) < overflow_key(5, false, 0));
    }
}
