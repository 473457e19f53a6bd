//! How many KV writes a site may make: the day's budget of the whole deployment, handed out in blocks.
//!
//! A quarter of the day's writes is there from midnight (UTC) on, the rest accrues evenly, so bursts are
//! published at once and the budget still lasts until the day ends. Once a site has its share of what is
//! there, it gets a few writes ahead of time, to be spaced out, so that it need not ask for each. Sites that
//! ask on the same day get equal shares.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Milliseconds of a day.
const DAY_MS: u64 = 86_400_000;
/// Most writes handed out at once.
pub const MAX_BLOCK: u64 = 20;
/// Most writes a site gets before they have accrued.
const AHEAD: u64 = 10;
/// Most sites of a day: their names are one row, a twentieth of what storage takes. Further sites wait a day.
const MAX_SITES: usize = 1_000;
/// Soonest that it makes sense to ask again.
const MIN_RETRY_MS: u64 = 5_000;

/// What has been handed out today.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// Days since 1970, UTC.
    pub day: u64,
    /// Writes handed out, by site.
    pub granted: BTreeMap<String, u64>,
}

/// An answer to a site that asked for writes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Writes the site may make.
    pub writes: u64,
    /// Until when, in milliseconds since 1970.
    pub valid_until_ms: u64,
    /// How far apart they must be, or when to ask again if there were none.
    pub spacing_ms: u64,
}

/// What a site has left of a grant. Stored with each entry, so that a sleep does not cost another grant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowance {
    /// Writes the site may still make.
    pub writes: u64,
    /// Until when, in milliseconds since 1970.
    pub valid_until_ms: u64,
    /// How far apart.
    pub spacing_ms: u64,
    /// When the next may be made, in milliseconds since 1970.
    pub next_ms: u64,
}

impl From<Grant> for Allowance {
    fn from(grant: Grant) -> Self {
        let Grant { writes, valid_until_ms, spacing_ms } = grant;
        Self { writes, valid_until_ms, spacing_ms, next_ms: 0 }
    }
}

impl Allowance {
    /// Whether nothing may be written at `now_ms`.
    #[must_use]
    pub fn is_spent(&self, now_ms: u64) -> bool {
        self.writes == 0 || now_ms >= self.valid_until_ms
    }

    /// Whether it was granted or used by a clock that is ahead of `now_ms`: it would be good for longer, or have to wait
    /// for longer, than any is.
    #[must_use]
    pub fn is_of_later_clock(&self, now_ms: u64) -> bool {
        let latest_ms = now_ms.saturating_add(self.spacing_ms).saturating_add(MIN_RETRY_MS);
        self.next_ms > latest_ms || self.valid_until_ms > now_ms.saturating_add(2 * DAY_MS)
    }

    /// What is left once up to `writes` more are made from `now_ms` on.
    #[must_use]
    pub fn after(&self, writes: usize, now_ms: u64) -> Self {
        if now_ms < self.next_ms {
            return *self;
        }
        let next_ms = now_ms.saturating_add(self.spacing_ms);
        Self { writes: self.writes.saturating_sub(writes as u64), next_ms, ..*self }
    }
}

impl Budget {
    /// Hands `site` up to `wanted` writes of the `per_day` that the deployment may make.
    pub fn grant(&mut self, now_ms: u64, site: &str, wanted: u64, per_day: u64) -> Grant {
        let day = day_after(self.day, now_ms);
        if day != self.day {
            *self = Self { day, granted: BTreeMap::new() };
        }
        let valid_until_ms = day.saturating_add(1).saturating_mul(DAY_MS);
        if !self.granted.contains_key(site) && self.granted.len() >= MAX_SITES {
            return Grant { writes: 0, valid_until_ms, spacing_ms: valid_until_ms.saturating_sub(now_ms) };
        }
        let used: u64 = self.granted.values().fold(0, |sum, writes| sum.saturating_add(*writes));
        let own = *self.granted.entry(site.to_owned()).or_default();
        let sites = (self.granted.len() as u64).max(1);
        let by_now = accrued(per_day, now_ms.saturating_sub(day.saturating_mul(DAY_MS)));
        let share = by_now.checked_div(sites).unwrap_or_default();
        // Of what is left nobody gets more than a quarter: others may still come.
        let there = share.saturating_sub(own).min(by_now.saturating_sub(used).div_ceil(4));
        let (writes, spacing_ms) = if there > 1 {
            (wanted.min(MAX_BLOCK).min(there), 0)
        } else {
            let not_yet = share.saturating_add(AHEAD).saturating_sub(own).min(AHEAD);
            let left = per_day.saturating_sub(used);
            let fair = left.div_ceil(sites.saturating_mul(4));
            (wanted.min(not_yet).min(fair).min(left), accrues_every_ms(per_day, sites))
        };
        self.granted.insert(site.to_owned(), own.saturating_add(writes));
        Grant { writes, valid_until_ms, spacing_ms }
    }
}

