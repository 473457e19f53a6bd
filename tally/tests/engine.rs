//! The engine by example: what a site's numbers do. Random schedules of faults are `tests/simulation`'s.

use laifang_tally::counts::HitReply;
use laifang_tally::day::{Date, Day};
use laifang_tally::engine::{Engine, JournalFull, Storage};
use laifang_tally::journal::{FormatError, SLOTS};
use laifang_tally::pages::bucket_of;
use laifang_tally::publish::{Document, MainDocument, read};
use laifang_tally::request::Kind;
use laifang_tally::site::Site;
use laifang_tally::snapshot::Row;
use laifang_tally::visit::{Arrival, Decision};
use laifang_tally::visitor::{Secret, VisitorKey};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

const DAY_MS: u64 = 86_400_000;

/// The largest row that storage takes, as on the platform.
const MAX_ROW_BYTES: usize = 2_000_000;

/// What survives a crash.
#[derive(Default)]
struct Rows {
    journal: RefCell<BTreeMap<u64, Vec<u8>>>,
    snapshot: RefCell<BTreeMap<i64, Vec<u8>>>,
    /// The key of a row that can't be written, for good.
    broken_key: Cell<Option<i64>>,
}

/// Why storage or the engine refused.
#[derive(Debug, PartialEq, Eq)]
enum Fault {
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

struct Object {
    engine: Engine,
    rows: Rows,
    max_pages: usize,
}

fn day(now_ms: u64) -> Day {
    let number = now_ms / DAY_MS;
    Day { date: Date(20_000_000 + number as u32), ends_at_ms: (number + 1) * DAY_MS }
}

impl Object {
    fn new() -> Self {
        Self::of(Site::new(1, day(0), Secret([1; 16]), Secret([2; 16])))
    }

    fn of(site: Site) -> Self {
        let mut object = Self { engine: Engine::default(), rows: Rows::default(), max_pages: 5 };
        object.engine.begin(&object.rows, site).unwrap();
        object
    }

    fn site(&mut self) -> &mut Site {
        self.engine.site_mut().unwrap()
    }

    fn hit(&mut self, now_ms: u64, id: &str, visitor: u32, page: &str, kind: Kind) -> HitReply {
        self.try_hit(now_ms, id, visitor, page, kind).unwrap()
    }

    fn try_hit(
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
            Decision::Count(entry, reply) => {
                self.engine.count(&self.rows, &entry)?;
                Ok(reply)
            }
        }
    }

    /// Loses the memory and reads it again from storage.
    fn crash(&mut self) {
        self.engine = Engine::default();
        assert!(self.engine.wake(&self.rows).unwrap());
    }
}

#[test]
fn a_reload_is_a_view_of_the_same_visitor() {
    let mut object = Object::new();
    let first = object.hit(1_000, "aaaaaaaaaaaaaaaa", 1, "/", Kind::Load);
    let again = object.hit(2_000, "bbbbbbbbbbbbbbbb", 1, "/", Kind::Load);
    assert_eq!((first.visitor, first.site.views), (Some(1), 1));
    assert_eq!((again.visitor, again.site.views, again.site.visitors), (Some(1), 2, 1));
    assert_eq!(again.page.map(|page| (page.views, page.visitors)), Some((2, 1)));
}

#[test]
fn a_route_is_a_view_of_its_page_only() {
    let mut object = Object::new();
    object.hit(1_000, "aaaaaaaaaaaaaaaa", 1, "/", Kind::Load);
    let route = object.hit(2_000, "bbbbbbbbbbbbbbbb", 1, "/x", Kind::Route);
    assert_eq!((route.site.views, route.page.map(|page| page.views)), (1, Some(1)));
}

#[test]
fn midnight_begins_today_anew_and_numbers_go_on() {
    let mut object = Object::new();
    object.hit(1_000, "aaaaaaaaaaaaaaaa", 1, "/", Kind::Load);
    let next = object.hit(DAY_MS, "bbbbbbbbbbbbbbbb", 1, "/", Kind::Load);
    assert_eq!((next.visitor, next.site.visitors_today, next.site.online), (Some(2), 1, 1));
    assert_eq!(object.site().days().map(|day| (day.views, day.visitors)).collect::<Vec<_>>(), [(1, 1)]);
}

#[test]
fn an_hour_forward_and_back_changes_nothing() {
    let mut object = Object::new();
    object.hit(5_000_000, "aaaaaaaaaaaaaaaa", 1, "/", Kind::Load);
    let earlier = object.hit(1_000, "bbbbbbbbbbbbbbbb", 2, "/", Kind::Load);
    assert_eq!((earlier.visitor, earlier.site.online), (Some(2), 2));
    assert_eq!(object.site().totals().clock_ms, 5_000_000);
}

