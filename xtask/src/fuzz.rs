//! `cargo xtask fuzz`: the targets of `tests/fuzz` under libFuzzer, on stable Rust.
//!
//! The compiler's own pass for coverage is enough; sanitizers, which need a nightly, find little in code without
//! `unsafe`. What is found stays in `target/fuzz/findings`, new inputs in `target/fuzz/corpus`; the corpus of the
//! checkout only begins a run. Out of scope: what the targets check.

use crate::process::{exists, run, step};
use crate::{debian, project};
use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::process::Command;

/// The targets, as `laifang_fuzz::TARGETS` has them: one folder of the corpus each.
const CORPUS: &str = "tests/fuzz/corpus";

/// What makes an input's coverage known to libFuzzer, and arithmetic that overflows a panic.
const RUSTFLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Cdebug-assertions -Coverflow-checks";

/// Which targets, all if none is named, and for how long each.
#[derive(Debug, PartialEq, Eq)]
pub struct Fuzz {
    pub targets: Vec<String>,
    pub seconds: u32,
    /// What the choices begin with: CI runs the same inputs each time, so that only a change can turn it red.
    pub seed: Option<u32>,
}

/// Builds the targets and runs them one after the other; the first finding ends it.
pub fn run_targets(options: &Fuzz) -> Result<()> {
    let known = known_targets()?;
    if let Some(unknown) = options.targets.iter().find(|target| !known.contains(target)) {
        bail!("there is no target `{unknown}`: {}", known.join(", "));
    }
    let program = build()?;
    let targets = if options.targets.is_empty() { &known } else { &options.targets };
    for target in targets {
        step(&format!("fuzzing {target} for {} s", options.seconds));
        run_target(&program, target, options)?;
    }
    Ok(())
}

fn known_targets() -> Result<Vec<String>> {
    let folder = project::path(CORPUS);
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&folder).with_context(|| format!("no {}", folder.display()))? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// A target folder of its own: with other flags nothing that is built could be shared.
fn build() -> Result<PathBuf> {
    if !exists("c++") {
        debian::install("g++, which builds libFuzzer", &["g++"])?;
    }
    let (folder, host) = (project::path("target/fuzz/build"), host()?);
    run(Command::new("cargo")
        .current_dir(project::root())
        .env("RUSTFLAGS", RUSTFLAGS)
        .args(["build", "--locked", "--release", "--target", &host, "--target-dir"])
        .arg(&folder)
        // With a target named, build scripts and macros are built without the flags.
        .args(["-p", "laifang-fuzz", "--features", "libfuzzer"]))?;
    Ok(folder.join(host).join("release/laifang-fuzz"))
}

fn host() -> Result<String> {
    let output = Command::new("rustc").arg("-vV").output().context("rustc could not be started")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc does not say its host")?.to_owned())
}

fn run_target(program: &PathBuf, target: &str, options: &Fuzz) -> Result<()> {
    let (found, seeds) =
        (project::path("target/fuzz/corpus").join(target), project::path(CORPUS).join(target));
    let findings = project::path("target/fuzz/findings");
    std::fs::create_dir_all(&found)?;
    std::fs::create_dir_all(&findings)?;
    run(Command::new(program)
        .current_dir(project::root())
        .env("LAIFANG_FUZZ_TARGET", target)
        .args(["-max_len=4096", "-timeout=10", "-rss_limit_mb=2048", "-verbosity=0", "-print_final_stats=1"])
        .arg(format!("-max_total_time={}", options.seconds))
        // libFuzzer takes 0 for one of its own.
        .arg(format!("-seed={}", options.seed.unwrap_or_default()))
        .arg(format!("-artifact_prefix={}/{target}-", findings.display()))
        .args([found, seeds]))
    .with_context(|| format!("{target}: the input is in {}", findings.display()))
}
