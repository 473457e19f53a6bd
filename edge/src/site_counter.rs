//! `SiteCounter`: one object a site, which orders its writes and gives its numbers.
//!
//! Calls: a [`Job`], and the alarm. Answers are those of the public API: 200, 400, 429, 503. A turn has no
//! await between decision and `sql.exec`, so it is atomic; the order of decision, storage and memory is
//! `engine`'s, what KV is told is `publisher`'s, and how a lost site comes back is `restore`'s.
#![allow(missing_docs, reason = "the object macro makes public bindings without docs")]

use crate::at_once::at_once_or_later;
use crate::config::Config;
use crate::jobs::{Hit, ImportQuery, Job, Share, StatsQuery, Task};
use crate::owner::Standing;
use crate::reply::{self, Problem};
use crate::site_store::{Failure, Rows};
use crate::stats::Stats;
use crate::{export, import, platform, publisher};
use laifang_tally::engine::Engine;
use laifang_tally::import::{Import, Options, Report};
use laifang_tally::journal::SLOTS;
use laifang_tally::request::Refusal;
use laifang_tally::site::{Fresh, Settings, Site};
use laifang_tally::visit::{Arrival, Decision};
use laifang_tally::visitor::{Secret, VisitorKey};
use serde::Serialize;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use worker::{DurableObject, Env, Request, Response, Result, State, durable_object, web_sys};

pub(crate) type Outcome<T> = std::result::Result<T, Problem>;

/// The object.
#[durable_object]
pub struct SiteCounter {
    shared: Rc<Shared>,
}

/// What the object's turns and its publishing share.
pub(crate) struct Shared {
    pub(crate) state: State,
    pub(crate) env: Env,
    pub(crate) rows: Rows,
    pub(crate) engine: RefCell<Engine>,
    pub(crate) name: RefCell<String>,
    pub(crate) publishing: publisher::Progress,
    pub(crate) alarm_at_ms: Cell<Option<u64>>,
}

impl DurableObject for SiteCounter {
    fn new(state: State, env: Env) -> Self {
        Self {
            shared: Rc::new(Shared {
                rows: Rows::open(state.storage().sql()),
                state,
                env,
                engine: RefCell::default(),
                name: RefCell::default(),
                publishing: publisher::Progress::default(),
                alarm_at_ms: Cell::new(None),
            }),
        }
    }

    /// An import. What else there is to be done comes to [`SiteCounter::perform`].
    async fn fetch(&self, request: Request) -> Result<Response> {
        match import::asked(&request) {
            Some(asked) => self.shared.import(request, asked).await.or_else(Problem::into_response),
            None => Problem::not_found(&request.path()).into_response(),
        }
    }

    async fn alarm(&self) -> Result<Response> {
        self.shared.alarm_at_ms.set(None);
        let name = self.shared.rows.name();
        let Some(name) = name.map_err(Problem::from).unwrap_or_default() else { return Response::empty() };
        let config = Config::read(&self.shared.env);
        if let Err(problem) = self.shared.wake(&name, &config, None).await {
            return problem.into_response();
        }
        publisher::run(Rc::clone(&self.shared)).await;
        Response::empty()
    }
}

#[wasm_bindgen]
impl SiteCounter {
    /// Does a job: the response, or the promise of it where something has to be waited for.
    pub fn perform(&self, job: &str) -> JsValue {
        let job = match serde_json::from_str(job) {
            Ok(job) => job,
            Err(error) => return crate::problem(worker::Error::from(error).into()),
        };
        let shared = Rc::clone(&self.shared);
        at_once_or_later(async move { shared.perform(job).await.map_or_else(crate::problem, JsValue::from) })
    }
}

impl Shared {
    async fn perform(self: &Rc<Self>, job: Job) -> Outcome<web_sys::Response> {
        let config = Config::read(&self.env);
        let woken = self.wake(&job.site, &config, job.task.address()).await;
        let is_damaged = woken.as_ref().is_err_and(Problem::is_damage);
        match job.task {
            Task::Reset if is_damaged => return Ok(self.begin_anew(&job.site, &config).await?.into()),
            Task::Restore if is_damaged => return Ok(self.restore(&job.site, &config).await?.into()),
            _ => {}
        }
        let (rows, now_ms) = woken?;
        let safety_ms = match job.task {
            Task::Hit(_) | Task::Share(_) => publisher::SAFETY_MS,
            _ => publisher::OWNERS_SAFETY_MS,
        };
        let response = match job.task {
            Task::Hit(hit) => self.hit(rows, &job.site, &hit, now_ms, &config)?,
            Task::Share(share) => self.share(rows, &share, now_ms, &config)?,
            Task::Describe => {
                publisher::look_up(self).await;
                return Ok(self.describe(&config)?.into());
            }
            Task::Stats(query) => return Ok(self.stats(&query)?.into()),
            Task::Export => return Ok(self.export()?.into()),
            Task::Moves => return Ok(self.moves()?.into()),
            Task::Move(asked) => self.move_pages(rows, &job.site, &asked)?.into(),
            Task::Merge(asked) => self.merge_pages(rows, &asked)?.into(),
            Task::Configure(settings) => self.configure(rows, settings, &config)?.into(),
            Task::Reset => self.reset(rows, &config)?.into(),
            Task::Restore => return Err(Problem::not_damaged()),
        };
        self.keep_alarm(safety_ms).await;
        publisher::start(self);
        Ok(response)
    }

