//! Pages that were moved, in a site whose pages have documents of their own: whatever of them KV has, all together are
//! the site before or after.

use super::object::*;
use laifang_tally::engine::Storage;
use laifang_tally::moves;
use laifang_tally::pages::{PAGE_BUCKETS, bucket_of};
use laifang_tally::publish::{Document, MainDocument, PagesDocument, read};
use laifang_tally::query_rule::QueryRule;
use laifang_tally::request::Kind;
use laifang_tally::site::{Settings, Site};
use std::collections::BTreeMap;

const PAGES: u64 = 5_000;

/// What KV holds.
type Kv = BTreeMap<Document, String>;

fn in_buckets() -> Object {
    let mut object = Object { max_pages: 100_000, ..Object::new() };
    for number in 0..PAGES {
        object.hit(1_000, &format!("{number:016}"), 1, &format!("/{number}"), Kind::Load);
    }
    object
}

fn put(object: &mut Object, kv: &mut Kv, document: Document) {
    kv.insert(document, object.site().publish(document).unwrap());
    if object.site().publish_taken(document) {
        let rows = object.site().page_set_rows().unwrap();
        rows.into_iter().for_each(|row| object.rows.write_row(row).unwrap());
    }
}

fn publish_all(object: &mut Object, kv: &mut Kv) {
    while let Some(document) = object.site().unpublished().pop() {
        put(object, kv, document);
    }
}

/// The pages that a site has which comes back from KV.
fn restored(kv: &Kv) -> BTreeMap<String, u64> {
    let main: MainDocument = read(&kv[&Document::Main]).unwrap();
    let buckets = (0..PAGE_BUCKETS).filter_map(|bucket| kv.get(&main.pages_in(bucket)));
    let pages: Vec<PagesDocument> = buckets.map(|body| read(body).unwrap()).collect();
    let site = Site::restore(main, pages, vec![], day(0), Default::default(), 9_000);
    site.pages().iter().map(|(key, page)| (key.to_owned(), page.counts.views)).collect()
}

fn change(object: &mut Object, change: impl FnOnce(&Site) -> Option<Site>) {
    let site = change(object.site()).unwrap();
    object.engine.switch(&object.rows, site).unwrap();
}

fn lead(object: &mut Object, table: &str) {
    let pairs = moves::read("s", table).unwrap();
    change(object, |site| site.with_moves(&pairs).unwrap().0);
}

fn reads(kv: &Kv, key: &str) -> u64 {
    let main: MainDocument = read(&kv[&Document::Main]).unwrap();
    let key = main.page_of(key).into_owned();
    let document = main.pages_in(bucket_of(&main.bucket_key, &key));
    let pages: PagesDocument = read(&kv[&document]).unwrap();
    pages.pages.get(&key).map_or(0, |page| page.views)
}

#[test]
fn at_every_document_on_the_way_a_read_and_a_restore_find_the_pages_before_or_after() {
    let (mut object, mut kv) = (in_buckets(), Kv::new());
    publish_all(&mut object, &mut kv);
    let before = restored(&kv);
    let table: String = (0..60).map(|number| format!("/{number},/{}\n", number + 60)).collect();
    lead(&mut object, &table);
    let due = object.site().unpublished();
    assert_eq!(due.len(), 1 + PAGE_BUCKETS);
    let mut steps = 0;
    let mut is_after = false;
    // The main document in between, as every second write is its.
    let mut way: Vec<Document> = due.into_iter().flat_map(|document| [document, Document::Main]).collect();
    while let Some(document) = way.pop() {
        put(&mut object, &mut kv, document);
        let found = restored(&kv);
        let now_after = found != before;
        assert!(now_after || !is_after, "it never goes back");
        is_after = now_after;
        assert_eq!(reads(&kv, "/7"), if is_after { 2 } else { 1 });
        assert_eq!(found.values().sum::<u64>(), PAGES, "nothing is lost or doubled");
        assert_eq!(found.len() as u64, if is_after { PAGES - 60 } else { PAGES });
        steps += 1;
        if steps == 70 {
            object.crash();
            way = object
                .site()
                .unpublished()
                .into_iter()
                .flat_map(|document| [document, Document::Main])
                .collect();
        }
    }
    assert!(is_after && steps > 140, "{steps}");
}

#[test]
fn once_all_is_in_kv_a_crash_does_not_lead_reads_back() {
    let (mut object, mut kv) = (in_buckets(), Kv::new());
    publish_all(&mut object, &mut kv);
    lead(&mut object, "/1,/2");
    publish_all(&mut object, &mut kv);
    let main: MainDocument = read(&kv[&Document::Main]).unwrap();
    assert_eq!((main.format, main.in_second_set, main.moves.len()), (3, true, 1));
    object.crash();
    put(&mut object, &mut kv, Document::Main);
    assert_eq!(reads(&kv, "/1"), 2);
}

#[test]
fn a_move_while_another_is_on_its_way_and_a_merge_are_published_whole() {
    let (mut object, mut kv) = (in_buckets(), Kv::new());
    object.hit(2_000, "aaaaaaaaaaaaaaaa", 1, "/1?id=1", Kind::Load);
    publish_all(&mut object, &mut kv);
    let before = restored(&kv);
    lead(&mut object, "/1,/2");
    for document in object.site().unpublished().into_iter().rev().take(40) {
        put(&mut object, &mut kv, document);
    }
    // Sent before the next move: when it lands it says nothing of the pages then.
    let late = object.site().unpublished().pop().unwrap();
    object.site().publish(late).unwrap();
    lead(&mut object, "/2,/3");
    assert!(!object.site().publish_taken(late));
    let buckets = object.site().unpublished();
    assert_eq!(buckets.len(), 1 + PAGE_BUCKETS, "all of the set again");
    for document in buckets.into_iter().rev().take(PAGE_BUCKETS - 1) {
        put(&mut object, &mut kv, document);
        put(&mut object, &mut kv, Document::Main);
        assert_eq!(restored(&kv), before);
    }
    publish_all(&mut object, &mut kv);
    assert_eq!((reads(&kv, "/1"), reads(&kv, "/3")), (3, 3));

    let site = object.site().with_settings(Settings { query: QueryRule::Drop, ..Settings::default() });
    object.engine.begin(&object.rows, site).unwrap();
    change(&mut object, |site| site.with_merges().0);
    publish_all(&mut object, &mut kv);
    let main: MainDocument = read(&kv[&Document::Main]).unwrap();
    assert_eq!((reads(&kv, "/1"), main.in_second_set), (4, false));
    assert_eq!(restored(&kv).values().sum::<u64>(), PAGES + 1);
}

#[test]
fn an_address_that_brings_no_page_along_costs_no_documents_but_the_main_one() {
    let (mut object, mut kv) = (in_buckets(), Kv::new());
    publish_all(&mut object, &mut kv);
    lead(&mut object, "/never-seen,/2");
    assert_eq!(object.site().unpublished(), [Document::Main]);
    publish_all(&mut object, &mut kv);
    assert_eq!(reads(&kv, "/never-seen"), 1);
}
