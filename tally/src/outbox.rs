//! Which document KV is told next, and when: the publishing of one site, as decisions.
//!
//! Never the same key twice within [`MIN_INTERVAL_MS`]; never two puts of one key under way, so none can
//! overtake another; a put without an answer may still land, so its key rests for a while; failures back
//! off. Times are the machine's: where its clock is set back they go back with it. Out of scope: making the calls.

use crate::budget::{Allowance, Grant};
use crate::publish::Document;
use std::collections::BTreeMap;

/// Shortest time between two puts of the same key: a count is in KV within five seconds, the put included.
pub const MIN_INTERVAL_MS: u64 = 4_000;
/// How long a put that was not answered may still land.
pub const REST_MS: u64 = 60_000;
/// Wait after a failure; doubled each time, up to [`MAX_RETRY_MS`].
pub const RETRY_MS: u64 = 2_000;
/// Longest wait after a failure.
pub const MAX_RETRY_MS: u64 = 600_000;
/// Writes asked for at once.
pub const WANTED: u64 = 20;

/// What is to be done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing is due.
    Idle,
    /// Nothing may be done before this time.
    Wait(u64),
    /// Ask for writes.
    Ask,
    /// Write this document.
    Put(Document),
}

/// How publishing stands. Kept in memory; of all of it only the allowance must outlive a sleep.
#[derive(Debug, Clone, Default)]
pub struct Outbox {
    allowance: Allowance,
    may_resume: bool,
    put_ms: BTreeMap<Document, u64>,
    resting_until_ms: BTreeMap<Document, u64>,
    last: Option<Document>,
    not_before_ms: u64,
    failures: u32,
    clock_ms: u64,
}

impl Outbox {
    /// Takes in the time, as all that is given one does. If the clock was set back, all times go back with
    /// it, so that nothing waits until the clock is where it was; no time counts as passed. The allowance is given up:
    /// the newest entry told of it by the clock before.
    pub fn observe(&mut self, now_ms: u64) {
        if self.allowance.is_of_later_clock(now_ms) {
            self.allowance = Allowance::default();
        }
        let back_ms = self.clock_ms.saturating_sub(now_ms);
        if back_ms <= MIN_INTERVAL_MS {
            self.clock_ms = self.clock_ms.max(now_ms);
            return;
        }
        self.clock_ms = now_ms;
        self.allowance = Allowance::default();
        let times = self.put_ms.values_mut().chain(self.resting_until_ms.values_mut());
        for time_ms in times.chain([&mut self.not_before_ms]) {
            *time_ms = time_ms.saturating_sub(back_ms);
        }
    }

    /// The site was read from storage. What is stored of its allowance may be spent only once another
    /// entry says that it will be: see [`Outbox::entry_stored`].
    pub fn woke(&mut self) {
        self.allowance = Allowance::default();
        self.may_resume = true;
    }

    /// An entry was stored, which tells of `allowance` what it will leave of it.
    pub fn entry_stored(&mut self, allowance: Allowance) {
        if std::mem::take(&mut self.may_resume) {
            self.allowance = allowance;
        }
    }

    /// What may still be spent.
    #[must_use]
    pub fn allowance(&self) -> Allowance {
        self.allowance
    }

    /// Whether the last attempt failed (rather than the budget being used up).
    #[must_use]
    pub fn is_failing(&self) -> bool {
        self.failures > 0
    }

    /// Nothing is written before this time.
    #[must_use]
    pub fn not_before_ms(&self) -> u64 {
        let spaced_ms = if self.allowance.writes > 0 { self.allowance.next_ms } else { 0 };
        self.not_before_ms.max(spaced_ms)
    }

    /// Something became due that no entry told: what is stored of the allowance doesn't know of it.
    pub fn day_began(&mut self) {
        self.allowance = Allowance::default();
        self.may_resume = false;
    }

    /// The next step, given what is due.
    #[must_use]
    pub fn next(&mut self, due: &[Document], now_ms: u64) -> Step {
        self.observe(now_ms);
        if due.is_empty() {
            return Step::Idle;
        }
        if now_ms < self.not_before_ms() {
            return Step::Wait(self.not_before_ms());
        }
        let ready = due.iter().copied().filter(|document| self.ready_ms(*document) <= now_ms);
        let Some(document) = self.most_urgent(ready) else {
            let soonest = due.iter().map(|document| self.ready_ms(*document)).min();
            return Step::Wait(soonest.unwrap_or(now_ms));
        };
        if self.allowance.is_spent(now_ms) { Step::Ask } else { Step::Put(document) }
    }

