//! A site's pages, in the groups they are stored and published in.
//!
//! Also knows which pages may give way when there are too many, oldest first. Out of scope: when one does
//! (`visit`), and what a page is told (`counts`).

use crate::counts::PageCounts;
use crate::page::MAX_KEY_BYTES;
use crate::page_shares::PageShares;
use crate::visitor::Secret;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Groups that pages are stored and published in.
pub const PAGE_BUCKETS: usize = 64;
/// Most bytes of page keys kept per site: 160 bytes each at 100,000 pages.
pub const MAX_KEYS_BYTES: usize = 16_000_000;
/// A table of fewer pages than this is never called scarce.
const PLENTY_PAGES: usize = 10_000;
/// Most counters of networks that the share box does not know, on all pages together: 3 MB at most.
pub const MAX_OTHER_SHARES: usize = 100_000;

/// One page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Views and visitors.
    pub counts: PageCounts,
    /// The entry that created it; 0 for a page that came from an import or from KV.
    pub created_seq: u64,
    /// Shares by network.
    pub shares: PageShares,
}

/// All pages of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pages {
    bucket_key: Secret,
    buckets: Vec<BTreeMap<Rc<str>, Page>>,
    /// Pages with at most one visitor, oldest first: the ones that may give way.
    lonely: BTreeSet<(u64, Rc<str>)>,
    count: usize,
    keys_bytes: usize,
    other_shares: usize,
}

impl Default for Pages {
    fn default() -> Self {
        Self::new(Secret::default())
    }
}

impl Pages {
    /// No page yet; `bucket_key` chooses the bucket of each.
    pub(crate) fn new(bucket_key: Secret) -> Self {
        Self {
            bucket_key,
            buckets: vec![BTreeMap::new(); PAGE_BUCKETS],
            lonely: BTreeSet::new(),
            count: 0,
            keys_bytes: 0,
            other_shares: 0,
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Bytes of all keys.
    #[must_use]
    pub fn keys_bytes(&self) -> usize {
        self.keys_bytes
    }

    /// Whether half of the room for pages or for their names is taken, so that strangers must not fill the rest fast.
    #[must_use]
    pub fn are_scarce(&self, max_pages: usize) -> bool {
        self.count >= PLENTY_PAGES.max(max_pages / 2) || self.keys_bytes >= MAX_KEYS_BYTES / 2
    }

    /// Counters of networks that the share box does not know, on all pages together.
    #[must_use]
    pub fn other_shares(&self) -> usize {
        self.other_shares
    }

    /// A page, if it is known.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Page> {
        self.buckets.get(self.bucket(key))?.get(key)
    }

    fn bucket(&self, key: &str) -> usize {
        bucket_of(&self.bucket_key, key)
    }

    /// The pages of one bucket, by key.
    pub fn in_bucket(&self, bucket: usize) -> impl Iterator<Item = (&str, &Page)> {
        self.buckets.get(bucket).into_iter().flatten().map(|(key, page)| (&**key, page))
    }

    /// All pages, bucket by bucket.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Page)> {
        self.buckets.iter().flatten().map(|(key, page)| (&**key, page))
    }

    /// Whether `key` can be kept among `max_pages`, and which other page gives way to it.
    #[must_use]
    pub fn room_for(&self, key: &str, max_pages: usize) -> Option<Option<String>> {
        if key.len() > MAX_KEY_BYTES {
            return None;
        }
        if self.get(key).is_some() {
            return Some(None);
        }
        let bytes = self.keys_bytes.saturating_add(key.len());
        if self.count < max_pages && bytes <= MAX_KEYS_BYTES {
            return Some(None);
        }
        let (_, oldest) = self.lonely.first()?;
        (bytes.saturating_sub(oldest.len()) <= MAX_KEYS_BYTES).then(|| Some(oldest.to_string()))
    }

    /// Changes a page, which entry `seq` creates if it is not known. Returns its bucket.
    pub(crate) fn change(&mut self, seq: u64, key: &str, change: impl FnOnce(&mut Page)) -> usize {
        let number = self.bucket(key);
        let Some(bucket) = self.buckets.get_mut(number) else { return number };
        let (key, page) = match bucket.get_key_value(key) {
            Some((known, _)) => (Rc::clone(known), None),
            None => (Rc::from(key), Some(Page { created_seq: seq, ..Page::default() })),
        };
        if let Some(page) = page {
            self.count = self.count.saturating_add(1);
            self.keys_bytes = self.keys_bytes.saturating_add(key.len());
            bucket.insert(Rc::clone(&key), page);
        }
        let Some(page) = bucket.get_mut(&key) else { return number };
        change(page);
        let place = (page.created_seq, key);
        if page.counts.visitors <= 1 {
            self.lonely.insert(place);
        } else {
            self.lonely.remove(&place);
        }
        number
    }

