//! A site's counts in memory, and how an entry changes them.
//!
//! Live hits and replay both go through [`Site::apply`], so they cannot differ. Deciding what an entry
//! says is `visit`'s, packing the state is `snapshot`'s, telling KV is `publish`'s.

use crate::budget::Allowance;
use crate::ceiling::{Ceilings, Limits, Refused};
use crate::checkpoint::Unsaved;
use crate::counts::{PageCounts, Shares, SiteCounts};
use crate::day::{Date, Day};
use crate::journal::{Entry, Event, PageView, Share, View};
use crate::moves::Moves;
use crate::page_set::PageSet;
use crate::page_shares::PageShares;
use crate::pages::{PAGE_BUCKETS, Page, Pages};
use crate::periods::Periods;
use crate::proposal::Proposal;
use crate::publish::{Document, MainDocument};
use crate::query_rule::QueryRule;
use crate::recent::Recent;
use crate::visitor::{Secret, VisitorKey};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Most pairs of page and visitor remembered in a day; past it page visitors stand still until midnight.
pub const MAX_PAIRS: usize = 400_000;

/// Most visitors remembered in a day: seven new ones a second, all day. Past it new ones are refused until
/// midnight, since a visitor who is not remembered would be given a number at every view.
pub const MAX_VISITORS_A_DAY: usize = 600_000;

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
    /// Raised by every restore and reset: published counts never fall within one generation.
    pub generation: u64,
    /// Documents of an earlier generation than this count no more; raised by a reset.
    pub oldest_generation: u64,
    /// The time of the newest entry, or of a reset or restore.
    pub clock_ms: u64,
    /// The running day.
    pub day: Day,
    /// The newest entry before the running day; also names the rows that belong to that day alone.
    pub day_start_seq: u64,
    /// Rows written before this entry are from before a reset and say nothing.
    pub reset_seq: u64,
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
    /// Documents that KV did not have yet when this was stored.
    pub unpublished: BTreeSet<Document>,
    /// What the owner chose for the site.
    pub settings: Settings,
    /// KV writes the site had left.
    pub allowance: Allowance,
    /// Which set of page and day rows is the site's: each import writes another set, then this.
    pub row_set: u64,
    /// Digests of the newest imports, so that a file brought in twice counts once.
    pub imports: Vec<u128>,
    /// Chooses the bucket of each page; zeros in sites from before there was one.
    pub bucket_key: Secret,
    /// Addresses that lead to others; stored behind all that is above, see `snapshot`.
    #[serde(skip)]
    pub moves: Moves,
    /// In which documents buckets of pages are published; stored behind the moves.
    #[serde(skip)]
    pub page_set: PageSet,
}

impl Totals {
    /// The key of the page that `key` is on this site, by its rule about queries and its moves.
    #[must_use]
    pub fn page_of<'a>(&self, key: &'a str) -> Cow<'a, str> {
        self.moves.page_of(&self.settings.query, key)
    }
}

/// What an owner may choose for one site.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// IANA zone its days follow, instead of the deployment's `TIME_ZONE`.
    #[serde(default)]
    pub time_zone: Option<String>,
    /// Which parameters of a query choose a page.
    #[serde(default)]
    pub query: QueryRule,
}

/// What a site that begins anew needs of the platform.
#[derive(Debug, Clone, Copy)]
pub struct Fresh {
    /// The time by the clock.
    pub now_ms: u64,
    /// The day it lies in.
    pub day: Day,
    /// The day's salt.
    pub salt: Secret,
    /// Key of the request-id hash.
    pub id_key: Secret,
}

/// A clock that is further behind a site's newest time than this is right, and the site's time was wrong.
const MOST_SKEW_MS: u64 = 3_600_000;

