//! The engine by example: what a site's numbers do. Random schedules of faults are `tests/simulation`'s.

mod checkpoints;
mod documents;
mod moved_documents;
mod object;
mod sleeps;
mod storage;

use laifang_tally::journal::{FormatError, SLOTS};
use laifang_tally::pages::bucket_of;
use laifang_tally::publish::{Document, MainDocument, PagesDocument, read};
use laifang_tally::request::Kind;
use laifang_tally::site::Site;
use laifang_tally::visitor::Secret;
use object::*;

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
    let site = object.site().reset(fresh(DAY_MS, 6));
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
        r#""visitors_today":1,"pages":{"/a":{"views":1,"visitors":1}},"settings":{"time_zone":null,"query":"keep"},"#,
        r#""periods":{"yesterday":{"views":0,"visitors":0},"week":{"views":1,"visitors":1},"#,
        r#""month":{"views":1,"visitors":1},"year":{"views":1,"visitors":1}},"checksum":"c3269558"}"#,
    );
    assert_eq!(object.site().publish(Document::Main).unwrap(), expected);
    let changed = expected.replace("\"views\":1,", "\"views\":7,");
    assert_eq!(read::<MainDocument>(&changed), Err(FormatError::Damaged));
    let without_later_fields = r#"{"format":1,"generation":1,"as_of_ms":1,"day":{"date":1,"ends_at_ms":2},
        "views":5,"visitors":4,"views_today":3,"visitors_today":2,"pages":{}}"#;
    assert_eq!(read::<MainDocument>(without_later_fields).unwrap().views, 5);
}

#[test]
fn a_site_in_buckets_tells_their_key_and_is_restored_under_it() {
    let mut object = Object { max_pages: 100_000, ..Object::new() };
    for number in 0..8_000 {
        object.hit(1_000, &format!("{number:016}"), 1, &format!("/{number}"), Kind::Load);
    }
    let main: MainDocument = read(&object.site().publish(Document::Main).unwrap()).unwrap();
    assert_eq!((main.format, main.bucket_key), (2, Secret([2; 16]).bucket_key()));
    let bucket = bucket_of(&main.bucket_key, "/7");
    let pages: PagesDocument = read(&object.site().publish(Document::Pages(bucket)).unwrap()).unwrap();
    assert_eq!(pages.pages["/7"].views, 1);

    let secrets = (Secret([5; 16]), Secret([6; 16]));
    let newer = PagesDocument { generation: 7, ..pages };
    let restored = Site::restore(main.clone(), vec![newer], vec![], day(0), secrets, 2_000);
    assert_eq!(restored.totals().bucket_key, main.bucket_key);
    assert_eq!(restored.page("/7").views, 1);
    assert_eq!(restored.totals().generation, 8, "newer than anything that was written");
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
