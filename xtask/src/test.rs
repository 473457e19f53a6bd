//! `cargo xtask test`, and programs that look for more on request: `simulate`, `profile`.

use crate::arguments::Suite;
use crate::fuzz::{self, Fuzz};
use crate::process::{exists, is_on_path, run, step};
use crate::toolchain::{self, Kind};
use crate::{
    bench, bundle, debian, instructions, node, package, project, python, sizes, stamp, supply, versions,
};
use anyhow::{Context, Result, bail};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

/// Runs the suites in order; the first failure ends it.
pub fn run_suites(suites: &[Suite]) -> Result<()> {
    for suite in suites {
        let began = Instant::now();
        step(&format!("tests: {suite:?}"));
        match suite {
            Suite::Lint => lint(),
            Suite::Unit => unit(),
            Suite::Instructions => instructions::check(),
            Suite::Edge => edge(),
            Suite::Browser => browser(),
            Suite::Package => package(),
            Suite::Engines => engines(),
            Suite::Api => api(),
            Suite::Long => long(),
        }
        .with_context(|| format!("suite {suite:?}"))?;
        step(&format!("tests: {suite:?} passed in {:.0?}", began.elapsed()));
    }
    Ok(())
}

fn cargo() -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(project::root());
    command
}

fn lint() -> Result<()> {
    run(cargo().args(["fmt", "--check"]))?;
    run(cargo().args(["clippy", "--locked", "--all-targets", "--", "-Dwarnings"]))?;
    supply::check()?;
    versions::check()?;
    node::set_up()?;
    bench::check_pages()?;
    let tools = toolchain::find()?;
    step("wasm builds with warnings as errors");
    tools.build("laifang-widget", Kind::Widget, true)?;
    tools.build("laifang-share", Kind::Widget, true)?;
    tools.build("laifang-switch", Kind::Widget, true)?;
    tools.build("laifang-edge", Kind::Edge, true)?;
    bundle::build()?;
    sizes::check()
}

fn unit() -> Result<()> {
    run(cargo().args(["test", "--locked", "--workspace"]))
}

/// On the plain local KV and on one that keeps to KV's rules; then what only the lab can bring about.
fn edge() -> Result<()> {
    bundle::build()?;
    for kv in ["plain", "strict"] {
        step(&format!("on the {kv} KV"));
        run_node_tests("tests/edge", kv)?;
    }
    run_node_tests("tests/lab", "strict")
}

/// The OpenAPI document against the running Worker.
fn api() -> Result<()> {
    bundle::build()?;
    python::set_up("tests/api/requirements.txt")?;
    run_node_tests("tests/api", "plain")
}

/// What takes minutes: crash rounds, many isolates, every fuzz target for a moment, many schedules.
fn long() -> Result<()> {
    bundle::build()?;
    run_node_tests("tests/long", "plain")?;
    fuzz::run_targets(&Fuzz { targets: Vec::new(), seconds: 12, seed: Some(1) })?;
    simulate(&["--schedules".into(), "100000".into(), "--seed".into(), "1".into()])
}

/// The npm package, from its tarball, as somebody without Rust meets it; and every snippet of the documentation.
fn package() -> Result<()> {
    bundle::build()?;
    chromium()?;
    package::set_up_tests()?;
    run(node_tests("tests/package")?.env("LAIFANG_PACKAGE", package::pack()?))
}

fn run_node_tests(folder: &str, kv: &str) -> Result<()> {
    run(node_tests(folder)?.env("LAIFANG_KV", kv))
}

/// Node's test runner on a folder, file by file.
fn node_tests(folder: &str) -> Result<Command> {
    let mut node = node::node();
    node.current_dir(project::root()).args(["--test", "--test-concurrency=1"]);
    node.args(tests_in(folder, ".test.mjs")?);
    Ok(node)
}

/// The counting rules under random faults, as many schedules as asked for.
pub fn simulate(arguments: &[OsString]) -> Result<()> {
    run(cargo().args(["run", "--locked", "--release", "-p", "laifang-simulation", "--"]).args(arguments))
}

fn browser() -> Result<()> {
    bundle::build()?;
    chromium()?;
    tests_in("tests/browser", ".spec.mjs")?;
    run(node::tool("playwright").args(["test", "--config", "tests/playwright.config.mjs"]))
}

/// The browser that is driven.
pub fn chromium() -> Result<()> {
    if exists("chromium") {
        return Ok(());
    }
    debian::install("Chromium, which the browser tests drive", &["chromium", "fonts-noto-cjk"])
}

/// The main scenarios in each engine a visitor may have.
fn engines() -> Result<()> {
    bundle::build()?;
    chromium()?;
    let others = [
        ("firefox-esr", "Firefox", "firefox-esr"),
        ("WebKitWebDriver", "WebKitGTK with its driver", "webkit2gtk-driver"),
        ("Xvfb", "Xvfb, the screen WebKitGTK needs", "xvfb"),
    ];
    for (program, purpose, package) in others {
        if !is_on_path(program) {
            debian::install(purpose, &[package])?;
        }
    }
    run_node_tests("tests/engines", "plain")
}

/// Where the Worker's time goes, by function.
pub fn profile(arguments: &[OsString]) -> Result<()> {
    let dist = bundle::named_worker()?;
    bench::wrk()?;
    run(node::node()
        .current_dir(project::root())
        .arg(project::path("tests/bench/profile/profile.mjs"))
        .arg(dist)
        .args(arguments))
}

/// The test files of a folder; none at all is a mistake, not a pass.
fn tests_in(folder: &str, ending: &str) -> Result<Vec<PathBuf>> {
    let files: Vec<PathBuf> = stamp::files_below(&[project::path(folder)])?
        .into_iter()
        .filter(|file| file.to_string_lossy().ends_with(ending))
        .collect();
    if files.is_empty() { bail!("{folder} holds no *{ending}") } else { Ok(files) }
}
