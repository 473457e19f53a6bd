//! One site's object between its clients, its storage, its clock and KV.

use crate::calendar::{DAY_MS, HOUR_MS, day_at};
use crate::disk::{Disk, Fault};
use crate::model::{Act, Model, Reply, Request, Table, same};
use crate::remote::{Fate, Remote};
use fastrand::Rng;
use laifang_tally::budget::Budget;
use laifang_tally::engine::{Engine, Storage};
use laifang_tally::import::{Options, Reader};
use laifang_tally::outbox::{Outbox, Step, WANTED};
use laifang_tally::publish::{Document, MainDocument};
use laifang_tally::site::Site;
use laifang_tally::snapshot::{SALT_KEY, TOTALS_KEY};
use laifang_tally::visit::{Arrival, Decision};
use laifang_tally::visitor::{Secret, VisitorKey};

/// As the edge waits before a run's first put, and for an answer.
const GATHER_MS: u64 = 1_000;
const PUT_TIMEOUT_MS: u64 = 10_000;
/// Few, so that pages give way to each other.
const MAX_PAGES: usize = 5;

/// What goes wrong in a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mishap {
    /// Nothing.
    None,
    /// The storage write with this number fails.
    Storage(u32),
    /// The object dies before the turn's writes are durable.
    CrashBefore,
    /// The object dies after, before the answer is sent.
    CrashAfter,
}

/// Everything.
pub struct World {
    /// Decides every accident.
    pub rng: Rng,
    /// The time nobody doubts, which the network keeps.
    pub true_ms: u64,
    /// How far ahead the object's clock is.
    pub ahead_ms: u64,
    /// Whether KV and the budget misbehave.
    pub is_faulty: bool,
    disk: Disk,
    engine: Engine,
    outbox: Outbox,
    remote: Remote,
    budget: Budget,
    writes_per_day: u64,
    publish_from_ms: u64,
    live_ms: u64,
    model: Model,
    exported: Option<(String, Model)>,
}

