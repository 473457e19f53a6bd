//! `SiteCounter`: one object a site, which orders its writes and gives its numbers.
//!
//! Calls: `POST /hit` ([`HitJob`]), `POST /share` ([`ShareJob`]), and the alarm. Answers are those of the
//! public API: 200, 429, 503. A turn has no await between decision and `sql.exec`, so it is atomic:
//! decide, store, and only then change memory. Any storage error drops the memory, which is read again
//! from storage at the next call. What KV is told, and when, is `publisher`'s.
#![allow(missing_docs, reason = "the object macro makes public bindings without docs")]

use crate::config::Config;
use crate::reply::{self, Problem};
use crate::{kv, platform, publisher, site_store};
use laifang_tally::ceiling::Ceiling;
use laifang_tally::publish::{self, Document, MainDocument};
use laifang_tally::request::{Kind, Refusal};
use laifang_tally::site::{PAGE_BUCKETS, Site};
use laifang_tally::visit::{Arrival, Decision};
use laifang_tally::visitor::VisitorKey;
use serde::{Deserialize, Serialize};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;
use worker::{
    DurableObject, Env, Method, Request, RequestInit, Response, Result, SqlStorage, State, durable_object,
};

/// Longest wait for a site's object before the sender is asked to retry.
const OBJECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A hit, checked, on its way to its site.
#[derive(Debug, Serialize, Deserialize)]
pub struct HitJob {
    /// The site.
    pub site: String,
    /// The page's key.
    pub page: String,
    /// The request's id.
    pub id: String,
    /// Whether it is a view of the page alone.
    pub is_route: bool,
    /// The visitor's address; hashed, never stored.
    pub address: String,
    /// The visitor's user agent; hashed, never stored.
    pub user_agent: String,
}

/// A share, checked, on its way to its site.
#[derive(Debug, Serialize, Deserialize)]
pub struct ShareJob {
    /// The site.
    pub site: String,
    /// The page's key.
    pub page: String,
    /// The request's id.
    pub id: String,
    /// Where it was shared.
    pub network: String,
    /// The visitor's address; hashed, never stored.
    pub address: String,
}

/// Asks the site's object, for a bounded time.
pub async fn ask(
    env: &Env,
    route: &str,
    site: &str,
    job: &impl Serialize,
) -> std::result::Result<Response, Problem> {
    let body = serde_json::to_string(job).map_err(worker::Error::from)?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_body(Some(body.into()));
    let request = Request::new_with_init(&format!("https://site.invalid/{route}"), &init)?;
    let stub = env.durable_object("SITE_COUNTER")?.get_by_name(site)?;
    match platform::within(OBJECT_TIMEOUT, stub.fetch_with_request(request)).await {
        Some(response) => Ok(response?),
        None => Err(Problem::unavailable(
            "The site's counter did not answer in time. A retry with the same id is safe.",
        )),
    }
}

/// The object.
#[durable_object]
pub struct SiteCounter {
    shared: Rc<Shared>,
}

/// What the object's turns and its publishing share.
pub(crate) struct Shared {
    pub(crate) state: State,
    pub(crate) env: Env,
    pub(crate) site: RefCell<Option<Site>>,
    pub(crate) name: RefCell<String>,
    pub(crate) publishing: publisher::Progress,
    ceiling: RefCell<Ceiling>,
    alarm_at_ms: Cell<Option<u64>>,
}

impl DurableObject for SiteCounter {
    fn new(state: State, env: Env) -> Self {
        Self {
            shared: Rc::new(Shared {
                state,
                env,
                site: RefCell::default(),
                name: RefCell::default(),
                publishing: publisher::Progress::default(),
                ceiling: RefCell::default(),
                alarm_at_ms: Cell::new(None),
            }),
        }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let outcome = match request.path().as_str() {
            "/hit" => self.shared.hit(&request.json::<HitJob>().await?).await,
            "/share" => self.shared.share(&request.json::<ShareJob>().await?).await,
            path => Err(Problem::not_found(path)),
        };
        outcome.or_else(Problem::into_response)
    }

    async fn alarm(&self) -> Result<Response> {
        self.shared.alarm_at_ms.set(None);
        let Some(name) = site_store::name(&self.shared.sql()).unwrap_or_default() else {
            return Response::empty();
        };
        let config = Config::read(&self.shared.env);
        if let Err(problem) = self.shared.wake(&name, &config).await {
            return problem.into_response();
        }
        publisher::run(Rc::clone(&self.shared)).await;
        self.shared.keep_alarm().await;
        Response::empty()
    }
}

