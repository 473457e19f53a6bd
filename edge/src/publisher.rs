//! Tells KV what a site knows, as often as the budget allows.
//!
//! Runs beside the hits, from a hit's own `wait_until` or from the alarm, one run at a time; a run that
//! was cut off is replaced after a while. A document that KV did not take stays due. Counts are absolute,
//! so a document written late or twice does no harm.

use crate::kv;
use crate::platform::{self, within};
use crate::site_counter::Shared;
use crate::write_budget;
use laifang_tally::budget::MIN_INTERVAL_MS;
use laifang_tally::publish::Document;
use laifang_tally::site::Site;
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

/// Hits that arrive this soon after the first are published with it.
const GATHER_MS: u64 = 1_000;
/// How long a run may be silent before another may begin.
const RUN_EXPIRES_MS: u64 = 60_000;
/// Longest wait for KV to take a document.
const PUT_TIMEOUT: Duration = Duration::from_secs(10);
/// Wait after a failed put; doubled each time, up to [`SAFETY_MS`].
const RETRY_MS: u64 = 5_000;
/// Furthest alarm while something is unpublished.
const SAFETY_MS: u64 = 3_600_000;
/// Rounds in one run, which lasts no longer than a platform event may.
const MAX_ROUNDS: u32 = 4;

/// How publishing stands.
#[derive(Default)]
pub struct Progress {
    run_expires_ms: Cell<u64>,
    last_put_ms: Cell<u64>,
    writes_left: Cell<u64>,
    writes_valid_until_ms: Cell<u64>,
    not_before_ms: Cell<u64>,
    failures: Cell<u32>,
}

/// Starts a run unless one is under way or nothing may be written yet.
pub fn start(shared: &Rc<Shared>) {
    let now_ms = platform::now_ms();
    let progress = &shared.publishing;
    if now_ms < progress.run_expires_ms.get() || now_ms < progress.not_before_ms.get() {
        return;
    }
    progress.run_expires_ms.set(now_ms.saturating_add(RUN_EXPIRES_MS));
    let shared_run = Rc::clone(shared);
    shared.state.wait_until(async move {
        run(Rc::clone(&shared_run)).await;
        shared_run.keep_alarm().await;
    });
}

/// When the alarm should ring: earlier if something is due, at midnight if there is a day to close.
pub fn alarm_due_ms(site: &Site, progress: &Progress, now_ms: u64) -> Option<u64> {
    let midnight = (site.totals().views_today > 0).then_some(site.totals().day.ends_at_ms);
    let due = (!site.unpublished().is_empty()).then(|| {
        let not_before_ms = progress.not_before_ms.get();
        if not_before_ms > now_ms { not_before_ms } else { now_ms.saturating_add(SAFETY_MS) }
    });
    [midnight, due].into_iter().flatten().min()
}

/// Publishes what is due until nothing is, the budget is used up, or the run has lasted long enough.
pub async fn run(shared: Rc<Shared>) {
    for _ in 0..MAX_ROUNDS {
        let due = due(&shared);
        if due.is_empty() {
            break;
        }
        wait_for_turn(&shared.publishing).await;
        if !has_budget(&shared, due.len() as u64).await || !round(&shared).await {
            break;
        }
    }
    shared.publishing.run_expires_ms.set(0);
}

fn due(shared: &Shared) -> Vec<Document> {
    shared.site.borrow().as_ref().map(Site::unpublished).unwrap_or_default()
}

async fn wait_for_turn(progress: &Progress) {
    let now_ms = platform::now_ms();
    let next_ms =
        progress.last_put_ms.get().saturating_add(MIN_INTERVAL_MS).max(now_ms.saturating_add(GATHER_MS));
    worker::Delay::from(Duration::from_millis(next_ms.saturating_sub(now_ms))).await;
}

/// Makes sure there is at least one write to spend, asking for as many as there are documents due.
async fn has_budget(shared: &Shared, wanted: u64) -> bool {
    let progress = &shared.publishing;
    let now_ms = platform::now_ms();
    if progress.writes_left.get() > 0 && now_ms < progress.writes_valid_until_ms.get() {
        return true;
    }
    let name = shared.name.borrow().clone();
    match write_budget::ask(&shared.env, &name, wanted).await {
        Ok(grant) if grant.writes > 0 => {
            progress.writes_left.set(grant.writes);
            progress.writes_valid_until_ms.set(grant.valid_until_ms);
            true
        }
        Ok(grant) => {
            progress.not_before_ms.set(now_ms.saturating_add(grant.retry_after_ms));
            false
        }
        Err(error) => {
            worker::console_error!("no answer about the write budget: {error}");
            progress.not_before_ms.set(now_ms.saturating_add(RETRY_MS));
            false
        }
    }
}

/// Writes the documents due, as far as the budget goes. False: wait before the next round.
async fn round(shared: &Shared) -> bool {
    for document in due(shared) {
        let progress = &shared.publishing;
        let Some(left) = progress.writes_left.get().checked_sub(1) else { return true };
        progress.writes_left.set(left);
        progress.last_put_ms.set(platform::now_ms());
        if !put(shared, document).await {
            let failures = progress.failures.get();
            progress.failures.set(failures.saturating_add(1));
            let wait_ms = RETRY_MS.saturating_mul(2_u64.saturating_pow(failures)).min(SAFETY_MS);
            progress.not_before_ms.set(platform::now_ms().saturating_add(wait_ms));
            return false;
        }
        progress.failures.set(0);
    }
    true
}

async fn put(shared: &Shared, document: Document) -> bool {
    let body = match shared.site.borrow_mut().as_mut().map(|site| site.publish(document)) {
        Some(Ok(body)) => body,
        Some(Err(error)) => {
            worker::console_error!("a document could not be written: {error}");
            return true;
        }
        None => return true,
    };
    let key = document.key(&shared.name.borrow());
    let taken = matches!(within(PUT_TIMEOUT, kv::put(&shared.env, &key, &body)).await, Some(Ok(())));
    if !taken {
        worker::console_error!("KV did not take {key}; it will be written again");
        if let Some(site) = shared.site.borrow_mut().as_mut() {
            site.publish_failed(document);
        }
    }
    taken
}
