//! LeanCloud's export of the class `Counter`, as themes filled it.

use crate::object::{OPTIONS, Object, refused};
use laifang_tally::import::Options;

const HEADER: &str = "#filetype:JSON-streaming {\"type\":\"Class\",\"class\":\"Counter\"}\n";

fn record(page: &str, views: u64) -> String {
    let times = "\"createdAt\":\"2021-03-04T05:06:07.890Z\",\"updatedAt\":\"2026-11-01T00:00:00.000Z\"";
    format!("{{{page},\"title\":\"渡口\",\"time\":{views},\"objectId\":\"5f\",{times}}}\n")
}

#[test]
fn articles_of_next_and_valine_have_their_views() {
    let mut object = Object::new();
    let file = [
        HEADER.to_owned(),
        record("\"url\":\"/2021/03/04/ferry/\"", 1_234),
        record("\"url\":\"/2021/%E6%B8%A1%E5%8F%A3/\"", 5),
        record("\"url\":\"/2021/渡口/index.html\"", 6),
        record("\"url\":\"https://example.cn/about/\"", 7),
    ]
    .concat();
    let report = object.import(&file, OPTIONS).unwrap();
    assert_eq!((report.lines, report.pages_added, report.merged), (4, 3, 1));
    assert_eq!(object.page("/2021/03/04/ferry"), (1_234, 0));
    assert_eq!(object.page("/2021/%E6%B8%A1%E5%8F%A3"), (11, 0), "encoded and not are one page");
    assert_eq!(object.page("/about"), (7, 0));
    assert_eq!(object.counts(), (0, 0), "what LeanCloud did not count is not made up");
    assert!(object.import(&file, OPTIONS).unwrap().already_imported);
}

#[test]
fn fluid_kept_the_site_too() {
    let mut object = Object::new();
    let file = [
        HEADER.to_owned(),
        record("\"target\":\"site-pv\"", 9_000),
        record("\"target\":\"site-uv\"", 5_000),
        record("\"target\":\"/2021/渡口/\"", 6),
    ]
    .concat();
    object.import(&file, OPTIONS).unwrap();
    assert_eq!((object.counts(), object.page("/2021/%E6%B8%A1%E5%8F%A3")), ((9_000, 5_000), (6, 0)));
    assert_eq!(object.hit(1, "/2021/%E6%B8%A1%E5%8F%A3"), 5_001);
    assert_eq!(object.page("/2021/%E6%B8%A1%E5%8F%A3"), (7, 1));
}

#[test]
fn five_thousand_records_agree() {
    let mut object = Object::new();
    let records: String =
        (0..5_000).map(|number| record(&format!("\"url\":\"/p/{number}/\""), number + 1)).collect();
    let report =
        object.import(&format!("{HEADER}{records}"), Options { max_pages: 100_000, ..OPTIONS }).unwrap();
    assert_eq!((report.lines, report.pages_added), (5_000, 5_000));
    assert!((0..5_000).all(|number| object.page(&format!("/p/{number}")) == (number + 1, 0)));
}

#[test]
fn a_damaged_line_is_named_and_another_class_is_told() {
    let mut object = Object::new();
    let good = record("\"url\":\"/a/\"", 1);
    for (file, line, reason) in [
        (format!("{HEADER}{good}{{\"url\":\"/b/\",\"ti"), 3, "not a record of LeanCloud's class Counter"),
        (format!("{HEADER}{good}{{\"time\":3}}"), 3, "names no page"),
        (format!("{HEADER}{{\"url\":\"/a/\",\"time\":-3}}"), 2, "not a whole number"),
        (format!("{HEADER}{{\"url\":\"/a/\",\"time\":1.5}}"), 2, "not a whole number"),
        (
            HEADER.replace("Counter", "Comment") + &good,
            1,
            "class “Comment”. The views are in the class Counter",
        ),
        (format!("#filetype:JSON-streaming\n{good}"), 1, "does not name a class"),
    ] {
        let (bad_line, said) = refused(file.as_bytes());
        assert_eq!(bad_line, line, "{said}");
        assert!(said.contains(reason), "{said}");
    }
    assert_eq!(object.page("/a"), (0, 0));
    assert_eq!(object.hit(1, "/a"), 1);
}
