//! The newest hits: which ids were answered already, and who is online.
//!
//! Both follow from the ring's newest entries alone, so they are the same after a restart. An id is
//! remembered for ten minutes, or for as long as its entry is in the ring.

use crate::counts::{HitReply, ShareReply, Shares};
use crate::journal::{Entry, Event, SLOTS, pack, unpack};
use crate::visitor::{RequestId, VisitorKey};
use std::collections::{BTreeMap, VecDeque};

/// How long a repeated id is recognised.
pub const REPEAT_WINDOW_MS: u64 = 10 * 60 * 1000;
/// How long after a hit its visitor counts as online.
pub const ONLINE_WINDOW_MS: u64 = 5 * 60 * 1000;

/// What an id was answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A hit's reply.
    Hit(HitReply),
    /// A share's reply.
    Share(PackedShares),
}

/// The shares that a request was answered with, packed: 40 networks as a map take kilobytes, and the ring
/// remembers 65,536 replies in an object that has 128 MB.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackedShares(Box<[u8]>);

impl PackedShares {
    /// First byte; kept in memory only.
    const FORMAT: u8 = 1;

    fn of(shares: &Shares) -> Self {
        Self(pack(Self::FORMAT, shares).unwrap_or_default().into_boxed_slice())
    }

    /// The reply.
    #[must_use]
    pub fn reply(&self) -> ShareReply {
        ShareReply::new(unpack(Self::FORMAT, &self.0).unwrap_or_default())
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Remembered {
    at_ms: u64,
    id: RequestId,
}

/// The newest hits of a site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recent {
    order: VecDeque<Remembered>,
    answers: BTreeMap<RequestId, Answer>,
    views: VecDeque<(u64, VisitorKey)>,
    last_seen_ms: BTreeMap<VisitorKey, u64>,
}

impl Recent {
    /// Forgets what is past its window at `now_ms`.
    pub fn forget_before(&mut self, now_ms: u64) {
        while self.order.len() as u64 > SLOTS
            || self.order.front().is_some_and(|oldest| is_past(oldest.at_ms, now_ms, REPEAT_WINDOW_MS))
        {
            if let Some(oldest) = self.order.pop_front() {
                self.answers.remove(&oldest.id);
            }
        }
        while let Some((at_ms, visitor)) = self.views.front().copied() {
            if !is_past(at_ms, now_ms, ONLINE_WINDOW_MS) && self.views.len() as u64 <= SLOTS {
                break;
            }
            self.views.pop_front();
            if self.last_seen_ms.get(&visitor).is_some_and(|last_ms| *last_ms <= at_ms) {
                self.last_seen_ms.remove(&visitor);
            }
        }
    }

    /// Takes in an entry that has been stored.
    pub fn remember(&mut self, entry: &Entry) {
        let answer = match &entry.event {
            Event::View(view) => Answer::Hit(view.reply()),
            Event::Share(share) => Answer::Share(PackedShares::of(&share.page_shares)),
        };
        // First, so that an id used again after its window is not forgotten with its first use.
        self.forget_before(entry.at_ms);
        self.order.push_back(Remembered { at_ms: entry.at_ms, id: entry.id });
        self.answers.insert(entry.id, answer);
        if let Event::View(view) = &entry.event {
            self.views.push_back((entry.at_ms, view.visitor));
            self.last_seen_ms.insert(view.visitor, entry.at_ms);
        }
    }

    /// What the id was answered with, if it is remembered.
    #[must_use]
    pub fn answer(&self, id: RequestId) -> Option<&Answer> {
        self.answers.get(&id)
    }

    /// Distinct visitors online, `visitor` among them.
    #[must_use]
    pub fn online_with(&self, visitor: VisitorKey) -> u64 {
        let others = self.last_seen_ms.len() as u64;
        if self.last_seen_ms.contains_key(&visitor) { others } else { others.saturating_add(1) }
    }

    /// Distinct visitors online.
    #[must_use]
    pub fn online(&self) -> u64 {
        self.last_seen_ms.len() as u64
    }

    /// Midnight: yesterday's keys mean nobody any more.
    pub fn forget_visitors(&mut self) {
        self.views.clear();
        self.last_seen_ms.clear();
    }
}

fn is_past(at_ms: u64, now_ms: u64, window_ms: u64) -> bool {
    now_ms.saturating_sub(at_ms) >= window_ms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_all_networks_are_remembered_in_less_than_a_kilobyte() {
        let shares: Shares = (0..50).map(|number| (format!("network-{number:02}"), number * 1_000)).collect();
        let packed = PackedShares::of(&shares);
        assert!(packed.0.len() < 1_000, "{} bytes", packed.0.len());
        assert_eq!(packed.reply(), ShareReply::new(shares));
    }
}
