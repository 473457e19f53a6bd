//! What a hit or a share does: `(state, arrival) -> entry`, without changing the state.
//!
//! The caller stores the entry and only then lets the state take it in, so a storage error loses the
//! hit whole: no gap, no number given twice.

use crate::counts::{HitReply, PageCounts, ShareReply, SiteCounts, increment};
use crate::journal::{Entry, Event, PageView, Share, View};
use crate::networks::{has_room, is_known};
use crate::pages::MAX_OTHER_SHARES;
use crate::recent::Answer;
use crate::request::Kind;
use crate::site::{MAX_PAIRS, MAX_VISITORS_A_DAY, Site};
use crate::visitor::{IdUse, RequestId, VisitorKey};

/// A view that has arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival<'a> {
    /// When, by the site's clock (see [`Site::advance`]).
    pub now_ms: u64,
    /// The id as it was sent.
    pub id: &'a str,
    /// Who.
    pub visitor: VisitorKey,
    /// The page's key, before the site's own rule about queries and its moves.
    pub page: &'a str,
    /// What kind of view.
    pub kind: Kind,
}

/// What is to be done about an arrival.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision<Reply> {
    /// It was counted before; this was the answer.
    Repeat(Reply),
    /// Store the entry, apply it, then answer.
    Count(Box<Entry>, Reply),
    /// It can't be counted, for the reason given to the sender.
    Refuse(&'static str),
    /// A new visitor can't be remembered before the day ends, in so many milliseconds.
    DayFull {
        /// Until the day ends.
        wait_ms: u64,
    },
}

impl<Reply> Decision<Reply> {
    /// The same decision with another form of its reply.
    pub fn map<Other>(self, form: impl FnOnce(Reply) -> Other) -> Decision<Other> {
        match self {
            Self::Repeat(reply) => Decision::Repeat(form(reply)),
            Self::Count(entry, reply) => Decision::Count(entry, form(reply)),
            Self::Refuse(reason) => Decision::Refuse(reason),
            Self::DayFull { wait_ms } => Decision::DayFull { wait_ms },
        }
    }
}

impl Site {
    /// Decides a view. `max_pages` is the site's ceiling of pages.
    #[must_use]
    pub fn decide_view(&self, arrival: &Arrival<'_>, max_pages: usize) -> Decision<HitReply> {
        let id = RequestId::new(&self.totals.id_key, IdUse::Hit, arrival.id);
        if let Some(Answer::Hit(reply)) = self.recent.answer(id) {
            return Decision::Repeat(reply);
        }
        let page = self.totals.page_of(arrival.page);
        let arrival = &Arrival { page: &page, ..arrival.clone() };
        let known = self.visitors_today.get(&arrival.visitor).copied();
        if known.is_none() && self.visitors_today.len() >= MAX_VISITORS_A_DAY {
            return Decision::DayFull { wait_ms: self.totals.day.ends_at_ms.saturating_sub(arrival.now_ms) };
        }
        let site = self.site_after(arrival, known.is_none());
        let view = View {
            visitor: arrival.visitor,
            number: known.unwrap_or(site.visitors),
            new_visitor: known.is_none(),
            site,
            page: self.page_after(arrival, max_pages),
        };
        let reply = view.reply();
        Decision::Count(Box::new(self.next_entry(arrival.now_ms, id, Event::View(view))), reply)
    }

    fn next_entry(&self, now_ms: u64, id: RequestId, event: Event) -> Entry {
        Entry {
            seq: self.totals.seq.saturating_add(1),
            at_ms: now_ms.max(self.totals.clock_ms),
            id,
            begins: (!self.is_day_journaled).then_some(self.totals.day),
            allowance: self.allowance.after(self.due_after_entry(), now_ms),
            address: None,
            event,
        }
    }

    fn site_after(&self, arrival: &Arrival<'_>, new_visitor: bool) -> SiteCounts {
        let mut site = SiteCounts { online: self.recent.online_with(arrival.visitor), ..self.counts() };
        if arrival.kind == Kind::Load {
            site.views = increment(site.views);
            site.views_today = increment(site.views_today);
        }
        if new_visitor {
            site.visitors = increment(site.visitors);
            site.visitors_today = increment(site.visitors_today);
        }
        site
    }

