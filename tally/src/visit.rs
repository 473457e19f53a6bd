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
    /// The page's key, before the site's own rule about queries.
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
        let page = self.totals.settings.query.key(arrival.page);
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
        let page = &*self.totals.settings.query.key(page);
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
