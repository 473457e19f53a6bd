//! One site's counter: its state in memory over its rows in storage.
//!
//! Every change goes decide, store, then memory. A storage error drops the memory, which is read again at
//! the next call; what was stored of the failed turn is then simply known. Only when storage holds nothing
//! at all is the site somebody else's to bring back. Out of scope: the clock, KV, and who may call.

use crate::ceiling::NEW_WINDOW_MS;
use crate::checkpoint::CHECKPOINT_EVERY;
use crate::day::Day;
use crate::glance::Glance;
use crate::journal::{Entry, FormatError, SLOTS};
use crate::pages::PAGE_BUCKETS;
use crate::recent::REPEAT_WINDOW_MS;
use crate::site::Site;
use crate::snapshot::{Row, TOTALS_KEY, key_ranges};
use crate::visitor::Secret;
use std::cmp::Ordering;

/// Journal slots read at once.
const CHUNK: u64 = 1024;
/// Slots behind the newest entry that are looked at, at least: a lost page of the database holds no more.
const LOOK_AHEAD: u64 = 64;

/// The journal is full of entries that no finished checkpoint holds, and none could be finished: counting one
/// more would overwrite an acknowledged hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JournalFull;

/// Where rows are kept. All writes of one turn become durable together, unless one of them fails: then
/// those before it do.
pub trait Storage {
    /// What goes wrong.
    type Error: From<FormatError> + From<JournalFull>;

    /// Overwrites one journal slot.
    fn write_entry(&self, slot: u64, bytes: Vec<u8>) -> Result<(), Self::Error>;

    /// Overwrites one snapshot row.
    fn write_row(&self, row: Row) -> Result<(), Self::Error>;

    /// The snapshot rows with keys from `first` to `last`, in any order.
    fn rows(&self, first: i64, last: i64) -> Result<Vec<Row>, Self::Error>;

    /// The entries of the slots from `first` to `last`, in the order of their slots.
    fn entries(&self, first: u64, last: u64) -> Result<Vec<Vec<u8>>, Self::Error>;
}

/// A site's counter, awake or not.
#[derive(Debug)]
pub struct Engine {
    site: Option<Site>,
    checkpoint_every: u64,
}

impl Default for Engine {
    fn default() -> Self {
        Self::new(CHECKPOINT_EVERY)
    }
}

impl Engine {
    /// An engine that is asleep, and will begin a checkpoint every so many entries.
    #[must_use]
    pub fn new(checkpoint_every: u64) -> Self {
        Self { site: None, checkpoint_every }
    }

    /// The site, while it is awake.
    #[must_use]
    pub fn site(&self) -> Option<&Site> {
        self.site.as_ref()
    }

    /// The site, for what isn't stored: publishing.
    pub fn site_mut(&mut self) -> Option<&mut Site> {
        self.site.as_mut()
    }

    /// Forgets what it read: storage is to be read again, or given up.
    pub fn sleep(&mut self) {
        self.site = None;
    }

    /// Reads the site from storage. False: there is nothing of it.
    pub fn wake<S: Storage>(&mut self, storage: &S) -> Result<bool, S::Error> {
        if self.site.is_none() {
            self.site = load(storage)?;
        }
        Ok(self.site.is_some())
    }

    /// Takes in a site that no entry tells of: new, restored, reset or imported.
    ///
    /// A journal without a totals row is what is left of a damaged site: one from KV goes on after its
    /// entries, so that none of them is replayed, and none begins at zero.
    pub fn begin<S: Storage>(&mut self, storage: &S, mut site: Site) -> Result<(), S::Error> {
        self.site = None;
        if site.totals().seq == 0 {
            let left_over = newest_seq(storage)?;
            if left_over > 0 && site.totals().restored_at_ms.is_none() {
                return Err(FormatError::Damaged.into());
            }
            site.begin_after(left_over);
        }
        for row in site.all_parts()? {
            storage.write_row(row)?;
        }
        site.all_written();
        self.site = Some(site);
        Ok(())
    }

