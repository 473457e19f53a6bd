//! Blocks of numbers leased to shards: what a site too large for one object would do. A design and its simulation;
//! nothing of it is in the Worker.
//!
//! A visitor's key chooses the shard, so that each visitor is known by one. A shard numbers its visitors from a block
//! that the lessor granted. The lessor stores a grant before it tells it, and tells the same again when it is asked
//! again; the shard stores its place in the block with each hit. Blocks that come back are the next to be granted, so
//! gaps close. Out of scope: views and pages, which each shard counts and the lessor adds up.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;

/// What is simulated.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// How many shards.
    pub shards: usize,
    /// Numbers in a block.
    pub block: u64,
    /// New visitors in a day.
    pub visitors: u64,
    /// Whether a shard asks when half of its block is left, and not when none is.
    pub is_ahead: bool,
}

/// What came of it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Outcome {
    /// Grants, repeated ones not counted.
    pub grants: u64,
    /// Visitors that had to wait for a grant.
    pub waited: u64,
    /// Most numbers not given below the highest that was, at any time.
    pub widest_gap: u64,
    /// The same at midnight, when every shard gives back what it has left.
    pub gap_at_midnight: u64,
    /// Visitors of the next day until none of those is left.
    pub closed_after: u64,
    /// How far a number was from the visitor's place in the order of arrival, at most.
    pub furthest: u64,
}

/// A lost reply to a request for a block is asked for again after so long.
const ASK_AGAIN_MS: u64 = 1_000;
const DAY_MS: u64 = 86_400_000;

#[derive(Debug, Default)]
struct Lessor {
    next: u64,
    returned: BTreeMap<u64, u64>,
    granted: BTreeMap<usize, (u64, Range<u64>)>,
    grants: u64,
}

impl Lessor {
    /// The block of a shard's request with this number; the same when it is asked again.
    fn grant(&mut self, shard: usize, request: u64, block: u64) -> Range<u64> {
        if let Some((known, range)) = self.granted.get(&shard)
            && *known == request
        {
            return range.clone();
        }
        let range = match self.returned.pop_first() {
            Some((start, end)) => {
                let stop = end.min(start + block);
                if stop < end {
                    self.returned.insert(stop, end);
                }
                start..stop
            }
            None => {
                self.next += block;
                self.next - block + 1..self.next + 1
            }
        };
        self.grants += 1;
        self.granted.insert(shard, (request, range.clone()));
        range
    }

    fn take_back(&mut self, range: &Range<u64>) {
        if !range.is_empty() {
            self.returned.insert(range.start, range.end);
        }
    }
}

#[derive(Debug, Default)]
struct Shard {
    /// Blocks it holds, the one in use first.
    blocks: VecDeque<Range<u64>>,
    request: u64,
    /// When the reply to its request comes, if one is under way.
    reply_at_ms: Option<u64>,
}

impl Shard {
    fn left(&self) -> u64 {
        self.blocks.iter().map(|block| block.end - block.start).sum()
    }

    fn next_number(&mut self) -> Option<u64> {
        while self.blocks.front().is_some_and(Range::is_empty) {
            self.blocks.pop_front();
        }
        self.blocks.front_mut()?.next()
    }
}

/// A site in shards, with every number it gave.
struct World {
    plan: Plan,
    random: fastrand::Rng,
    lessor: Lessor,
    shards: Vec<Shard>,
    given: Vec<bool>,
    highest: u64,
    count: u64,
    outcome: Outcome,
}

/// Runs a day and the next one until the gaps are closed. The error says which promise was broken.
pub fn run(plan: Plan, seed: u64) -> Result<Outcome, String> {
    let shards = (0..plan.shards).map(|_| Shard::default()).collect();
    let (random, lessor) = (fastrand::Rng::with_seed(seed), Lessor::default());
    let mut world = World {
        plan,
        random,
        lessor,
        shards,
        given: Vec::new(),
        highest: 0,
        count: 0,
        outcome: Outcome::default(),
    };
    for visitor in 0..plan.visitors {
        world.arrive(world.time_of(visitor))?;
        world.outcome.widest_gap = world.outcome.widest_gap.max(world.highest - world.count);
    }
    world.outcome.gap_at_midnight = world.highest - world.count;
    world.give_back();
    let end = world.highest;
    for visitor in 0..plan.visitors {
        if world.count_below(end) == end {
            break;
        }
        world.arrive(DAY_MS + world.time_of(visitor))?;
        world.outcome.closed_after = visitor + 1;
    }
    world.give_back();
    world.check(end)?;
    world.outcome.grants = world.lessor.grants;
    Ok(world.outcome)
}

