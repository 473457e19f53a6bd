//! What a sleep keeps: checkpoints and the journal together are the site as it was.

use super::object::*;
use laifang_tally::day::Day;
use laifang_tally::engine::Storage;
use laifang_tally::request::Kind;
use laifang_tally::site::{DayCounts, Settings};
use laifang_tally::snapshot::Row;
use laifang_tally::visitor::Secret;

/// The rows of the day's visitors, and those of pairs of page and visitor.
const VISITORS: (i64, i64) = (1_000, 99_999);
const PAIRS: (i64, i64) = (100_000, 999_999);

fn rows(object: &Object, (first, last): (i64, i64)) -> Vec<Row> {
    object.rows.rows(first, last).unwrap()
}

#[test]
fn today_s_visitors_and_the_pages_they_saw_are_known_after_checkpoints_and_sleeps() {
    let mut object = Object::new();
    let (mut visitors, mut hits) = (0, 0_u64);
    // Segments that are partly full, full, and full with a rest; a sleep after each.
    for more in [3_000, 1_096, 6_000, 2_000] {
        for visitor in visitors..visitors + more {
            hits += 1;
            let reply = object.hit(1_000, &format!("{hits:016}"), visitor, "/a", Kind::Load);
            assert_eq!(reply.visitor, Some(u64::from(visitor) + 1));
        }
        visitors += more;
        object.crash();
    }
    for visitor in (0..visitors).step_by(7) {
        hits += 1;
        let again = object.hit(1_000, &format!("{hits:016}"), visitor, "/a", Kind::Load);
        assert_eq!(again.visitor, Some(u64::from(visitor) + 1), "of the first visit");
        assert_eq!(again.page.unwrap().visitors, u64::from(visitors), "nobody is counted at a page twice");
    }
    // 16 bytes a key and a few a number; a segment is 4,096 of them.
    assert_eq!((rows(&object, VISITORS).len(), rows(&object, PAIRS).len()), (3, 3));
}

#[test]
fn the_visitors_of_yesterday_are_not_stored_among_those_of_today() {
    let mut object = Object::new();
    for number in 0..2_000 {
        object.hit(1_000, &format!("{number:016}"), number, "/a", Kind::Load);
    }
    let bytes = |object: &Object, keys| rows(object, keys).iter().map(|row| row.body.len()).sum::<usize>();
    assert!(bytes(&object, VISITORS) > 10_000 && bytes(&object, PAIRS) > 5_000);
    for number in 2_000..4_000 {
        object.hit(DAY_MS, &format!("{number:016}"), 1, "/a", Kind::Load);
    }
    assert!(bytes(&object, VISITORS) < 100 && bytes(&object, PAIRS) < 100);
}

#[test]
fn a_checkpoint_begins_every_1024_hits_and_its_parts_come_one_a_hit() {
    let mut object = Object::new();
    let hit = |object: &mut Object, number: u64| {
        object.hit(1_000, &format!("{number:016}"), 1, "/a", Kind::Load);
        object.site().checkpoint_backlog()
    };
    let backlogs: Vec<u64> = (1..=1_030).map(|number| hit(&mut object, number)).collect();
    assert_eq!(backlogs[1_023], 1_024);
    // The page's bucket, visitors, pairs, and the totals last: those of the beginning.
    assert_eq!(backlogs[1_024..], [1_025, 1_026, 3, 4, 5, 6]);
}

#[test]
fn a_reset_keeps_what_the_owner_chose_and_what_addresses_have_used_up() {
    let mut object = Object::new();
    object.hit(5_000, "id-0000000000001", 1, "/a", Kind::Load);
    let settings = Settings { time_zone: Some("Asia/Shanghai".into()), ..Settings::default() };
    let before = object.site().with_settings(settings.clone());
    let reset = before.reset(fresh(7_000, 6));
    let totals = reset.totals();
    assert_eq!((&totals.settings, totals.clock_ms, totals.row_set), (&settings, 7_000, 0));
    assert_eq!((totals.seq, totals.generation), (before.totals().seq + 1, before.totals().generation + 1));
    assert_eq!(
        before.reset(fresh(1, 6)).totals().clock_ms,
        5_000,
        "a clock a little behind turns no time back"
    );
}

#[test]
fn a_reset_leaves_a_day_in_the_future() {
    let mut object = Object::new();
    object.hit(400 * DAY_MS, "id-0000000000001", 1, "/a", Kind::Load);
    assert_eq!(object.site().totals().day, day(400 * DAY_MS));
    let reset = object.site().reset(fresh(2 * DAY_MS, 6));
    object.engine.begin(&object.rows, reset).unwrap();
    object.crash();
    object.hit(2 * DAY_MS + 1, "id-0000000000002", 1, "/a", Kind::Load);
    assert_eq!(
        (object.site().totals().day, object.site().totals().clock_ms),
        (day(2 * DAY_MS), 2 * DAY_MS + 1)
    );
    assert_eq!(object.site().counts().views_today, 1);
}

#[test]
fn a_date_that_begins_again_goes_on() {
    let mut object = Object::new();
    let again = Day { date: day(0).date, ends_at_ms: 2 * DAY_MS };
    object.hit(1_000, "id-0000000000001", 1, "/a", Kind::Load);
    object.hit(1_001, "id-0000000000002", 2, "/a", Kind::Load);
    // The site's zone is now further west, where it is still the same date.
    for _ in 0..2 {
        object.engine.pass_time(&object.rows, DAY_MS, |_, _| Ok((again, Secret([9; 16])))).unwrap();
        assert_eq!((object.site().counts().views_today, object.site().days().count()), (2, 0));
        object.crash();
    }
    let last = object.hit(DAY_MS + 1, "id-0000000000003", 3, "/a", Kind::Load);
    assert_eq!((last.site.views_today, last.site.visitors_today), (3, 3));
    object.crash();
    object.hit(2 * DAY_MS, "id-0000000000004", 3, "/a", Kind::Load);
    object.crash();
    let finished = DayCounts { date: day(0).date, views: 3, visitors: 3 };
    assert_eq!(object.site().days().collect::<Vec<_>>(), [&finished]);
}

#[test]
fn a_day_without_a_view_is_no_finished_day() {
    let mut object = Object::new();
    object.hit(1_000, "id-0000000000001", 1, "/", Kind::Route);
    object.hit(DAY_MS, "id-0000000000002", 1, "/", Kind::Load);
    object.hit(2 * DAY_MS, "id-0000000000003", 1, "/", Kind::Load);
    let days: Vec<_> = object.site().days().map(|finished| (finished.date, finished.views)).collect();
    assert_eq!(days, [(day(DAY_MS).date, 1)]);
}
