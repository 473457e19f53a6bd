//! GoatCounter's own export.

use crate::object::{OPTIONS, Object, refused};

/// Its second format: two pages, an event, a bot.
pub const GOATCOUNTER_2: &str = "\
2Path,Title,Event,UserAgent,Browser,System,Session,Bot,Referrer,Referrer scheme,Screen size,Location,FirstVisit,Date
/a.html,\"A, title\",false,Mozilla/5.0,Firefox 150,Linux,aaaa,0,,,\"1920,1080,1\",CN,true,2020-01-01T10:00:00Z
/a.html,A,false,Mozilla/5.0,Firefox 150,Linux,aaaa,0,,,,CN,false,2020-01-01T10:01:00Z
/b/,B,false,Mozilla/5.0,Firefox 150,Linux,aaaa,0,,,,CN,true,2020-01-01T17:00:00Z
/b,B,false,Mozilla/5.0,Firefox 150,Linux,bbbb,0,,,,CN,true,2020-01-01T17:01:00Z
click,,true,Mozilla/5.0,Firefox 150,Linux,bbbb,0,,,,CN,true,2020-01-01T17:02:00Z
/b,B,false,Bot/1.0,,,cccc,3,,,,,true,2020-01-01T17:03:00Z
";

#[test]
fn goatcounters_hits_are_summed_up() {
    let mut object = Object::new();
    let report = object.import(GOATCOUNTER_2, OPTIONS).unwrap();
    assert_eq!((report.lines, report.pages_added, report.days), (6, 2, 2));
    assert_eq!((object.counts(), object.page("/a.html"), object.page("/b")), ((4, 2), (2, 1), (2, 2)));
    // Eight hours ahead, 17:00 is the next day; a session is a visitor of the day it began on.
    assert_eq!(object.days(), [(20_200_101, 2, 1), (20_200_102, 2, 1)]);
    assert!(object.import(GOATCOUNTER_2, OPTIONS).unwrap().already_imported);
}

#[test]
fn goatcounters_older_columns_are_read_by_name() {
    let file = "1Path,Title,Event,Bot,Session,FirstVisit,Referrer,Referrer scheme,Browser,Screen size,Location,Date\n\
                /x,,false,0,s,true,,,UA,,,2020-01-03T00:00:00Z\n";
    let mut object = Object::new();
    object.import(file, OPTIONS).unwrap();
    assert_eq!((object.counts(), object.days()), ((1, 1), vec![(20_200_103, 1, 1)]));
    let (line, reason) = refused(b"2Path,Title\n/x,\n");
    assert!(line == 1 && reason.contains("no column Event"), "{reason}");
    let (line, reason) = refused(GOATCOUNTER_2.replace("2020-01-01T10:01:00Z", "yesterday").as_bytes());
    assert!(line == 3 && reason.contains("“yesterday” is not a time"), "{reason}");
}

#[test]
fn days_grow_and_the_running_day_stays() {
    let mut object = Object::new();
    object.import(GOATCOUNTER_2, OPTIONS).unwrap();
    let more = GOATCOUNTER_2.to_owned() + "/a.html,A,false,M,F,L,dddd,0,,,,CN,true,2020-01-01T11:00:00Z\n";
    let report = object.import(&more, OPTIONS).unwrap();
    assert_eq!((report.days, object.days()), (1, vec![(20_200_101, 3, 2), (20_200_102, 2, 1)]));
}
