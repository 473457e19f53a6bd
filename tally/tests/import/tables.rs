//! Tables of `page,views,visitors`, and what is no table.

use crate::object::{OPTIONS, Object, refused};
use laifang_tally::import::{Options, Refused};

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

#[test]
fn a_site_has_no_more_pages_than_it_may() {
    let mut object = Object::new();
    let file: String = (0..101).map(|page| format!("/{page},2,2\n")).collect();
    assert_eq!(object.import(&file, OPTIONS).unwrap_err(), Refused::TooManyPages { pages: 101 });
    assert!(object.site().pages().is_empty());
}

#[test]
fn names_longer_together_than_a_site_keeps_are_no_matter_of_how_many_pages() {
    let mut object = Object::new();
    let name = "a".repeat(1_000);
    let options = Options { max_pages: 100_000, ..OPTIONS };
    let file: String = (0..16_000).map(|page| format!("/{name}{page},2,2\n")).collect();
    assert_eq!(object.import(&file, options).unwrap_err(), Refused::TooLongNames);
    object.import("/a,2,2\n", options).unwrap();
    assert_eq!((object.site().pages().len(), object.site().pages().is_empty()), (1, false));
}
