//! What a site tells KV, and what it learns from it when its own storage is gone.
//!
//! Documents hold absolute counts with the generation and the time they stand for, so writing one twice
//! or late does no harm, and all of them together are the site. While it is small, one document is all.

use crate::checksum;
use crate::counts::{PageCounts, Shares};
use crate::day::{Date, Day};
use crate::journal::FormatError;
use crate::moves::Moves;
use crate::page_set::{PageSet, document_of};
use crate::page_shares::PageShares;
use crate::pages::{PAGE_BUCKETS, Page, Pages};
use crate::periods::Periods;
use crate::site::{DayCounts, Settings, Site, Totals};
use crate::visitor::Secret;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Version of every document. A change of their fields needs a new one, and a reader for the old.
const FORMAT: u8 = 1;
/// Version of a main document whose pages are in buckets that its `bucket_key` chooses: older releases would look
/// for a page in another bucket and say zero.
const KEYED_FORMAT: u8 = 2;
/// Version of a main document with moves, or whose buckets are of the second set: older releases would read old
/// addresses as pages of their own, and other buckets.
const MOVED_FORMAT: u8 = 3;
/// Largest main document that still carries the pages, in bytes (estimated).
const MAX_INLINE_BYTES: usize = 256 * 1024;
/// What a page takes in a document besides its key, in bytes, generously.
const PAGE_BYTES: usize = 56;

/// A document of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Document {
    /// The site's counts, and its pages while they fit.
    Main,
    /// One bucket of pages, in one of two sets: see `page_set`.
    Pages(usize),
    /// The finished days of one month (`YYYYMM`).
    Days(u32),
}

impl Document {
    /// What every key begins with.
    pub const PREFIX: &'static str = "site/";

    /// The site whose main document has this key, if it is one.
    #[must_use]
    pub fn site_of_main(key: &str) -> Option<&str> {
        key.strip_prefix(Self::PREFIX).filter(|site| !site.contains('/'))
    }

    /// The KV key.
    #[must_use]
    pub fn key(self, site: &str) -> String {
        match self {
            Self::Main => format!("site/{site}"),
            Self::Pages(number) => format!("site/{site}/pages/{number:02}"),
            Self::Days(month) => format!("site/{site}/days/{month}"),
        }
    }
}

/// The main document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MainDocument {
    /// [`FORMAT`], [`KEYED_FORMAT`] or [`MOVED_FORMAT`].
    pub format: u8,
    /// The site's generation.
    pub generation: u64,
    /// Documents of an earlier generation than this count no more.
    #[serde(default)]
    pub oldest_generation: u64,
    /// The time of the newest hit included, in milliseconds since 1970.
    pub as_of_ms: u64,
    /// The day today's counts belong to.
    pub day: Day,
    /// Views of all time.
    pub views: u64,
    /// Visitors of all time; the next new visitor gets the next number.
    pub visitors: u64,
    /// Views of `day`.
    pub views_today: u64,
    /// Visitors of `day`.
    pub visitors_today: u64,
    /// Shares by network.
    #[serde(default, skip_serializing_if = "Shares::is_empty")]
    pub shares: Shares,
    /// The pages; absent once they have documents of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<BTreeMap<String, PublishedPage>>,
    /// Months that have a document of finished days.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub months: BTreeSet<u32>,
    /// What the owner chose for the site.
    #[serde(default)]
    pub settings: Settings,
    /// Yesterday, week, month and year of `day`, itself included; absent in older documents.
    #[serde(default)]
    pub periods: Periods,
    /// Chooses the bucket of each page; absent where pages are in this document, and in sites from before there
    /// was one.
    #[serde(default, skip_serializing_if = "Secret::is_none")]
    pub bucket_key: Secret,
    /// Addresses that lead to others.
    #[serde(default, skip_serializing_if = "Moves::is_empty")]
    pub moves: Moves,
    /// Whether the buckets of pages are those of the second set.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub in_second_set: bool,
}

/// A bucket of pages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PagesDocument {
    /// [`FORMAT`].
    pub format: u8,
    /// The site's generation.
    pub generation: u64,
    /// The pages.
    pub pages: BTreeMap<String, PublishedPage>,
}

/// Finished days of a month.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DaysDocument {
    /// [`FORMAT`].
    pub format: u8,
    /// The site's generation.
    pub generation: u64,
    /// The days.
    pub days: Vec<DayCounts>,
}

/// A page as it is published and as `GET /v1/counts` shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedPage {
    /// Views.
    pub views: u64,
    /// Visitors.
    pub visitors: u64,
    /// Shares by network.
    #[serde(default, skip_serializing_if = "Shares::is_empty")]
    pub shares: Shares,
}

impl From<&Page> for PublishedPage {
    fn from(page: &Page) -> Self {
        Self { views: page.counts.views, visitors: page.counts.visitors, shares: page.shares.to_map() }
    }
}

impl From<PublishedPage> for Page {
    fn from(page: PublishedPage) -> Self {
        let counts = PageCounts { views: page.views, visitors: page.visitors };
        Self { counts, created_seq: 0, shares: PageShares::from(&page.shares) }
    }
}