impl World {
    /// The evening has three times the visitors of the early morning.
    fn time_of(&self, visitor: u64) -> u64 {
        let share = visitor as f64 / self.plan.visitors as f64;
        let bent = share + 0.08 * (share * std::f64::consts::TAU).sin();
        (bent * DAY_MS as f64) as u64
    }

    fn arrive(&mut self, now_ms: u64) -> Result<(), String> {
        let shard = self.random.usize(..self.plan.shards);
        self.settle(shard, now_ms);
        if self.plan.is_ahead && self.shards[shard].left() <= self.plan.block / 2 {
            self.ask(shard, now_ms);
        }
        if self.shards[shard].left() == 0 {
            self.outcome.waited += 1;
            self.ask(shard, now_ms);
            self.settle(shard, u64::MAX);
        }
        let number = self.shards[shard].next_number().ok_or("a shard has no number")?;
        self.note(number)
    }

    /// Asks for a block unless that is under way. The lessor stores the grant; the reply takes its time, and one of a
    /// hundred is lost and asked for again.
    fn ask(&mut self, shard: usize, now_ms: u64) {
        if self.shards[shard].reply_at_ms.is_some() {
            return;
        }
        let mut at_ms = now_ms + self.random.u64(10..200);
        while self.random.u8(..) < 3 {
            let _lost = self.lessor.grant(shard, self.shards[shard].request, self.plan.block);
            at_ms += ASK_AGAIN_MS;
        }
        self.shards[shard].reply_at_ms = Some(at_ms);
    }

    fn settle(&mut self, number: usize, now_ms: u64) {
        let shard = &mut self.shards[number];
        if shard.reply_at_ms.is_some_and(|at_ms| at_ms <= now_ms) {
            shard.blocks.push_back(self.lessor.grant(number, shard.request, self.plan.block));
            shard.request += 1;
            shard.reply_at_ms = None;
        }
    }

    fn note(&mut self, number: u64) -> Result<(), String> {
        let index = usize::try_from(number).map_err(|error| error.to_string())?;
        if self.given.len() <= index {
            self.given.resize(index * 2 + 2, false);
        }
        if std::mem::replace(&mut self.given[index], true) {
            return Err(format!("number {number} was given twice"));
        }
        self.count += 1;
        self.highest = self.highest.max(number);
        self.outcome.furthest = self.outcome.furthest.max(number.abs_diff(self.count));
        Ok(())
    }

    fn give_back(&mut self) {
        for shard in 0..self.shards.len() {
            self.settle(shard, u64::MAX);
            for block in std::mem::take(&mut self.shards[shard].blocks) {
                self.lessor.take_back(&block);
            }
        }
    }

    fn count_below(&self, end: u64) -> u64 {
        if self.lessor.returned.keys().next().is_some_and(|start| *start <= end)
            || self
                .shards
                .iter()
                .flat_map(|shard| &shard.blocks)
                .any(|block| block.start <= end && !block.is_empty())
        {
            return 0;
        }
        end
    }

    /// Every number up to `end` was given, and what was granted is either given or given back.
    fn check(&self, end: u64) -> Result<(), String> {
        if let Some(gap) = (1..=end).find(|number| !self.given[*number as usize]) {
            return Err(format!("number {gap} was never given"));
        }
        let returned: u64 = self.lessor.returned.iter().map(|(start, end)| end - start).sum();
        if self.count + returned == self.lessor.next {
            Ok(())
        } else {
            Err(format!("{} given and {returned} back are not {} granted", self.count, self.lessor.next))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_unique_totals_exact_and_gaps_close() {
        for seed in 0..20 {
            for (shards, block, is_ahead) in [(1, 1, false), (4, 16, true), (16, 100, true), (7, 1000, false)]
            {
                let plan = Plan { shards, block, visitors: 20_000, is_ahead };
                let outcome = run(plan, seed).unwrap();
                let most = shards as u64 * 2 * block;
                assert!(outcome.widest_gap <= most, "{outcome:?}");
            }
        }
    }

    #[test]
    fn a_block_that_is_asked_for_twice_is_granted_once() {
        let mut lessor = Lessor::default();
        assert_eq!(lessor.grant(0, 0, 10), 1..11);
        assert_eq!(lessor.grant(0, 0, 10), 1..11);
        assert_eq!(lessor.grant(1, 0, 10), 11..21);
        lessor.take_back(&(5..11));
        assert_eq!(lessor.grant(1, 1, 4), 5..9, "what came back goes first");
        assert_eq!(lessor.grant(0, 1, 4), 9..11);
        assert_eq!(lessor.grant(0, 2, 4), 21..25);
    }
}
