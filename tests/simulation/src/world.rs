//! One site's object between its clients, its storage, its clock and KV.

mod owner;
mod publisher;

use crate::calendar::{DAY_MS, HOUR_MS, day_at};
use crate::disk::{Disk, Fault};
use crate::model::{Act, Model, Reply, Request, same};
use crate::remote::Remote;
use fastrand::Rng;
use laifang_tally::budget::Budget;
use laifang_tally::engine::Engine;
use laifang_tally::outbox::Outbox;
use laifang_tally::publish::{Document, MainDocument};
use laifang_tally::site::Site;
use laifang_tally::snapshot::SALT_KEY;
use laifang_tally::visit::{Arrival, Decision};
use laifang_tally::visitor::{Secret, VisitorKey};
use std::collections::BTreeMap;

/// As the edge waits before a run's first put.
const GATHER_MS: u64 = 1_000;
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

impl Mishap {
    /// Which storage write of the turn fails.
    fn failing_write(self) -> Option<u32> {
        match self {
            Self::Storage(writes) => Some(writes),
            _ => None,
        }
    }
}

/// Everything.
pub struct World {
    /// Decides every accident.
    pub rng: Rng,
    /// The time nobody doubts, which the network keeps.
    pub true_ms: u64,
    /// How far ahead the object's clock is.
    pub ahead_ms: u64,
    /// How far ahead the clock is by which the publisher waits: days, or not at all once it was set right. (One that
    /// jumps ahead makes a put look older than it is: nothing can be promised of it.)
    pub publisher_ahead_ms: u64,
    /// Whether KV and the budget misbehave.
    pub is_faulty: bool,
    disk: Disk,
    engine: Engine,
    outbox: Outbox,
    remote: Remote,
    budget: Budget,
    /// Puts begun, by the publisher's UTC day.
    puts: BTreeMap<u64, u64>,
    writes_per_day: u64,
    publish_from_ms: u64,
    /// A row of the checkpoint that fails turn after turn.
    broken_row: Option<i64>,
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
            // Of a release before there was a key, or of this one.
            let (format, bucket_key) =
                if rng.bool() { (1, Secret::default()) } else { (2, Secret(rng.u128(..).to_le_bytes())) };
            let bucketed = MainDocument {
                format,
                generation: 1,
                oldest_generation: 1,
                bucket_key,
                ..Default::default()
            };
            remote.plant(Document::Main, serde_json::to_string(&bucketed).expect("a document"));
        }
        Self {
            true_ms: 20_000 * DAY_MS + rng.u64(..DAY_MS),
            ahead_ms: 2 * HOUR_MS,
            publisher_ahead_ms: if rng.bool() { 0 } else { rng.u64(100 * DAY_MS..400 * DAY_MS) },
            is_faulty: true,
            disk: Disk::default(),
            engine: Engine::new(rng.u64(3..40)),
            outbox: Outbox::default(),
            remote,
            budget: Budget::default(),
            puts: BTreeMap::new(),
            writes_per_day: if rng.bool() { rng.u64(40..1_000) } else { rng.u64(4..40) },
            publish_from_ms: 0,
            broken_row: None,
            live_ms: 0,
            model: Model::default(),
            exported: None,
            rng,
        }
    }

    fn wall_ms(&self) -> u64 {
        self.true_ms + self.ahead_ms
    }

    /// The publisher's time.
    fn publisher_ms(&self) -> u64 {
        self.true_ms + self.publisher_ahead_ms
    }

    /// Delivers a request. None: it was answered with an error, and may be sent again.
    pub fn deliver(&mut self, request: &Request, mishap: Mishap) -> Result<Option<Reply>, String> {
        let before = self.model.clone();
        self.disk.begin_turn(mishap.failing_write());
        self.choose_broken_row();
        let reply = match self.wake()? {
            Some(now_ms) => self.decide(request, now_ms)?,
            None => None,
        };
        self.end_turn(mishap, before)?;
        Ok(if matches!(mishap, Mishap::None | Mishap::Storage(_)) { reply } else { None })
    }

    /// Rarely, a bucket of pages or a segment of the day's lists begins or ceases to fail for good.
    fn choose_broken_row(&mut self) {
        if self.is_faulty && self.rng.u8(..30) == 0 {
            let rows = [self.rng.i64(1..=64), 1_000, 100_000];
            self.broken_row = rows.get(self.rng.usize(..=rows.len())).copied();
        }
        self.disk.break_row(self.broken_row.filter(|_| self.is_faulty));
    }

    /// How a turn that changes the site ends: by a crash before its writes are durable, after, or not.
    fn end_turn(&mut self, mishap: Mishap, before: Model) -> Result<(), String> {
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
                site.decide_view(&arrival, MAX_PAGES).map(Reply::Hit)
            }
            Act::Share(network) => {
                site.decide_share(now_ms, &request.id, &request.page, network).map(Reply::Share)
            }
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
            Decision::DayFull { .. } => Err("no schedule has so many visitors".to_owned()),
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
            let until_ms = self.outbox.not_before_ms().max(self.publisher_ms() + 1_000);
            self.pass(until_ms - self.publisher_ms())?;
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
