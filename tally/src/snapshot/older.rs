//! The totals rows of older releases, as they are still read.
//!
//! Each format becomes the next one. Out of scope: writing them.

use crate::budget::Allowance;
use crate::counts::Shares;
use crate::day::Day;
use crate::moves::Moves;
use crate::page_set::PageSet;
use crate::publish::Document;
use crate::query_rule::QueryRule;
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
            settings: SettingsV3::default(),
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
    settings: SettingsV3,
    allowance: Allowance,
}

impl From<TotalsV2> for TotalsV3 {
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

/// Format 3 of [`Totals`]: its settings did not say what a query means.
#[derive(Deserialize)]
pub(super) struct TotalsV3 {
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
    settings: SettingsV3,
    allowance: Allowance,
    row_set: u64,
    imports: Vec<u128>,
}

/// Settings up to format 3.
#[derive(Default, Deserialize)]
struct SettingsV3 {
    time_zone: Option<String>,
}

impl From<TotalsV3> for Totals {
    fn from(v3: TotalsV3) -> Self {
        Self {
            seq: v3.seq,
            generation: v3.generation,
            oldest_generation: v3.oldest_generation,
            clock_ms: v3.clock_ms,
            day: v3.day,
            day_start_seq: v3.day_start_seq,
            reset_seq: v3.reset_seq,
            views: v3.views,
            visitors: v3.visitors,
            views_today: v3.views_today,
            visitors_today: v3.visitors_today,
            shares: v3.shares,
            id_key: v3.id_key,
            published_in_buckets: v3.published_in_buckets,
            restored_at_ms: v3.restored_at_ms,
            unpublished: v3.unpublished,
            allowance: v3.allowance,
            settings: Settings { time_zone: v3.settings.time_zone, query: QueryRule::Keep },
            row_set: v3.row_set,
            imports: v3.imports,
            bucket_key: Secret::default(),
            moves: Moves::default(),
            page_set: PageSet::default(),
        }
    }
}