    /// Every second write is the main document's; the others take turns, longest unwritten first.
    fn most_urgent(&self, ready: impl Iterator<Item = Document>) -> Option<Document> {
        let after_main = self.last == Some(Document::Main);
        ready.min_by_key(|document| {
            let is_main = *document == Document::Main;
            (is_main == after_main, self.put_ms.get(document).copied().unwrap_or_default(), *document)
        })
    }

    fn ready_ms(&self, document: Document) -> u64 {
        let rested = self.resting_until_ms.get(&document).copied().unwrap_or_default();
        let paced = self.put_ms.get(&document).map_or(0, |at_ms| at_ms.saturating_add(MIN_INTERVAL_MS));
        rested.max(paced)
    }

    /// Takes in the answer to [`Step::Ask`].
    pub fn granted(&mut self, grant: Grant, now_ms: u64) {
        self.observe(now_ms);
        self.may_resume = false;
        self.allowance = grant.into();
        if grant.writes == 0 {
            self.not_before_ms = now_ms.saturating_add(grant.spacing_ms);
        }
    }

    /// A put begins. Until it is answered, or has rested, its key is left alone.
    pub fn put_begins(&mut self, document: Document, now_ms: u64) {
        self.observe(now_ms);
        self.allowance = self.allowance.after(1, now_ms);
        self.put_ms.insert(document, now_ms);
        self.resting_until_ms.insert(document, now_ms.saturating_add(REST_MS));
        self.last = Some(document);
    }

    /// KV took a document.
    pub fn taken(&mut self, document: Document) {
        self.resting_until_ms.remove(&document);
        self.failures = 0;
    }

    /// KV refused a document, which is due again.
    pub fn refused(&mut self, document: Document, now_ms: u64) {
        self.resting_until_ms.remove(&document);
        self.failed(now_ms);
    }

