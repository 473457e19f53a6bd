//! An object of the tests: the engine on rows that survive a crash, and fail when told to.

use laifang_tally::counts::HitReply;
use laifang_tally::day::{Date, Day};
use laifang_tally::engine::{Engine, JournalFull, Storage};
use laifang_tally::journal::{Entry, FormatError};
use laifang_tally::request::Kind;
use laifang_tally::site::{Fresh, Site};
use laifang_tally::snapshot::{Row, TOTALS_KEY};
use laifang_tally::visit::{Arrival, Decision};
use laifang_tally::visitor::{Secret, VisitorKey};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

pub const DAY_MS: u64 = 86_400_000;

/// The largest row that storage takes, as on the platform.
const MAX_ROW_BYTES: usize = 2_000_000;

/// What survives a crash.
#[derive(Default)]
pub struct Rows {
    journal: RefCell<BTreeMap<u64, Vec<u8>>>,
    snapshot: RefCell<BTreeMap<i64, Vec<u8>>>,
    /// The key of a row that can't be written, for good.
    pub broken_key: Cell<Option<i64>>,
}

/// Why storage or the engine refused.
#[derive(Debug, PartialEq, Eq)]
pub enum Fault {
    Format(FormatError),
    JournalFull,
    BrokenRow,
    TooLarge,
}

impl From<FormatError> for Fault {
    fn from(error: FormatError) -> Self {
        Self::Format(error)
    }
}

impl From<JournalFull> for Fault {
    fn from(_: JournalFull) -> Self {
        Self::JournalFull
    }
}

impl Rows {
    /// Loses one entry of the journal, as a damaged file does.
    pub fn lose_entry(&self, seq: u64) {
        self.journal.borrow_mut().remove(&Entry::slot(seq)).unwrap();
    }

    /// Loses the row that makes all others a site.
    pub fn lose_totals(&self) {
        self.snapshot.borrow_mut().remove(&TOTALS_KEY).unwrap();
    }
}

impl Storage for Rows {
    type Error = Fault;

    fn write_entry(&self, slot: u64, bytes: Vec<u8>) -> Result<(), Fault> {
        self.journal.borrow_mut().insert(slot, bytes);
        Ok(())
    }

    fn write_row(&self, row: Row) -> Result<(), Fault> {
        if self.broken_key.get() == Some(row.key) {
            return Err(Fault::BrokenRow);
        }
        if row.body.len() > MAX_ROW_BYTES {
            return Err(Fault::TooLarge);
        }
        self.snapshot.borrow_mut().insert(row.key, row.body);
        Ok(())
    }

    fn rows(&self, first: i64, last: i64) -> Result<Vec<Row>, Fault> {
        Ok(self
            .snapshot
            .borrow()
            .range(first..=last)
            .map(|(key, body)| Row { key: *key, body: body.clone() })
            .collect())
    }

    fn entries(&self, first: u64, last: u64) -> Result<Vec<Vec<u8>>, Fault> {
        Ok(self.journal.borrow().range(first..=last).map(|(_, bytes)| bytes.clone()).collect())
    }
}

pub struct Object {
    pub engine: Engine,
    pub rows: Rows,
    pub max_pages: usize,
}

pub fn day(now_ms: u64) -> Day {
    let number = now_ms / DAY_MS;
    Day { date: Date(20_000_000 + number as u32), ends_at_ms: (number + 1) * DAY_MS }
}

/// What a site begins anew with at `now_ms`.
pub fn fresh(now_ms: u64, id_key: u8) -> Fresh {
    Fresh { now_ms, day: day(now_ms), salt: Secret([3; 16]), id_key: Secret([id_key; 16]) }
}

impl Object {
    pub fn new() -> Self {
        Self::of(Site::new(1, day(0), Secret([1; 16]), Secret([2; 16])))
    }

    pub fn of(site: Site) -> Self {
        let mut object = Self { engine: Engine::default(), rows: Rows::default(), max_pages: 5 };
        object.engine.begin(&object.rows, site).unwrap();
        object
    }

    pub fn site(&mut self) -> &mut Site {
        self.engine.site_mut().unwrap()
    }

    pub fn hit(&mut self, now_ms: u64, id: &str, visitor: u32, page: &str, kind: Kind) -> HitReply {
        self.try_hit(now_ms, id, visitor, page, kind).unwrap()
    }

    pub fn try_hit(
        &mut self,
        now_ms: u64,
        id: &str,
        visitor: u32,
        page: &str,
        kind: Kind,
    ) -> Result<HitReply, Fault> {
        let next_day = |_: &Site, now_ms| Ok((day(now_ms), Secret([(now_ms / DAY_MS) as u8; 16])));
        let now_ms = self.engine.pass_time(&self.rows, now_ms, next_day).unwrap();
        let site = self.engine.site().unwrap();
        let visitor = VisitorKey::new(site.salt(), "s", &format!("visitor {visitor}"), "A");
        match site.decide_view(&Arrival { now_ms, id, visitor, page, kind }, self.max_pages) {
            Decision::Repeat(reply) => Ok(reply),
            Decision::Refuse(reason) => panic!("{reason}"),
            Decision::DayFull { .. } => panic!("too many visitors"),
            Decision::Count(entry, reply) => {
                self.engine.count(&self.rows, &entry)?;
                Ok(reply)
            }
        }
    }

    pub fn share(&mut self, now_ms: u64, id: &str, page: &str, network: &str) {
        let Decision::Count(entry, _) = self.site().decide_share(now_ms, id, page, network) else {
            panic!("not counted");
        };
        assert_eq!(self.engine.count(&self.rows, &entry), Ok(None));
    }

    /// Loses the memory and reads it again from storage.
    pub fn crash(&mut self) {
        self.engine = Engine::default();
        assert!(self.engine.wake(&self.rows).unwrap());
    }
}
