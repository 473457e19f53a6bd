//! The totals rows of older releases, as they are still read.
//!
//! Each format becomes the next one. Out of scope: writing them.

use crate::budget::Allowance;
use crate::counts::Shares;
use crate::day::Day;
use crate::publish::Document;
use crate::site::{Settings, Totals};
use crate::visitor::Secret;
use serde::Deserialize;
use std::collections::BTreeSet;

/// Format 1 of [`Totals`]: without what resets, settings and allowances need.
#[derive(Deserialize)]
pub(super) struct TotalsV1 {
    seq: u64,
    generation: u64,
    clock_ms: u64,
    day: Day,
    day_start_seq: u64,
    views: u64,
    visitors: u64,
    views_today: u64,
    visitors_today: u64,
    shares: Shares,
    id_key: Secret,
    published_in_buckets: bool,
    restored_at_ms: Option<u64>,
    unpublished: BTreeSet<Document>,
}

impl From<TotalsV1> for TotalsV2 {
    fn from(v1: TotalsV1) -> Self {
        Self {
            seq: v1.seq,
            generation: v1.generation,
            oldest_generation: 0,
            clock_ms: v1.clock_ms,
            day: v1.day,
            day_start_seq: v1.day_start_seq,
            reset_seq: 0,
            views: v1.views,
            visitors: v1.visitors,
            views_today: v1.views_today,
            visitors_today: v1.visitors_today,
            shares: v1.shares,
            id_key: v1.id_key,
            published_in_buckets: v1.published_in_buckets,
            restored_at_ms: v1.restored_at_ms,
            unpublished: v1.unpublished,
            settings: Settings::default(),
            allowance: Allowance::default(),
        }
    }
}

/// Format 2 of [`Totals`]: without what imports need.
#[derive(Deserialize)]
pub(super) struct TotalsV2 {
    seq: u64,
    generation: u64,
    oldest_generation: u64,
    clock_ms: u64,
    day: Day,
    day_start_seq: u64,
    reset_seq: u64,
    views: u64,
    visitors: u64,
    views_today: u64,
    visitors_today: u64,
    shares: Shares,
    id_key: Secret,
    published_in_buckets: bool,
    restored_at_ms: Option<u64>,
    unpublished: BTreeSet<Document>,
    settings: Settings,
    allowance: Allowance,
}

impl From<TotalsV2> for Totals {
    fn from(v2: TotalsV2) -> Self {
        Self {
            seq: v2.seq,
            generation: v2.generation,
            oldest_generation: v2.oldest_generation,
            clock_ms: v2.clock_ms,
            day: v2.day,
            day_start_seq: v2.day_start_seq,
            reset_seq: v2.reset_seq,
            views: v2.views,
            visitors: v2.visitors,
            views_today: v2.views_today,
            visitors_today: v2.visitors_today,
            shares: v2.shares,
            id_key: v2.id_key,
            published_in_buckets: v2.published_in_buckets,
            restored_at_ms: v2.restored_at_ms,
            unpublished: v2.unpublished,
            settings: v2.settings,
            allowance: v2.allowance,
            row_set: 0,
            imports: Vec::new(),
        }
    }
}
