//! Our own export, brought back.

use crate::object::{OPTIONS, Object, made, refused};
use laifang_tally::import::{Options, Refused};

#[test]
fn an_export_brought_back_is_the_same_site() {
    let object = made();
    let file = object.export();
    let mut other = Object::new();
    let report = other.import(&file, OPTIONS).unwrap();
    assert_eq!((report.pages_added, report.days, report.after.visitors), (3, 3, 502));
    assert_eq!(other.export(), file);
    other.crash();
    assert_eq!(other.export(), file);
    assert_eq!(other.hit(1, "/a"), 503, "who they were is not in the file");
    assert!(other.import(&file, OPTIONS).unwrap().already_imported);
}

#[test]
fn an_export_restores_an_empty_site_only_unless_it_replaces() {
    let file = made().export();
    let mut object = Object::new();
    object.hit(1, "/mine");
    object.hit(2, "/a");
    assert_eq!(object.import(&file, OPTIONS).unwrap_err(), Refused::NotEmpty);
    let generation = object.site().totals().generation;
    let report = object.import(&file, Options { replace: true, ..OPTIONS }).unwrap();
    assert_eq!((report.pages_added, report.pages_changed, report.pages_removed), (2, 1, 1));
    assert_eq!(object.export(), file);
    assert_eq!(object.site().totals().generation, generation + 1);
    object.hit(3, "/a");
    object.crash();
    let report = object.import(&file, Options { replace: true, ..OPTIONS }).unwrap();
    assert!(!report.already_imported);
    assert_eq!(object.export(), file);
}

#[test]
fn yesterdays_today_becomes_a_day() {
    let file =
        made().export().replace("\"today\":{\"date\":\"2026-11-25\"", "\"today\":{\"date\":\"2026-11-23\"");
    let mut object = Object::new();
    object.import(&file, OPTIONS).unwrap();
    assert_eq!(object.site().counts().views_today, 0);
    assert!(object.days().contains(&(20_261_123, 2, 2)));
}

#[test]
fn a_file_has_so_many_days_at_most_and_none_from_before_clocks() {
    let file = made().export();
    let (before, after) = file.split_once("{\"day\"").unwrap();
    let with = |days: &str| format!("{before}{days}{{\"day\"{after}");
    let early = with("{\"day\":{\"date\":\"1969-12-31\",\"views\":1,\"visitors\":1}}\n");
    assert!(refused(early.as_bytes()).1.contains("1969-12-31 is before 1970-01-01"));
    let date = |day: u32| format!("{}-{:02}-{:02}", 2100 + day / 336, day / 28 % 12 + 1, day % 28 + 1);
    let many: String = (0..20_000)
        .map(|day| format!("{{\"day\":{{\"date\":\"{}\",\"views\":1,\"visitors\":1}}}}\n", date(day)))
        .collect();
    assert!(refused(with(&many).as_bytes()).1.contains("more than 20000 days"));
}

#[test]
fn an_export_that_is_not_whole_is_refused() {
    let file = made().export();
    let lines: Vec<&str> = file.lines().collect();
    let cut = lines[..lines.len() - 1].join("\n");
    assert!(refused(cut.as_bytes()).1.contains("cut short"));
    let without_a_page = file.replace(lines[lines.len() - 2], "");
    let (line, reason) = refused(without_a_page.as_bytes());
    assert!(line == lines.len() as u64 && reason.contains("not whole"), "{line} {reason}");
    let half_a_line = &file[..file.len() / 2];
    assert!(refused(half_a_line.as_bytes()).1.contains("not a line of an export"));
    for (from, to, reason) in [
        ("\"format\":1", "\"format\":3", "format 3"),
        ("{\"page\":{\"key\":\"/a\"", "{\"page\":{\"key\":\"/b/%22x%22\"", "was named before"),
        ("2025-02-28", "2025-02-30", "is not a date"),
        ("\"weibo\"", "\"WEIBO\"", "networks"),
        ("\"views\":902", "\"views\":9007199254740992", "the largest count"),
        ("\"views\":902", "\"views\":-1", "not a line of an export"),
        ("{\"laifang\"", "{\"other\"", "not a line of an export"),
    ] {
        assert!(file.contains(from), "{from}");
        let (_, sentence) = refused(file.replace(from, to).as_bytes());
        assert!(sentence.contains(reason), "{to}: {sentence}");
    }
    assert_eq!(refused(lines[1..].join("\n").as_bytes()).0, 1);
}
