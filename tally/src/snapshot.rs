//! A site's state as rows, and back.
//!
//! Which rows there are, in which bytes, and how a waking site reads them. The journal says what happened
//! since. Out of scope: when which row is written (`checkpoint`).

use crate::budget::Allowance;
use crate::checkpoint::{Tail, Unsaved};
use crate::counts::Shares;
use crate::day::{Date, Day};
use crate::journal::{Entry, FormatError, pack, unpack};
use crate::pages::{PAGE_BUCKETS, Page, Pages};
use crate::publish::Document;
use crate::site::{DayCounts, Settings, Site, Totals};
use crate::visitor::Secret;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// First byte of a row. A change of a row's contents needs a new one, and a reader for the old.
pub(crate) const FORMAT: u8 = 2;
/// The same of the totals, and of rows of pages and days, which came to say which set they are of.
pub(crate) const SET_FORMAT: u8 = 3;

/// The row that holds the day's salt, which is nowhere else: of one length, overwritten when the day ends.
pub const SALT_KEY: i64 = -1;
/// The row that makes all others a site.
pub const TOTALS_KEY: i64 = 0;
pub(crate) const FIRST_BUCKET_KEY: i64 = 1;
pub(crate) const ALLOWANCE_KEY: i64 = 100;
pub(crate) const FIRST_VISITORS_KEY: i64 = 1_000;
pub(crate) const FIRST_PAIRS_KEY: i64 = 100_000;
pub(crate) const PROPOSAL_KEY: i64 = 101;
pub(crate) const FIRST_MONTH_KEY: i64 = 1_000_000;
/// Pages and days have two places, the second this far from the first; which is theirs says the totals row.
const SECOND_PLACE: i64 = 10_000_000;

/// One row of the snapshot table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its primary key.
    pub key: i64,
    /// Its bytes.
    pub body: Vec<u8>,
}

/// Where the rows of a set are, from those of the first.
pub(crate) fn place(row_set: u64) -> i64 {
    if row_set.is_multiple_of(2) { 0 } else { SECOND_PLACE }
}