    fn hit(
        &self,
        rows: &Rows,
        site_name: &str,
        hit: &Hit,
        now_ms: u64,
        config: &Config,
    ) -> Outcome<web_sys::Response> {
        let decide = |site: &Site| {
            let visitor = VisitorKey::new(site.salt(), site_name, &hit.address, &hit.user_agent);
            let arrival = Arrival { now_ms, id: &hit.id, visitor, page: &hit.page, kind: hit.kind };
            site.decide_view(&arrival, config.max_pages)
        };
        let response = self.turn(rows, decide, &hit.address, now_ms, config)?;
        if let Some(shown) = hit.shown
            && let Err(error) = self.propose(rows, shown, hit)
        {
            // The view is counted all the same.
            worker::console_error!("the number on the page could not be kept: {error:?}");
        }
        Ok(response)
    }

    fn propose(&self, rows: &Rows, shown: u64, hit: &Hit) -> std::result::Result<(), Failure> {
        let mut engine = self.engine.borrow_mut();
        let Some(site) = engine.site() else { return Ok(()) };
        let address = VisitorKey::of_address(site.salt(), &hit.address).0;
        engine.propose(rows, shown, &hit.page, address)
    }

    fn share(&self, rows: &Rows, share: &Share, now_ms: u64, config: &Config) -> Outcome<web_sys::Response> {
        let decide = |site: &Site| site.decide_share(now_ms, &share.id, &share.page, &share.network);
        self.turn(rows, decide, &share.address, now_ms, config)
    }

    /// Decides, stores, takes in, and answers.
    fn turn<Reply: Serialize>(
        &self,
        rows: &Rows,
        decide: impl FnOnce(&Site) -> Decision<Reply>,
        address: &str,
        now_ms: u64,
        config: &Config,
    ) -> Outcome<web_sys::Response> {
        let mut engine = self.engine.borrow_mut();
        let site = engine.site_mut().ok_or_else(asleep)?;
        match decide(site) {
            Decision::Repeat(reply) => Ok(reply::counted(&reply)?),
            Decision::Refuse(reason) => Err(Refusal::Bad(reason.into()).into()),
            Decision::DayFull { wait_ms } => Err(Problem::day_full(wait_ms)),
            Decision::Count(mut entry, reply) => {
                let address = VisitorKey::of_address(site.salt(), address).0;
                site.admit(now_ms, address, &mut entry, (config.hits_per_minute, config.max_pages))
                    .map_err(|refused| Problem::too_many(&refused))?;
                let checkpoint_error = engine.count(rows, &entry)?;
                if let Some(site) = engine.site() {
                    self.publishing.entry_stored(site);
                    report_checkpoint(site, checkpoint_error.as_ref());
                }
                Ok(reply::counted(&reply)?)
            }
        }
    }

    pub(crate) fn describe(&self, config: &Config) -> Outcome<Response> {
        let engine = self.engine.borrow();
        let site = engine.site().ok_or_else(asleep)?;
        Ok(reply::json(&Standing::of(&self.name.borrow(), site, config))?)
    }

    fn stats(&self, query: &StatsQuery) -> Outcome<Response> {
        let engine = self.engine.borrow();
        let site = engine.site().ok_or_else(asleep)?;
        Ok(reply::json(&Stats::of(&self.name.borrow(), site, query))?)
    }

    fn export(&self) -> Outcome<Response> {
        let engine = self.engine.borrow();
        let site = engine.site().ok_or_else(asleep)?;
        Ok(export::file(&self.name.borrow(), site)?)
    }