#[test]
fn past_the_ceiling_the_oldest_page_with_one_visitor_gives_way() {
    let mut object = Object::new();
    object.hit(1, "id-0000000000000", 1, "/0", Kind::Load);
    object.hit(1, "id-0000000000001", 2, "/0", Kind::Load);
    for page in 1..5 {
        object.hit(1, &format!("id-page-{page:012}"), 1, &format!("/{page}"), Kind::Load);
    }
    let new = object.hit(1, "id-page-000000000005", 1, "/5", Kind::Load);
    assert!(new.page.is_some());
    assert_eq!((object.site().page("/0").views, object.site().page("/1").views), (2, 0));
}

#[test]
fn a_site_comes_back_from_what_it_published() {
    let mut object = Object::new();
    for visitor in 0..7 {
        object.hit(1_000, &format!("id-visitor-{visitor:010}"), visitor, "/a", Kind::Load);
    }
    let main: MainDocument = read(&object.site().publish(Document::Main).unwrap()).unwrap();
    let secrets = (Secret([3; 16]), Secret([4; 16]));
    let mut object = Object::of(Site::restore(main, vec![], vec![], day(2_000), secrets, 2_000));
    assert_eq!(object.site().totals().restored_at_ms, Some(2_000));
    let next = object.hit(3_000, "id-afterwards-00000", 9, "/a", Kind::Load);
    assert_eq!((next.visitor, next.page.map(|page| page.views)), (Some(8), Some(8)));
}

#[test]
fn what_kv_was_not_told_before_a_crash_is_told_after_it() {
    let mut object = Object::new();
    object.hit(1_000, "aaaaaaaaaaaaaaaa", 1, "/", Kind::Load);
    object.hit(DAY_MS, "bbbbbbbbbbbbbbbb", 1, "/", Kind::Load);
    object.crash();
    assert_eq!(object.site().unpublished(), [Document::Main, Document::Days(200_000)]);
}

#[test]
fn after_the_ring_has_gone_round_a_crash_loses_nothing() {
    let mut object = Object::new();
    let hits = SLOTS + 3_000;
    for number in 0..hits {
        object.hit(number, &format!("id-{number:016}"), number as u32 % 20_000, "/a", Kind::Load);
    }
    let counts = object.site().counts();
    object.crash();
    assert_eq!(object.site().counts(), counts);
    let newest = format!("id-{:016}", hits - 1);
    assert_eq!(object.hit(hits, &newest, 7, "/elsewhere", Kind::Load).site.views, hits);
    let oldest_kept = format!("id-{:016}", hits - SLOTS + 1);
    assert_eq!(object.hit(hits, &oldest_kept, 7, "/elsewhere", Kind::Load).site.views, hits - SLOTS + 2);
}

#[test]
fn a_reset_begins_at_one_and_nothing_old_comes_back() {
    let mut object = Object::new();
    object.hit(1_000, "aaaaaaaaaaaaaaaa", 1, "/old", Kind::Load);
    object.hit(DAY_MS, "bbbbbbbbbbbbbbbb", 1, "/old", Kind::Load);
    let site = object.site().reset(Secret([5; 16]), Secret([6; 16]), DAY_MS);
    object.engine.begin(&object.rows, site).unwrap();
    object.crash();
    assert_eq!((object.site().counts().views, object.site().days().count()), (0, 0));
    assert_eq!(object.site().unpublished(), [Document::Main, Document::Days(200_000)]);
    let main: MainDocument = read(&object.site().publish(Document::Main).unwrap()).unwrap();
    assert_eq!((main.generation, main.oldest_generation, main.accepts(1)), (2, 2, false));
    let first = object.hit(DAY_MS + 1, "bbbbbbbbbbbbbbbb", 1, "/old", Kind::Load);
    assert_eq!((first.visitor, first.page.map(|page| page.views)), (Some(1), Some(1)));
}

#[test]
fn a_document_is_published_in_this_form() {
    let mut object = Object::new();
    object.hit(1_000, "aaaaaaaaaaaaaaaa", 1, "/a", Kind::Load);
    let expected = concat!(
        r#"{"format":1,"generation":1,"oldest_generation":1,"as_of_ms":1000,"#,
        r#""day":{"date":20000000,"ends_at_ms":86400000},"views":1,"visitors":1,"views_today":1,"#,
        r#""visitors_today":1,"pages":{"/a":{"views":1,"visitors":1}},"settings":{"time_zone":null}}"#,
    );
    assert_eq!(object.site().publish(Document::Main).unwrap(), expected);
    let without_later_fields = r#"{"format":1,"generation":1,"as_of_ms":1,"day":{"date":1,"ends_at_ms":2},
        "views":5,"visitors":4,"views_today":3,"visitors_today":2,"pages":{}}"#;
    assert_eq!(read::<MainDocument>(without_later_fields).unwrap().views, 5);
}

