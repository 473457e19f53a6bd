//! A site's object with storage that fails when told to, and files read into it.

use laifang_tally::day::{Date, Day};
use laifang_tally::engine::{Engine, JournalFull, Storage};
use laifang_tally::import::{BadLine, Import, Options, Reader, Refused, Report};
use laifang_tally::journal::FormatError;
use laifang_tally::request::Kind;
use laifang_tally::site::{DayCounts, Fresh, Site};
use laifang_tally::snapshot::Row;
use laifang_tally::visit::{Arrival, Decision};
use laifang_tally::visitor::{Secret, VisitorKey};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

const TODAY: Date = Date(20_261_125);
/// Nothing is replaced, nothing passed over.
pub const OPTIONS: Options = Options { replace: false, keep_higher: false, max_pages: 100 };

/// Storage whose writes fail once so many have gone well.
#[derive(Default)]
pub struct Rows {
    journal: RefCell<BTreeMap<u64, Vec<u8>>>,
    snapshot: RefCell<BTreeMap<i64, Vec<u8>>>,
    pub writes_left: Cell<Option<usize>>,
}

/// Storage or the engine refused.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault;

impl From<FormatError> for Fault {
    fn from(_: FormatError) -> Self {
        Self
    }
}

impl From<JournalFull> for Fault {
    fn from(_: JournalFull) -> Self {
        Self
    }
}

impl Rows {
    fn write(&self) -> Result<(), Fault> {
        match self.writes_left.get() {
            Some(0) => Err(Fault),
            left => {
                self.writes_left.set(left.map(|left| left - 1));
                Ok(())
            }
        }
    }
}

impl Storage for Rows {
    type Error = Fault;

    fn write_entry(&self, slot: u64, bytes: Vec<u8>) -> Result<(), Fault> {
        self.write()?;
        self.journal.borrow_mut().insert(slot, bytes);
        Ok(())
    }

    fn write_row(&self, row: Row) -> Result<(), Fault> {
        self.write()?;
        self.snapshot.borrow_mut().insert(row.key, row.body);
        Ok(())
    }

    fn rows(&self, first: i64, last: i64) -> Result<Vec<Row>, Fault> {
        let rows = self.snapshot.borrow();
        Ok(rows.range(first..=last).map(|(key, body)| Row { key: *key, body: body.clone() }).collect())
    }

    fn entries(&self, first: u64, last: u64) -> Result<Vec<Vec<u8>>, Fault> {
        Ok(self.journal.borrow().range(first..=last).map(|(_, bytes)| bytes.clone()).collect())
    }
}

/// A site's object, its storage and its hits so far.
pub struct Object {
    pub engine: Engine,
    pub rows: Rows,
    hits: u64,
}

/// What a site that is replaced begins anew with.
pub const FRESH: Fresh = Fresh {
    now_ms: 1_000_000,
    day: Day { date: TODAY, ends_at_ms: u64::MAX },
    salt: Secret([3; 16]),
    id_key: Secret([4; 16]),
};

impl Object {
    pub fn new() -> Self {
        let day = Day { date: TODAY, ends_at_ms: u64::MAX };
        let mut object = Self { engine: Engine::new(3), rows: Rows::default(), hits: 0 };
        object.engine.begin(&object.rows, Site::new(1, day, Secret([1; 16]), Secret([2; 16]))).unwrap();
        object
    }

    pub fn site(&self) -> &Site {
        self.engine.site().unwrap()
    }

    /// A view of a page by a visitor, who is told this number.
    pub fn hit(&mut self, visitor: u32, page: &str) -> u64 {
        self.hits += 1;
        let id = format!("hit-{:016}", self.hits);
        let visitor = VisitorKey::new(self.site().salt(), "s", &visitor.to_string(), "A");
        let arrival = Arrival { now_ms: self.hits, id: &id, visitor, page, kind: Kind::Load };
        let Decision::Count(entry, reply) = self.site().decide_view(&arrival, 100) else {
            panic!("not counted")
        };
        self.engine.count(&self.rows, &entry).unwrap();
        reply.visitor.unwrap()
    }

    pub fn import(&mut self, file: &str, options: Options) -> Result<Report, Refused> {
        self.take(read(file).unwrap(), options)
    }

    pub fn take(&mut self, import: Import, options: Options) -> Result<Report, Refused> {
        let (site, report) = self.site().with_import(import, options, FRESH)?;
        if let Some(site) = site {
            self.engine.switch(&self.rows, site).unwrap();
        }
        Ok(report)
    }

    pub fn crash(&mut self) {
        self.engine = Engine::new(3);
        assert!(self.engine.wake(&self.rows).unwrap());
    }

    pub fn export(&self) -> String {
        let pieces = self.site().export("example.cn", "2026-11-25T00:00:00Z").unwrap();
        String::from_utf8(pieces.concat()).unwrap()
    }

    pub fn counts(&self) -> (u64, u64) {
        (self.site().counts().views, self.site().counts().visitors)
    }

    pub fn page(&self, key: &str) -> (u64, u64) {
        (self.site().page(key).views, self.site().page(key).visitors)
    }

    pub fn days(&self) -> Vec<(u32, u64, u64)> {
        self.site().days().map(|day| (day.date.0, day.views, day.visitors)).collect()
    }
}

/// A zone eight hours ahead of UTC, from the first of January 2020 on.
fn date_at(at_ms: u64) -> Option<Date> {
    let day = (at_ms + 8 * 3_600_000) / 86_400_000 - 18_262;
    Some(Date(20_200_101 + day as u32))
}

fn read_in_pieces(file: &[u8], piece: usize) -> Result<Import, BadLine> {
    let mut reader = Reader::new(date_at);
    file.chunks(piece).try_for_each(|piece| reader.read(piece))?;
    reader.finish()
}

pub fn read(file: &str) -> Result<Import, BadLine> {
    read_in_pieces(file.as_bytes(), 4096)
}

/// The line that a file is refused for, and the sentence.
pub fn refused(file: &[u8]) -> (u64, String) {
    let all = read_in_pieces(file, usize::MAX).unwrap_err();
    let by_byte = read_in_pieces(file, 1).unwrap_err();
    assert_eq!(all, by_byte, "it makes no difference how the file arrives");
    (all.line, all.reason)
}

/// A site with a history, pages, shares and something today.
pub fn made() -> Object {
    let mut object = Object::new();
    object.import("*,900,500\n/a,70,7\n/b/\"x\",5,3\n", OPTIONS).unwrap();
    let mut site = object.site().clone();
    let day = |date, views| DayCounts { date: Date(date), views, visitors: 1 };
    site.restore_days([day(20_250_101, 4), day(20_250_228, 6), day(20_261_124, 9)]);
    object.engine.begin(&object.rows, site).unwrap();
    object.hit(1, "/a");
    object.hit(2, "/%E4%B8%AD?a=1");
    let Decision::Count(entry, _) =
        object.site().decide_share(5_000, "share-0000000000000001", "/a", "weibo")
    else {
        panic!("not shared")
    };
    object.engine.count(&object.rows, &entry).unwrap();
    object
}
