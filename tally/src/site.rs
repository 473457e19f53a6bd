//! A site's counts in memory, and how an entry changes them.
//!
//! Live hits and replay both go through [`Site::apply`], so they cannot differ. Deciding what an entry
//! says is `visit`'s, packing the state is `snapshot`'s, telling KV is `publish`'s.

use crate::counts::{PageCounts, Shares, SiteCounts};
use crate::day::{Date, Day};
use crate::journal::{Entry, Event, PageView, Share, View};
use crate::publish::Document;
use crate::recent::Recent;
use crate::visitor::{Secret, VisitorKey};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Groups that pages are stored and published in.
pub const PAGE_BUCKETS: usize = 64;
/// Most pairs of page and visitor remembered in a day; past it page visitors stand still until midnight.
pub const MAX_PAIRS: usize = 400_000;
/// Most networks a site counts shares of.
pub const MAX_NETWORKS: usize = 40;

/// One page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Views and visitors.
    pub counts: PageCounts,
    /// The entry that created it; 0 for a page that came from an import or from KV.
    pub created_seq: u64,
    /// Shares by network.
    pub shares: Shares,
}

/// Views and visitors of a finished day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayCounts {
    /// Which day.
    pub date: Date,
    /// Its views.
    pub views: u64,
    /// Its visitors.
    pub visitors: u64,
}

/// The part of the state that is one small row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Newest entry included.
    pub seq: u64,
    /// Raised by every reset, so that nothing published before it counts any more.
    pub generation: u64,
    /// Newest time seen; time never goes back for a site.
    pub clock_ms: u64,
    /// The running day.
    pub day: Day,
    /// The newest entry of the day before.
    pub day_start_seq: u64,
    /// Views of all time.
    pub views: u64,
    /// Visitors of all time: the newest visitor's number.
    pub visitors: u64,
    /// Views today.
    pub views_today: u64,
    /// Visitors today.
    pub visitors_today: u64,
    /// Shares by network.
    pub shares: Shares,
    /// Key of the request-id hash; for the site's whole life.
    pub id_key: Secret,
    /// Whether pages are published in buckets of their own; once true it stays.
    pub published_in_buckets: bool,
    /// When the site was last brought back from KV, if ever.
    pub restored_at_ms: Option<u64>,
    /// Page buckets and months that KV did not have yet when this was stored.
    pub unpublished: BTreeSet<Document>,
}

/// What changed since the last checkpoint.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unsaved {
    /// Page buckets.
    pub buckets: BTreeSet<usize>,
    /// Today's visitors in the order of their numbers, from the last full segment on.
    pub visitors: Vec<(VisitorKey, u64)>,
    /// Full segments of visitors before those.
    pub visitor_segments: u64,
    /// Today's pairs of page and visitor, from the last full segment on.
    pub pairs: Vec<u64>,
    /// Full segments of pairs before those.
    pub pair_segments: u64,
    /// Months with new finished days.
    pub months: BTreeSet<u32>,
}

/// A site's whole state.
#[derive(Debug, Clone, Default)]
pub struct Site {
    pub(crate) totals: Totals,
    pub(crate) salt: Secret,
    pub(crate) pages: BTreeMap<Rc<str>, Page>,
    /// Pages with at most one visitor, oldest first: the ones that may give way.
    pub(crate) lonely: BTreeSet<(u64, Rc<str>)>,
    pub(crate) visitors_today: BTreeMap<VisitorKey, u64>,
    pub(crate) pairs_today: BTreeSet<u64>,
    pub(crate) recent: Recent,
    pub(crate) days: BTreeMap<Date, DayCounts>,
    pub(crate) unsaved: Unsaved,
    pub(crate) unpublished: BTreeSet<Document>,
}

impl Site {
    /// A site nobody has visited yet.
    #[must_use]
    pub fn new(generation: u64, day: Day, salt: Secret, id_key: Secret) -> Self {
        let totals = Totals { generation, day, id_key, ..Totals::default() };
        Self { totals, salt, ..Self::default() }
    }

    /// The counts as they stand.
    #[must_use]
    pub fn counts(&self) -> SiteCounts {
        SiteCounts {
            views: self.totals.views,
            visitors: self.totals.visitors,
            views_today: self.totals.views_today,
            visitors_today: self.totals.visitors_today,
            online: self.recent.online(),
        }
    }

    /// A page's counts; zeros if it is not known.
    #[must_use]
    pub fn page(&self, key: &str) -> PageCounts {
        self.pages.get(key).map(|page| page.counts).unwrap_or_default()
    }

    /// The small row.
    #[must_use]
    pub fn totals(&self) -> &Totals {
        &self.totals
    }

    /// The day's salt.
    #[must_use]
    pub fn salt(&self) -> &Secret {
        &self.salt
    }

    /// Finished days, oldest first.
    pub fn days(&self) -> impl Iterator<Item = &DayCounts> {
        self.days.values()
    }

