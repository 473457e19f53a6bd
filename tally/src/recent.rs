//! The newest hits: which ids were answered already, and who is online.
//!
//! Both follow from the ring's newest entries alone, so they are the same after a restart. An id is
//! remembered for ten minutes, or for as long as its entry is in the ring.

use crate::counts::{HitReply, ShareReply, Shares};
use crate::journal::{Entry, Event, SLOTS};
use crate::visitor::{RequestId, VisitorKey};
use serde::Serialize;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

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
    Share(ShareReply),
}

/// An answer as it is remembered: packed, since the ring remembers 65,536 in an object that has 128 MB.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Packed {
    Hit(Box<[u8]>),
    Share(Box<[u8]>),
}

/// Packs a value for memory alone. Only running out of memory could fail here.
fn pack(value: &impl Serialize) -> Box<[u8]> {
    postcard::to_allocvec(value).unwrap_or_default().into_boxed_slice()
}

/// Packs shares as pairs of a network's number and its count: with their names 63 take more than a kilobyte.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct NetworkNumbers {
    names: Vec<Rc<str>>,
    numbers: BTreeMap<Rc<str>, u64>,
}

impl NetworkNumbers {
    fn pack(&mut self, shares: &Shares) -> Box<[u8]> {
        let pairs: Vec<(u64, u64)> =
            shares.iter().map(|(network, count)| (self.number_of(network), *count)).collect();
        pack(&pairs)
    }

    fn unpack(&self, packed: &[u8]) -> ShareReply {
        let pairs: Vec<(u64, u64)> = postcard::from_bytes(packed).unwrap_or_default();
        let name = |number| self.names.get(usize::try_from(number).ok()?);
        let shares = pairs.into_iter().filter_map(|(number, count)| Some((name(number)?.to_string(), count)));
        ShareReply::new(shares.collect())
    }

    fn number_of(&mut self, network: &str) -> u64 {
        if let Some(number) = self.numbers.get(network) {
            return *number;
        }
        let (number, name) = (self.names.len() as u64, Rc::from(network));
        self.names.push(Rc::clone(&name));
        self.numbers.insert(name, number);
        number
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
    answers: BTreeMap<RequestId, Packed>,
    networks: NetworkNumbers,
    views: VecDeque<(u64, VisitorKey)>,
    last_seen_ms: BTreeMap<VisitorKey, u64>,
}

impl Recent {
    /// Forgets what is past its window at `now_ms`.
    pub fn forget_before(&mut self, now_ms: u64) {
        while self.order.front().is_some_and(|oldest| is_past(oldest.at_ms, now_ms, REPEAT_WINDOW_MS)) {
            self.forget_oldest_answer();
        }
        while self.views.front().is_some_and(|(at_ms, _)| is_past(*at_ms, now_ms, ONLINE_WINDOW_MS)) {
            self.forget_oldest_view();
        }
    }

    /// Lets the oldest give way where the ring is full. Before something is added, as a full queue that grows
    /// takes twice the memory.
    fn make_room(&mut self) {
        if self.order.len() as u64 >= SLOTS {
            self.forget_oldest_answer();
        }
        if self.views.len() as u64 >= SLOTS {
            self.forget_oldest_view();
        }
    }

    fn forget_oldest_answer(&mut self) {
        if let Some(oldest) = self.order.pop_front() {
            self.answers.remove(&oldest.id);
        }
    }

    fn forget_oldest_view(&mut self) {
        if let Some((at_ms, visitor)) = self.views.pop_front()
            && self.last_seen_ms.get(&visitor).is_some_and(|last_ms| *last_ms <= at_ms)
        {
            self.last_seen_ms.remove(&visitor);
        }
    }

    /// Takes in an entry that has been stored.
    pub fn remember(&mut self, entry: &Entry) {
        let answer = match &entry.event {
            Event::View(view) => Packed::Hit(pack(&view.reply())),
            Event::Share(share) => Packed::Share(self.networks.pack(&share.page_shares)),
        };
        // First, so that an id used again after its window is not forgotten with its first use.
        self.forget_before(entry.at_ms);
        self.make_room();
        self.order.push_back(Remembered { at_ms: entry.at_ms, id: entry.id });
        self.answers.insert(entry.id, answer);
        if let Event::View(view) = &entry.event {
            self.views.push_back((entry.at_ms, view.visitor));
            self.last_seen_ms.insert(view.visitor, entry.at_ms);
        }
    }

    /// What the id was answered with, if it is remembered.
    #[must_use]
    pub fn answer(&self, id: RequestId) -> Option<Answer> {
        match self.answers.get(&id)? {
            Packed::Hit(packed) => postcard::from_bytes(packed).ok().map(Answer::Hit),
            Packed::Share(packed) => Some(Answer::Share(self.networks.unpack(packed))),
        }
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
    fn replies_that_name_many_networks_are_remembered_in_little_memory() {
        let shares: Shares =
            (0..63).map(|number| (format!("a-long-network-name-{number:02}"), number * 100)).collect();
        let mut networks = NetworkNumbers::default();
        let packed = networks.pack(&shares);
        assert!(packed.len() < 200, "{} bytes", packed.len());
        assert_eq!(networks.unpack(&packed), ShareReply::new(shares));
    }
}
