//! What is stored stays whole: rows that storage refuses, rings that wrap, sleeps.

use super::object::*;
use laifang_tally::engine::Engine;
use laifang_tally::journal::{FormatError, SLOTS};
use laifang_tally::pages::{PAGE_BUCKETS, bucket_of};
use laifang_tally::publish::{Document, read};
use laifang_tally::request::Kind;
use laifang_tally::site::Site;
use laifang_tally::snapshot::{Row, TOTALS_KEY};
use laifang_tally::visit::{Arrival, Decision};
use laifang_tally::visitor::{Secret, VisitorKey};

/// The bucket of a page of [`Object`]'s site.
fn bucket(key: &str) -> usize {
    bucket_of(&Secret([2; 16]).bucket_key(), key)
}

/// Page keys of 1,000 bytes that all fall into one bucket, as somebody would choose them who knew the site's secret.
fn keys_of_one_bucket(count: usize) -> Vec<String> {
    let keys = (0..).map(|number| format!("/{number:0999}"));
    keys.filter(|key| bucket(key) == 7).take(count).collect()
}

#[test]
fn names_chosen_for_one_site_do_not_share_a_bucket_of_another() {
    let names = keys_of_one_bucket(640);
    let mut of_another = [0; PAGE_BUCKETS];
    for name in &names {
        of_another[bucket_of(&Secret([3; 16]).bucket_key(), name)] += 1;
    }
    // Ten a bucket, give or take chance.
    assert!(of_another.iter().all(|pages| *pages < 30), "{of_another:?}");
}