    /// Lets time pass without a hit. Time never goes back: an earlier `now_ms` changes nothing.
    pub fn advance(&mut self, now_ms: u64) -> u64 {
        self.totals.clock_ms = self.totals.clock_ms.max(now_ms);
        self.recent.forget_before(self.totals.clock_ms);
        self.totals.clock_ms
    }

    /// Begins a new day: numbers go on, today's counts begin at zero, yesterday's keys are forgotten.
    pub fn begin_day(&mut self, day: Day, salt: Secret) {
        let ended = self.totals.day;
        if self.totals.views_today > 0 {
            let counts = DayCounts {
                date: ended.date,
                views: self.totals.views_today,
                visitors: self.totals.visitors_today,
            };
            self.days.insert(ended.date, counts);
            self.unsaved.months.insert(ended.date.month());
            self.mark_unpublished(Document::Days(ended.date.month()));
        }
        self.totals.day = day;
        self.totals.day_start_seq = self.totals.seq;
        self.totals.views_today = 0;
        self.totals.visitors_today = 0;
        self.salt = salt;
        self.visitors_today.clear();
        self.pairs_today.clear();
        self.unsaved.visitors.clear();
        self.unsaved.visitor_segments = 0;
        self.unsaved.pairs.clear();
        self.unsaved.pair_segments = 0;
        self.recent.forget_visitors();
        self.mark_unpublished(Document::Main);
    }

    /// Takes in an entry that has been stored: the only way counts change.
    pub fn apply(&mut self, entry: &Entry) {
        self.totals.seq = entry.seq;
        self.totals.clock_ms = self.totals.clock_ms.max(entry.at_ms);
        match &entry.event {
            Event::View(view) => self.apply_view(entry.seq, view),
            Event::Share(share) => self.apply_share(entry.seq, share),
        }
        self.recent.remember(entry);
        self.mark_unpublished(Document::Main);
    }

    fn apply_view(&mut self, seq: u64, view: &View) {
        self.totals.views = view.site.views;
        self.totals.visitors = view.site.visitors;
        self.totals.views_today = view.site.views_today;
        self.totals.visitors_today = view.site.visitors_today;
        if self.visitors_today.insert(view.visitor, view.number).is_none() {
            self.unsaved.visitors.push((view.visitor, view.number));
        }
        if let Some(page) = &view.page {
            self.apply_page(seq, page);
        }
    }

    fn apply_page(&mut self, seq: u64, view: &PageView) {
        if let Some(evicted) = &view.evicted {
            self.remove_page(evicted);
        }
        if let Some(pair) = view.new_pair
            && self.pairs_today.insert(pair)
        {
            self.unsaved.pairs.push(pair);
        }
        self.change_page(seq, &view.key, |page| page.counts = view.counts);
    }

    fn apply_share(&mut self, seq: u64, share: &Share) {
        self.totals.shares.insert(share.network.clone(), share.site_total);
        self.change_page(seq, &share.page, |page| page.shares = share.page_shares.clone());
    }

    fn change_page(&mut self, seq: u64, key: &str, change: impl FnOnce(&mut Page)) {
        let key = self.pages.get_key_value(key).map_or_else(|| Rc::from(key), |(known, _)| Rc::clone(known));
        let page =
            self.pages.entry(Rc::clone(&key)).or_insert_with(|| Page { created_seq: seq, ..Page::default() });
        change(page);
        let place = (page.created_seq, Rc::clone(&key));
        if page.counts.visitors <= 1 {
            self.lonely.insert(place);
        } else {
            self.lonely.remove(&place);
        }
        self.mark_page(&key);
    }

    fn remove_page(&mut self, key: &str) {
        if let Some((key, page)) = self.pages.remove_entry(key) {
            self.lonely.remove(&(page.created_seq, Rc::clone(&key)));
            self.mark_page(&key);
        }
    }

    /// Puts a page back as it was stored or published.
    pub(crate) fn restore_page(&mut self, key: &str, page: Page) {
        let key: Rc<str> = Rc::from(key);
        if page.counts.visitors <= 1 {
            self.lonely.insert((page.created_seq, Rc::clone(&key)));
        }
        self.pages.insert(key, page);
    }

    fn mark_page(&mut self, key: &str) {
        let bucket = bucket_of(key);
        self.unsaved.buckets.insert(bucket);
        self.mark_unpublished(Document::Pages(bucket));
    }

    pub(crate) fn mark_unpublished(&mut self, document: Document) {
        self.unpublished.insert(document);
    }
}

/// The bucket a page belongs to. Stored and published: a change needs a migration.
#[must_use]
pub fn bucket_of(key: &str) -> usize {
    let hash = Secret::default().hash(0, &[key.as_bytes()]);
    usize::try_from(hash.checked_rem(PAGE_BUCKETS as u128).unwrap_or_default()).unwrap_or_default()
}