impl MainDocument {
    /// Today's counts at `now_ms`: zero once their day is over.
    #[must_use]
    pub fn today(&self, now_ms: u64) -> (u64, u64) {
        if self.day.is_over(now_ms) { (0, 0) } else { (self.views_today, self.visitors_today) }
    }

    /// Yesterday, week, month and year on the date `today`, which is that of the document's day or a later one.
    #[must_use]
    pub fn periods_on(&self, today: Date) -> Periods {
        let (views, visitors) = (self.views_today, self.visitors_today);
        self.periods.carried_to(DayCounts { date: self.day.date, views, visitors }, today)
    }

    /// The key of the page that `key` is on this site, see [`Totals::page_of`].
    #[must_use]
    pub fn page_of<'a>(&self, key: &'a str) -> Cow<'a, str> {
        self.moves.page_of(&self.settings.query, key)
    }
}

/// Reads a document that was published.
pub fn read<T: for<'a> Deserialize<'a>>(body: &str) -> Result<T, FormatError> {
    #[derive(Deserialize)]
    struct Header {
        format: u8,
    }
    let header: Header = serde_json::from_str(body).map_err(|_| FormatError::Damaged)?;
    if !(FORMAT..=MOVED_FORMAT).contains(&header.format) {
        return Err(FormatError::UnknownVersion);
    }
    checksum::check_document(body)?;
    serde_json::from_str(body).map_err(|_| FormatError::Damaged)
}

impl Site {
    /// The documents that say less than the site knows, most telling first.
    #[must_use]
    pub fn unpublished(&self) -> Vec<Document> {
        let buckets = self.totals.published_in_buckets;
        self.unpublished
            .iter()
            .copied()
            .filter(|document| buckets || !matches!(document, Document::Pages(_)))
            .filter(|document| self.totals.page_set.may_hold(*document))
            .collect()
    }

    /// Whether any document says less than the site knows.
    #[must_use]
    pub fn is_anything_unpublished(&self) -> bool {
        !self.unpublished().is_empty()
    }

    /// Documents that may be written between an entry and the next: those due now, the main one, and the
    /// buckets of its page and of the one that gives way.
    pub(crate) fn due_after_entry(&self) -> usize {
        let due = self.unpublished();
        let main = usize::from(!due.contains(&Document::Main));
        let buckets = if self.totals.published_in_buckets { 2 } else { 0 };
        due.len().saturating_add(main).saturating_add(buckets)
    }

    /// The newest form of a document, which is on its way until [`Site::publish_taken`] or
    /// [`Site::publish_failed`].
    pub fn publish(&mut self, document: Document) -> Result<String, FormatError> {
        if document == Document::Main {
            self.choose_layout();
        }
        let body = self.body_of(document)?;
        self.unpublished.remove(&document);
        self.sent.insert(document);
        Ok(body)
    }

    fn body_of(&self, document: Document) -> Result<String, FormatError> {
        let body = match document {
            Document::Main => serde_json::to_string(&self.main_document()),
            Document::Pages(number) => {
                let bucket = number.checked_rem(PAGE_BUCKETS).unwrap_or_default();
                serde_json::to_string(&self.pages_document(bucket))
            }
            Document::Days(month) => serde_json::to_string(&self.days_document(month)),
        };
        Ok(checksum::add_to_document(&body.map_err(|_| FormatError::Damaged)?))
    }

    /// Takes in what KV has of a document, which is not due if nothing else would be written: after a sleep it is not
    /// known what KV took.
    pub fn found_in_kv(&mut self, document: Document, body: &str) {
        if self.body_of(document).is_ok_and(|newest| newest == body) {
            self.unpublished.remove(&document);
        }
    }

    /// Notes that KV took a document. True: with it KV has all pages that were moved, which is to be stored, see
    /// [`Site::page_set_rows`], before the main document says so.
    pub fn publish_taken(&mut self, document: Document) -> bool {
        // One that was sent before a move is not in the list any more: it says nothing of the pages now.
        let is_whole = self.sent.remove(&document) && self.totals.page_set.taken(document);
        if is_whole {
            self.mark_unpublished(Document::Main);
        }
        is_whole
    }

    /// Pages have moved: they are published anew, in the other set of documents.
    pub(crate) fn switch_page_set(&mut self, moves_before: &Moves) {
        self.totals.page_set = self.totals.page_set.switched(moves_before);
        let is_other = |document: &Document| !matches!(document, Document::Pages(_));
        self.unpublished.retain(is_other);
        self.sent.retain(is_other);
        self.unpublished.extend(self.totals.page_set.documents());
    }

    /// Notes that KV did not take a document: it is due again.
    pub fn publish_failed(&mut self, document: Document) {
        self.sent.remove(&document);
        self.unpublished.insert(document);
    }

    /// Past the inline size every bucket gets a document, for good.
    fn choose_layout(&mut self) {
        let pages = self.pages.keys_bytes().saturating_add(self.pages.len().saturating_mul(PAGE_BYTES));
        let bytes = pages.saturating_add(self.totals.moves.bytes());
        if !self.totals.published_in_buckets && bytes > MAX_INLINE_BYTES {
            self.totals.published_in_buckets = true;
            self.unpublished.extend(self.totals.page_set.documents());
        }
    }

