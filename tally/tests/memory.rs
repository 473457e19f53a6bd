//! The memory of one site's object at its limits. ARCHITECTURE.md has the budget as a sum; this measures it.
//!
//! Measured with 64-bit pointers, so the Worker, with 32-bit ones, stays below. One test, as the allocator counts for
//! the whole process.

use cap::Cap;
use laifang_tally::journal::{Event, SLOTS};
use laifang_tally::moves::{self, MAX_MOVES, MAX_MOVES_BYTES};
use laifang_tally::networks::{KNOWN, MAX_OTHERS};
use laifang_tally::page::MAX_KEY_BYTES;
use laifang_tally::pages::MAX_KEYS_BYTES;
use laifang_tally::request::Kind;
use laifang_tally::site::{MAX_PAIRS, MAX_VISITORS_A_DAY, Site};
use laifang_tally::visit::{Arrival, Decision};
use laifang_tally::visitor::{Secret, VisitorKey};
use laifang_tally::{day::Date, day::Day};
use std::alloc::System;

#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, usize::MAX);

const MB: usize = 1_000_000;
/// An object on the platform has 128 MB, of which the runtime's own heap needs some.
const BUDGET_BYTES: usize = 100 * MB;
const PAGES: usize = 100_000;
const NETWORKS: usize = KNOWN.len() + MAX_OTHERS;

struct Load {
    site: Site,
    now_ms: u64,
    sent: usize,
}

impl Load {
    fn new() -> Self {
        let day = Day { date: Date(20_261_125), ends_at_ms: u64::MAX };
        Self { site: Site::new(1, day, Secret([1; 16]), Secret([2; 16])), now_ms: 1, sent: 0 }
    }

    fn view(&mut self, visitor: usize, page: &str) -> bool {
        let id = self.next_id();
        let visitor = VisitorKey((visitor as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let arrival = Arrival { now_ms: self.now_ms, id: &id, visitor, page, kind: Kind::Load };
        let Decision::Count(entry, _) = self.site.decide_view(&arrival, PAGES) else { return false };
        self.site.apply(&entry);
        true
    }

    fn share(&mut self, page: &str, network: &str) -> bool {
        let id = self.next_id();
        let Decision::Count(entry, _) = self.site.decide_share(self.now_ms, &id, page, network) else {
            return false;
        };
        self.site.apply(&entry);
        true
    }

    /// One share after which the page has shares at each network of the share box.
    fn share_at_all_known(&mut self, page: &str) {
        let id = self.next_id();
        let decision = self.site.decide_share(self.now_ms, &id, page, &network(0));
        let Decision::Count(mut entry, _) = decision else { panic!("a known page") };
        let Event::Share(share) = &mut entry.event else { panic!("a share") };
        share.page_shares = (0..KNOWN.len()).map(|number| (network(number), 20_000)).collect();
        self.site.apply(&entry);
    }

    fn next_id(&mut self) -> String {
        self.sent += 1;
        format!("id-{:016}", self.sent)
    }
}

/// As many pages as there may be, of keys as long as they may be together.
fn page(number: usize) -> String {
    let length = MAX_KEYS_BYTES / PAGES;
    assert!(length < MAX_KEY_BYTES);
    format!("/{number:0width$}", width = length - 1)
}

fn network(number: usize) -> String {
    KNOWN.get(number).map_or_else(|| format!("an-invented-network-{number:04}"), |known| (*known).to_owned())
}

#[test]
fn an_object_at_all_its_limits_stays_within_its_budget() {
    let before = ALLOCATOR.allocated();
    let used = || ALLOCATOR.allocated() - before;
    let mut load = Load::new();
    let mut parts = Vec::new();
    let mut last = used();
    let mut note = |name: &str| {
        parts.push(format!("{name}: {:.1} MB", (used() as f64 - last as f64) / MB as f64));
        last = used();
    };

    for number in 0..PAGES {
        assert!(load.view(number, &page(number)));
    }
    note("100,000 pages and visitors, the ring's replies");
    for number in PAGES..MAX_PAIRS + 10 {
        load.view(number % PAGES, &page((number + number / PAGES) % PAGES));
    }
    assert!(load.site.are_page_visitors_frozen());
    note("400,000 pairs");
    for number in 0..PAGES {
        load.share_at_all_known(&page(number));
    }
    note("every page shared at each known network");
    let others = (0..PAGES * 4)
        .filter(|number| load.share(&page(number / MAX_OTHERS), &network(KNOWN.len() + number % MAX_OTHERS)))
        .count();
    assert_eq!(others, laifang_tally::pages::MAX_OTHER_SHARES);
    note("other networks");
    for number in 0..SLOTS as usize {
        assert!(load.share(&page(0), &network(number % NETWORKS)));
    }
    note("65,536 replies of 63 networks each");
    for number in PAGES..MAX_VISITORS_A_DAY {
        assert!(load.view(number, "/"));
    }
    assert!(
        !load.view(MAX_VISITORS_A_DAY, "/") && load.view(1, "/"),
        "one more visitor is refused, a known one is not"
    );
    note("600,000 visitors");
    let table: String = (0..MAX_MOVES).map(|number| format!("/{:0>50},/\n", number)).collect();
    let pairs = moves::read("s", &table).unwrap();
    load.site = load.site.with_moves(&pairs).unwrap().0.unwrap();
    drop((table, pairs));
    assert!(load.site.totals().moves.bytes() > MAX_MOVES_BYTES - MAX_MOVES);
    note("5,000 addresses that lead to others");
    println!("{}\nall: {} MB", parts.join("\n"), used() / MB);
    assert!(used() <= BUDGET_BYTES, "{} MB of {} MB:\n{}", used() / MB, BUDGET_BYTES / MB, parts.join("\n"));
}
