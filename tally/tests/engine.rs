//! The engine as a whole: random schedules of hits, retries, midnights and crashes.

use laifang_tally::counts::HitReply;
use laifang_tally::day::{Date, Day};
use laifang_tally::journal::Entry;
use laifang_tally::publish::{Document, MainDocument, read};
use laifang_tally::request::Kind;
use laifang_tally::site::Site;
use laifang_tally::snapshot::Row;
use laifang_tally::visit::{Arrival, Decision};
use laifang_tally::visitor::{Secret, VisitorKey};
use proptest::prelude::*;
use std::collections::BTreeMap;

const DAY_MS: u64 = 86_400_000;

/// An object with its storage: what survives a crash is `journal` and `snapshot`.
struct Object {
    site: Site,
    journal: BTreeMap<u64, Vec<u8>>,
    snapshot: BTreeMap<i64, Vec<u8>>,
}

fn day(now_ms: u64) -> Day {
    let number = now_ms / DAY_MS;
    Day { date: Date(20_000_000 + number as u32), ends_at_ms: (number + 1) * DAY_MS }
}

impl Object {
    fn new() -> Self {
        let site = Site::new(1, day(0), Secret([1; 16]), Secret([2; 16]));
        let mut object = Self { site, journal: BTreeMap::new(), snapshot: BTreeMap::new() };
        object.checkpoint();
        object
    }

    fn checkpoint(&mut self) {
        let rows = self.site.checkpoint().unwrap();
        self.snapshot.extend(rows.into_iter().map(|row| (row.key, row.body)));
        self.site.checkpointed();
    }

    fn hit(&mut self, now_ms: u64, id: &str, visitor: u8, page: &str, kind: Kind) -> HitReply {
        let now_ms = self.site.advance(now_ms);
        if self.site.totals().day.is_over(now_ms) {
            self.site.begin_day(day(now_ms), Secret([(now_ms / DAY_MS) as u8; 16]));
            self.checkpoint();
        }
        let visitor = VisitorKey::new(self.site.salt(), "s", &format!("10.0.0.{visitor}"), "A");
        let arrival = Arrival { now_ms, id, visitor, page, kind };
        match self.site.decide_view(&arrival, 5) {
            Decision::Repeat(reply) => reply,
            Decision::Refuse(reason) => panic!("{reason}"),
            Decision::Count(entry, reply) => {
                self.journal.insert(Entry::slot(entry.seq), entry.to_bytes().unwrap());
                self.site.apply(&entry);
                if self.site.is_checkpoint_due() {
                    self.checkpoint();
                }
                reply
            }
        }
    }

    /// Loses the memory and reads it again from storage.
    fn crash(&mut self) {
        let rows = self.snapshot.iter().map(|(key, body)| Row { key: *key, body: body.clone() });
        let mut site = Site::load(rows).unwrap().unwrap();
        let mut entries: Vec<Entry> =
            self.journal.values().map(|bytes| Entry::from_bytes(bytes).unwrap()).collect();
        entries.sort_by_key(|entry| entry.seq);
        for entry in &entries {
            site.replay(entry);
        }
        site.advance(self.site.totals().clock_ms);
        self.site = site;
    }
}

