//! What moves and merges say of addresses, and what they do to counts.

use super::*;
use crate::counts::{PageCounts, Shares};
use crate::page::key_of_path;
use crate::page_shares::PageShares;
use crate::site::{Settings, Site};
use proptest::prelude::*;

const SITE: &str = "example.cn";

fn rule(json: &str) -> QueryRule {
    serde_json::from_str(json).unwrap()
}

fn moves(pairs: &[(&str, &str)]) -> Moves {
    Moves::of(pairs.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())))
}

fn listed(moves: &Moves) -> Vec<(&str, &str)> {
    moves.iter().collect()
}

fn pairs(body: &str) -> Vec<Pair> {
    read(SITE, body).unwrap()
}

fn refusal(body: &str) -> (u64, String) {
    let bad = read(SITE, body).unwrap_err();
    (bad.line, bad.reason)
}

/// A site with pages of these views, one visitor and one share each.
fn site(pages: &[(&str, u64)]) -> Site {
    let mut site = Site::default();
    for (key, views) in pages {
        site.change_page(1, key, |page| page.counts = PageCounts { views: *views, visitors: 1 });
        site.pages.set_shares(1, key, PageShares::from(&Shares::from([("qq".into(), 1)])));
    }
    site
}

fn moved(site: &Site, body: &str) -> (Site, Report) {
    let (moved, report) = site.with_moves(&pairs(body)).unwrap();
    (moved.unwrap(), report)
}

fn counted(site: &Site) -> Vec<(&str, u64, u64, u64)> {
    let shares = |page: &crate::pages::Page| page.shares.entries().iter().map(|(_, count)| count).sum();
    let of =
        site.pages.iter().map(|(key, page)| (key, page.counts.views, page.counts.visitors, shares(page)));
    let mut all: Vec<_> = of.collect();
    all.sort_unstable();
    all
}

