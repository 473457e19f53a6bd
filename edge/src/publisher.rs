//! Tells KV what a site knows, as `outbox` decides.
//!
//! Runs beside the hits, from a hit's own `wait_until` or from the alarm, one run at a time; a run that
//! was cut off is replaced after a while. Counts are absolute, so a document written twice does no harm.

use crate::kv;
use crate::platform;
use crate::site_counter::Shared;
use crate::write_budget;
use futures_util::future::{Either, select};
use laifang_tally::engine::Storage;
use laifang_tally::outbox::{self, Outbox, Step};
use laifang_tally::publish::Document;
use laifang_tally::site::Site;
use std::cell::{Cell, RefCell};
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;
use worker::Result;

/// Hits that arrive this soon after the first are published with it. After a restart it also keeps a key
/// from being put twice within KV's second.
const GATHER: Duration = Duration::from_secs(1);
/// How long a run may be silent before another may begin.
const RUN_EXPIRES_MS: u64 = 30_000;
/// Longest wait for KV to take a document.
const PUT_TIMEOUT: Duration = Duration::from_secs(10);
/// A run waits this long for its next step; for longer waits there is the alarm.
/// (Each call has a clock of its own, which stands still while it computes: a second more.)
const MAX_WAIT_MS: u64 = outbox::MIN_INTERVAL_MS + 1_000;
/// Documents that are looked up for one call of the owner's.
const MOST_LOOKED_UP: usize = 8;
/// The alarm when only the budget is lacking, or the object dies before it could publish: the next hits may publish
/// before it.
pub const SAFETY_MS: u64 = 600_000;
/// The same once the owner has changed the site: what was published before is not to be seen for long.
pub const OWNERS_SAFETY_MS: u64 = 15_000;

/// How publishing stands.
#[derive(Default)]
pub struct Progress {
    outbox: RefCell<Outbox>,
    run_expires_ms: Cell<u64>,
}

impl Progress {
    /// The site was read from storage.
    pub fn woke(&self) {
        self.outbox.borrow_mut().woke();
    }

    /// An entry was stored.
    pub fn entry_stored(&self, site: &Site) {
        self.outbox.borrow_mut().entry_stored(site.allowance());
    }

    /// Midnight.
    pub fn day_began(&self, site: &mut Site) {
        let mut outbox = self.outbox.borrow_mut();
        outbox.day_began();
        site.set_allowance(outbox.allowance());
    }

    /// A run that expires later than it can was begun by a clock that was ahead.
    fn is_running(&self, now_ms: u64) -> bool {
        (1..=2 * RUN_EXPIRES_MS).contains(&self.run_expires_ms.get().saturating_sub(now_ms))
    }
}

/// Starts a run unless one is under way or nothing may be written for longer than a run waits.
pub fn start(shared: &Rc<Shared>) {
    let now_ms = platform::now_ms();
    let progress = &shared.publishing;
    progress.outbox.borrow_mut().observe(now_ms);
    let begins_ms = progress.outbox.borrow().not_before_ms();
    if progress.is_running(now_ms) || now_ms.saturating_add(MAX_WAIT_MS) < begins_ms {
        return;
    }
    let run = run(Rc::clone(shared));
    shared.state.wait_until(run);
}

/// When the alarm should ring: at midnight if there is a day to close, and for what a run left over.
pub fn alarm_due_ms(site: &Site, progress: &Progress, now_ms: u64, safety_ms: u64) -> Option<u64> {
    let midnight = (site.totals().views_today > 0).then_some(site.totals().day.ends_at_ms);
    let left_over = (!progress.is_running(now_ms) && site.is_anything_unpublished()).then(|| {
        let outbox = progress.outbox.borrow();
        let soon = if outbox.is_failing() { now_ms } else { now_ms.saturating_add(safety_ms) };
        outbox.not_before_ms().max(soon)
    });
    [midnight, left_over].into_iter().flatten().min()
}

/// Publishes what is due until nothing is, or until the next step is far off.
pub async fn run(shared: Rc<Shared>) {
    if shared.publishing.is_running(platform::now_ms()) {
        return;
    }
    expire_in(&shared, RUN_EXPIRES_MS);
    worker::Delay::from(GATHER).await;
    while step(&shared).await {
        expire_in(&shared, RUN_EXPIRES_MS);
    }
    shared.publishing.run_expires_ms.set(0);
    shared.keep_alarm(SAFETY_MS).await;
}

fn expire_in(shared: &Shared, ms: u64) {
    shared.publishing.run_expires_ms.set(platform::now_ms().saturating_add(ms));
}

/// After a sleep it is not known what KV took: asks for the documents, if they are few, so that the owner is not told of
/// some that are not due.
pub async fn look_up(shared: &Shared) {
    let due = shared.engine.borrow().site().map(Site::unpublished).unwrap_or_default();
    if due.len() > MOST_LOOKED_UP || shared.publishing.is_running(platform::now_ms()) {
        return;
    }
    let name = shared.name.borrow().clone();
    for document in due {
        let Ok(Some(body)) = kv::get(&shared.env, &document.key(&name)).await else { continue };
        if let Some(site) = shared.engine.borrow_mut().site_mut() {
            site.found_in_kv(document, &body);
        }
    }
}