#[derive(Debug, Clone)]
enum Step {
    Hit { later_ms: u64, visitor: u8, page: u8, is_route: bool },
    Retry { back: usize },
    Crash,
    Checkpoint,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let hit = (prop_oneof![0_u64..2_000, Just(DAY_MS / 3)], 0_u8..12, 0_u8..9, prop::bool::weighted(0.2))
        .prop_map(|(later_ms, visitor, page, is_route)| Step::Hit { later_ms, visitor, page, is_route });
    let step = prop_oneof![
        8 => hit,
        3 => (0_usize..4).prop_map(|back| Step::Retry { back }),
        1 => Just(Step::Crash),
        1 => Just(Step::Checkpoint),
    ];
    prop::collection::vec(step, 1..120)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn numbers_are_gap_free_retries_count_once_and_replay_is_the_live_state(steps in steps()) {
        let mut object = Object::new();
        let mut now_ms = 1;
        let mut sent: Vec<(u64, String, HitReply)> = Vec::new();
        let mut given: BTreeMap<(u32, u8), u64> = BTreeMap::new();
        let mut newest = 0;
        let mut views = 0;
        for (count, step) in steps.into_iter().enumerate() {
            match step {
                Step::Hit { later_ms, visitor, page, is_route } => {
                    now_ms += later_ms;
                    let id = format!("hit-{count:016}");
                    let kind = if is_route { Kind::Route } else { Kind::Load };
                    let reply = object.hit(now_ms, &id, visitor, &format!("/{page}"), kind);
                    views += u64::from(!is_route);
                    prop_assert_eq!(reply.site.views, views);
                    let number = reply.visitor.unwrap();
                    let known = given.entry((day(now_ms).date.0, visitor)).or_insert_with(|| { newest += 1; newest });
                    prop_assert_eq!(number, *known, "numbers are given in order, once a visitor and day");
                    prop_assert_eq!(reply.site.visitors, newest);
                    prop_assert!(reply.page.is_none_or(|page| page.visitors <= page.views));
                    prop_assert!(reply.site.online >= 1 && reply.site.online <= reply.site.visitors_today);
                    sent.push((now_ms, id, reply));
                }
                Step::Retry { back } => {
                    let Some((at_ms, id, reply)) = sent.iter().rev().nth(back) else { continue };
                    if now_ms - at_ms < 600_000 {
                        let again = object.hit(now_ms, id, 200, "/elsewhere", Kind::Load);
                        prop_assert_eq!(again, *reply);
                    }
                }
                Step::Checkpoint => object.checkpoint(),
                Step::Crash => {
                    let (counts, totals) = (object.site.counts(), object.site.totals().clone());
                    let pages: Vec<_> = (0..9).map(|page| object.site.page(&format!("/{page}"))).collect();
                    object.crash();
                    prop_assert_eq!(object.site.counts(), counts);
                    prop_assert_eq!(object.site.totals(), &totals);
                    let after: Vec<_> = (0..9).map(|page| object.site.page(&format!("/{page}"))).collect();
                    prop_assert_eq!(after, pages);
                }
            }
        }
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
    assert_eq!(object.site.days().map(|day| (day.views, day.visitors)).collect::<Vec<_>>(), [(1, 1)]);
}

#[test]
fn an_hour_forward_and_back_changes_nothing() {
    let mut object = Object::new();
    object.hit(5_000_000, "aaaaaaaaaaaaaaaa", 1, "/", Kind::Load);
    let earlier = object.hit(1_000, "bbbbbbbbbbbbbbbb", 2, "/", Kind::Load);
    assert_eq!((earlier.visitor, earlier.site.online), (Some(2), 2));
    assert_eq!(object.site.totals().clock_ms, 5_000_000);
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
    assert_eq!((object.site.page("/0").views, object.site.page("/1").views), (2, 0));
}

#[test]
fn a_site_comes_back_from_what_it_published() {
    let mut object = Object::new();
    for visitor in 0..7 {
        object.hit(1_000, &format!("id-visitor-{visitor:010}"), visitor, "/a", Kind::Load);
    }
    let main: MainDocument = read(&object.site.publish(Document::Main).unwrap()).unwrap();
    let secrets = (Secret([3; 16]), Secret([4; 16]));
    object.site = Site::restore(main, vec![], vec![], day(2_000), secrets, 2_000);
    assert_eq!(object.site.totals().restored_at_ms, Some(2_000));
    let next = object.hit(3_000, "id-afterwards-00000", 9, "/a", Kind::Load);
    assert_eq!((next.visitor, next.page.map(|page| page.views)), (Some(8), Some(8)));
}

#[test]
fn what_kv_was_not_told_before_a_crash_is_told_after_it() {
    let mut object = Object::new();
    object.hit(1_000, "aaaaaaaaaaaaaaaa", 1, "/", Kind::Load);
    object.hit(DAY_MS, "bbbbbbbbbbbbbbbb", 1, "/", Kind::Load);
    object.crash();
    assert_eq!(object.site.unpublished(), [Document::Main, Document::Days(200_000)]);
}
