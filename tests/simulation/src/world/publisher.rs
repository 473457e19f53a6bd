//! The publisher between its outbox, the budget and a network that loses and delays.

use super::World;
use crate::calendar::DAY_MS;
use crate::remote::Fate;
use laifang_tally::engine::Storage;
use laifang_tally::outbox::{Step, WANTED};

/// As the edge waits for an answer.
const PUT_TIMEOUT_MS: u64 = 10_000;

impl World {
    /// Lets the network's time pass; answers arrive in their order.
    pub fn pass(&mut self, ms: u64) -> Result<(), String> {
        let until_ms = self.true_ms + ms;
        while let Some((at_ms, index)) = self.next_event(until_ms) {
            self.true_ms = self.true_ms.max(at_ms);
            self.remote.land(at_ms)?;
            self.answer(index, at_ms)?;
        }
        self.true_ms = until_ms;
        self.remote.land(until_ms)
    }

    fn next_event(&self, until_ms: u64) -> Option<(u64, usize)> {
        let events = self.remote.flights.iter().enumerate().map(|(index, flight)| {
            let answered_ms = flight.began_ms + flight.fate.answered_after_ms;
            let given_up_ms = flight.began_ms + PUT_TIMEOUT_MS;
            (if flight.is_given_up { answered_ms } else { answered_ms.min(given_up_ms) }, index)
        });
        events.min().filter(|(at_ms, _)| *at_ms <= until_ms)
    }

    fn answer(&mut self, index: usize, at_ms: u64) -> Result<(), String> {
        let flight = &mut self.remote.flights[index];
        let document = flight.document;
        let is_answered = flight.began_ms + flight.fate.answered_after_ms <= at_ms;
        if is_answered {
            let flight = self.remote.flights.remove(index);
            if flight.fate.is_ok {
                self.outbox.taken(document);
                let Some(site) = self.engine.site_mut() else { return Ok(()) };
                if site.publish_taken(document) {
                    let rows = site.page_set_rows().map_err(|error| error.to_string())?;
                    self.disk.begin_turn(None);
                    let stored = rows.into_iter().try_for_each(|row| self.disk.write_row(row));
                    stored.map_err(|fault| format!("{fault:?}"))?;
                }
                return Ok(());
            }
            self.outbox.refused(document, at_ms + self.publisher_ahead_ms);
        } else {
            flight.is_given_up = true;
            self.outbox.failed(at_ms + self.publisher_ahead_ms);
        }
        if let Some(site) = self.engine.site_mut() {
            site.publish_failed(document);
        }
        Ok(())
    }

    /// One step of the publisher; false if there is nothing to do now.
    pub fn publish(&mut self) -> Result<bool, String> {
        let (true_ms, now_ms) = (self.true_ms, self.publisher_ms());
        let Some(site) = self.engine.site().filter(|_| true_ms >= self.publish_from_ms) else {
            return Ok(false);
        };
        let next = self.outbox.next(&site.unpublished(), now_ms);
        let is_told = next != Step::Ask && site.has_told_next_write();
        match next {
            Step::Idle | Step::Wait(_) => return Ok(false),
            Step::Ask if self.is_faulty && self.rng.u8(..5) == 0 => self.outbox.failed(now_ms),
            Step::Ask => {
                let grant = self.budget.grant(now_ms, "s", WANTED, self.writes_per_day);
                self.outbox.granted(grant, now_ms);
            }
            Step::Put(document) => {
                let site = self.engine.site_mut().expect("awake");
                let body = site.publish(document).map_err(|error| error.to_string())?;
                self.outbox.put_begins(document, now_ms);
                let fate = self.fate();
                *self.puts.entry(now_ms / DAY_MS).or_default() += 1;
                self.remote.put(document, body, true_ms, fate)?;
            }
        }
        let allowance = self.outbox.allowance();
        let site = self.engine.site_mut().expect("awake");
        site.set_allowance(allowance);
        if !is_told {
            let row = site.allowance_row().map_err(|error| error.to_string())?;
            self.disk.begin_turn(None);
            self.disk.write_row(row).map_err(|fault| format!("{fault:?}"))?;
        }
        self.check_budget().map(|()| true)
    }

    fn fate(&mut self) -> Fate {
        let soon = self.rng.u64(1..300);
        let late = self.rng.u64(300..59_000);
        match if self.is_faulty { self.rng.u8(..10) } else { 9 } {
            0 => Fate { lands_after_ms: None, answered_after_ms: soon, is_ok: false },
            1 => Fate { lands_after_ms: None, answered_after_ms: late, is_ok: false },
            2 => Fate { lands_after_ms: Some(late), answered_after_ms: late, is_ok: true },
            3 => Fate { lands_after_ms: Some(soon), answered_after_ms: late, is_ok: false },
            _ => Fate { lands_after_ms: Some(soon), answered_after_ms: soon, is_ok: true },
        }
    }

    fn check_budget(&self) -> Result<(), String> {
        if let Some((day, puts)) = self.puts.iter().find(|(_, puts)| **puts > self.writes_per_day) {
            return Err(format!("{puts} puts on day {day}, of {} allowed", self.writes_per_day));
        }
        let puts = self.puts.get(&self.budget.day).copied().unwrap_or_default();
        let granted: u64 = self.budget.granted.values().sum();
        if puts > granted { Err(format!("{puts} puts today, of {granted} granted")) } else { Ok(()) }
    }
}