/// The keys of the rows that make a site, given its totals row: from, to.
pub fn key_ranges(totals: &Row) -> Result<Vec<(i64, i64)>, FormatError> {
    let place = place(read_totals(&totals.body)?.row_set);
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
        let mut site = Self { totals: read_totals(&totals.body)?, is_day_journaled: true, ..Self::default() };
        let (mut visitors, mut pairs, mut salt_day) = (Vec::new(), Vec::new(), None);
        let mut buckets: Vec<(usize, Vec<(&str, Page)>)> = Vec::new();
        for row in &rows {
            let key = if row.key < SECOND_PLACE { row.key } else { row.key.saturating_sub(SECOND_PLACE) };
            match key {
                SALT_KEY => (site.salt, salt_day) = read_salt(&row.body)?,
                TOTALS_KEY => {}
                key if key < offset(FIRST_BUCKET_KEY, PAGE_BUCKETS as u64) => {
                    let bucket = usize::try_from(key.saturating_sub(FIRST_BUCKET_KEY)).unwrap_or_default();
                    buckets.push((bucket, site.read_items(&row.body)?));
                }
                ALLOWANCE_KEY => site.granted = unpack(FORMAT, &row.body)?,
                PROPOSAL_KEY => site.proposal = unpack(FORMAT, &row.body)?,
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

    /// Reads a row of pages or days, unless it is from before a reset or of another set. Format 1 did not
    /// say when it was written, format 2 not of which set it is: there was one.
    fn read_items<'a, T: Deserialize<'a>>(&self, body: &'a [u8]) -> Result<Vec<T>, FormatError> {
        let (seq, row_set, items): (u64, u64, Vec<T>) = match body.first() {
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

pub(crate) fn row(first_key: i64, index: u64, body: &impl Serialize) -> Result<Row, FormatError> {
    Ok(Row { key: offset(first_key, index), body: pack(FORMAT, body)? })
}

/// A row of pages or days: when it was written, of which set, and the items.
pub(crate) fn set_row<T: Serialize>(
    totals: &Totals,
    first_key: i64,
    index: u64,
    items: &[T],
) -> Result<Row, FormatError> {
    let key = offset(first_key.saturating_add(place(totals.row_set)), index);
    Ok(Row { key, body: pack(SET_FORMAT, &(totals.seq, totals.row_set, items))? })
}

/// The row of the totals.
pub(crate) fn totals_row(totals: &Totals) -> Result<Row, FormatError> {
    Ok(Row { key: TOTALS_KEY, body: pack(SET_FORMAT, totals)? })
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
            row_set: 0,
            imports: Vec::new(),
        }
    }
}

/// Format 2 of [`Totals`]: without what imports need.
#[derive(Deserialize)]
struct TotalsV2 {
    seq: u64,
    generation: u64,
    oldest_generation: u64,
    clock_ms: u64,
    day: Day,
    day_start_seq: u64,
    reset_seq: u64,
    views: u64,
    visitors: u64,
    views_today: u64,
    visitors_today: u64,
    shares: Shares,
    id_key: Secret,
    published_in_buckets: bool,
    restored_at_ms: Option<u64>,
    unpublished: BTreeSet<Document>,
    settings: Settings,
    allowance: Allowance,
}

impl From<TotalsV2> for Totals {
    fn from(v2: TotalsV2) -> Self {
        Self {
            seq: v2.seq,
            generation: v2.generation,
            oldest_generation: v2.oldest_generation,
            clock_ms: v2.clock_ms,
            day: v2.day,
            day_start_seq: v2.day_start_seq,
            reset_seq: v2.reset_seq,
            views: v2.views,
            visitors: v2.visitors,
            views_today: v2.views_today,
            visitors_today: v2.visitors_today,
            shares: v2.shares,
            id_key: v2.id_key,
            published_in_buckets: v2.published_in_buckets,
            restored_at_ms: v2.restored_at_ms,
            unpublished: v2.unpublished,
            settings: v2.settings,
            allowance: v2.allowance,
            row_set: 0,
            imports: Vec::new(),
        }
    }
}

fn read_totals(body: &[u8]) -> Result<Totals, FormatError> {
    match body.first() {
        Some(1) => unpack::<TotalsV1>(1, body).map(Totals::from),
        Some(2) => unpack::<TotalsV2>(2, body).map(Totals::from),
        _ => unpack(SET_FORMAT, body),
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
        let mut expected = vec![3, 1, 2, 0, 3, 0, 0, 0, 0, 172, 2, 5, 0, 0, 0];
        expected.extend([0; 16]);
        expected.extend([0; 8]);
        expected.extend([7, 1, 172, 2]);
        let totals = Totals { row_set: 7, imports: vec![300], ..totals() };
        assert_eq!(totals_row(&totals).unwrap(), Row { key: TOTALS_KEY, body: expected.clone() });
        assert_eq!(read_totals(&expected), Ok(totals));
    }

    #[test]
    fn totals_of_format_2_are_read() {
        let mut stored = vec![2, 1, 2, 0, 3, 0, 0, 0, 0, 172, 2, 5, 0, 0, 0];
        stored.extend([0; 16]);
        stored.extend([0; 8]);
        assert_eq!(read_totals(&stored), Ok(totals()));
    }

    #[test]
    fn a_row_of_pages_says_when_it_was_written_and_of_which_set() {
        let totals = Totals { seq: 300, row_set: 1, ..totals() };
        let row = set_row(&totals, FIRST_BUCKET_KEY, 5, &[9_u64]).unwrap();
        assert_eq!(row, Row { key: 10_000_006, body: vec![3, 172, 2, 1, 1, 9] });
    }

    #[test]
    fn rows_of_another_set_say_nothing() {
        let mut site = Site::default();
        let rows = [
            pack(2, &(7_u64, vec![6_u64])).unwrap(),
            pack(SET_FORMAT, &(7_u64, 0_u64, vec![6_u64])).unwrap(),
        ];
        assert!(rows.iter().all(|row| site.read_items(row) == Ok(vec![6_u64])));
        site.totals.row_set = 2;
        assert!(rows.iter().all(|row| site.read_items::<u64>(row) == Ok(vec![])));
    }

    #[test]
    fn a_site_is_read_from_the_place_of_its_set() {
        let row = |row_set| totals_row(&Totals { row_set, ..totals() }).unwrap();
        assert_eq!(key_ranges(&row(2)), Ok(vec![(-1, 9_999_999)]));
        assert_eq!(key_ranges(&row(3)), Ok(vec![(-1, 0), (100, 999_999), (10_000_000, 19_999_999)]));
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
    fn rows_from_before_a_reset_say_nothing() {
        let mut site = Site::default();
        let old = pack(1, &vec![5_u64]).unwrap();
        let new = pack(SET_FORMAT, &(7_u64, 0_u64, vec![6_u64])).unwrap();
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