/// A site's whole state.
#[derive(Debug, Clone, Default)]
pub struct Site {
    pub(crate) totals: Totals,
    /// The newest time seen: time never goes back for a site that is awake.
    pub(crate) now_ms: u64,
    pub(crate) salt: Secret,
    pub(crate) pages: Pages,
    pub(crate) visitors_today: BTreeMap<VisitorKey, u64>,
    pub(crate) pairs_today: BTreeSet<u64>,
    pub(crate) recent: Recent,
    pub(crate) days: BTreeMap<Date, DayCounts>,
    /// Sums of the finished days; follow from `days` and the running day.
    pub(crate) finished_periods: Periods,
    pub(crate) unsaved: Unsaved,
    pub(crate) unpublished: BTreeSet<Document>,
    /// Documents on their way to KV: if memory is lost meanwhile, they are still unpublished.
    pub(crate) sent: BTreeSet<Document>,
    /// Whether the journal knows the running day: its first entry says so.
    pub(crate) is_day_journaled: bool,
    /// KV writes the site has left.
    pub(crate) allowance: Allowance,
    /// The newest stored grant, and the entry it came after.
    pub(crate) granted: (u64, Allowance),
    /// What each address has done lately.
    pub(crate) ceilings: Ceilings,
    /// The number that stands on the site's pages, as the widget met it.
    pub(crate) proposal: Option<Proposal>,
}