    /// Reads a file, then takes it in within one turn.
    async fn import(self: &Rc<Self>, mut request: Request, asked: ImportQuery) -> Outcome<Response> {
        let config = Config::read(&self.env);
        self.wake(&asked.site, &config, None).await?;
        let (zone, pages, generation) = {
            let engine = self.engine.borrow();
            let site = engine.site().ok_or_else(asleep)?;
            (config.zone_of(&site.totals().settings).to_owned(), site.pages().len(), site.totals().generation)
        };
        let most_pages = config.max_pages.max(pages);
        let import = import::read(&mut request, &zone, most_pages).await?;
        if let Some(time_zone) = import.time_zone() {
            check_zone(time_zone)?;
        }
        let (rows, _) = self.wake(&asked.site, &config, None).await?;
        if self.engine.borrow().site().is_none_or(|site| site.totals().generation != generation) {
            return Err(Problem::reset_meanwhile());
        }
        let report = self.take_in(rows, import, &asked, &config)?;
        self.keep_alarm(publisher::OWNERS_SAFETY_MS).await;
        publisher::start(self);
        import::told(asked.dry_run, report)
    }

    fn take_in(&self, rows: &Rows, import: Import, asked: &ImportQuery, config: &Config) -> Outcome<Report> {
        let mut engine = self.engine.borrow_mut();
        let site = engine.site().ok_or_else(asleep)?;
        let options =
            Options { replace: asked.replace, keep_higher: asked.keep_higher, max_pages: config.max_pages };
        let fresh = fresh(&site.totals().settings, config)?;
        let (site, report) = site
            .with_import(import, options, fresh)
            .map_err(|refused| Problem::refused_import(&refused, config.max_pages))?;
        if let Some(site) = site.filter(|_| !asked.dry_run) {
            engine.switch(rows, site)?;
        }
        Ok(report)
    }

    fn configure(&self, rows: &Rows, settings: Settings, config: &Config) -> Outcome<Response> {
        if let Some(time_zone) = &settings.time_zone {
            check_zone(time_zone)?;
        }
        let mut engine = self.engine.borrow_mut();
        let site = engine.site().ok_or_else(asleep)?.with_settings(settings);
        engine.begin(rows, site)?;
        drop(engine);
        self.describe(config)
    }

    fn reset(&self, rows: &Rows, config: &Config) -> Outcome<Response> {
        let mut engine = self.engine.borrow_mut();
        let site = engine.site().ok_or_else(asleep)?;
        let site = site.reset(fresh(&site.totals().settings, config)?);
        engine.begin(rows, site)?;
        drop(engine);
        self.describe(config)
    }

    /// Keeps one alarm: for midnight, and for what a run of the publisher left over, or may leave, in `safety_ms`.
    pub(crate) async fn keep_alarm(&self, safety_ms: u64) {
        let now_ms = platform::now_ms();
        let wanted_ms = {
            let engine = self.engine.borrow();
            engine.site().and_then(|site| publisher::alarm_due_ms(site, &self.publishing, now_ms, safety_ms))
        };
        let Some(wanted_ms) = wanted_ms else { return };
        if self.alarm_at_ms.get().is_some_and(|at_ms| at_ms <= wanted_ms) {
            return;
        }
        self.alarm_at_ms.set(Some(wanted_ms));
        let offset_ms = i64::try_from(wanted_ms.saturating_sub(now_ms)).unwrap_or(i64::MAX);
        if let Err(error) = self.state.storage().set_alarm(offset_ms).await {
            worker::console_error!("the alarm could not be set: {error}");
            self.alarm_at_ms.set(None);
        }
    }
}

/// Logs a checkpoint that failed. The hit is counted all the same: the journal holds it.
fn report_checkpoint(site: &Site, error: Option<&Failure>) {
    if let Some(error) = error {
        let backlog = site.checkpoint_backlog();
        worker::console_error!(
            "a checkpoint could not be written ({backlog} of {SLOTS} journal slots needed): {error:?}"
        );
    }
}

/// What the platform gives a site that begins anew.
fn fresh(settings: &Settings, config: &Config) -> Outcome<Fresh> {
    let now_ms = platform::now_ms();
    let day = platform::day_at(now_ms, config.zone_of(settings)).map_err(Failure::Zone)?;
    Ok(Fresh { now_ms, day, salt: random_secret()?, id_key: random_secret()? })
}

fn check_zone(time_zone: &str) -> Outcome<()> {
    platform::day_at(platform::now_ms(), time_zone).map_err(|_| Problem::unknown_zone(time_zone))?;
    Ok(())
}

pub(crate) fn random_secret() -> std::result::Result<Secret, Failure> {
    Ok(platform::random_secret().map_err(worker::Error::from)?)
}

pub(crate) fn asleep() -> Problem {
    Problem::unavailable("The site's counter is waking up. A retry with the same id is safe.")
}