    fn main_document(&self) -> MainDocument {
        let totals = &self.totals;
        let pages = (!totals.published_in_buckets)
            .then(|| self.pages.iter().map(|(key, page)| (key.to_owned(), page.into())).collect());
        let (in_second_set, moves) = match pages {
            None => totals.page_set.published(&totals.moves),
            Some(_) => (false, &totals.moves),
        };
        let bucket_key = if pages.is_none() { totals.bucket_key } else { Secret::default() };
        MainDocument {
            format: match bucket_key.is_none() {
                _ if in_second_set || !moves.is_empty() => MOVED_FORMAT,
                true => FORMAT,
                false => KEYED_FORMAT,
            },
            generation: totals.generation,
            oldest_generation: totals.oldest_generation,
            as_of_ms: totals.clock_ms,
            day: totals.day,
            views: totals.views,
            visitors: totals.visitors,
            views_today: totals.views_today,
            visitors_today: totals.visitors_today,
            shares: totals.shares.clone(),
            pages,
            months: self.days.keys().map(|date| date.month()).collect(),
            settings: totals.settings.clone(),
            periods: self.periods(),
            bucket_key,
            moves: moves.clone(),
            in_second_set,
        }
    }

    fn pages_document(&self, bucket: usize) -> PagesDocument {
        let own = self.pages.in_bucket(bucket);
        PagesDocument {
            format: FORMAT,
            generation: self.totals.generation,
            pages: own.map(|(key, page)| (key.to_owned(), page.into())).collect(),
        }
    }

    fn days_document(&self, month: u32) -> DaysDocument {
        DaysDocument {
            format: FORMAT,
            generation: self.totals.generation,
            days: self.days.values().filter(|day| day.date.month() == month).copied().collect(),
        }
    }

    /// Whether KV knows more than the site: its storage has fallen back to an earlier state.
    #[must_use]
    pub fn is_older_than(&self, main: &MainDocument) -> bool {
        let totals = &self.totals;
        let is_ahead = main.views > totals.views || main.visitors > totals.visitors;
        main.generation > totals.generation || (main.generation == totals.generation && is_ahead)
    }

    /// Brings a site back from its documents, after its own storage was lost.
    ///
    /// Today's visitors are not in KV: whoever comes again today gets a new number.
    #[must_use]
    pub fn restore(
        main: MainDocument,
        pages: Vec<PagesDocument>,
        days: Vec<DaysDocument>,
        today: Day,
        secrets: (Secret, Secret),
        now_ms: u64,
    ) -> Self {
        let (salt, id_key) = secrets;
        let is_same_day = main.day.date == today.date;
        let oldest_generation = main.oldest_generation;
        let counts_still = |generation: u64| generation >= oldest_generation;
        // A reset or a restore of which KV has not got the main document may have written others already.
        let written = pages.iter().map(|document| document.generation);
        let written = written.chain(days.iter().map(|document| document.generation));
        let newest_generation = written.fold(main.generation, u64::max);
        let mut site = Self::new(newest_generation.saturating_add(1), today, salt, id_key);
        site.totals = Totals {
            oldest_generation,
            clock_ms: main.as_of_ms.max(now_ms),
            views: main.views,
            visitors: main.visitors,
            views_today: if is_same_day { main.views_today } else { 0 },
            visitors_today: if is_same_day { main.visitors_today } else { 0 },
            shares: main.shares,
            published_in_buckets: main.pages.is_none(),
            restored_at_ms: Some(now_ms),
            settings: main.settings,
            moves: main.moves,
            page_set: PageSet::whole(main.in_second_set),
            // The buckets in KV, if there are any, are of the key before.
            bucket_key: if main.pages.is_none() { main.bucket_key } else { site.totals.bucket_key },
            ..site.totals
        };
        site.pages = Pages::new(site.totals.bucket_key);
        let inline = main.pages.unwrap_or_default();
        let bucketed = pages.into_iter().filter(|document| counts_still(document.generation));
        let pages = inline.into_iter().chain(bucketed.flat_map(|document| document.pages));
        site.pages.restore(pages.map(|(key, page)| (key, page.into())));
        let own = days.into_iter().filter(|document| counts_still(document.generation));
        site.restore_days(own.flat_map(|document| document.days));
        if !is_same_day && main.views_today > 0 {
            let (views, visitors) = (main.views_today, main.visitors_today);
            site.restore_days([DayCounts { date: main.day.date, views, visitors }]);
        }
        let months: Vec<u32> = site.unsaved.months.iter().copied().collect();
        site.unpublished.extend(months.into_iter().map(Document::Days));
        site.mark_all();
        site
    }
}

impl MainDocument {
    /// The document of a bucket of pages.
    #[must_use]
    pub fn pages_in(&self, bucket: usize) -> Document {
        document_of(self.in_second_set, bucket)
    }

    /// Whether a document of `generation` still counts beside this one.
    #[must_use]
    pub fn accepts(&self, generation: u64) -> bool {
        generation >= self.oldest_generation
    }
}