    /// Sets a page's shares, see [`Pages::change`].
    pub(crate) fn set_shares(&mut self, seq: u64, key: &str, shares: PageShares) -> usize {
        let before = self.get(key).map(|page| page.shares.others()).unwrap_or_default();
        self.other_shares = self.other_shares.saturating_add(shares.others()).saturating_sub(before);
        self.change(seq, key, |page| page.shares = shares)
    }

    /// Removes a page, if it is known. Returns its bucket.
    pub(crate) fn remove(&mut self, key: &str) -> usize {
        let number = self.bucket(key);
        if let Some((key, page)) = self.buckets.get_mut(number).and_then(|bucket| bucket.remove_entry(key)) {
            self.count = self.count.saturating_sub(1);
            self.keys_bytes = self.keys_bytes.saturating_sub(key.len());
            self.other_shares = self.other_shares.saturating_sub(page.shares.others());
            self.lonely.remove(&(page.created_seq, key));
        }
        number
    }

    /// Puts back pages as they were stored or published.
    pub(crate) fn restore(&mut self, pages: impl IntoIterator<Item = (String, Page)>) {
        for (key, page) in pages {
            let number = self.bucket(&key);
            let key: Rc<str> = Rc::from(key);
            if page.counts.visitors <= 1 {
                self.lonely.insert((page.created_seq, Rc::clone(&key)));
            }
            self.keys_bytes = self.keys_bytes.saturating_add(key.len());
            self.other_shares = self.other_shares.saturating_add(page.shares.others());
            let Some(bucket) = self.buckets.get_mut(number) else { continue };
            if bucket.insert(key, page).is_none() {
                self.count = self.count.saturating_add(1);
            }
        }
    }

    /// All pages at once, from stored buckets: sets are built from sorted lists, not page by page.
    pub(crate) fn from_buckets<'a>(
        bucket_key: Secret,
        buckets: impl IntoIterator<Item = (usize, Vec<(&'a str, Page)>)>,
    ) -> Self {
        let mut pages = Self::new(bucket_key);
        let mut lonely: Vec<(u64, Rc<str>)> = Vec::new();
        for (number, stored) in buckets {
            let Some(bucket) = pages.buckets.get_mut(number) else { continue };
            pages.count = pages.count.saturating_add(stored.len());
            let mut entries: Vec<(Rc<str>, Page)> = Vec::with_capacity(stored.len());
            for (key, page) in stored {
                let key: Rc<str> = Rc::from(key);
                pages.keys_bytes = pages.keys_bytes.saturating_add(key.len());
                pages.other_shares = pages.other_shares.saturating_add(page.shares.others());
                if page.counts.visitors <= 1 {
                    lonely.push((page.created_seq, Rc::clone(&key)));
                }
                entries.push((key, page));
            }
            *bucket = entries.into_iter().collect();
        }
        lonely.sort_unstable();
        pages.lonely = lonely.into_iter().collect();
        pages
    }
}

/// The bucket a page belongs to under a site's `bucket_key`. Stored and published: a change needs a migration.
///
/// The key is the site's secret, so that nobody can choose page names that share a bucket. Sites from before there
/// was one have the key of zeros, until a reset.
#[must_use]
pub fn bucket_of(bucket_key: &Secret, key: &str) -> usize {
    let hash = bucket_key.hash(0, &[key.as_bytes()]);
    usize::try_from(hash.checked_rem(PAGE_BUCKETS as u128).unwrap_or_default()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(pages: usize, key_bytes: usize) -> Pages {
        let mut table = Pages::default();
        for number in 0..pages {
            table.change(1, &format!("/{number:0>width$}", width = key_bytes - 1), |page| {
                page.counts.views = 1
            });
        }
        table
    }

    #[test]
    fn a_table_is_scarce_from_half_of_its_pages_or_names() {
        assert!(!Pages::default().are_scarce(0), "a small table never is");
        assert!(!table(9_999, 10).are_scarce(0));
        assert!(table(10_000, 10).are_scarce(20_001));
        assert!(!table(10_000, 10).are_scarce(20_002));
        assert!(!table(7_999, 1_000).are_scarce(100_000));
        assert!(table(8_000, 1_000).are_scarce(100_000));
    }

    #[test]
    fn a_key_may_be_as_long_as_keys_are_and_no_longer() {
        let table = Pages::default();
        assert_eq!(table.room_for(&"a".repeat(MAX_KEY_BYTES), 5), Some(None));
        assert_eq!(table.room_for(&"a".repeat(MAX_KEY_BYTES + 1), 5), None);
    }
}
