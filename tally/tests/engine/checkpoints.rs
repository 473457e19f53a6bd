//! Which rows a checkpoint writes, in which order, and what they say.

use super::object::*;
use laifang_tally::budget::Allowance;
use laifang_tally::engine::Storage;
use laifang_tally::pages::bucket_of;
use laifang_tally::request::Kind;
use laifang_tally::site::{Settings, Site};
use laifang_tally::snapshot::{Row, TOTALS_KEY};
use laifang_tally::visitor::Secret;

/// Overflow rows of a split bucket begin here; its two sides are 1,000 apart.
const FIRST_OVERFLOW_KEY: i64 = 2_000_000;

fn keys(rows: &[Row]) -> Vec<i64> {
    rows.iter().map(|row| row.key).collect()
}

/// A whole checkpoint of the site as it is.
fn checkpoint(site: &mut Site) -> Vec<Row> {
    site.begin_checkpoint_if_due(1);
    let mut rows = Vec::new();
    while !rows.iter().any(|row: &Row| row.key == TOTALS_KEY) {
        rows.extend(site.next_part().unwrap());
        site.part_written();
    }
    rows
}

#[test]
fn a_new_site_is_there_with_its_last_row_and_a_reset_one_with_its_first() {
    let mut object = Object::new();
    let first_and_last = |site: &Site| {
        let keys = keys(&site.all_parts().unwrap());
        (keys[0] == TOTALS_KEY, *keys.last().unwrap() == TOTALS_KEY)
    };
    let new = Site::new(1, day(0), Secret([1; 16]), Secret([2; 16]));
    assert_eq!(first_and_last(&new), (false, true));
    object.hit(1_000, "id-0000000000001", 1, "/a", Kind::Load);
    let configured = object.site().with_settings(Settings::default());
    assert_eq!(first_and_last(&configured), (false, true));
    let reset = object.site().reset(fresh(2_000, 4));
    assert_eq!(first_and_last(&reset), (true, true));
}

#[test]
fn what_is_written_whole_needs_no_journal() {
    let mut object = Object::new();
    for number in 0..10 {
        object.hit(1_000, &format!("{number:016}"), 1, "/a", Kind::Load);
    }
    assert_eq!(object.site().checkpoint_backlog(), 10);
    let site = object.site().with_settings(Settings::default());
    object.engine.begin(&object.rows, site).unwrap();
    assert_eq!(object.site().checkpoint_backlog(), 0);
    let (first_visitors, first_pairs) = (1_000, 100_000);
    assert_eq!(
        keys(&checkpoint(object.site())),
        [first_visitors, first_pairs, TOTALS_KEY],
        "no page has changed"
    );
}

#[test]
fn overflow_rows_are_written_where_the_stored_head_does_not_look() {
    let mut object = Object { max_pages: 100_000, ..Object::new() };
    let key = Secret([2; 16]).bucket_key();
    let names = (0..).map(|number| format!("/{number:0999}")).filter(|name| bucket_of(&key, name) == 7);
    for (number, page) in names.take(1_020).enumerate() {
        object.hit(1_000, &format!("{number:016}"), 1, &page, Kind::Load);
    }
    let page = object.site().pages().iter().next().unwrap().0.to_owned();
    let overflow = |object: &mut Object| -> Vec<i64> {
        let written = keys(&checkpoint(object.site())).into_iter().filter(|key| *key >= FIRST_OVERFLOW_KEY);
        let sides = written.map(|key| (key - FIRST_OVERFLOW_KEY) % 2_000 / 1_000);
        sides.collect()
    };
    let mut sides = Vec::new();
    for number in 0..3 {
        object.hit(1_000, &format!("again{number:016}"), 1, &page, Kind::Load);
        sides.push(overflow(&mut object));
    }
    assert_eq!(sides, [[1], [0], [1]]);
}

#[test]
fn a_checkpoint_holds_the_kv_writes_that_are_left() {
    let mut object = Object::new();
    object.hit(1_000, "id-0000000000001", 1, "/a", Kind::Load);
    let granted = Allowance { writes: 20, valid_until_ms: DAY_MS, ..Allowance::default() };
    object.site().set_allowance(granted);
    let salt = object.site().salt_row();
    let rows = checkpoint(object.site()).into_iter().chain([salt]);
    let (site, _) = Site::load(rows).unwrap().unwrap();
    // What is due now may be written before the next entry tells.
    assert_eq!(site.allowance(), granted.after(1, 1_000));
}

#[test]
fn finished_days_are_stored_by_month() {
    let mut object = Object::new();
    for (number, at) in [98, 99, 100, 101, 102].into_iter().enumerate() {
        object.hit(at * DAY_MS, &format!("{number:016}"), 1, "/", Kind::Load);
    }
    let site = object.site().with_settings(Settings::default());
    object.engine.begin(&object.rows, site).unwrap();
    object.crash();
    let days: Vec<_> = object.site().days().map(|finished| (finished.date.0, finished.views)).collect();
    assert_eq!(days, [(20_000_098, 1), (20_000_099, 1), (20_000_100, 1), (20_000_101, 1)]);
    object.hit(103 * DAY_MS, "id-0000000000001", 1, "/", Kind::Load);
    let rows = checkpoint(object.site());
    assert_eq!(rows.iter().filter(|row| row.key >= 1_000_000).count(), 1, "only the month that changed");
    rows.into_iter().for_each(|row| object.rows.write_row(row).unwrap());
    object.crash();
    let days: Vec<_> = object.site().days().map(|finished| finished.date.0 - 20_000_000).collect();
    assert_eq!(days, [98, 99, 100, 101, 102]);
}