#[test]
fn keys_of_great_length_do_not_fill_memory() {
    let mut object = Object::new();
    object.max_pages = 100_000;
    let long = "x".repeat(1_000);
    for number in 0..17_000 {
        let id = format!("id-{number:016}");
        object.hit(1, &id, number, &format!("/{number}{long}"), Kind::Load);
    }
    let short = object.hit(1, "id-short-00000000000", 1, "/short", Kind::Load);
    assert!(short.page.is_some() && object.site().pages().len() > 15_000);
    assert!(object.site().pages().keys_bytes() <= laifang_tally::pages::MAX_KEYS_BYTES);
}

/// Page keys of 1,000 bytes that all fall into one bucket, as an attacker would choose them.
fn keys_of_one_bucket(count: usize) -> Vec<String> {
    let keys = (0..).map(|number| format!("/{number:0999}"));
    keys.filter(|key| bucket_of(key) == 7).take(count).collect()
}

#[test]
fn a_bucket_of_chosen_keys_loses_no_hit_when_the_journal_wraps() {
    let mut object = Object { max_pages: 100_000, ..Object::new() };
    let keys = keys_of_one_bucket(3_000);
    let hits = SLOTS + 5_000;
    for number in 0..hits {
        let page = &keys[number as usize % keys.len()];
        object.hit(1_000, &format!("{number:016}"), 1, page, Kind::Load);
    }
    object.crash();
    assert_eq!(object.site().counts().views, hits);
    assert_eq!(object.site().page(&keys[0]).views, hits / 3_000 + 1);
    assert_eq!(object.site().pages().len(), keys.len());
    assert!(object.site().checkpoint_backlog() < 2_000);
}

#[test]
fn a_page_that_gives_way_leaves_a_split_bucket_whole() {
    let mut object = Object { max_pages: 2_500, ..Object::new() };
    let keys = keys_of_one_bucket(2_600);
    for (number, page) in keys.iter().enumerate() {
        object.hit(1_000, &format!("{number:016}"), 1, page, Kind::Load);
    }
    for number in 0..2_000 {
        object.hit(1_000, &format!("more{number:016}"), 1, &keys[2_599], Kind::Load);
    }
    object.crash();
    assert_eq!(object.site().pages().len(), 2_500);
    assert_eq!(object.site().page(&keys[99]).views, 0);
    assert!(keys[100..2_599].iter().all(|key| object.engine.site().unwrap().page(key).views == 1));
}

#[test]
fn a_row_that_fails_for_good_ends_in_refused_hits_and_not_in_lost_ones() {
    let mut object = Object::new();
    object.rows.broken_key.set(Some(bucket_of("/a") as i64 + 1));
    let hit = |object: &mut Object, number: u64| {
        object.try_hit(1_000, &format!("{number:016}"), 1, "/a", Kind::Load).map(|reply| reply.site.views)
    };
    for number in 1..=SLOTS {
        assert_eq!(hit(&mut object, number), Ok(number));
    }
    assert_eq!(hit(&mut object, SLOTS + 1), Err(Fault::BrokenRow));
    assert!(object.site().is_checkpoint_urgent());
    object.crash();
    assert_eq!(object.site().counts().views, SLOTS);
    assert_eq!(hit(&mut object, SLOTS + 1), Err(Fault::BrokenRow));

    object.rows.broken_key.set(None);
    assert_eq!(hit(&mut object, SLOTS + 1), Ok(SLOTS + 1));
    assert!(!object.site().is_checkpoint_urgent());
    object.crash();
    assert_eq!(object.site().counts().views, SLOTS + 1);
}

#[test]
fn a_checkpoint_that_failed_is_made_good_by_the_next() {
    let mut object = Object::new();
    object.rows.broken_key.set(Some(0));
    for number in 0..1_100 {
        object.hit(1_000, &format!("{number:016}"), 1, "/a", Kind::Load);
    }
    assert_eq!(object.site().checkpoint_backlog(), 1_100);
    object.rows.broken_key.set(None);
    for number in 1_100..2_100 {
        object.hit(1_000, &format!("{number:016}"), 1, "/a", Kind::Load);
    }
    assert_eq!(object.site().checkpoint_backlog(), 2_100 - 2_048);
}