impl Shared {
    /// The object's storage.
    pub(crate) fn sql(&self) -> SqlStorage {
        self.state.storage().sql()
    }

    async fn hit(self: &Rc<Self>, job: &HitJob) -> std::result::Result<Response, Problem> {
        let config = Config::read(&self.env);
        let now_ms = self.wake(&job.site, &config).await?;
        let reply = {
            let mut slot = self.site.borrow_mut();
            let site = slot.as_mut().ok_or_else(asleep)?;
            let arrival = Arrival {
                now_ms,
                id: &job.id,
                visitor: VisitorKey::new(site.salt(), &job.site, &job.address, &job.user_agent),
                page: &job.page,
                kind: if job.is_route { Kind::Route } else { Kind::Load },
            };
            match site.decide_view(&arrival, config.max_pages) {
                Decision::Repeat(reply) => return Ok(reply::json(&reply)?),
                Decision::Refuse(reason) => return Err(Refusal::Bad(reason.into()).into()),
                Decision::Count(entry, reply) => {
                    self.admit(site, now_ms, &job.address, &config)?;
                    self.count(&mut slot, &entry)?;
                    reply
                }
            }
        };
        self.after_write().await;
        Ok(reply::json(&reply)?)
    }

    async fn share(self: &Rc<Self>, job: &ShareJob) -> std::result::Result<Response, Problem> {
        let config = Config::read(&self.env);
        let now_ms = self.wake(&job.site, &config).await?;
        let reply = {
            let mut slot = self.site.borrow_mut();
            let site = slot.as_mut().ok_or_else(asleep)?;
            match site.decide_share(now_ms, &job.id, &job.page, &job.network) {
                Decision::Repeat(reply) => return Ok(reply::json(&reply)?),
                Decision::Refuse(reason) => return Err(Refusal::Bad(reason.into()).into()),
                Decision::Count(entry, reply) => {
                    self.admit(site, now_ms, &job.address, &config)?;
                    self.count(&mut slot, &entry)?;
                    reply
                }
            }
        };
        self.after_write().await;
        Ok(reply::json(&reply)?)
    }

    fn admit(
        &self,
        site: &Site,
        now_ms: u64,
        address: &str,
        config: &Config,
    ) -> std::result::Result<(), Problem> {
        let key = VisitorKey::of_address(site.salt(), address).0;
        let admitted = self.ceiling.borrow_mut().admit(now_ms, key, config.hits_per_minute);
        admitted.map_err(|wait_ms| Problem::too_many(wait_ms.div_ceil(1000)))
    }

    /// Stores an entry, then takes it in; on an error nothing is taken in and memory is read anew.
    fn count(&self, slot: &mut Option<Site>, entry: &laifang_tally::journal::Entry) -> Result<()> {
        let sql = self.sql();
        let outcome = site_store::append(&sql, entry).and_then(|()| {
            let Some(site) = slot.as_mut() else { return Ok(()) };
            site.apply(entry);
            if site.is_checkpoint_due() { checkpoint(&sql, site) } else { Ok(()) }
        });
        if outcome.is_err() {
            *slot = None;
        }
        outcome
    }

    /// Makes sure the site is in memory and its day has not ended; returns the site's time.
    async fn wake(&self, name: &str, config: &Config) -> std::result::Result<u64, Problem> {
        let now_ms = platform::now_ms();
        if self.site.borrow().is_none() {
            self.load(name, config, now_ms).await?;
        }
        let mut slot = self.site.borrow_mut();
        let site = slot.as_mut().ok_or_else(asleep)?;
        let now_ms = site.advance(now_ms);
        if site.totals().day.is_over(now_ms) {
            let day = platform::day_at(now_ms, &config.time_zone).map_err(|error| bad_zone(&error))?;
            site.begin_day(day, platform::random_secret().map_err(worker::Error::from)?);
            if let Err(error) = checkpoint(&self.sql(), site) {
                *slot = None;
                return Err(error.into());
            }
        }
        Ok(now_ms)
    }