    /// Takes in a site that an import made, all of it or nothing: its rows are another set, and the totals
    /// row says which set counts.
    pub fn switch<S: Storage>(&mut self, storage: &S, mut site: Site) -> Result<(), S::Error> {
        self.site = None;
        site.unsaved.buckets.extend(0..PAGE_BUCKETS);
        for rows in site.rows_of_set() {
            for row in rows? {
                storage.write_row(row)?;
            }
        }
        site.all_written();
        self.site = Some(site);
        Ok(())
    }

    /// Keeps the number that stands on a page, as the address with this key tells it. One row, and not often.
    pub fn propose<S: Storage>(
        &mut self,
        storage: &S,
        shown: u64,
        page: &str,
        address: u64,
    ) -> Result<(), S::Error> {
        let Some(site) = &mut self.site else { return Ok(()) };
        if !site.propose(shown, page, address) {
            return Ok(());
        }
        let stored = storage.write_row(site.proposal_row()?);
        self.keep_if(stored)
    }

    /// Lets time pass, and begins a new day if the old one is over. Returns the site's time, which never
    /// goes back.
    pub fn pass_time<S: Storage>(
        &mut self,
        storage: &S,
        now_ms: u64,
        next_day: impl FnOnce(&Site, u64) -> Result<(Day, Secret), S::Error>,
    ) -> Result<u64, S::Error> {
        let Some(site) = &mut self.site else { return Ok(now_ms) };
        let now_ms = site.advance(now_ms);
        if site.totals().day.is_over(now_ms) {
            let (day, salt) = next_day(site, now_ms)?;
            site.begin_day(day, salt);
            let stored = storage.write_row(site.salt_row());
            self.keep_if(stored)?;
        }
        Ok(now_ms)
    }

    /// Stores an entry that the site decided, then takes it in, and one part of a checkpoint with it.
    ///
    /// Returns why a part of the checkpoint could not be written, if so: the entry counts all the same.
    /// An entry is never written over one that no finished checkpoint holds: that is [`JournalFull`].
    pub fn count<S: Storage>(&mut self, storage: &S, entry: &Entry) -> Result<Option<S::Error>, S::Error> {
        let Some(site) = &mut self.site else { return Ok(None) };
        if !site.has_free_slot() {
            site.begin_checkpoint();
            write_parts(site, storage, usize::MAX)?;
        }
        if !site.has_free_slot() {
            return Err(JournalFull.into());
        }
        let stored = entry
            .to_bytes()
            .map_err(S::Error::from)
            .and_then(|bytes| storage.write_entry(Entry::slot(entry.seq), bytes));
        self.keep_if(stored)?;
        let Some(site) = &mut self.site else { return Ok(None) };
        site.apply(entry);
        site.begin_checkpoint_if_due(self.checkpoint_every);
        let parts = if site.is_checkpoint_urgent() { usize::MAX } else { 1 };
        Ok(write_parts(site, storage, parts).err())
    }

    fn keep_if<E>(&mut self, outcome: Result<(), E>) -> Result<(), E> {
        if outcome.is_err() {
            self.site = None;
        }
        outcome
    }
}

/// Writes up to `parts` parts of the checkpoint under way; gives it up if one can't be written.
fn write_parts<S: Storage>(site: &mut Site, storage: &S, parts: usize) -> Result<(), S::Error> {
    for _ in 0..parts {
        if !site.is_checkpoint_under_way() {
            break;
        }
        if let Err(error) = write_part(site, storage) {
            site.abandon_checkpoint();
            return Err(error);
        }
        site.part_written();
    }
    Ok(())
}

fn write_part<S: Storage>(site: &Site, storage: &S) -> Result<(), S::Error> {
    site.next_part()?.into_iter().try_for_each(|row| storage.write_row(row))
}

/// The site as it was when its last entry was stored.
fn load<S: Storage>(storage: &S) -> Result<Option<Site>, S::Error> {
    let Some(totals) = storage.rows(TOTALS_KEY, TOTALS_KEY)?.pop() else { return Ok(None) };
    let mut rows = Vec::new();
    for (first, last) in key_ranges(&totals)? {
        rows.extend(storage.rows(first, last)?);
    }
    let Some((mut site, salt_day)) = Site::load(rows)? else { return Ok(None) };
    let seq = site.totals().seq;
    let later = entries_after(storage, seq)?;
    let newest_ms = later.last().map_or(site.totals().clock_ms, |entry| entry.at_ms);
    let earlier = entries_before(storage, seq, newest_ms)?;
    earlier.glances.iter().rev().for_each(|entry| site.glance(entry));
    earlier.entries.iter().rev().chain(&later).for_each(|entry| site.replay(entry));
    if let Some(day) = salt_day.filter(|day| *day != site.totals().day) {
        let salt = *site.salt();
        site.begin_day(day, salt);
    }
    Ok(Some(site))
}

