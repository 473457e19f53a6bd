//! What a site tells KV, and that all of it together is the site.

use super::object::*;
use laifang_tally::counts::{PageCounts, Shares};
use laifang_tally::day::Date;
use laifang_tally::journal::FormatError;
use laifang_tally::pages::{PAGE_BUCKETS, bucket_of};
use laifang_tally::periods::PeriodCounts;
use laifang_tally::publish::{DaysDocument, Document, MainDocument, PagesDocument, read};
use laifang_tally::request::Kind;
use laifang_tally::site::{DayCounts, Settings, Site};
use laifang_tally::visitor::Secret;

const SECRETS: (Secret, Secret) = (Secret([3; 16]), Secret([4; 16]));
/// The month of the first days of [`day`].
const MONTH: u32 = 200_000;
/// More pages than one document takes.
const MANY_PAGES: u32 = 5_000;

fn main_of(object: &mut Object) -> MainDocument {
    read(&object.site().publish(Document::Main).unwrap()).unwrap()
}

fn days_of(object: &mut Object, month: u32) -> DaysDocument {
    read(&object.site().publish(Document::Days(month)).unwrap()).unwrap()
}

/// A day with three views of two visitors, and on the next a view, a share and a change of settings.
fn two_days() -> Object {
    let mut object = Object::new();
    object.hit(1_000, "id-0000000000001", 1, "/a", Kind::Load);
    object.hit(1_001, "id-0000000000002", 1, "/b", Kind::Load);
    object.hit(1_002, "id-0000000000003", 2, "/a", Kind::Load);
    object.hit(DAY_MS + 1, "id-0000000000004", 3, "/a", Kind::Load);
    object.share(DAY_MS + 2, "id-0000000000005", "/a", "weibo");
    let settings = Settings { time_zone: Some("Asia/Shanghai".into()), ..Settings::default() };
    let site = object.site().with_settings(settings);
    object.engine.begin(&object.rows, site).unwrap();
    object
}

fn in_buckets() -> Object {
    let mut object = Object { max_pages: 100_000, ..Object::new() };
    for number in 0..MANY_PAGES {
        object.hit(1_000, &format!("{number:016}"), 1, &format!("/{number}"), Kind::Load);
    }
    object
}

/// Pages of 100 letters each, as many as [`MANY_PAGES`] and fewer.
fn main_with(pages: u32) -> MainDocument {
    let mut object = Object { max_pages: 100_000, ..Object::new() };
    for number in 0..pages {
        object.hit(1_000, &format!("{number:016}"), 1, &format!("/{number:099}"), Kind::Load);
    }
    main_of(&mut object)
}

#[test]
fn pages_leave_the_main_document_when_they_would_be_larger_than_256_kib() {
    // 100 bytes of name and 56 of counts each: 1,680 have 262,080 bytes, and 262,144 are inline.
    assert_eq!(main_with(1_680).pages.map(|pages| pages.len()), Some(1_680));
    assert_eq!(main_with(1_681).pages, None);
}

#[test]
fn a_site_says_whether_anything_is_unpublished() {
    let mut object = Object::new();
    object.hit(1_000, "id-0000000000001", 1, "/a", Kind::Load);
    assert!(object.site().is_anything_unpublished());
    object.site().publish(Document::Main).unwrap();
    object.site().publish_taken(Document::Main);
    assert!(!object.site().is_anything_unpublished());
}

#[test]
fn documents_have_these_keys() {
    assert_eq!(Document::Main.key("example.cn"), "site/example.cn");
    assert_eq!(Document::Pages(7).key("example.cn"), "site/example.cn/pages/07");
    assert_eq!(Document::Days(202_611).key("example.cn"), "site/example.cn/days/202611");
    assert_eq!(Document::site_of_main("site/example.cn"), Some("example.cn"));
    assert_eq!(Document::site_of_main("site/example.cn/pages/07"), None);
    assert_eq!(Document::site_of_main("other/example.cn"), None);
}