    async fn load(&self, name: &str, config: &Config, now_ms: u64) -> std::result::Result<(), Problem> {
        let sql = self.sql();
        site_store::create(&sql)?;
        *self.name.borrow_mut() = name.to_owned();
        self.alarm_at_ms
            .set(self.state.storage().get_alarm().await?.and_then(|at_ms| u64::try_from(at_ms).ok()));
        if self.site.borrow().is_some() {
            return Ok(());
        }
        let loaded = match site_store::load(&sql)? {
            Some(site) => site,
            None => {
                let published = Published::read(&self.env, name).await?;
                if self.site.borrow().is_some() {
                    return Ok(());
                }
                let mut site = published.into_site(config, now_ms)?;
                site_store::save_name(&sql, name)?;
                checkpoint(&sql, &mut site)?;
                site
            }
        };
        *self.site.borrow_mut() = Some(loaded);
        Ok(())
    }

    async fn after_write(self: &Rc<Self>) {
        self.keep_alarm().await;
        publisher::start(self);
    }

    /// Keeps one alarm: for what could not be published, an hour ahead at most, and for midnight.
    pub(crate) async fn keep_alarm(&self) {
        let wanted = {
            let slot = self.site.borrow();
            let Some(site) = slot.as_ref() else { return };
            publisher::alarm_due_ms(site, &self.publishing, platform::now_ms())
        };
        let Some(wanted_ms) = wanted else { return };
        if self.alarm_at_ms.get().is_some_and(|at_ms| at_ms <= wanted_ms) {
            return;
        }
        self.alarm_at_ms.set(Some(wanted_ms));
        let offset_ms = i64::try_from(wanted_ms.saturating_sub(platform::now_ms())).unwrap_or(i64::MAX);
        if let Err(error) = self.state.storage().set_alarm(offset_ms).await {
            worker::console_error!("the alarm could not be set: {error}");
            self.alarm_at_ms.set(None);
        }
    }
}

fn checkpoint(sql: &SqlStorage, site: &mut Site) -> Result<()> {
    let rows = site.checkpoint().map_err(|error| worker::Error::RustError(error.to_string()))?;
    site_store::save(sql, rows)?;
    site.checkpointed();
    Ok(())
}

/// What KV holds of a site whose object has no storage.
struct Published {
    main: Option<MainDocument>,
    pages: Vec<publish::PagesDocument>,
    days: Vec<publish::DaysDocument>,
}

impl Published {
    /// Any error is an error: a site must never begin at zero because KV could not be read.
    async fn read(env: &Env, name: &str) -> std::result::Result<Self, Problem> {
        let Some(main) = document::<MainDocument>(env, &Document::Main.key(name)).await? else {
            return Ok(Self { main: None, pages: Vec::new(), days: Vec::new() });
        };
        let mut pages = Vec::new();
        if main.pages.is_none() {
            for bucket in 0..PAGE_BUCKETS {
                pages.extend(document(env, &Document::Pages(bucket).key(name)).await?);
            }
        }
        let mut days = Vec::new();
        for month in &main.months {
            days.extend(document(env, &Document::Days(*month).key(name)).await?);
        }
        Ok(Self { main: Some(main), pages, days })
    }

    fn into_site(self, config: &Config, now_ms: u64) -> std::result::Result<Site, Problem> {
        let day = platform::day_at(now_ms, &config.time_zone).map_err(|error| bad_zone(&error))?;
        let salt = platform::random_secret().map_err(worker::Error::from)?;
        let id_key = platform::random_secret().map_err(worker::Error::from)?;
        Ok(match self.main {
            Some(main) => Site::restore(main, self.pages, self.days, day, (salt, id_key), now_ms),
            None => Site::new(1, day, salt, id_key),
        })
    }
}

async fn document<T: for<'a> Deserialize<'a>>(
    env: &Env,
    key: &str,
) -> std::result::Result<Option<T>, Problem> {
    let Some(body) = kv::get(env, key).await? else { return Ok(None) };
    publish::read(&body).map(Some).map_err(|error| Problem::unavailable(format!("KV's {key} was {error}.")))
}

fn asleep() -> Problem {
    Problem::unavailable("The site's counter is waking up. A retry with the same id is safe.")
}

fn bad_zone(error: &wasm_bindgen::JsValue) -> Problem {
    worker::console_error!("TIME_ZONE: {error:?}");
    Problem::unavailable(
        "TIME_ZONE is not a time zone the runtime knows. Its owner must name one such as Asia/Shanghai.",
    )
}
