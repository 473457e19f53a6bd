//! `laifang-simulation [--schedules N] [--seed FIRST]`: runs so many schedules, on all cores.

use laifang_simulation::schedule;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

const PROGRESS_EVERY: u64 = 100_000;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut schedules = 10_000;
    let mut first = 1;
    for pair in arguments.chunks(2) {
        match (pair.first().map(String::as_str), pair.get(1).and_then(|value| value.parse().ok())) {
            (Some("--schedules"), Some(value)) => schedules = value,
            (Some("--seed"), Some(value)) => first = value,
            _ => {
                eprintln!("usage: laifang-simulation [--schedules N] [--seed FIRST]");
                return ExitCode::from(2);
            }
        }
    }
    run(first, schedules)
}

fn run(first: u64, schedules: u64) -> ExitCode {
    let began = Instant::now();
    let (next, has_failed) = (AtomicU64::new(0), AtomicBool::new(false));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                while !has_failed.load(Ordering::Relaxed) {
                    let done = next.fetch_add(1, Ordering::Relaxed);
                    if done >= schedules {
                        break;
                    }
                    if done > 0 && done % PROGRESS_EVERY == 0 {
                        println!("{done} of {schedules} schedules, {:.0?}", began.elapsed());
                    }
                    let seed = first + done;
                    let outcome = std::panic::catch_unwind(|| schedule::run(seed));
                    if let Err(broken) = outcome.unwrap_or_else(|_| Err("it panicked".into())) {
                        eprintln!("seed {seed}: {broken}\nagain: --seed {seed} --schedules 1");
                        has_failed.store(true, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    if has_failed.into_inner() {
        return ExitCode::FAILURE;
    }
    println!("seeds {first} to {}: no invariant broken, {:.0?}", first + schedules - 1, began.elapsed());
    ExitCode::SUCCESS
}