/// The day (since 1970, UTC) of a budget whose day was `known`: a clock that goes back a little must not bring a day's
/// writes back; one that goes back by more than a day was wrong before.
pub(crate) fn day_after(known: u64, now_ms: u64) -> u64 {
    let day = now_ms / DAY_MS;
    if day.saturating_add(1) < known { day } else { day.max(known) }
}

/// Writes that may have been made by this time of the day.
fn accrued(per_day: u64, since_midnight_ms: u64) -> u64 {
    let at_once = per_day.div_ceil(4);
    let rest = per_day.saturating_sub(at_once);
    at_once.saturating_add(rest.saturating_mul(since_midnight_ms).checked_div(DAY_MS).unwrap_or_default())
}

/// How long until one more write has accrued for each site.
fn accrues_every_ms(per_day: u64, sites: u64) -> u64 {
    let accruing = per_day.saturating_sub(per_day.div_ceil(4)).max(1);
    DAY_MS.saturating_mul(sites).checked_div(accruing).unwrap_or(DAY_MS).clamp(MIN_RETRY_MS, DAY_MS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_quarter_is_there_at_midnight_and_all_by_its_end() {
        assert_eq!(accrued(1000, 0), 250);
        assert_eq!(accrued(1000, DAY_MS), 1000);
    }

    #[test]
    fn the_first_to_ask_leaves_something_for_the_others() {
        let mut budget = Budget::default();
        for site in ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"] {
            assert!(budget.grant(0, site, 20, 120).writes > 0, "{site}");
        }
    }

    #[test]
    fn past_its_share_a_site_gets_a_few_writes_ahead_to_be_spaced_out() {
        let mut budget = Budget::default();
        let mut total = 0;
        let ahead = loop {
            let grant = budget.grant(0, "a", 20, 1000);
            total += grant.writes;
            if grant.spacing_ms > 0 {
                break grant;
            }
            assert!(grant.writes > 1, "a site that would have to ask for each write gets some ahead");
        };
        assert!((1..=AHEAD).contains(&ahead.writes) && total >= 250, "{total}");
        assert_eq!(ahead.spacing_ms, DAY_MS / 750);
        assert!((0..10).map(|_| budget.grant(0, "a", 20, 1000).writes).sum::<u64>() <= AHEAD);
    }

    #[test]
    fn an_allowance_is_spaced_out() {
        let allowance = Allowance { writes: 5, valid_until_ms: 900, spacing_ms: 100, next_ms: 50 };
        assert_eq!(allowance.after(1, 49), allowance, "nothing is written before its time");
        assert_eq!(allowance.after(2, 50), Allowance { writes: 3, next_ms: 150, ..allowance });
    }

    #[test]
    fn a_clock_that_goes_back_brings_no_writes_back() {
        let mut budget = Budget::default();
        while budget.grant(DAY_MS, "a", 20, 1000).writes > 0 {}
        assert_eq!(budget.grant(DAY_MS - 1, "a", 20, 1000).writes, 0);
        assert_eq!(budget.grant(DAY_MS, "a", 20, 1000).writes, 0);
    }

    #[test]
    fn so_many_sites_have_a_share_and_further_ones_wait_for_the_next_day() {
        let mut budget = Budget::default();
        for site in 0..MAX_SITES {
            budget.grant(0, &site.to_string(), 1, 1_000_000);
        }
        let refused = budget.grant(5, "one more", 1, 1_000_000);
        assert_eq!(refused, Grant { writes: 0, valid_until_ms: DAY_MS, spacing_ms: DAY_MS - 5 });
        assert_eq!(budget.granted.len(), MAX_SITES);
        assert!(budget.grant(5, "7", 1, 1_000_000).writes > 0);
        assert!(budget.grant(DAY_MS, "one more", 1, 1_000_000).writes > 0);
    }

    #[test]
    fn a_new_day_begins_with_a_new_budget() {
        let mut budget = Budget::default();
        while budget.grant(0, "a", 20, 1000).writes > 0 {}
        assert_eq!(budget.grant(DAY_MS, "a", 20, 1000).writes, 20);
    }

    proptest! {
        #[test]
        fn sites_together_stay_within_the_budget(
            asks in proptest::collection::vec((0_u8..10, 1_u64..30, 0_u64..3_600_000), 1..400),
            per_day in 0_u64..2000,
        ) {
            let mut budget = Budget::default();
            let (mut now_ms, mut day, mut total) = (0, 0, 0);
            for (site, wanted, later_ms) in asks {
                now_ms += later_ms;
                if now_ms / DAY_MS != day {
                    (day, total) = (now_ms / DAY_MS, 0);
                }
                total += budget.grant(now_ms, &site.to_string(), wanted, per_day).writes;
                prop_assert!(total <= per_day);
            }
        }
    }
}
