//! The numbers that leave the engine: what a visitor, a page and a site are told.
//!
//! These are also the bodies of the public replies, so a field's name here is a promise.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The largest count that survives a trip through JavaScript: 2^53 - 1.
pub const MAX_COUNT: u64 = (1 << 53) - 1;

/// Adds one, stopping at [`MAX_COUNT`].
#[must_use]
pub fn increment(count: u64) -> u64 {
    count.saturating_add(1).min(MAX_COUNT)
}

/// Shares by network, for a page or a site.
pub type Shares = BTreeMap<String, u64>;

/// A site's counts right after a hit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteCounts {
    /// Page views of all time, the imported start included.
    pub views: u64,
    /// Visitors of all time, equal to the newest visitor's number.
    pub visitors: u64,
    /// Views since the site's midnight.
    pub views_today: u64,
    /// Visitors since the site's midnight.
    pub visitors_today: u64,
    /// Distinct visitors of the last five minutes.
    pub online: u64,
}

/// One page's counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageCounts {
    /// Views of the page.
    pub views: u64,
    /// Visitors of the page, each counted once a day.
    pub visitors: u64,
}

/// What a hit is answered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HitReply {
    /// Whether the hit was counted (by this request or by the one it repeats).
    pub counted: bool,
    /// The visitor's number of the day.
    pub visitor: Option<u64>,
    /// The site after the hit.
    pub site: SiteCounts,
    /// The page after the hit; absent where the page could not be kept.
    pub page: Option<PageCounts>,
}

/// What a share is answered with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareReply {
    /// The page's shares by network.
    pub shares: Shares,
    /// Their sum.
    pub total: u64,
}

impl ShareReply {
    /// Sums up `shares`.
    #[must_use]
    pub fn new(shares: Shares) -> Self {
        let total = shares.values().fold(0_u64, |sum, count| sum.saturating_add(*count));
        Self { shares, total }
    }
}