#[test]
fn a_site_of_an_older_release_keeps_its_buckets_until_a_reset() {
    let mut totals_of_format_4 = vec![4, 1, 2, 0, 3, 0, 0, 0, 0, 172, 2, 5, 0, 0, 0];
    totals_of_format_4.extend([0; 16]);
    totals_of_format_4.extend([0; 11]);
    let row = Row { key: TOTALS_KEY, body: totals_of_format_4 };
    let (site, _) = Site::load([row]).unwrap().unwrap();
    assert!(site.totals().bucket_key.is_none());
    let reset = site.reset(fresh(4, 5));
    assert_eq!(reset.totals().bucket_key, Secret([5; 16]).bucket_key());
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
    object.rows.broken_key.set(Some(bucket("/a") as i64 + 1));
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

/// The row of the number that stands on the site's pages.
const PROPOSAL_KEY: i64 = 101;

#[test]
fn a_row_that_can_not_be_written_sends_the_object_to_its_storage() {
    let mut object = Object::new();
    object.hit(1_000, "id-0000000000001", 1, "/a", Kind::Load);
    object.engine.propose(&object.rows, 900, "/a", 1).unwrap();
    object.rows.broken_key.set(Some(PROPOSAL_KEY));
    let refused =
        (2..200).find_map(|address| object.engine.propose(&object.rows, 900 + address, "/a", address).err());
    assert_eq!(refused, Some(Fault::BrokenRow));
    assert!(object.engine.site().is_none(), "what memory has may differ from what is stored");
    assert_eq!(
        object.engine.propose(&object.rows, 900, "/a", 1),
        Ok(()),
        "without a site there is nothing to keep"
    );
    object.rows.broken_key.set(None);
    object.crash();
    assert_eq!(object.site().counts().views, 1);
}

#[test]
fn an_object_that_sleeps_reads_its_storage_again() {
    let mut object = Object::new();
    object.hit(1_000, "id-0000000000001", 1, "/a", Kind::Load);
    object.engine.sleep();
    assert!(object.engine.site().is_none());
    assert_eq!(object.engine.wake(&object.rows), Ok(true));
    assert_eq!(object.site().counts().views, 1);
}

#[test]
fn the_hourly_ceilings_outlast_a_sleep() {
    let mut object = Object::new();
    let admitted = |object: &mut Object, now_ms: u64, visitor: u32, address: u64| {
        object.engine.pass_time(&object.rows, now_ms, |_, _| unreachable!("one day")).unwrap();
        let site = object.engine.site_mut().unwrap();
        let visitor = VisitorKey::new(site.salt(), "s", &format!("visitor {visitor}"), "A");
        let id = format!("{now_ms:016}");
        let arrival = Arrival { now_ms, id: &id, visitor, page: "/", kind: Kind::Load };
        let Decision::Count(mut entry, _) = site.decide_view(&arrival, 5) else { panic!("counted before") };
        let is_admitted = site.admit(now_ms, address, &mut entry, (3, 100_000)).is_ok();
        if is_admitted {
            object.engine.count(&object.rows, &entry).unwrap();
        }
        is_admitted
    };
    for visitor in 1..=3 {
        assert!(admitted(&mut object, u64::from(visitor) * 60_000, visitor, 7));
        object.crash();
    }
    assert!(!admitted(&mut object, 11 * 60_000, 4, 7), "a fourth new visitor in the hour");
    assert!(admitted(&mut object, 12 * 60_000, 4, 8), "another address");
    assert!(admitted(&mut object, 13 * 60_000, 1, 7), "a known visitor");
    object.crash();
    assert!(admitted(&mut object, 62 * 60_000, 5, 7), "an hour later");
}

#[test]
fn a_missing_entry_before_others_is_damage_and_not_the_end_of_the_journal() {
    // In the middle of what is read at once, at its ends, and where the ring begins anew.
    for (before, hits, lost) in
        [(0, 10, 1), (0, 10, 5), (0, 1_020, 1_010), (SLOTS - 1_536, 1_000, 500), (SLOTS - 1_536, 1_000, 513)]
    {
        let mut object = Object { engine: Engine::new(u64::MAX), ..Object::new() };
        let site = Site::new(1, day(0), Secret([1; 16]), Secret([2; 16]));
        object.engine.begin(&object.rows, site).unwrap();
        let hit = |object: &mut Object, number: u64| {
            object.hit(1_000, &format!("{number:016}"), 1, "/", Kind::Load);
        };
        (0..before).for_each(|number| hit(&mut object, number));
        if before > 0 {
            let settled = object.site().clone();
            object.engine.begin(&object.rows, settled).unwrap();
        }
        (before..before + hits).for_each(|number| hit(&mut object, number));
        object.rows.lose_entry(before + lost);
        let woken = Engine::default().wake(&object.rows);
        assert_eq!(woken, Err(Fault::Format(FormatError::Damaged)), "entry {lost} of {hits} after {before}");
    }
}

#[test]
fn a_site_that_lost_its_totals_mixes_no_old_entry_into_what_kv_knew() {
    let mut object = Object::new();
    let hit = |object: &mut Object, number: u64| {
        object.hit(1_000, &format!("{number:016}"), number as u32, "/a", Kind::Load)
    };
    (0..3).for_each(|number| _ = hit(&mut object, number));
    let published = object.site().publish(Document::Main).unwrap();
    (3..20).for_each(|number| _ = hit(&mut object, number));
    object.rows.lose_totals();
    assert_eq!(Engine::default().wake(&object.rows), Ok(false));

    let secrets = (Secret([3; 16]), Secret([4; 16]));
    let site = Site::restore(read(&published).unwrap(), vec![], vec![], day(0), secrets, 2_000);
    object.engine.begin(&object.rows, site).unwrap();
    object.crash();
    assert_eq!(object.site().counts().views, 3);
    assert_eq!(hit(&mut object, 100).visitor, Some(4));
    object.crash();
    assert_eq!((object.site().counts().views, object.site().page("/a").views), (4, 4));
    assert_eq!(object.site().totals().restored_at_ms, Some(2_000));
}

#[test]
fn a_site_that_lost_its_totals_does_not_begin_at_zero() {
    let mut object = Object::new();
    object.hit(1_000, "aaaaaaaaaaaaaaaa", 1, "/", Kind::Load);
    object.rows.lose_totals();
    let site = Site::new(1, day(0), Secret([1; 16]), Secret([2; 16]));
    let begun = object.engine.begin(&object.rows, site);
    assert_eq!(begun, Err(Fault::Format(FormatError::Damaged)));
}