    fn page_after(&self, arrival: &Arrival<'_>, max_pages: usize) -> Option<PageView> {
        let evicted = self.pages.room_for(arrival.page, max_pages)?;
        let before = self.page(arrival.page);
        let pair = arrival.visitor.on_page(&self.salt, arrival.page);
        let is_new = !self.pairs_today.contains(&pair) && self.pairs_today.len() < MAX_PAIRS;
        let visitors = if is_new { increment(before.visitors) } else { before.visitors };
        Some(PageView {
            key: arrival.page.to_owned(),
            counts: PageCounts { views: increment(before.views), visitors },
            new_pair: is_new.then_some(pair),
            evicted,
        })
    }

    /// Decides a share.
    #[must_use]
    pub fn decide_share(&self, now_ms: u64, id: &str, page: &str, network: &str) -> Decision<ShareReply> {
        let id = RequestId::new(&self.totals.id_key, IdUse::Share, id);
        if let Some(Answer::Share(reply)) = self.recent.answer(id) {
            return Decision::Repeat(reply);
        }
        let page = &*self.totals.page_of(page);
        let Some(known) = self.pages.get(page) else {
            return Decision::Refuse("This page has not been visited yet, so its shares can't be counted.");
        };
        if !has_room(&self.totals.shares, network) {
            return Decision::Refuse("This site counts shares of 40 networks of its own naming already.");
        }
        let mut page_shares = known.shares.to_map();
        let is_new_other = !is_known(network) && !page_shares.contains_key(network);
        if is_new_other && self.pages.other_shares() >= MAX_OTHER_SHARES {
            return Decision::Refuse(
                "This site's pages count shares of too many networks of its own naming already.",
            );
        }
        let count = page_shares.entry(network.to_owned()).or_default();
        *count = increment(*count);
        let site_total = increment(self.totals.shares.get(network).copied().unwrap_or_default());
        let reply = ShareReply::new(page_shares.clone());
        let share = Share { page: page.to_owned(), page_shares, network: network.to_owned(), site_total };
        Decision::Count(Box::new(self.next_entry(now_ms, id, Event::Share(share))), reply)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::day::{Date, Day};
    use crate::networks::MAX_OTHERS;
    use crate::visitor::Secret;

    const DAY: Day = Day { date: Date(20_261_127), ends_at_ms: 86_400_000 };

    fn site() -> Site {
        Site::new(1, DAY, Secret([1; 16]), Secret([2; 16]))
    }

    fn arrival(visitor: u64, page: &str) -> Arrival<'_> {
        Arrival {
            now_ms: 1_000,
            id: "aaaaaaaaaaaaaaaa",
            visitor: VisitorKey(visitor),
            page,
            kind: Kind::Load,
        }
    }

    fn decide(site: &Site, arrival: &Arrival<'_>) -> (Entry, HitReply) {
        match site.decide_view(arrival, 5) {
            Decision::Count(entry, reply) => (*entry, reply),
            other => panic!("{other:?}"),
        }
    }

