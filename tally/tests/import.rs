//! Files that owners bring in, by example: what is read, what is refused, what a site becomes.

use laifang_tally::day::{Date, Day};
use laifang_tally::engine::{Engine, Storage};
use laifang_tally::import::{BadLine, Import, Options, Reader, Refused, Report};
use laifang_tally::journal::FormatError;
use laifang_tally::request::Kind;
use laifang_tally::site::{DayCounts, Site};
use laifang_tally::snapshot::Row;
use laifang_tally::visit::{Arrival, Decision};
use laifang_tally::visitor::{Secret, VisitorKey};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

const TODAY: Date = Date(20_261_125);
const OPTIONS: Options = Options { replace: false, keep_higher: false, max_pages: 100 };

/// Storage whose writes fail once so many have gone well.
#[derive(Default)]
struct Rows {
    journal: RefCell<BTreeMap<u64, Vec<u8>>>,
    snapshot: RefCell<BTreeMap<i64, Vec<u8>>>,
    writes_left: Cell<Option<usize>>,
}

impl Rows {
    fn write(&self) -> Result<(), FormatError> {
        match self.writes_left.get() {
            Some(0) => Err(FormatError::Damaged),
            left => {
                self.writes_left.set(left.map(|left| left - 1));
                Ok(())
            }
        }
    }
}

impl Storage for Rows {
    type Error = FormatError;

    fn write_entry(&self, slot: u64, bytes: Vec<u8>) -> Result<(), FormatError> {
        self.write()?;
        self.journal.borrow_mut().insert(slot, bytes);
        Ok(())
    }

    fn write_row(&self, row: Row) -> Result<(), FormatError> {
        self.write()?;
        self.snapshot.borrow_mut().insert(row.key, row.body);
        Ok(())
    }

    fn rows(&self, first: i64, last: i64) -> Result<Vec<Row>, FormatError> {
        let rows = self.snapshot.borrow();
        Ok(rows.range(first..=last).map(|(key, body)| Row { key: *key, body: body.clone() }).collect())
    }

    fn entries(&self, first: u64, last: u64) -> Result<Vec<Vec<u8>>, FormatError> {
        Ok(self.journal.borrow().range(first..=last).map(|(_, bytes)| bytes.clone()).collect())
    }
}

struct Object {
    engine: Engine,
    rows: Rows,
    hits: u64,
}

impl Object {
    fn new() -> Self {
        let day = Day { date: TODAY, ends_at_ms: u64::MAX };
        let mut object = Self { engine: Engine::new(3), rows: Rows::default(), hits: 0 };
        object.engine.begin(&object.rows, Site::new(1, day, Secret([1; 16]), Secret([2; 16]))).unwrap();
        object
    }

    fn site(&self) -> &Site {
        self.engine.site().unwrap()
    }