/// One step; false ends the run.
async fn step(shared: &Rc<Shared>) -> bool {
    let now_ms = platform::now_ms();
    let due = shared.engine.borrow().site().map(Site::unpublished).unwrap_or_default();
    let next = shared.publishing.outbox.borrow_mut().next(&due, now_ms);
    match next {
        Step::Idle => return false,
        Step::Wait(until_ms) => {
            let wait_ms = until_ms.saturating_sub(now_ms);
            if wait_ms > MAX_WAIT_MS {
                return false;
            }
            worker::Delay::from(Duration::from_millis(wait_ms.max(1))).await;
        }
        Step::Ask => ask(shared).await,
        Step::Put(document) => put(shared, document).await,
    }
    true
}

async fn ask(shared: &Shared) {
    let name = shared.name.borrow().clone();
    let answer = write_budget::ask(&shared.env, &name, outbox::WANTED).await;
    let now_ms = platform::now_ms();
    let mut outbox = shared.publishing.outbox.borrow_mut();
    match answer {
        Ok(grant) => outbox.granted(grant, now_ms),
        Err(error) => {
            worker::console_error!("no answer about the write budget: {error}");
            outbox.failed(now_ms);
        }
    }
    note_allowance(shared, &outbox);
    if outbox.allowance().writes > 0 {
        store_allowance(shared);
    }
}

/// For what no entry tells: a grant that came after the newest one, a write that had to wait.
fn store_allowance(shared: &Shared) {
    let engine = shared.engine.borrow();
    let Some(row) = engine.site().and_then(|site| site.allowance_row().ok()) else { return };
    let stored = shared.rows.write_row(row);
    if let Err(error) = stored {
        worker::console_error!("the allowance could not be stored: {error:?}");
    }
}

/// KV has all pages that were moved. If this can't be stored they are published once more after a sleep.
fn store_page_set(shared: &Shared) {
    let engine = shared.engine.borrow();
    let Some(rows) = engine.site().and_then(|site| site.page_set_rows().ok()) else { return };
    if let Err(error) = rows.into_iter().try_for_each(|row| shared.rows.write_row(row)) {
        worker::console_error!("that moved pages are published could not be stored: {error:?}");
    }
}

fn note_allowance(shared: &Shared, outbox: &Outbox) {
    if let Some(site) = shared.engine.borrow_mut().site_mut() {
        site.set_allowance(outbox.allowance());
    }
}

async fn put(shared: &Rc<Shared>, document: Document) {
    let written = shared.engine.borrow_mut().site_mut().map(|site| site.publish(document));
    let body = match written {
        Some(Ok(body)) => body,
        Some(Err(error)) => {
            worker::console_error!("a document could not be written: {error}");
            return shared.publishing.outbox.borrow_mut().failed(platform::now_ms());
        }
        None => return,
    };
    let key = document.key(&shared.name.borrow());
    let is_told = shared.engine.borrow().site().is_some_and(Site::has_told_next_write);
    {
        let mut outbox = shared.publishing.outbox.borrow_mut();
        outbox.put_begins(document, platform::now_ms());
        note_allowance(shared, &outbox);
    }
    if !is_told {
        store_allowance(shared);
    }
    match kv::put(&shared.env, &key, &body) {
        Ok(put) => await_put(shared, document, put).await,
        Err(error) => settle(shared, document, Err(error)),
    }
}

/// Waits for a put for a bounded time. One that is not answered by then may still land: its document is
/// due again, but its key rests until the answer comes.
async fn await_put(shared: &Rc<Shared>, document: Document, put: impl Future<Output = Result<()>> + 'static) {
    match select(Box::pin(put), pin!(worker::Delay::from(PUT_TIMEOUT))).await {
        Either::Left((outcome, _)) => settle(shared, document, outcome),
        Either::Right((_, put)) => {
            make_due(shared, document);
            shared.publishing.outbox.borrow_mut().failed(platform::now_ms());
            let shared = Rc::clone(shared);
            let late = Rc::clone(&shared);
            shared.state.wait_until(async move { settle(&late, document, put.await) });
        }
    }
}

fn settle(shared: &Shared, document: Document, outcome: Result<()>) {
    let mut outbox = shared.publishing.outbox.borrow_mut();
    match outcome {
        Ok(()) => {
            outbox.taken(document);
            let mut is_whole = false;
            if let Some(site) = shared.engine.borrow_mut().site_mut() {
                is_whole = site.publish_taken(document);
            }
            if is_whole {
                store_page_set(shared);
            }
        }
        Err(error) => {
            worker::console_error!("KV did not take {document:?}, which will be written again: {error}");
            outbox.refused(document, platform::now_ms());
            make_due(shared, document);
        }
    }
}

fn make_due(shared: &Shared, document: Document) {
    if let Some(site) = shared.engine.borrow_mut().site_mut() {
        site.publish_failed(document);
    }
}
