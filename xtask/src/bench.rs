//! `cargo xtask bench`: the measurements, part by part.
//!
//! A whole run keeps what it measured in `tests/bench/results.json` and writes it into the documentation; a quick one tries the programs
//! and touches neither. A part that fails, as where a hit was lost, does not keep the others from running.

use crate::process::{is_on_path, run, step};
use crate::{bundle, debian, node, project, test};
use anyhow::{Result, bail};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Hits and reads beside other counters, `laifang serve` beside the Worker alone.
    Hits,
    /// Rows and KV writes of a thousand hits.
    Cost,
    /// From workerd's start to the first answer.
    Start,
    /// A site from ten pages to a hundred thousand.
    Growth,
    /// What a visitor waits for, and the share box beside others.
    Browser,
}

/// Every part, with its word on the command line and its programs.
const PARTS: [(Part, &str, &[&str]); 5] = [
    (Part::Hits, "hits", &["hits.mjs", "serve.mjs"]),
    (Part::Cost, "cost", &["cost.mjs"]),
    (Part::Start, "start", &["start.mjs"]),
    (Part::Growth, "growth", &["growth.mjs"]),
    (Part::Browser, "browser", &["time_to_number.mjs", "share.mjs"]),
];
const FOLDER: &str = "tests/bench";

/// What was asked for; no part is all of them.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Bench {
    pub parts: Vec<Part>,
    pub is_quick: bool,
}

impl Part {
    /// The part of this word.
    pub fn named(word: &str) -> Result<Self> {
        match PARTS.iter().find(|(_, name, _)| *name == word) {
            Some((part, ..)) => Ok(*part),
            None => bail!("there is no part `{word}`: hits, cost, start, growth or browser"),
        }
    }
}

/// Measures.
pub fn measure(asked: &Bench) -> Result<()> {
    bundle::build()?;
    let mut failed = Vec::new();
    for (part, name, programs) in PARTS {
        if !asked.parts.is_empty() && !asked.parts.contains(&part) {
            continue;
        }
        let began = Instant::now();
        prepare(part)?;
        for program in programs {
            step(&format!("bench: {name}, {program}"));
            let done = run(node::node()
                .current_dir(project::root())
                .args(["--disable-warning=ExperimentalWarning"])
                .arg(Path::new(FOLDER).join(program))
                .arg(if asked.is_quick { "--quick" } else { "--save" }));
            failed.extend(done.err().map(|error| format!("{program}: {error:#}")));
        }
        step(&format!("bench: {name} took {:.0?}", began.elapsed()));
    }
    if failed.is_empty() { Ok(()) } else { bail!("{}", failed.join("\n")) }
}

/// What a part's programs need.
fn prepare(part: Part) -> Result<()> {
    match part {
        Part::Hits => wrk(),
        Part::Growth => {
            wrk()?;
            run(Command::new("cargo").current_dir(project::root()).args([
                "build",
                "--locked",
                "--profile",
                "edge",
                "-p",
                "laifang-measure",
            ]))
        }
        Part::Browser => {
            test::chromium()?;
            for peers in ["counters", "peers"] {
                let folder = project::path(FOLDER).join(peers);
                node::install(&folder, &format!("npm ci in {FOLDER}/{peers}: what we are measured against"))?;
            }
            Ok(())
        }
        Part::Cost | Part::Start => Ok(()),
    }
}

/// What sends the hits.
pub fn wrk() -> Result<()> {
    if is_on_path("wrk") { Ok(()) } else { debian::install("wrk, which sends the hits", &["wrk"]) }
}

/// Fails where a page of the documentation says something else than what was measured.
pub fn check_pages() -> Result<()> {
    run(node::node().current_dir(project::root()).arg(Path::new(FOLDER).join("report/pages.mjs")))
}
