//! The switch from the old site to the new one, whatever goes wrong.

use crate::goatcounter::GOATCOUNTER_2;
use crate::object::{FRESH, OPTIONS, Object, made, read};
use laifang_tally::budget::Allowance;
use laifang_tally::engine::Storage;
use laifang_tally::import::Options;
use laifang_tally::publish::Document;

#[test]
fn whatever_write_fails_the_site_is_the_old_or_the_new_one() {
    let file = made().export();
    let (replace, table) = (Options { replace: true, ..OPTIONS }, "*,9000,5000\n/a,100,\n/new,5,5\n");
    for (file, options) in [(file.as_str(), replace), (table, OPTIONS)] {
        let mut new = made();
        new.hit(9, "/a");
        let old = new.export();
        new.import(file, options).unwrap();
        let (mut olds, mut news) = (0, 0);
        for writes in 0..200 {
            let mut object = made();
            object.hit(9, "/a");
            let import = read(file).unwrap();
            let (site, _) = object.site().with_import(import, options, FRESH).unwrap();
            object.rows.writes_left.set(Some(writes));
            let outcome = object.engine.switch(&object.rows, site.unwrap());
            object.rows.writes_left.set(None);
            object.crash();
            let export = object.export();
            match (export == old, export == new.export()) {
                (true, false) => olds += 1,
                (false, true) => news += 1,
                _ => panic!("after {writes} writes: {export}"),
            }
            assert!(outcome.is_err() || export != old, "what succeeded is stored");
            let number = object.hit(77, "/a");
            assert_eq!(number, object.counts().1, "counting goes on");
        }
        assert!(olds > 60 && news > 60, "{olds} {news}");
    }
}

#[test]
fn rows_of_the_set_before_the_last_are_forgotten() {
    let mut object = Object::new();
    object.import(GOATCOUNTER_2, OPTIONS).unwrap();
    let export = {
        let mut empty = Object::new();
        empty.hit(1, "/only");
        empty.export()
    };
    object.import(&export, Options { replace: true, ..OPTIONS }).unwrap();
    object.import("/x,1,1\n", OPTIONS).unwrap();
    object.crash();
    assert_eq!((object.days(), object.page("/a.html"), object.page("/x")), (vec![], (0, 0), (1, 1)));
}

#[test]
fn the_kv_writes_that_an_import_makes_due_are_not_granted_again_after_a_crash() {
    let mut object = Object::new();
    object.hit(1, "/a");
    let site = object.engine.site_mut().unwrap();
    site.publish(Document::Main).unwrap();
    site.publish_taken(Document::Main);
    site.set_allowance(Allowance { writes: 4, valid_until_ms: u64::MAX, spacing_ms: 0, next_ms: 0 });
    let granted = site.allowance_row().unwrap();
    object.rows.write_row(granted).unwrap();
    object.import("*,9000,5000\n", OPTIONS).unwrap();
    object.crash();
    assert_eq!(object.site().allowance().writes, 3, "the main document is one of the four");
}