#[test]
fn counts_and_shares_are_added_up_and_the_old_address_leads_to_the_new() {
    let site = site(&[("/old", 10), ("/new", 5), ("/else", 1)]);
    let (after, report) = moved(&site, r#"{"from": "/old/index.html", "to": "https://www.example.cn/new/"}"#);
    assert_eq!(counted(&after), [("/else", 1, 1, 1), ("/new", 15, 2, 2)]);
    assert_eq!((&*after.totals.page_of("/old"), &*after.totals.page_of("/new")), ("/new", "/new"));
    let line = &report.lines[0];
    assert_eq!((&*line.from, &*line.to, line.adds.views, line.after.views), ("/old", "/new", 10, 15));
    assert_eq!((line.adds.shares["qq"], line.after.shares["qq"]), (1, 2));
    assert_eq!((report.total, report.pages_before, report.pages_after, report.moves), (1, 3, 2, 1));
    assert_eq!(after.totals.row_set, site.totals.row_set + 1);
    assert_eq!(
        after.with_moves(&pairs("/old,/new")).unwrap().0.map(|_| ()),
        None,
        "said again it changes nothing"
    );
}

#[test]
fn a_page_that_moves_to_an_address_without_one_keeps_its_age() {
    let mut site = site(&[("/old", 10)]);
    site.pages = crate::pages::Pages::new(site.totals.bucket_key);
    site.change_page(7, "/old", |page| page.counts = PageCounts { views: 10, visitors: 1 });
    let (after, _) = moved(&site, "/old,/new");
    assert_eq!(after.pages.get("/new").map(|page| page.created_seq), Some(7));
}

#[test]
fn chains_lead_to_their_end_in_one_call_and_in_several() {
    let site = site(&[("/a", 1), ("/b", 2), ("/c", 4)]);
    let expected = [("/c", 7, 3, 3)];
    for bodies in [&["/a,/b\n/b,/c"][..], &["/b,/c\n/a,/b"], &["/a,/b", "/b,/c"], &["/b,/c", "/a,/b"]] {
        let after = bodies.iter().fold(site.clone(), |site, body| moved(&site, body).0);
        assert_eq!(counted(&after), expected, "{bodies:?}");
        assert_eq!(listed(&after.totals.moves), [("/a", "/c"), ("/b", "/c")], "{bodies:?}");
    }
}

#[test]
fn the_newer_word_ends_what_would_lead_back() {
    let site = site(&[("/a", 1), ("/b", 2)]);
    let (there, _) = moved(&site, "/a,/b");
    let (back, report) = moved(&there, "/b,/a");
    assert_eq!(counted(&back), [("/a", 3, 2, 2)]);
    assert_eq!((listed(&back.totals.moves), report.ended), (vec![("/b", "/a")], vec!["/a".to_owned()]));

    let (longer, _) = moved(&there, "/b,/c");
    let (back, _) = moved(&longer, "/c,/a");
    assert_eq!(counted(&back), [("/a", 3, 2, 2)]);
    assert_eq!(listed(&back.totals.moves), [("/b", "/a"), ("/c", "/a")]);
}

#[test]
fn an_address_moved_to_itself_is_a_page_of_its_own_again() {
    let (there, _) = moved(&site(&[("/a", 1), ("/b", 2)]), "/a,/b");
    let (ended, report) = moved(&there, "/a,/a/");
    assert_eq!((report.ended, report.total), (vec!["/a".to_owned()], 0));
    assert_eq!((counted(&ended), &*ended.totals.page_of("/a")), (vec![("/b", 3, 2, 2)], "/a"));
    assert!(ended.with_moves(&pairs("/a,/a")).unwrap().0.is_none());
}

#[test]
fn contradictions_are_named_by_their_line() {
    let site = site(&[]);
    let refused = |body: &str| match site.with_moves(&pairs(body)) {
        Err(Refused::Line(bad)) => (bad.line, bad.reason),
        other => panic!("{other:?}"),
    };
    let (line, reason) = refused("/a,/b\n/x,/y\n/a/,/c");
    assert_eq!((line, &*reason), (3, "“/a” was given another new address in line 1."));
    let (line, reason) = refused("/z,/a\n/a,/b\n/b,/c\n/c,/a");
    assert_eq!(line, 4);
    assert!(reason.starts_with("these addresses lead in a circle: "), "{reason}");
    assert!(site.with_moves(&pairs("/a,/b\n/a/,/b/")).is_ok(), "the same said twice");
}

#[test]
fn moves_are_bounded_by_number_and_bytes() {
    let table = |count: usize, length: usize| -> String {
        (0..count).map(|number| format!("/{number:0length$},/new\n")).collect()
    };
    let (full, report) = moved(&site(&[]), &table(MAX_MOVES, 8));
    assert_eq!(report.moves, MAX_MOVES);
    let refused = full.with_moves(&pairs("/one-more,/new"));
    assert!(matches!(refused, Err(Refused::TooManyMoves { moves: 5_001, .. })), "{refused:?}");
    assert!(full.with_moves(&pairs("/00000001,/00000001")).is_ok(), "fewer are always possible");
    let refused = site(&[]).with_moves(&pairs(&table(300, 900)));
    assert!(matches!(refused, Err(Refused::TooManyMoves { moves: 300, .. })), "{refused:?}");
    let refused = refusal(&format!("old,new\n{}", table(MAX_MOVES + 1, 8)));
    assert_eq!(refused, (5_002, "there are more than 5000 pairs.".to_owned()));
}

#[test]
fn a_body_is_a_pair_a_list_or_a_table() {
    let expected = [("/a", "/b", 1), ("/c?id=1", "/d", 2)];
    for body in [
        r#"{"moves": [{"from": "/a", "to": "/b"}, {"from": "/c?id=1&utm_source=x", "to": "/d"}]}"#,
        "/a,/b\nhttps://EXAMPLE.cn/c?id=1,/d\n",
        "\u{feff}/a/,/b/\r\n\"/c?id=1\",/d",
    ] {
        let read: Vec<_> = pairs(body).into_iter().map(|pair| (pair.from, pair.to, pair.line)).collect();
        let expected = expected.map(|(from, to, line)| (from.to_owned(), to.to_owned(), line));
        assert_eq!(read, expected, "{body}");
    }
    assert_eq!(pairs("old address,new address\n/a,/b")[0].line, 2);
    assert_eq!(pairs(r#"{"from":"/a","to":"/b"}"#).len(), 1);
}

#[test]
fn what_is_no_pair_of_addresses_is_said() {
    for (body, line, reason) in [
        ("", 1, "there is no pair of addresses: write an old address and its new one."),
        ("old,new\n", 1, "there is no pair of addresses: write an old address and its new one."),
        (r#"{"moves":[]}"#, 1, "there is no pair of addresses: write an old address and its new one."),
        (
            r#"{"from":"/a"}"#,
            1,
            "this is not JSON of a pair (from, to), nor of a list of such pairs (moves).",
        ),
        ("/a,/b\n/c", 2, "the columns must be two: the old address and the new one."),
        ("/a,b.html", 1, "“b.html” is no address of a page: it must begin with / or https://."),
        ("/a,/b\nold,new", 2, "“old” is no address of a page: it must begin with / or https://."),
        (
            "/a,https://other.cn/b",
            1,
            "“https://other.cn/b” is not on example.cn. To move a whole site, export it and import it there.",
        ),
        ("/a,https://", 1, "“https://” can't be read as an address."),
    ] {
        assert_eq!(refusal(body), (line, reason.to_owned()), "{body}");
    }
    assert!(refusal(&format!("/a,/{}", "x".repeat(1024))).1.ends_with("is longer than 1024 bytes."));
}

#[test]
fn a_rule_that_is_newer_than_a_move_holds_for_it_too() {
    let moves = moves(&[("/old", "/new?id=7"), ("/x?id=1", "/y")]);
    assert_eq!(moves.page_of(&QueryRule::Keep, "/old"), "/new?id=7");
    let drop = rule(r#""drop""#);
    for address in ["/old", "/old?a=1", "/new?id=7", "/new"] {
        assert_eq!(moves.page_of(&drop, address), "/new", "{address}");
    }
    assert_eq!(
        (moves.page_of(&drop, "/x?id=1"), moves.page_of(&drop, "/x?id=2")),
        ("/y".into(), "/x".into())
    );
    assert_eq!(listed(&moves.under(&drop)), [("/old", "/new"), ("/x?id=1", "/y")]);
    let circle = self::moves(&[("/a", "/b?x"), ("/b", "/a?x")]);
    assert_eq!((circle.page_of(&drop, "/a"), circle.page_of(&drop, "/b?y")), ("/a".into(), "/b".into()));
}

/// A site on which `/p` and `/q` lead to `/q?id=1`, under the rule that queries choose no page.
fn led_around() -> Site {
    let (site, _) = moved(&site(&[("/p", 1), ("/q", 2), ("/q?id=1", 4)]), "/p,/q?id=1\n/q,/q?id=1");
    site.with_settings(Settings { query: QueryRule::Drop, ..Settings::default() })
}

#[test]
fn what_leads_into_a_circle_of_the_rule_leads_to_its_page() {
    let site = led_around();
    for address in ["/p", "/q", "/q?id=1", "/q?id=2"] {
        assert_eq!(site.totals.page_of(address), "/q", "{address}");
    }
}

#[test]
fn a_call_leaves_other_moves_as_they_were_said() {
    let (site, report) = moved(&led_around(), "/x,/y?id=1");
    assert_eq!((report.ended.len(), report.total), (0, 1));
    let expected = [("/p", "/q?id=1"), ("/q", "/q?id=1"), ("/x", "/y")];
    assert_eq!(listed(&site.totals.moves), expected);
    let kept = site.with_settings(Settings::default());
    assert_eq!((&*kept.totals.page_of("/p"), &*kept.totals.page_of("/q")), ("/q?id=1", "/q?id=1"));
}

#[test]
fn the_newer_word_also_ends_what_would_lead_back_by_the_rule() {
    let (site, _) = moved(&site(&[("/a", 1), ("/b?id=1", 2)]), "/a,/b?id=1");
    let site = site.with_settings(Settings { query: QueryRule::Drop, ..Settings::default() });
    let (site, report) = moved(&site, "/b,/a");
    assert_eq!((listed(&site.totals.moves), report.ended), (vec![("/b", "/a")], vec!["/a".to_owned()]));
    assert_eq!((&*site.totals.page_of("/a"), &*site.totals.page_of("/b?id=1")), ("/a", "/a"));
}

#[test]
fn a_merge_says_which_moves_it_ends() {
    let (site, report) = led_around().with_merges();
    let site = site.unwrap();
    assert_eq!((counted(&site), report.ended), (vec![("/q", 7, 3, 3)], vec!["/q".to_owned()]));
    assert_eq!(listed(&site.totals.moves), [("/p", "/q")]);
}

#[test]
fn a_merge_adds_up_what_the_rule_made_one_page() {
    let site = site(&[("/a", 1), ("/a?id=1", 2), ("/b?id=2", 4), ("/b?id=3", 8), ("/c", 16)]);
    assert!(site.with_merges().0.is_none(), "every query is a page");
    let site = site.with_settings(Settings { query: QueryRule::Drop, ..Settings::default() });
    assert_eq!(site.pages.len(), 5, "a setting alone adds nothing up");
    let (after, report) = site.with_merges();
    let after = after.unwrap();
    assert_eq!(counted(&after), [("/a", 3, 2, 2), ("/b", 12, 2, 2), ("/c", 16, 1, 1)]);
    let lines: Vec<_> = report.lines.iter().map(|line| (&*line.from, &*line.to, line.adds.views)).collect();
    assert_eq!(lines, [("/a?id=1", "/a", 2), ("/b?id=2", "/b", 4), ("/b?id=3", "/b", 8)]);
    assert_eq!((report.total, report.pages_after, report.moves), (3, 3, 0));
    assert!(after.with_merges().0.is_none(), "merged twice is merged once");
}

#[test]
fn a_merge_follows_moves_and_brings_them_under_the_rule() {
    let (site, _) = moved(&site(&[("/a?id=1", 1), ("/b", 2)]), "/b,/c?id=1");
    let site = site.with_settings(Settings { query: QueryRule::Drop, ..Settings::default() });
    let (after, _) = site.with_merges();
    let after = after.unwrap();
    assert_eq!(counted(&after), [("/a", 1, 1, 1), ("/c", 2, 1, 1)]);
    assert_eq!(listed(&after.totals.moves), [("/b", "/c")]);
}

#[test]
fn a_single_query_may_lead_to_a_page_of_its_own_where_queries_choose_none() {
    let site = site(&[("/", 1), ("/?p=7", 2)]);
    let site = site.with_settings(Settings { query: QueryRule::Drop, ..Settings::default() });
    let (after, _) = moved(&site, "/?p=7,/2024/seven?x=1");
    assert_eq!(counted(&after), [("/", 1, 1, 1), ("/2024/seven", 2, 1, 1)]);
    assert_eq!((&*after.totals.page_of("/?p=7"), &*after.totals.page_of("/?p=8")), ("/2024/seven", "/"));
}

#[test]
fn a_reset_keeps_moves() {
    let (site, _) = moved(&site(&[("/a", 1)]), "/a,/b");
    let site = site.reset(crate::site::Fresh {
        now_ms: 0,
        day: site.totals.day,
        salt: site.salt,
        id_key: site.totals.id_key,
    });
    assert_eq!((&*site.totals.page_of("/a"), site.pages.len()), ("/b", 0));
}

proptest! {
    #[test]
    fn whatever_is_moved_no_view_is_lost_or_doubled_and_every_address_has_one_page(
        views in proptest::collection::vec(1_u64..1_000, 12),
        calls in proptest::collection::vec(proptest::collection::vec((0_usize..12, 0_usize..12), 1..6), 1..8),
        drops in proptest::collection::vec(0..8_usize, 0..3),
    ) {
        let address = |number: usize| if number < 6 { format!("/{number}") } else { format!("/{}?id={number}", number % 3) };
        let pages: Vec<(String, u64)> = (0..12).map(address).zip(views).collect();
        let named: Vec<(&str, u64)> = pages.iter().map(|(key, views)| (&**key, *views)).collect();
        let mut site = site(&named);
        let sums = |site: &Site| counted(site).iter().fold((0, 0, 0), |sum, page| (sum.0 + page.1, sum.1 + page.2, sum.2 + page.3));
        let before = sums(&site);
        for (number, call) in calls.iter().enumerate() {
            if drops.contains(&number) {
                let query = if site.totals.settings.query == QueryRule::Keep { QueryRule::Drop } else { QueryRule::Keep };
                site = site.with_settings(Settings { query, ..Settings::default() });
                if number % 2 == 0 {
                    site = site.with_merges().0.unwrap_or(site);
                }
            }
            let table: String = call.iter().map(|(from, to)| format!("{},{}\n", address(*from), address(*to))).collect();
            if let Ok((moved, report)) = site.with_moves(&pairs(&table)) {
                let after = moved.unwrap_or_else(|| site.clone());
                prop_assert_eq!(report.pages_after, after.pages.len());
                for (from, to) in call {
                    let rule = &after.totals.settings.query;
                    let (from, to) = (address(*from), address(*to));
                    if rule.key(&from) != rule.key(&to) {
                        prop_assert_eq!(after.totals.page_of(&from), after.totals.page_of(&to));
                    }
                }
                for (from, to) in after.totals.moves.iter() {
                    prop_assert!(from != to && after.totals.moves.get(to).is_none());
                    prop_assert!(after.pages.get(from).is_none() || after.totals.page_of(from) == from);
                }
                site = after;
            }
            prop_assert_eq!(sums(&site), before);
            for number in 0..12 {
                let address = address(number);
                let page = site.totals.page_of(&address).into_owned();
                prop_assert_eq!(site.totals.page_of(&page), page.as_str());
                prop_assert_eq!(key_of_path(&page), Some(page.clone()));
            }
        }
        let merged = site.with_merges().0.unwrap_or(site);
        prop_assert_eq!(sums(&merged), before);
        for (key, _) in merged.pages.iter() {
            prop_assert_eq!(merged.totals.page_of(key), key);
        }
    }
}