/// The entries after `seq`. One that is missing before others is damage, not the end of the journal.
fn entries_after<S: Storage>(storage: &S, seq: u64) -> Result<Vec<Entry>, S::Error> {
    let mut entries: Vec<Entry> = Vec::new();
    loop {
        let known = entries.len() as u64;
        for bytes in entries_from(storage, seq.saturating_add(known).saturating_add(1))? {
            let entry = Entry::from_bytes(&bytes)?;
            let wanted = seq.saturating_add(entries.len() as u64).saturating_add(1);
            match entry.seq.cmp(&wanted) {
                Ordering::Equal => entries.push(entry),
                Ordering::Greater => return Err(FormatError::Damaged.into()),
                // Of an earlier round of the ring.
                Ordering::Less => {}
            }
        }
        let read = (entries.len() as u64).saturating_sub(known);
        if read <= CHUNK.saturating_sub(LOOK_AHEAD) {
            return Ok(entries);
        }
    }
}

/// What a chunk of slots holds, from the slot of `seq` on and across the end of the ring.
fn entries_from<S: Storage>(storage: &S, seq: u64) -> Result<Vec<Vec<u8>>, S::Error> {
    let first = Entry::slot(seq);
    let end = first.saturating_add(CHUNK);
    let mut entries = storage.entries(first, end.min(SLOTS).saturating_sub(1))?;
    if end > SLOTS {
        entries.extend(storage.entries(0, end.saturating_sub(SLOTS).saturating_sub(1))?);
    }
    Ok(entries)
}

/// The newest entry's `seq`; zero if the journal is empty.
fn newest_seq<S: Storage>(storage: &S) -> Result<u64, S::Error> {
    let mut newest = 0;
    for first in (0..SLOTS).step_by(CHUNK as usize) {
        for bytes in storage.entries(first, first.saturating_add(CHUNK).saturating_sub(1))? {
            // What can't be read is found when the journal is replayed.
            newest = Entry::from_bytes(&bytes).map_or(newest, |entry| entry.seq.max(newest));
        }
    }
    Ok(newest)
}

/// What a waking site needs of the entries that its checkpoint holds, newest first.
#[derive(Default)]
struct Earlier {
    /// Those whose ids may be repeated.
    entries: Vec<Entry>,
    /// Those before, of the hour of the ceilings.
    glances: Vec<Glance>,
}

impl Earlier {
    /// Takes in what a slot holds if it is the entry `seq` and not too old. False: it is not.
    fn read(&mut self, bytes: &[u8], seq: u64, newest_ms: u64) -> Result<bool, FormatError> {
        let glance = Glance::read(bytes)?;
        let age_ms = newest_ms.saturating_sub(glance.at_ms);
        if glance.seq != seq || age_ms > NEW_WINDOW_MS {
            return Ok(false);
        }
        if age_ms < REPEAT_WINDOW_MS {
            self.entries.push(Entry::from_bytes(bytes)?);
        } else {
            self.glances.push(glance);
        }
        Ok(true)
    }
}

/// The entries up to `seq` of the hour that ended at `newest_ms`.
fn entries_before<S: Storage>(storage: &S, seq: u64, newest_ms: u64) -> Result<Earlier, S::Error> {
    let mut earlier = Earlier::default();
    let mut next = seq;
    while next > 0 {
        let last = Entry::slot(next);
        let first = last.saturating_sub(CHUNK.saturating_sub(1));
        for bytes in storage.entries(first, last)?.iter().rev() {
            if !earlier.read(bytes, next, newest_ms)? {
                return Ok(earlier);
            }
            next = next.saturating_sub(1);
        }
        if Entry::slot(next) == last {
            break;
        }
    }
    Ok(earlier)
}