#[test]
fn a_document_of_another_version_is_told_apart_from_damage() {
    for format in [0, 4, 255] {
        let body = format!(r#"{{"format":{format},"generation":1,"pages":{{}}}}"#);
        assert_eq!(read::<PagesDocument>(&body), Err(FormatError::UnknownVersion), "{format}");
    }
    assert_eq!(read::<PagesDocument>(r#"{"format":1,"generation":1}"#), Err(FormatError::Damaged));
}

#[test]
fn today_s_counts_of_a_document_are_zero_once_the_day_is_over() {
    let main = main_of(&mut two_days());
    assert_eq!(main.today(2 * DAY_MS - 1), (1, 1));
    assert_eq!(main.today(2 * DAY_MS), (0, 0));
    let today = PeriodCounts { views: 1, visitors: 1 };
    assert_eq!(main.periods_on(main.day.date).week, today);
    let later = main.periods_on(Date(20_000_101));
    assert_eq!((later.yesterday, later.year), (PeriodCounts::default(), today), "{later:?}");
}

#[test]
fn a_site_restored_on_the_same_day_has_every_count_it_published() {
    let mut object = two_days();
    let (main, days) = (main_of(&mut object), days_of(&mut object, MONTH));
    assert_eq!(days.days, [DayCounts { date: day(0).date, views: 3, visitors: 2 }]);
    let now_ms = 2 * DAY_MS - 1;
    let site = Site::restore(main, vec![], vec![days], day(now_ms), SECRETS, now_ms);

    let (before, after) = (object.site().totals(), site.totals());
    let (counts, shares) = (site.counts(), Shares::from([("weibo".to_owned(), 1)]));
    assert_eq!((counts.views, counts.visitors, counts.views_today, counts.visitors_today), (4, 3, 1, 1));
    assert_eq!((&after.shares, &after.settings), (&shares, &before.settings));
    assert_eq!(
        (after.generation, after.oldest_generation),
        (before.generation + 1, before.oldest_generation)
    );
    assert_eq!((after.clock_ms, after.restored_at_ms), (now_ms, Some(now_ms)));
    assert_eq!(site.days().map(|day| day.views).collect::<Vec<_>>(), [3]);
    assert_eq!(site.page("/a"), PageCounts { views: 3, visitors: 3 });
    assert_eq!(site.page("/b"), PageCounts { views: 1, visitors: 1 });
    assert_eq!(site.pages().get("/a").unwrap().shares.to_map(), shares);
    assert_eq!(site.unpublished(), [Document::Main, Document::Days(MONTH)]);
}

#[test]
fn a_site_restored_on_a_later_day_has_the_published_day_as_a_finished_one() {
    let site = Site::restore(main_of(&mut two_days()), vec![], vec![], day(3 * DAY_MS), SECRETS, 3 * DAY_MS);
    let counts = site.counts();
    assert_eq!((counts.views, counts.visitors, counts.views_today, counts.visitors_today), (4, 3, 0, 0));
    let published = DayCounts { date: day(DAY_MS).date, views: 1, visitors: 1 };
    assert_eq!(site.days().copied().collect::<Vec<_>>(), [published]);

    let quiet = main_of(&mut Object::new());
    let site = Site::restore(quiet, vec![], vec![], day(3 * DAY_MS), SECRETS, 3 * DAY_MS);
    assert_eq!(site.days().count(), 0, "a day without a view is none");
}

#[test]
fn documents_from_before_a_reset_are_not_restored() {
    let main = MainDocument { pages: None, ..main_of(&mut two_days()) };
    let main = MainDocument { format: 1, generation: 5, oldest_generation: 5, ..main };
    let pages = |generation, key: &str| {
        let page = laifang_tally::publish::PublishedPage { views: 9, ..Default::default() };
        PagesDocument { format: 1, generation, pages: [(key.to_owned(), page)].into() }
    };
    let days = |generation, date| DaysDocument {
        format: 1,
        generation,
        days: vec![DayCounts { date: Date(date), views: 1, visitors: 1 }],
    };
    let old_and_new = vec![pages(4, "/old"), pages(5, "/new")];
    let site = Site::restore(
        main,
        old_and_new,
        vec![days(4, 19_991_231), days(5, 20_000_000)],
        day(DAY_MS),
        SECRETS,
        DAY_MS,
    );
    assert_eq!((site.page("/old").views, site.page("/new").views), (0, 9));
    assert_eq!(site.days().map(|day| day.date).collect::<Vec<_>>(), [Date(20_000_000)]);
}

#[test]
fn storage_that_fell_back_is_known_by_a_newer_document() {
    let mut object = two_days();
    let main = main_of(&mut object);
    let site = object.site();
    assert!(!site.is_older_than(&main), "they say the same");
    let generation = main.generation;
    for (views, visitors, generation, expected) in [
        (main.views + 1, main.visitors, generation, true),
        (main.views, main.visitors + 1, generation, true),
        (main.views, main.visitors, generation + 1, true),
        (0, 0, generation + 1, true),
        (main.views + 1, main.visitors + 1, generation - 1, false),
        (main.views - 1, main.visitors, generation, false),
    ] {
        let other = MainDocument { views, visitors, generation, ..main.clone() };
        assert_eq!(site.is_older_than(&other), expected, "{views} {visitors} {generation}");
    }
}

#[test]
fn a_document_is_due_until_kv_takes_it() {
    let mut object = Object::new();
    object.hit(1_000, "id-0000000000001", 1, "/a", Kind::Load);
    assert_eq!(object.site().unpublished(), [Document::Main], "pages are in the main document");
    main_of(&mut object);
    assert!(!object.site().is_anything_unpublished(), "it is on its way");
    object.site().publish_failed(Document::Main);
    assert_eq!(object.site().unpublished(), [Document::Main]);
    main_of(&mut object);
    object.site().publish_taken(Document::Main);
    assert!(!object.site().is_anything_unpublished());
}

#[test]
fn a_document_that_was_on_its_way_is_due_again_after_a_crash() {
    let mut object = two_days();
    main_of(&mut object);
    days_of(&mut object, MONTH);
    // A change that no entry tells stores the totals, with what KV has not confirmed.
    let site = object.site().with_settings(Settings::default());
    object.engine.begin(&object.rows, site).unwrap();
    object.crash();
    assert_eq!(object.site().unpublished(), [Document::Main, Document::Days(MONTH)]);

    days_of(&mut object, MONTH);
    object.site().publish_taken(Document::Days(MONTH));
    let site = object.site().with_settings(Settings::default());
    object.engine.begin(&object.rows, site).unwrap();
    object.crash();
    assert_eq!(object.site().unpublished(), [Document::Main], "what KV has is not told again");
}

#[test]
fn pages_move_to_documents_of_their_own_once_they_do_not_fit_one() {
    let mut object = in_buckets();
    assert_eq!(
        object.site().unpublished(),
        [Document::Main],
        "nobody reads buckets before the main one says so"
    );
    let main = main_of(&mut object);
    assert_eq!(main.pages, None);
    let due = object.site().unpublished();
    assert_eq!(due, (0..PAGE_BUCKETS).map(Document::Pages).collect::<Vec<_>>());
    let mut documents: Vec<PagesDocument> = Vec::new();
    for document in due {
        documents.push(read(&object.site().publish(document).unwrap()).unwrap());
        object.site().publish_taken(document);
    }
    assert_eq!(documents.iter().map(|document| document.pages.len()).sum::<usize>(), MANY_PAGES as usize);

    let page = "/new";
    object.hit(2_000, "id-0000000000001", 1, page, Kind::Load);
    let bucket = bucket_of(&main.bucket_key, page);
    assert_eq!(object.site().unpublished(), [Document::Main, Document::Pages(bucket)]);

    let site = Site::restore(main, documents, vec![], day(0), SECRETS, 2_000);
    assert_eq!((site.pages().len(), site.totals().published_in_buckets), (MANY_PAGES as usize, true));
    assert_eq!(site.unpublished().len(), 1 + PAGE_BUCKETS, "all of it is told anew");
}

#[test]
fn an_entry_tells_of_the_writes_that_it_may_cause() {
    let granted =
        laifang_tally::budget::Allowance { writes: 20, valid_until_ms: DAY_MS, ..Default::default() };
    // The main document alone; and with buckets also that of the page and of one that gives way.
    for (mut object, expected) in [(Object::new(), 1), (in_buckets(), 3)] {
        for document in [Document::Main].into_iter().chain((0..PAGE_BUCKETS).map(Document::Pages)) {
            object.site().publish(document).unwrap();
            object.site().publish_taken(document);
        }
        object.site().set_allowance(granted);
        object.hit(2_000, "id-0000000000001", 1, "/1", Kind::Load);
        object.crash();
        assert_eq!(object.site().allowance().writes, granted.writes - expected);
    }
}
