//! The two sets of documents in which a site's buckets of pages may be published.
//!
//! A move changes pages of two buckets at once, and KV takes one document at a time. So pages that were moved are
//! published to the other set, and the main document goes on naming the set before, with the moves of then, until KV
//! has all of the new one: a read, and a site that comes back from KV, finds all pages as they were or as they are.
//! Out of scope: when a document is written (`outbox`).

use crate::moves::Moves;
use crate::pages::PAGE_BUCKETS;
use crate::publish::Document;
use serde::{Deserialize, Serialize};

/// Which set is written, and what of it KV does not have yet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageSet {
    is_second: bool,
    /// A bit for each bucket of the set that KV has never taken; none once the set is whole.
    awaited: u64,
    /// What leads where by the set before, while that is the one to be read.
    former: Moves,
}

/// The document of a bucket in one of the sets.
#[must_use]
pub fn document_of(is_second: bool, bucket: usize) -> Document {
    Document::Pages(bucket.saturating_add(if is_second { PAGE_BUCKETS } else { 0 }))
}

impl PageSet {
    /// A set that KV has.
    pub(crate) fn whole(is_second: bool) -> Self {
        Self { is_second, ..Self::default() }
    }

    /// The document of a bucket.
    pub(crate) fn document(&self, bucket: usize) -> Document {
        document_of(self.is_second, bucket)
    }

    /// All documents of the set.
    pub(crate) fn documents(&self) -> impl Iterator<Item = Document> {
        let is_second = self.is_second;
        (0..PAGE_BUCKETS).map(move |bucket| document_of(is_second, bucket))
    }

    /// Whether a document is of no set, or of this one.
    pub(crate) fn may_hold(&self, document: Document) -> bool {
        let Document::Pages(number) = document else { return true };
        (number >= PAGE_BUCKETS) == self.is_second
    }

    /// The set to write once pages have moved: the other one, unless that is being written already.
    pub(crate) fn switched(&self, moves: &Moves) -> Self {
        let Self { is_second, former, .. } = self.clone();
        match self.awaited {
            0 => Self { is_second: !is_second, awaited: u64::MAX, former: moves.clone() },
            _ => Self { is_second, awaited: u64::MAX, former },
        }
    }

    /// The same set, known to be in KV.
    pub(crate) fn settled(&self) -> Self {
        Self::whole(self.is_second)
    }

    /// Notes that KV has a document; true if with it the set is whole.
    pub(crate) fn taken(&mut self, document: Document) -> bool {
        let Document::Pages(number) = document else { return false };
        if self.awaited == 0 || !self.may_hold(document) {
            return false;
        }
        let bit = u32::try_from(number.checked_rem(PAGE_BUCKETS).unwrap_or_default()).unwrap_or_default();
        self.awaited &= !1_u64.checked_shl(bit).unwrap_or_default();
        if self.awaited == 0 {
            *self = self.settled();
            return true;
        }
        false
    }

    /// The set to be read, and what leads where by it, given what does now.
    pub(crate) fn published<'a>(&'a self, moves: &'a Moves) -> (bool, &'a Moves) {
        if self.awaited == 0 { (self.is_second, moves) } else { (!self.is_second, &self.former) }
    }
}