    /// A view of a page by a visitor, who is told this number.
    fn hit(&mut self, visitor: u32, page: &str) -> u64 {
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

    fn import(&mut self, file: &str, options: Options) -> Result<Report, Refused> {
        self.take(read(file).unwrap(), options)
    }

    fn take(&mut self, import: Import, options: Options) -> Result<Report, Refused> {
        let secrets = (Secret([3; 16]), Secret([4; 16]));
        let (site, report) = self.site().with_import(import, options, secrets, 1_000_000)?;
        if let Some(site) = site {
            self.engine.switch(&self.rows, site).unwrap();
        }
        Ok(report)
    }

    fn crash(&mut self) {
        self.engine = Engine::new(3);
        assert!(self.engine.wake(&self.rows).unwrap());
    }

    fn export(&self) -> String {
        let pieces = self.site().export("example.cn", "2026-11-25T00:00:00Z").unwrap();
        String::from_utf8(pieces.concat()).unwrap()
    }

    fn counts(&self) -> (u64, u64) {
        (self.site().counts().views, self.site().counts().visitors)
    }

    fn page(&self, key: &str) -> (u64, u64) {
        (self.site().page(key).views, self.site().page(key).visitors)
    }

    fn days(&self) -> Vec<(u32, u64, u64)> {
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

fn read(file: &str) -> Result<Import, BadLine> {
    read_in_pieces(file.as_bytes(), 4096)
}

/// The line that a file is refused for, and the sentence.
fn refused(file: &[u8]) -> (u64, String) {
    let all = read_in_pieces(file, usize::MAX).unwrap_err();
    let by_byte = read_in_pieces(file, 1).unwrap_err();
    assert_eq!(all, by_byte, "it makes no difference how the file arrives");
    (all.line, all.reason)
}

#[test]
fn numbers_go_on_from_the_start_and_those_given_stay() {
    let mut object = Object::new();
    assert_eq!((object.hit(1, "/"), object.hit(2, "/a")), (1, 2));
    let report = object.import("page,views,visitors\n*,9000,5000\n/a/,70,\n/b,5,3\n", OPTIONS).unwrap();
    assert_eq!((report.before.visitors, report.after.visitors, report.after.views), (2, 5000, 9000));
    assert_eq!((report.pages_added, report.pages_changed, report.lines), (1, 1, 3));
    assert_eq!((object.page("/a"), object.page("/b"), object.page("/")), ((70, 1), (5, 3), (1, 1)));
    assert_eq!((object.hit(1, "/"), object.hit(3, "/")), (1, 5001));
    object.crash();
    assert_eq!((object.hit(3, "/"), object.hit(4, "/b"), object.counts()), (5001, 5002, (9004, 5002)));
    assert_eq!(object.page("/b"), (6, 4));
}

#[test]
fn a_file_counts_once() {
    let mut object = Object::new();
    let file = "*,90,50\n/a,7,2\n";
    assert!(!object.import(file, OPTIONS).unwrap().already_imported);
    object.hit(1, "/a");
    object.crash();
    let again = object.import("/a,7,2\r\n*,90,50", OPTIONS).unwrap();
    assert!(again.already_imported && again.before == again.after);
    assert_eq!((object.counts(), object.page("/a")), ((91, 51), (8, 3)));
}

#[test]
fn a_lower_start_is_refused_whole_or_passed_over() {
    let mut object = Object::new();
    object.hit(1, "/a");
    object.hit(2, "/a");
    let file = "page,views,visitors\n/b,5,5\n*,90,1\n";
    let Err(Refused::LowerStart { line, reason }) = object.import(file, OPTIONS) else { panic!("taken") };
    assert_eq!((line, reason.as_str()), (3, "the site has 2 visitors already, and 1 would lower that."));
    assert_eq!((object.counts(), object.page("/b")), ((2, 2), (0, 0)));
    let report = object.import(file, Options { keep_higher: true, ..OPTIONS }).unwrap();
    assert_eq!((report.kept, object.counts(), object.page("/b")), (1, (90, 2), (5, 5)));
}

#[test]
fn a_table_may_have_its_columns_in_another_order_and_name_pages_by_address() {
    let mut object = Object::new();
    let file = "\u{feff}Visitors, Page ,Views\r\n3,https://www.example.cn/a/index.html,\"7\"\r\n\r\n,/中,4\r\n1,/a/,2\r\n";
    let report = object.import(file, OPTIONS).unwrap();
    assert_eq!((object.page("/a"), object.page("/%E4%B8%AD"), report.merged), ((9, 4), (4, 0), 1));
    assert_eq!(object.counts(), (0, 0), "without a line of its own the site stays");
}

#[test]
fn a_bad_line_is_named() {
    for (file, line, reason) in [
        ("page,views,visitors\n/a,1,1\n\n/b,x,1\n", 4, "“x” is not a whole number"),
        ("page,views,visitors\r\n/a,1,1\r\n/b,-1,1\r\n", 3, "“-1” is not a whole number"),
        ("/a,1,1\n/b,1.5,1", 2, "“1.5” is not a whole number"),
        ("/a,1,1\n/b,9007199254740992,1", 2, "not a whole number from 0 to 9007199254740991"),
        ("/a,1,1\n/a,2,1", 2, "“/a” was named before"),
        ("*,1,1\n*,2,1", 2, "“*” was named before"),
        ("/a,1,1\n,2,1", 2, "the page is missing"),
        ("/a,1,1,9", 1, "the columns must be page,views,visitors"),
        ("page,views,visitors\n/a,1,1\n/b,1,1,9", 3, "another number of columns (4) than the first line (3)"),
        ("page,views,visitors\n/a,1,1\ngarbage\n/b,1,1", 3, "another number of columns (1)"),
        ("/a,1\n/b,1,1", 2, "another number of columns (3) than the first line (2)"),
        ("/z,1\n/a,\"1\nx\"\n/b,1", 3, "is not a whole number"),
        ("page,hits\n/a,1", 1, "the columns must be page,views,visitors"),
        ("hello", 1, "the columns must be page,views,visitors"),
        ("", 1, "the file is empty"),
        ("page,views,visitors\n", 1, "the file is empty"),
    ] {
        let (found, sentence) = refused(file.as_bytes());
        assert_eq!((found, sentence.contains(reason)), (line, true), "{file}: {found} {sentence}");
    }
}

#[test]
fn what_is_no_text_is_refused() {
    for (file, reason) in [
        (&b"\x1f\x8b\x08 packed packed packed"[..], "packed"),
        (b"PK\x03\x04 packed packed packed", "packed"),
        (b"\xff\xfep\x00a\x00g\x00e\x00,\x00v\x00i\x00e\x00w\x00s\x00", "UTF-16"),
        (b"page,views,visitors\n/\xd6\xd0,1,1\n", "not UTF-8"),
    ] {
        assert!(refused(file).1.contains(reason), "{reason}");
    }
    let long = format!("/{},1,1\n", "a".repeat(1024));
    assert!(refused(long.as_bytes()).1.contains("longer than 1024 bytes"));
    let endless = format!("/a,1,1\n\"{}", "x".repeat(100_000));
    assert!(refused(endless.as_bytes()).1.contains("too long"));
}

const GOATCOUNTER_2: &str = "\
2Path,Title,Event,UserAgent,Browser,System,Session,Bot,Referrer,Referrer scheme,Screen size,Location,FirstVisit,Date
/a.html,\"A, title\",false,Mozilla/5.0,Firefox 150,Linux,aaaa,0,,,\"1920,1080,1\",CN,true,2020-01-01T10:00:00Z
/a.html,A,false,Mozilla/5.0,Firefox 150,Linux,aaaa,0,,,,CN,false,2020-01-01T10:01:00Z
/b/,B,false,Mozilla/5.0,Firefox 150,Linux,aaaa,0,,,,CN,true,2020-01-01T17:00:00Z
/b,B,false,Mozilla/5.0,Firefox 150,Linux,bbbb,0,,,,CN,true,2020-01-01T17:01:00Z
click,,true,Mozilla/5.0,Firefox 150,Linux,bbbb,0,,,,CN,true,2020-01-01T17:02:00Z
/b,B,false,Bot/1.0,,,cccc,3,,,,,true,2020-01-01T17:03:00Z
";

#[test]
fn goatcounters_hits_are_summed_up() {
    let mut object = Object::new();
    let report = object.import(GOATCOUNTER_2, OPTIONS).unwrap();
    assert_eq!((report.lines, report.pages_added, report.days), (6, 2, 2));
    assert_eq!((object.counts(), object.page("/a.html"), object.page("/b")), ((4, 2), (2, 1), (2, 2)));
    // Eight hours ahead, 17:00 is the next day; a session is a visitor of the day it began on.
    assert_eq!(object.days(), [(20_200_101, 2, 1), (20_200_102, 2, 1)]);
    assert!(object.import(GOATCOUNTER_2, OPTIONS).unwrap().already_imported);
}

#[test]
fn goatcounters_older_columns_are_read_by_name() {
    let file = "1Path,Title,Event,Bot,Session,FirstVisit,Referrer,Referrer scheme,Browser,Screen size,Location,Date\n\
                /x,,false,0,s,true,,,UA,,,2020-01-03T00:00:00Z\n";
    let mut object = Object::new();
    object.import(file, OPTIONS).unwrap();
    assert_eq!((object.counts(), object.days()), ((1, 1), vec![(20_200_103, 1, 1)]));
    let (line, reason) = refused(b"2Path,Title\n/x,\n");
    assert!(line == 1 && reason.contains("no column Event"), "{reason}");
    let (line, reason) = refused(GOATCOUNTER_2.replace("2020-01-01T10:01:00Z", "yesterday").as_bytes());
    assert!(line == 3 && reason.contains("“yesterday” is not a time"), "{reason}");
}

#[test]
fn days_grow_and_the_running_day_stays() {
    let mut object = Object::new();
    object.import(GOATCOUNTER_2, OPTIONS).unwrap();
    let more = GOATCOUNTER_2.to_owned() + "/a.html,A,false,M,F,L,dddd,0,,,,CN,true,2020-01-01T11:00:00Z\n";
    let report = object.import(&more, OPTIONS).unwrap();
    assert_eq!((report.days, object.days()), (1, vec![(20_200_101, 3, 2), (20_200_102, 2, 1)]));
}

/// A site with a history, pages, shares and something today.
fn made() -> Object {
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

#[test]
fn an_export_brought_back_is_the_same_site() {
    let object = made();
    let file = object.export();
    let mut other = Object::new();
    let report = other.import(&file, OPTIONS).unwrap();
    assert_eq!((report.pages_added, report.days, report.after.visitors), (3, 3, 502));
    assert_eq!(other.export(), file);
    other.crash();
    assert_eq!(other.export(), file);
    assert_eq!(other.hit(1, "/a"), 503, "who they were is not in the file");
    assert!(other.import(&file, OPTIONS).unwrap().already_imported);
}

#[test]
fn an_export_restores_an_empty_site_only_unless_it_replaces() {
    let file = made().export();
    let mut object = Object::new();
    object.hit(1, "/mine");
    object.hit(2, "/a");
    assert_eq!(object.import(&file, OPTIONS).unwrap_err(), Refused::NotEmpty);
    let generation = object.site().totals().generation;
    let report = object.import(&file, Options { replace: true, ..OPTIONS }).unwrap();
    assert_eq!((report.pages_added, report.pages_changed, report.pages_removed), (2, 1, 1));
    assert_eq!(object.export(), file);
    assert_eq!(object.site().totals().generation, generation + 1);
    object.hit(3, "/a");
    object.crash();
    let report = object.import(&file, Options { replace: true, ..OPTIONS }).unwrap();
    assert!(!report.already_imported);
    assert_eq!(object.export(), file);
}

#[test]
fn yesterdays_today_becomes_a_day() {
    let file =
        made().export().replace("\"today\":{\"date\":\"2026-11-25\"", "\"today\":{\"date\":\"2026-11-23\"");
    let mut object = Object::new();
    object.import(&file, OPTIONS).unwrap();
    assert_eq!(object.site().counts().views_today, 0);
    assert!(object.days().contains(&(20_261_123, 2, 2)));
}

#[test]
fn an_export_that_is_not_whole_is_refused() {
    let file = made().export();
    let lines: Vec<&str> = file.lines().collect();
    let cut = lines[..lines.len() - 1].join("\n");
    assert!(refused(cut.as_bytes()).1.contains("cut short"));
    let without_a_page = file.replace(lines[lines.len() - 2], "");
    let (line, reason) = refused(without_a_page.as_bytes());
    assert!(line == lines.len() as u64 && reason.contains("not whole"), "{line} {reason}");
    let half_a_line = &file[..file.len() / 2];
    assert!(refused(half_a_line.as_bytes()).1.contains("not a line of an export"));
    for (from, to, reason) in [
        ("\"format\":1", "\"format\":2", "format 2"),
        ("{\"page\":{\"key\":\"/a\"", "{\"page\":{\"key\":\"/b/%22x%22\"", "was named before"),
        ("2025-02-28", "2025-02-30", "is not a date"),
        ("\"weibo\"", "\"WEIBO\"", "networks"),
        ("\"views\":902", "\"views\":9007199254740992", "the largest count"),
        ("\"views\":902", "\"views\":-1", "not a line of an export"),
        ("{\"laifang\"", "{\"other\"", "not a line of an export"),
    ] {
        assert!(file.contains(from), "{from}");
        let (_, sentence) = refused(file.replace(from, to).as_bytes());
        assert!(sentence.contains(reason), "{to}: {sentence}");
    }
    assert_eq!(refused(lines[1..].join("\n").as_bytes()).0, 1);
}

#[test]
fn a_site_has_no_more_pages_than_it_may() {
    let mut object = Object::new();
    let file: String = (0..101).map(|page| format!("/{page},2,2\n")).collect();
    assert_eq!(object.import(&file, OPTIONS).unwrap_err(), Refused::TooManyPages { pages: 101 });
    assert_eq!(object.site().pages().len(), 0);
}

#[test]
fn whatever_write_fails_the_site_is_the_old_or_the_new_one() {
    let file = made().export();
    let (replace, table) = (Options { replace: true, ..OPTIONS }, "*,9000,5000\n/a,100,\n/new,5,5\n");
    for (file, options) in [(file.as_str(), replace), (table, OPTIONS)] {
        let mut new = made();
        new.hit(9, "/a");
        let old = new.export();
        new.import(file, options).unwrap();
        let (mut olds, mut news) = (0, 0);
        for writes in 0..200 {
            let mut object = made();
            object.hit(9, "/a");
            let import = read(file).unwrap();
            let secrets = (Secret([3; 16]), Secret([4; 16]));
            let (site, _) = object.site().with_import(import, options, secrets, 1_000_000).unwrap();
            object.rows.writes_left.set(Some(writes));
            let outcome = object.engine.switch(&object.rows, site.unwrap());
            object.rows.writes_left.set(None);
            object.crash();
            let export = object.export();
            match (export == old, export == new.export()) {
                (true, false) => olds += 1,
                (false, true) => news += 1,
                _ => panic!("after {writes} writes: {export}"),
            }
            assert!(outcome.is_err() || export != old, "what succeeded is stored");
            let number = object.hit(77, "/a");
            assert_eq!(number, object.counts().1, "counting goes on");
        }
        assert!(olds > 60 && news > 60, "{olds} {news}");
    }
}

#[test]
fn rows_of_the_set_before_the_last_are_forgotten() {
    let mut object = Object::new();
    object.import(GOATCOUNTER_2, OPTIONS).unwrap();
    let export = {
        let mut empty = Object::new();
        empty.hit(1, "/only");
        empty.export()
    };
    object.import(&export, Options { replace: true, ..OPTIONS }).unwrap();
    object.import("/x,1,1\n", OPTIONS).unwrap();
    object.crash();
    assert_eq!((object.days(), object.page("/a.html"), object.page("/x")), (vec![], (0, 0), (1, 1)));
}
