//! Moved and merged pages in storage, in files and in KV.

use crate::object::{OPTIONS, Object, made, refused};
use laifang_tally::day::{Date, Day};
use laifang_tally::import::Options;
use laifang_tally::moves::{self, MAX_MOVES};
use laifang_tally::publish::{Document, MainDocument, read};
use laifang_tally::query_rule::QueryRule;
use laifang_tally::site::{Settings, Site};
use laifang_tally::visitor::Secret;

impl Object {
    fn moved(&self, table: &str) -> Site {
        let pairs = moves::read("example.cn", table).unwrap();
        self.site().with_moves(&pairs).unwrap().0.unwrap()
    }

    fn lead(&mut self, table: &str) {
        let site = self.moved(table);
        self.engine.switch(&self.rows, site).unwrap();
    }

    fn drop_queries(&mut self) {
        let site = self.site().with_settings(Settings { query: QueryRule::Drop, ..Settings::default() });
        self.engine.begin(&self.rows, site).unwrap();
    }
}

#[test]
fn hits_shares_and_files_agree_about_a_moved_page_across_a_crash() {
    let mut object = made();
    let before = object.page("/a");
    object.lead("/a,/new\n/c,/new");
    for _ in 0..2 {
        assert_eq!((object.page("/a"), object.page("/new")), ((0, 0), before));
        assert_eq!(object.site().pages().get("/new").unwrap().shares.to_map()["weibo"], 1);
        object.crash();
    }
    object.hit(9, "/a");
    object.hit(9, "/new");
    assert_eq!(object.page("/new"), (before.0 + 2, before.1 + 1), "one visitor of one page");
    let report = object.import("/a,60,6\n/c/,40,4\n/new,900,90\n", OPTIONS).unwrap();
    assert_eq!((object.page("/new"), report.merged, report.pages_added), ((1000, 100), 2, 0));
    object.crash();
    assert_eq!(object.page("/new"), (1000, 100));
}

#[test]
fn whatever_write_of_a_move_or_a_merge_fails_the_site_is_the_old_or_the_new_one() {
    let moves = |object: &Object| object.moved("/a,/x\n/%E4%B8%AD?a=1,/x");
    let merges = |object: &Object| object.site().with_merges().0.unwrap();
    for change in [&moves as &dyn Fn(&Object) -> Site, &merges] {
        let start = || {
            let mut object = made();
            object.drop_queries();
            object.hit(9, "/a");
            object
        };
        let old = start().export();
        let mut new = start();
        let site = change(&new);
        new.engine.switch(&new.rows, site).unwrap();
        let (mut olds, mut news) = (0, 0);
        for writes in 0..100 {
            let mut object = start();
            let site = change(&object);
            object.rows.writes_left.set(Some(writes));
            let outcome = object.engine.switch(&object.rows, site);
            object.rows.writes_left.set(None);
            object.crash();
            match object.export() {
                export if export == old => olds += 1,
                export if export == new.export() => news += 1,
                export => panic!("after {writes} writes: {export}"),
            }
            assert!(outcome.is_err() || object.export() != old, "what succeeded is stored");
            object.hit(77, "/a");
        }
        assert!(olds > 60 && news > 20, "{olds} {news}");
    }
}

#[test]
fn an_export_takes_moves_along_and_a_damaged_one_is_refused() {
    let mut object = made();
    object.lead("/a,/new\n/old,/new");
    let file = object.export();
    let mut other = Object::new();
    other.lead("/gone,/b");
    other.import(&file, OPTIONS).unwrap();
    other.crash();
    assert_eq!(other.export(), file);
    assert_eq!(
        (&*other.site().totals().page_of("/a"), &*other.site().totals().page_of("/gone")),
        ("/new", "/gone")
    );

    let lines: Vec<&str> = file.lines().collect();
    let move_line = lines.iter().find(|line| line.contains("\"move\"")).unwrap();
    assert!(refused(file.replacen(move_line, "", 1).as_bytes()).1.contains("not whole"));
    assert!(
        refused(file.replacen(move_line, &format!("{move_line}\n{move_line}"), 1).as_bytes())
            .1
            .contains("was moved before")
    );
    let many = |count: usize, length: usize| -> String {
        (0..count)
            .map(|at| format!("{{\"move\":{{\"from\":\"/{at:0length$}\",\"to\":\"/new\"}}}}\n"))
            .collect()
    };
    let with = |more: String| file.replacen(move_line, &format!("{more}{move_line}"), 1);
    assert!(refused(with(many(MAX_MOVES, 6)).as_bytes()).1.contains("more than 5000 addresses"));
    let long = with(many(300, 1000)).replace("\"moves\":2", "\"moves\":302");
    assert!(refused(long.as_bytes()).1.contains("too long together"));
}

#[test]
fn a_file_from_before_there_were_moves_takes_those_away_that_it_replaces() {
    let file = made().export();
    let mut object = Object::new();
    object.lead("/a,/b");
    object.import(&file, Options { replace: true, ..OPTIONS }).unwrap();
    assert_eq!(object.export(), file);
    assert_eq!(object.site().totals().page_of("/a"), "/a");
}

#[test]
fn a_site_comes_back_from_kv_with_its_moves_and_a_document_of_it_has_a_format_of_its_own() {
    let mut object = made();
    let main = |object: &mut Object| object.engine.site_mut().unwrap().publish(Document::Main).unwrap();
    assert!(main(&mut object).starts_with("{\"format\":1,"));
    object.lead("/a,/new");
    let body = main(&mut object);
    assert!(body.starts_with("{\"format\":3,") && body.contains("\"moves\":{\"/a\":\"/new\"}"), "{body}");
    let main: MainDocument = read(&body).unwrap();
    assert_eq!((main.page_of("/a"), main.page_of("/b")), ("/new".into(), "/b".into()));

    let day = Day { date: Date(20_261_125), ends_at_ms: u64::MAX };
    let restored = Site::restore(main.clone(), vec![], vec![], day, Default::default(), 9);
    assert_eq!(
        (restored.page("/new"), &restored.totals().moves),
        (object.site().page("/new"), &object.site().totals().moves)
    );
    let anew = Site::new(9, day, Secret::default(), Secret::default()).chosen_in(&main);
    assert_eq!((&*anew.totals().page_of("/a"), anew.pages().len()), ("/new", 0));
}
