//! `laifang-growth`: what a site costs as it grows, and blocks of numbers leased to shards, as tables.
//! `laifang-growth rows FOLDER NOW_MS PAGES:VISITORS…`: such sites' rows, as of now, for the Worker to wake from, and a
//! line of JSON about each.
//!
//! Times are of this machine's native code and the process's own (the operating system's count of it), so that other
//! programs disturb little. Memory has 64-bit pointers; the Worker's are 32.

use cap::Cap;
use laifang_measure::leases::{self, Plan};
use laifang_measure::memory::Failed;
use laifang_measure::traffic::{Traffic, page};
use laifang_tally::engine::Engine;
use laifang_tally::publish::Document;
use std::alloc::System;
use std::path::Path;

#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, usize::MAX);

const MB: f64 = 1e6;
const HOUR_MS: u64 = 3_600_000;
/// How long the hits of a site took to come.
const TIME_MS: u64 = 16 * HOUR_MS;
/// Pages, and visitors of a day.
const SIZES: [(usize, usize); 7] = [
    (10, 100),
    (100, 1_000),
    (1_000, 10_000),
    (10_000, 100_000),
    (100_000, 100_000),
    (100_000, 600_000),
    (100_000, 1_000_000),
];
/// Hits that are timed.
const TIMED: usize = 4_096;
/// Shards, numbers in a block, whether asked for ahead.
const PLANS: [(usize, u64, bool); 7] = [
    (4, 10, true),
    (4, 100, false),
    (4, 100, true),
    (4, 1_000, true),
    (16, 100, true),
    (16, 1_000, true),
    (64, 100, true),
];
const LEASED_VISITORS: u64 = 2_000_000;

fn main() -> Result<(), String> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => tables(),
        ["rows", folder, now_ms, sizes @ ..] => {
            let now_ms = now_ms.parse().map_err(|_| format!("`{now_ms}` is no time"))?;
            sizes.iter().try_for_each(|size| make_rows(Path::new(folder), now_ms, size))
        }
        _ => Err("usage: laifang-growth [rows FOLDER NOW_MS PAGES:VISITORS…]".into()),
    }
}

/// Writes the rows of a site whose hits came in the sixteen hours until now.
fn make_rows(folder: &Path, now_ms: u64, size: &str) -> Result<(), String> {
    let numbers = size
        .split_once(':')
        .and_then(|(pages, visitors)| Some((pages.parse().ok()?, visitors.parse().ok()?)));
    let (pages, visitors) = numbers.ok_or_else(|| format!("`{size}` is not PAGES:VISITORS"))?;
    let begins_ms = now_ms.saturating_sub(TIME_MS + 60_000);
    let line = Traffic::of_size_from(begins_ms, pages, visitors, TIME_MS).and_then(|mut traffic| {
        traffic.rows.save_plain(&folder.join(format!("{pages}-{visitors}.rows")))?;
        let (rows, entries) = traffic.rows.bytes();
        let (kv, _) = publish(&mut traffic)?;
        Ok(format!("\"rowBytes\":{},\"kvBytes\":{kv}", rows + entries))
    });
    let line = line.unwrap_or_else(|Failed(why)| format!("\"refused\":{why:?}"));
    println!("{{\"pages\":{pages},\"visitors\":{visitors},{line}}}");
    Ok(())
}

fn tables() -> Result<(), String> {
    println!("pages | visitors | µs a hit | wake ms | memory MB | rows MB | KV MB | main document KB");
    for (pages, visitors) in SIZES {
        match grow(pages, visitors) {
            Ok(line) => println!("{pages} | {visitors} | {line}"),
            Err(Failed(why)) => println!("{pages} | {visitors} | {why}"),
        }
    }
    println!(
        "\nshards | block | asks ahead | grants per 1,000 | waited per 1,000,000 | widest gap | at midnight | closed after | furthest"
    );
    for (shards, block, is_ahead) in PLANS {
        let outcome = leases::run(Plan { shards, block, visitors: LEASED_VISITORS, is_ahead }, 1)?;
        let grants = outcome.grants as f64 * 1e3 / (LEASED_VISITORS + outcome.closed_after) as f64;
        let waited = outcome.waited as f64 * 1e6 / LEASED_VISITORS as f64;
        let (widest, midnight) = (outcome.widest_gap, outcome.gap_at_midnight);
        let (closed, furthest) = (outcome.closed_after, outcome.furthest);
        println!(
            "{shards} | {block} | {is_ahead} | {grants:.1} | {waited:.0} | {widest} | {midnight} | {closed} | {furthest}"
        );
    }
    Ok(())
}

fn grow(pages: usize, visitors: usize) -> Result<String, Failed> {
    let before = ALLOCATOR.allocated();
    let mut traffic = Traffic::of_size(pages, visitors, TIME_MS)?;
    let (rows_bytes, entries_bytes) = traffic.rows.bytes();
    let memory = ALLOCATOR.allocated() - before - rows_bytes - entries_bytes;

    let began = own_ns()?;
    for number in 0..TIMED {
        traffic.now_ms += 1;
        traffic.hit(number * 7 % visitors, &page(number * 11 % pages))?;
    }
    let per_hit = (own_ns()? - began) / TIMED as f64 / 1e3;

    let (kv, main) = publish(&mut traffic)?;
    let wakes = (0..5).map(|_| {
        let mut engine = Engine::default();
        let began = own_ns()?;
        engine.wake(&traffic.rows)?;
        Ok((own_ns()? - began) / 1e6)
    });
    let wake = wakes.collect::<Result<Vec<f64>, Failed>>()?.into_iter().fold(f64::MAX, f64::min);
    Ok(format!(
        "{per_hit:.1} | {wake:.1} | {:.1} | {:.1} | {:.2} | {:.1}",
        memory as f64 / MB,
        (rows_bytes + entries_bytes) as f64 / MB,
        kv as f64 / MB,
        main as f64 / 1e3,
    ))
}

/// Bytes of all that a site has in KV, and of the main document among them.
fn publish(traffic: &mut Traffic) -> Result<(usize, usize), Failed> {
    let site = traffic.engine.site_mut().ok_or_else(|| Failed("the site sleeps".into()))?;
    let main = site.publish(Document::Main)?.len();
    let mut all = main;
    while let Some(document) = site.unpublished().first() {
        all += site.publish(*document)?.len();
    }
    Ok((all, main))
}

/// Time this process has had a processor, in nanoseconds.
fn own_ns() -> Result<f64, Failed> {
    let text = std::fs::read_to_string("/proc/self/schedstat").map_err(|error| Failed(error.to_string()))?;
    let own = text.split(' ').next().and_then(|own| own.parse().ok());
    own.ok_or_else(|| Failed("the system does not tell the time of a process".into()))
}