impl World {
    /// A site nobody has visited yet.
    pub fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let mut remote = Remote::default();
        if rng.u8(..8) == 0 {
            let bucketed =
                MainDocument { format: 1, generation: 1, oldest_generation: 1, ..Default::default() };
            remote.plant(Document::Main, serde_json::to_string(&bucketed).expect("a document"));
        }
        Self {
            true_ms: 20_000 * DAY_MS + rng.u64(..DAY_MS),
            ahead_ms: 2 * HOUR_MS,
            is_faulty: true,
            disk: Disk::default(),
            engine: Engine::new(rng.u64(3..40)),
            outbox: Outbox::default(),
            remote,
            budget: Budget::default(),
            writes_per_day: if rng.bool() { rng.u64(40..1_000) } else { rng.u64(4..40) },
            publish_from_ms: 0,
            live_ms: 0,
            model: Model::default(),
            exported: None,
            rng,
        }
    }

    fn wall_ms(&self) -> u64 {
        self.true_ms + self.ahead_ms
    }

    /// Delivers a request. None: it was answered with an error, and may be sent again.
    pub fn deliver(&mut self, request: &Request, mishap: Mishap) -> Result<Option<Reply>, String> {
        let before = self.model.clone();
        self.disk.begin_turn(match mishap {
            Mishap::Storage(writes) => Some(writes),
            _ => None,
        });
        let reply = match self.wake()? {
            Some(now_ms) => self.decide(request, now_ms)?,
            None => None,
        };
        match mishap {
            Mishap::CrashBefore => {
                self.disk.crash_turn();
                self.model = before;
                self.crash()?;
                Ok(None)
            }
            Mishap::CrashAfter => self.crash().map(|()| None),
            Mishap::None | Mishap::Storage(_) => self.check().map(|()| reply),
        }
    }

    /// The alarm, or any call that counts nothing.
    pub fn wake(&mut self) -> Result<Option<u64>, String> {
        let was_awake = self.engine.site().is_some();
        if !self.engine.wake(&self.disk).map_err(|fault| format!("storage can't be read: {fault:?}"))?
            && !self.restore()
        {
            return Ok(None);
        }
        if !was_awake {
            self.outbox.woke();
            self.publish_from_ms = self.true_ms + GATHER_MS;
            self.live_ms = self.model.stored_ms;
        }
        self.live_ms = self.live_ms.max(self.wall_ms());
        let (salt, salt_before) = (self.secret(), self.disk.row(SALT_KEY));
        let passed =
            self.engine.pass_time(&self.disk, self.wall_ms(), |_, now_ms| Ok((day_at(now_ms), salt)));
        if self.disk.row(SALT_KEY) != salt_before {
            self.model.begin_day(day_at(self.live_ms));
            self.outbox.day_began();
            let allowance = self.outbox.allowance();
            self.engine.site_mut().into_iter().for_each(|site| site.set_allowance(allowance));
        }
        match passed {
            Ok(now_ms) => {
                same("the site's time", &now_ms, &self.live_ms)?;
                self.check()?;
                Ok(Some(now_ms))
            }
            Err(Fault::Injected) => Ok(None),
            Err(Fault::Format(error)) => Err(format!("{error}")),
        }
    }

    /// Brings the site back from KV, or begins a new one. False: not this time.
    fn restore(&mut self) -> bool {
        if self.is_faulty && self.rng.u8(..4) == 0 {
            return false;
        }
        let (main, pages, days) = (self.remote.main(), self.remote.pages(), self.remote.days());
        let (now_ms, secrets) = (self.wall_ms(), (self.secret(), self.secret()));
        let day = day_at(now_ms);
        let mut model = Model::default();
        model.restore(main.as_ref(), &pages, &days, day, now_ms);
        let site = match main {
            Some(main) => Site::restore(main, pages, days, day, secrets, now_ms),
            None => Site::new(1, day, secrets.0, secrets.1),
        };
        if self.engine.begin(&self.disk, site).is_err() {
            return false;
        }
        self.model = model;
        true
    }

    fn decide(&mut self, request: &Request, now_ms: u64) -> Result<Option<Reply>, String> {
        let site = self.engine.site().expect("awake");
        let decision = match request.act {
            Act::View(kind) => {
                let address = format!("10.0.0.{}", request.visitor);
                let visitor = VisitorKey::new(site.salt(), "s", &address, "Browser");
                let arrival = Arrival { now_ms, id: &request.id, visitor, page: &request.page, kind };
                match site.decide_view(&arrival, MAX_PAGES) {
                    Decision::Repeat(reply) => Decision::Repeat(Reply::Hit(reply)),
                    Decision::Count(entry, reply) => Decision::Count(entry, Reply::Hit(reply)),
                    Decision::Refuse(reason) => Decision::Refuse(reason),
                }
            }
            Act::Share(network) => match site.decide_share(now_ms, &request.id, &request.page, network) {
                Decision::Repeat(reply) => Decision::Repeat(Reply::Share(reply)),
                Decision::Count(entry, reply) => Decision::Count(entry, Reply::Share(reply)),
                Decision::Refuse(reason) => Decision::Refuse(reason),
            },
        };
        let remembered = self.model.remembered(request, now_ms).cloned();
        match decision {
            Decision::Repeat(reply) => {
                same("a repeated reply", &Some(&reply), &remembered.as_ref())?;
                Ok(Some(reply))
            }
            Decision::Refuse(_) => {
                same("a refused request", &remembered, &None)?;
                same("a refused request", &self.model.clone().count(request, now_ms, MAX_PAGES), &None)?;
                Ok(None)
            }
            Decision::Count(entry, reply) => {
                same("a request counted again", &remembered, &None)?;
                let outcome = self.engine.count(&self.disk, &entry);
                let is_stored = self.disk.holds(self.model.seq + 1);
                if is_stored {
                    let expected = self.model.count(request, now_ms, MAX_PAGES);
                    same("a reply", &Some(&reply), &expected.as_ref())?;
                }
                if outcome.is_ok() {
                    same("whether what was acknowledged is stored", &is_stored, &true)?;
                    let allowance = self.engine.site().expect("awake").allowance();
                    self.outbox.entry_stored(allowance);
                }
                Ok(outcome.is_ok().then_some(reply))
            }
        }
    }

    /// The owner's reset.
    pub fn reset(&mut self, mishap: Mishap) -> Result<(), String> {
        let before = self.model.clone();
        self.disk.begin_turn(match mishap {
            Mishap::Storage(writes) => Some(writes),
            _ => None,
        });
        if let Some(now_ms) = self.wake()? {
            let (salt, id_key) = (self.secret(), self.secret());
            let site = self.engine.site().expect("awake").reset(salt, id_key, now_ms);
            let totals = self.disk.row(TOTALS_KEY);
            let outcome = self.engine.begin(&self.disk, site);
            // The totals row is the first: with it the reset is done, whatever fails after it.
            let is_done = self.disk.row(TOTALS_KEY) != totals;
            same("whether an acknowledged reset is stored", &(is_done || outcome.is_err()), &true)?;
            if is_done {
                self.model.reset(now_ms);
            }
        }
        match mishap {
            Mishap::CrashBefore => {
                self.disk.crash_turn();
                self.model = before;
                self.crash()
            }
            Mishap::CrashAfter => self.crash(),
            Mishap::None | Mishap::Storage(_) => self.check(),
        }
    }

    /// The owner's starting values: all of the table is taken, or none.
    pub fn start(&mut self, table: &Table, mishap: Mishap) -> Result<(), String> {
        let before = self.model.clone();
        self.begin_import(mishap);
        if self.wake()?.is_some() {
            let file = table.file();
            let known = self.model.knows(&file);
            let outcome = self.site_with(&file, false)?;
            let is_taken = known || self.model.takes(table, MAX_PAGES);
            same("whether a table is taken", &outcome.is_some(), &is_taken)?;
            let site = outcome.flatten();
            same("whether a known table changes nothing", &site.is_none(), &(known || !is_taken))?;
            if let Some(site) = site
                && self.switch(site)?
            {
                self.model.start(table);
            }
        }
        self.end_import(mishap, before)
    }

    /// The owner takes the site away.
    pub fn export(&mut self) -> Result<(), String> {
        self.disk.begin_turn(None);
        if self.wake()?.is_some() {
            let pieces = self.engine.site().expect("awake").export("s", "now");
            let file = String::from_utf8(pieces.map_err(|error| error.to_string())?.concat()).expect("text");
            self.exported = Some((file, self.model.clone()));
        }
        Ok(())
    }

    /// The owner brings back what was taken away, in place of what is there.
    pub fn replace(&mut self, mishap: Mishap) -> Result<(), String> {
        let Some((file, then)) = self.exported.clone() else { return Ok(()) };
        let before = self.model.clone();
        self.begin_import(mishap);
        if let Some(now_ms) = self.wake()? {
            let site = self.site_with(&file, true)?.flatten().ok_or("an export was not taken")?;
            if self.switch(site)? {
                self.model.replace(&then, &file, now_ms);
            }
        }
        self.end_import(mishap, before)
    }

    fn begin_import(&mut self, mishap: Mishap) {
        let writes = self.rng.u32(..80);
        self.disk.begin_turn(matches!(mishap, Mishap::Storage(_)).then_some(writes));
    }

    /// The site with a file; none if the file was refused.
    fn site_with(&mut self, file: &str, replace: bool) -> Result<Option<Option<Site>>, String> {
        let mut reader = Reader::new(|at_ms| Some(day_at(at_ms).date));
        reader.read(file.as_bytes()).map_err(|bad| bad.reason)?;
        let import = reader.finish().map_err(|bad| bad.reason)?;
        let options = Options { replace, keep_higher: false, max_pages: MAX_PAGES };
        let secrets = (self.secret(), self.secret());
        let site = self.engine.site().expect("awake");
        Ok(site.with_import(import, options, secrets, self.live_ms).ok().map(|(site, _)| site))
    }

    /// Takes in a site; whether it is stored. The totals row is the switch.
    fn switch(&mut self, site: Site) -> Result<bool, String> {
        let totals = self.disk.row(TOTALS_KEY);
        let outcome = self.engine.switch(&self.disk, site);
        let is_done = self.disk.row(TOTALS_KEY) != totals;
        same("whether an acknowledged import is stored", &(is_done || outcome.is_err()), &true)?;
        Ok(is_done)
    }

    fn end_import(&mut self, mishap: Mishap, before: Model) -> Result<(), String> {
        match mishap {
            Mishap::CrashBefore => {
                self.disk.crash_turn();
                self.model = before;
                self.crash()
            }
            Mishap::CrashAfter => self.crash(),
            Mishap::None | Mishap::Storage(_) => self.check(),
        }
    }

    /// The object dies: memory is gone, and what was under way to KV lands now or never.
    pub fn crash(&mut self) -> Result<(), String> {
        let checkpoint_every = self.rng.u64(3..40);
        self.engine = Engine::new(checkpoint_every);
        self.outbox = Outbox::default();
        let rng = &mut self.rng;
        self.remote.settle(self.true_ms, || rng.bool())
    }

    /// The object dies and its storage with it.
    pub fn lose_storage(&mut self) -> Result<(), String> {
        self.crash()?;
        self.disk.lose();
        Ok(())
    }

    /// Lets the network's time pass; answers arrive in their order.
    pub fn pass(&mut self, ms: u64) -> Result<(), String> {
        let until_ms = self.true_ms + ms;
        while let Some((at_ms, index)) = self.next_event(until_ms) {
            self.true_ms = self.true_ms.max(at_ms);
            self.remote.land(at_ms)?;
            self.answer(index, at_ms);
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

    fn answer(&mut self, index: usize, at_ms: u64) {
        let flight = &mut self.remote.flights[index];
        let document = flight.document;
        let is_answered = flight.began_ms + flight.fate.answered_after_ms <= at_ms;
        if is_answered {
            let flight = self.remote.flights.remove(index);
            if flight.fate.is_ok {
                self.outbox.taken(document);
                self.engine.site_mut().into_iter().for_each(|site| site.publish_taken(document));
                return;
            }
            self.outbox.refused(document, at_ms);
        } else {
            flight.is_given_up = true;
            self.outbox.failed(at_ms);
        }
        if let Some(site) = self.engine.site_mut() {
            site.publish_failed(document);
        }
    }

    /// One step of the publisher; false if there is nothing to do now.
    pub fn publish(&mut self) -> Result<bool, String> {
        let now_ms = self.true_ms;
        let Some(site) = self.engine.site().filter(|_| now_ms >= self.publish_from_ms) else {
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
                self.remote.put(document, body, now_ms, fate)?;
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
        if let Some((day, puts)) = self.remote.puts.iter().find(|(_, puts)| **puts > self.writes_per_day) {
            return Err(format!("{puts} puts on day {day}, of {} allowed", self.writes_per_day));
        }
        let puts = self.remote.puts.get(&self.budget.day).copied().unwrap_or_default();
        let granted: u64 = self.budget.granted.values().sum();
        if puts > granted { Err(format!("{puts} puts today, of {granted} granted")) } else { Ok(()) }
    }

    /// Whether the site says what the model says.
    fn check(&self) -> Result<(), String> {
        self.engine.site().map_or(Ok(()), |site| self.model.check(site, self.live_ms))
    }

    /// With nothing going wrong any more, everything is published in the end; and KV alone brings it back.
    pub fn finish(&mut self) -> Result<(), String> {
        self.is_faulty = false;
        self.disk.begin_turn(None);
        self.wake()?;
        for _ in 0..4_000 {
            while self.publish()? {}
            let is_clean = self.engine.site().is_some_and(|site| !site.is_anything_unpublished());
            if is_clean && self.remote.flights.is_empty() {
                return self.finished();
            }
            let until_ms = self.outbox.not_before_ms().max(self.true_ms + 1_000);
            self.pass(until_ms - self.true_ms)?;
        }
        Err("not everything is published in the end".into())
    }

    fn finished(&mut self) -> Result<(), String> {
        let Some(main) = self.remote.main() else {
            return same("entries of a site that published nothing", &self.model.seq, &0);
        };
        self.model.check_published(&main, &self.remote.pages(), &self.remote.days())?;
        let (counts, generation) = (self.engine.site().expect("awake").counts(), main.generation);
        self.lose_storage()?;
        self.wake()?;
        let site = self.engine.site().expect("restored");
        same("views after a restore", &site.counts().views, &counts.views)?;
        same("visitors after a restore", &site.counts().visitors, &counts.visitors)?;
        same("the generation", &site.totals().generation, &(generation + 1))?;
        same("whether the restore is told", &site.totals().restored_at_ms.is_some(), &true)
    }

    fn secret(&mut self) -> Secret {
        Secret(self.rng.u128(..).to_le_bytes())
    }
}