impl Site {
    /// A site nobody has visited yet.
    #[must_use]
    pub fn new(generation: u64, day: Day, salt: Secret, id_key: Secret) -> Self {
        let bucket_key = id_key.bucket_key();
        let totals = Totals {
            generation,
            oldest_generation: generation,
            day,
            id_key,
            bucket_key,
            ..Totals::default()
        };
        Self { totals, salt, pages: Pages::new(bucket_key), is_day_journaled: true, ..Self::default() }
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

    /// All pages.
    #[must_use]
    pub fn pages(&self) -> &Pages {
        &self.pages
    }

    /// Whether page visitors stand still until midnight, because more pairs would not fit.
    #[must_use]
    pub fn are_page_visitors_frozen(&self) -> bool {
        self.pairs_today.len() >= MAX_PAIRS
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

    /// KV writes the site has left, as far as it knows after a wake.
    #[must_use]
    pub fn allowance(&self) -> Allowance {
        self.allowance
    }

    /// Notes how many KV writes are left, so that the next entry tells it.
    pub fn set_allowance(&mut self, allowance: Allowance) {
        self.allowance = allowance;
    }

    /// Whether the newest entry told of a write to come: it did not if the allowance had to wait then.
    #[must_use]
    pub fn has_told_next_write(&self) -> bool {
        self.totals.clock_ms >= self.allowance.next_ms
    }

    /// Admits what `entry` is about to do for an address, see [`Ceilings::admit`]. `ceiling` is for hits in a minute,
    /// `max_pages` the site's ceiling of pages.
    pub fn admit(
        &mut self,
        now_ms: u64,
        address: u64,
        entry: &mut Entry,
        (ceiling, max_pages): (u64, usize),
    ) -> Result<(), Refused> {
        let limits = Limits { ceiling, are_pages_scarce: self.pages.are_scarce(max_pages) };
        self.ceilings.admit(now_ms, address, entry, limits)
    }

    /// Lets time pass without a hit. Time never goes back: an earlier `now_ms` changes nothing.
    pub fn advance(&mut self, now_ms: u64) -> u64 {
        self.now_ms = self.now_ms.max(self.totals.clock_ms).max(now_ms);
        self.recent.forget_before(self.now_ms);
        self.now_ms
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
            self.mark_month(ended.date);
        }
        // In a zone further west it is still the date that has ended: it goes on.
        let again = if day.date == ended.date { self.days.remove(&day.date) } else { None };
        if again.is_some() {
            self.mark_month(day.date);
        }
        let DayCounts { views, visitors, .. } = again.unwrap_or_default();
        self.totals.day = day;
        self.totals.day_start_seq = self.totals.seq;
        self.totals.views_today = views;
        self.totals.visitors_today = visitors;
        self.salt = salt;
        self.is_day_journaled = false;
        self.visitors_today.clear();
        self.pairs_today.clear();
        self.unsaved.begin_day();
        self.recent.forget_visitors();
        self.sum_periods();
        self.mark_unpublished(Document::Main);
    }

    fn mark_month(&mut self, date: Date) {
        self.unsaved.months.insert(date.month());
        self.mark_unpublished(Document::Days(date.month()));
    }

    /// Takes in an entry that has been stored: the only way counts change.
    pub fn apply(&mut self, entry: &Entry) {
        if let Some(day) = entry.begins {
            if day != self.totals.day {
                self.begin_day(day, self.salt);
            }
            self.is_day_journaled = true;
        }
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
            // A replay may find it gone already, as its bucket may be newer; KV must still be told.
            let bucket = self.pages.remove(evicted);
            self.mark_bucket(bucket);
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
        let bucket = self.pages.set_shares(seq, &share.page, PageShares::from(&share.page_shares));
        self.mark_bucket(bucket);
    }

    pub(crate) fn change_page(&mut self, seq: u64, key: &str, change: impl FnOnce(&mut Page)) {
        let bucket = self.pages.change(seq, key, change);
        self.mark_bucket(bucket);
    }

    pub(crate) fn mark_bucket(&mut self, bucket: usize) {
        self.unsaved.buckets.insert(bucket);
        self.mark_unpublished(self.totals.page_set.document(bucket));
    }

    /// The same site, configured otherwise.
    #[must_use]
    pub fn with_settings(&self, settings: Settings) -> Self {
        let mut site = self.clone();
        site.totals.settings = settings;
        site.mark_unpublished(Document::Main);
        site
    }

    /// The same site, configured and moved as a document of it says.
    #[must_use]
    pub fn chosen_in(&self, main: &MainDocument) -> Self {
        let mut site = self.with_settings(main.settings.clone());
        site.totals.moves = main.moves.clone();
        site
    }

    /// The same site with nothing counted: numbers begin again, and whatever was published before counts
    /// no more. `seq` goes on, so that the journal's old entries stay old; the day is the clock's.
    #[must_use]
    pub fn reset(&self, fresh: Fresh) -> Self {
        let seq = self.totals.seq.saturating_add(1);
        let generation = self.totals.generation.saturating_add(1);
        // Otherwise a site that once counted by a wrong clock could never leave the day in the future.
        let was_ahead = fresh.now_ms.saturating_add(MOST_SKEW_MS) < self.totals.clock_ms;
        let mut site = Self::new(generation, fresh.day, fresh.salt, fresh.id_key);
        site.totals = Totals {
            seq,
            day_start_seq: seq,
            reset_seq: seq,
            clock_ms: if was_ahead { fresh.now_ms } else { fresh.now_ms.max(self.totals.clock_ms) },
            published_in_buckets: self.totals.published_in_buckets,
            settings: self.totals.settings.clone(),
            moves: self.totals.moves.clone(),
            page_set: self.totals.page_set.settled(),
            row_set: self.totals.row_set,
            ..site.totals
        };
        site.proposal.clone_from(&self.proposal);
        if !was_ahead {
            site.ceilings.clone_from(&self.ceilings);
        }
        let months: BTreeSet<u32> = self.days.keys().map(|date| date.month()).collect();
        site.unpublished.extend(months.iter().copied().map(Document::Days));
        site.unsaved.months = months;
        site.mark_all();
        site
    }

    /// The entries and rows up to `seq` are of a site that was lost: they say nothing of this one.
    pub(crate) fn begin_after(&mut self, seq: u64) {
        if seq > 0 {
            let seq = seq.saturating_add(1);
            self.totals = Totals { seq, day_start_seq: seq, reset_seq: seq, ..self.totals.clone() };
        }
    }

    /// Everything has yet to be stored and published.
    pub(crate) fn mark_all(&mut self) {
        self.unsaved.buckets.extend(0..PAGE_BUCKETS);
        if self.totals.published_in_buckets {
            self.unpublished.extend(self.totals.page_set.documents());
        }
        self.mark_unpublished(Document::Main);
    }

    pub(crate) fn mark_unpublished(&mut self, document: Document) {
        self.unpublished.insert(document);
    }
}