    fn refusal(decision: Decision<ShareReply>) -> &'static str {
        let Decision::Refuse(reason) = decision else { panic!("{decision:?}") };
        reason
    }

    #[test]
    fn an_entry_follows_the_newest_and_is_not_older() {
        let mut site = site();
        (site.totals.seq, site.totals.clock_ms) = (7, 5_000);
        let (entry, _) = decide(&site, &arrival(1, "/"));
        assert_eq!((entry.seq, entry.at_ms, entry.begins), (8, 5_000, None));
        let later = Arrival { now_ms: 6_000, ..arrival(1, "/") };
        assert_eq!(decide(&site, &later).0.at_ms, 6_000);
    }

    #[test]
    fn the_first_entry_of_a_day_says_which_and_the_next_does_not() {
        let mut site = site();
        let day = Day { date: Date(20_261_128), ends_at_ms: 172_800_000 };
        site.begin_day(day, Secret([3; 16]));
        let (first, _) = decide(&site, &arrival(1, "/"));
        assert_eq!(first.begins, Some(day));
        site.apply(&first);
        let second = Arrival { id: "bbbbbbbbbbbbbbbb", ..arrival(1, "/") };
        assert_eq!(decide(&site, &second).0.begins, None);
    }

    #[test]
    fn a_full_day_refuses_new_visitors_until_it_ends_and_counts_known_ones() {
        let mut site = site();
        let known = (1..MAX_VISITORS_A_DAY as u64).map(|number| (VisitorKey(number), number));
        site.visitors_today = known.collect();
        assert!(matches!(site.decide_view(&arrival(0, "/"), 5), Decision::Count(..)), "one more fits");
        site.visitors_today.insert(VisitorKey(0), 7);
        let late = Arrival { now_ms: DAY.ends_at_ms - 10, ..arrival(MAX_VISITORS_A_DAY as u64, "/") };
        assert_eq!(site.decide_view(&late, 5), Decision::DayFull { wait_ms: 10 });
        assert_eq!(decide(&site, &arrival(0, "/")).1.visitor, Some(7));
    }

    #[test]
    fn past_so_many_pairs_page_visitors_stand_still_and_views_do_not() {
        let mut site = site();
        site.pairs_today = (1..MAX_PAIRS as u64).collect();
        assert!(!site.are_page_visitors_frozen());
        let (entry, reply) = decide(&site, &arrival(1, "/"));
        assert_eq!(reply.page, Some(PageCounts { views: 1, visitors: 1 }));
        site.apply(&entry);
        assert!(site.are_page_visitors_frozen());
        let another = Arrival { id: "bbbbbbbbbbbbbbbb", ..arrival(2, "/") };
        assert_eq!(decide(&site, &another).1.page, Some(PageCounts { views: 2, visitors: 1 }));
    }

    #[test]
    fn a_share_counts_on_a_page_that_was_visited_and_at_networks_there_is_room_for() {
        let mut site = site();
        let share = |site: &Site, network: &str| site.decide_share(2_000, "cccccccccccccccc", "/", network);
        assert!(refusal(share(&site, "weibo")).contains("not been visited"));
        let (entry, _) = decide(&site, &arrival(1, "/"));
        site.apply(&entry);
        let Decision::Count(entry, reply) = share(&site, "weibo") else { panic!("not counted") };
        assert_eq!((entry.seq, reply.total), (2, 1));
        site.apply(&entry);
        assert_eq!(share(&site, "qq"), Decision::Repeat(reply), "a repeated id has the same answer");

        site.totals.shares = (0..MAX_OTHERS).map(|number| (format!("other-{number}"), 1)).collect();
        let other = |site: &Site, network: &str| site.decide_share(3_000, "dddddddddddddddd", "/", network);
        assert!(refusal(other(&site, "one-more")).contains("40 networks"));
        assert!(matches!(other(&site, "other-7"), Decision::Count(..)));
        assert!(matches!(other(&site, "qq"), Decision::Count(..)));
    }

    #[test]
    fn pages_together_count_shares_at_so_many_other_networks() {
        let mut site = site();
        let others: Vec<(String, u64)> =
            (0..MAX_OTHERS).map(|number| (format!("other-{number}"), 1)).collect();
        let pages = MAX_OTHER_SHARES / MAX_OTHERS;
        for page in 0..pages {
            let shares = crate::page_shares::PageShares::from(&others.iter().cloned().collect());
            site.pages.set_shares(1, &format!("/{page}"), shares);
        }
        site.pages.change(1, "/new", |page| page.counts.views = 1);
        assert_eq!(site.pages.other_shares(), MAX_OTHER_SHARES);
        let share = |page: &str, network: &str| site.decide_share(2_000, "cccccccccccccccc", page, network);
        assert!(refusal(share("/new", "other-7")).contains("too many networks"));
        assert!(matches!(share("/new", "weibo"), Decision::Count(..)), "a known network takes no room");
        assert!(matches!(share("/7", "other-7"), Decision::Count(..)), "it has its counter already");
    }
}