    /// Something else failed, or a put was not answered in time.
    ///
    /// The rest of the allowance is given up: what is stored of it does not know of retries, and after a
    /// crash they would be spent twice.
    pub fn failed(&mut self, now_ms: u64) {
        self.observe(now_ms);
        self.allowance.writes = 0;
        let wait_ms = RETRY_MS.saturating_mul(2_u64.saturating_pow(self.failures)).min(MAX_RETRY_MS);
        self.failures = self.failures.saturating_add(1);
        self.not_before_ms = now_ms.saturating_add(wait_ms);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGES: [Document; 2] = [Document::Pages(0), Document::Pages(1)];
    const HOUR_MS: u64 = 3_600_000;
    const ALL: [Document; 3] = [Document::Main, PAGES[0], PAGES[1]];

    fn with_writes(writes: u64) -> Outbox {
        let mut outbox = Outbox::default();
        outbox.granted(Grant { writes, valid_until_ms: 86_400_000, spacing_ms: 0 }, 0);
        outbox
    }

    #[test]
    fn every_second_write_is_the_main_document_and_the_others_take_turns() {
        let mut outbox = with_writes(100);
        let mut now_ms = MIN_INTERVAL_MS;
        let order: Vec<Document> = std::iter::repeat_with(|| {
            now_ms += MIN_INTERVAL_MS;
            let Step::Put(document) = outbox.next(&ALL, now_ms) else { panic!("nothing to put") };
            outbox.put_begins(document, now_ms);
            outbox.taken(document);
            document
        })
        .take(5)
        .collect();
        assert_eq!(order, [ALL[0], ALL[1], ALL[0], ALL[2], ALL[0]]);
    }

    #[test]
    fn a_key_is_paced_and_rests_while_its_put_is_not_answered() {
        let mut outbox = with_writes(100);
        outbox.put_begins(Document::Main, 10);
        assert_eq!(outbox.next(&ALL[..1], 5_000), Step::Wait(10 + REST_MS));
        outbox.taken(Document::Main);
        assert_eq!(outbox.next(&ALL[..1], 3_000), Step::Wait(10 + MIN_INTERVAL_MS));
        assert_eq!(outbox.next(&ALL[..1], 5_000), Step::Put(Document::Main));
    }

    #[test]
    fn a_clock_that_is_set_back_stops_nothing_and_hastens_nothing() {
        let mut outbox = with_writes(100);
        outbox.put_begins(Document::Main, HOUR_MS);
        assert_eq!(outbox.next(&ALL[..1], 5_000), Step::Wait(5_000 + REST_MS), "the put may still land");
        outbox.taken(Document::Main);
        assert_eq!(outbox.next(&ALL[..1], 5_000), Step::Wait(5_000 + MIN_INTERVAL_MS));
        assert_eq!(outbox.next(&ALL[..1], 9_000), Step::Ask, "the allowance was given up");
        outbox.failed(9_000);
        outbox.failed(HOUR_MS);
        assert_eq!(outbox.next(&ALL[..1], 5_000), Step::Wait(5_000 + 2 * RETRY_MS));
    }

    #[test]
    fn an_allowance_stored_by_a_clock_that_was_ahead_is_given_up() {
        let stored = Allowance { writes: 5, valid_until_ms: 900_000, spacing_ms: 1_000, next_ms: 500_000 };
        let mut outbox = Outbox::default();
        outbox.woke();
        outbox.entry_stored(stored);
        assert_eq!(outbox.next(&ALL, 499_000), Step::Wait(500_000), "this is its spacing");
        outbox.clock_ms = 0;
        assert_eq!(outbox.next(&ALL, 100_000), Step::Ask);

        let mut outbox = Outbox::default();
        outbox.woke();
        outbox.entry_stored(Allowance { writes: 5, valid_until_ms: 900 * HOUR_MS, ..Allowance::default() });
        assert_eq!(outbox.next(&ALL, 100_000), Step::Ask, "nor by a later day's budget");
    }

    #[test]
    fn a_small_step_back_only_delays() {
        let mut outbox = with_writes(100);
        outbox.put_begins(Document::Main, 60_000);
        outbox.taken(Document::Main);
        assert_eq!(outbox.next(&ALL[..1], 56_000), Step::Wait(60_000));
        assert_eq!(outbox.allowance().writes, 99);
    }

    #[test]
    fn writes_granted_ahead_of_time_are_spaced_out() {
        let mut outbox = Outbox::default();
        outbox.granted(Grant { writes: 5, valid_until_ms: 86_400_000, spacing_ms: 100_000 }, 0);
        assert_eq!(outbox.next(&ALL, 10), Step::Put(Document::Main));
        outbox.put_begins(Document::Main, 10);
        assert_eq!(outbox.next(&ALL, 20), Step::Wait(100_010));
        assert_eq!(outbox.next(&ALL, 100_010), Step::Put(PAGES[0]));
    }

    #[test]
    fn failures_back_off_and_a_success_ends_that() {
        let mut outbox = with_writes(100);
        outbox.failed(0);
        assert_eq!(outbox.next(&ALL, 1), Step::Wait(RETRY_MS));
        assert_eq!(outbox.next(&ALL, RETRY_MS), Step::Ask, "a failure gives up the allowance");
        outbox.failed(RETRY_MS);
        assert_eq!(outbox.next(&ALL, RETRY_MS + 1), Step::Wait(3 * RETRY_MS));
        outbox.taken(Document::Main);
        assert!(!outbox.is_failing());
    }

    #[test]
    fn after_a_wake_the_stored_allowance_waits_for_an_entry() {
        let mut outbox = Outbox::default();
        let stored = Allowance { writes: 5, valid_until_ms: 100, ..Allowance::default() };
        outbox.woke();
        assert_eq!(outbox.next(&ALL, 1), Step::Ask);
        outbox.entry_stored(stored);
        assert_eq!(outbox.allowance(), stored);
        outbox.entry_stored(Allowance { writes: 9, ..stored });
        assert_eq!(outbox.allowance(), stored, "only once a wake");
    }

    #[test]
    fn without_writes_more_are_asked_for_and_none_means_wait() {
        let mut outbox = Outbox::default();
        assert_eq!(outbox.next(&ALL, 5), Step::Ask);
        outbox.granted(Grant { writes: 0, valid_until_ms: 100, spacing_ms: 10 }, 5);
        assert_eq!(outbox.next(&ALL, 6), Step::Wait(15));
        assert_eq!(outbox.next(&[], 6), Step::Idle);
    }
}
