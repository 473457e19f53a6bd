//! `cargo xtask test instructions`: how many instructions the hot functions take, against a baseline in the checkout.
//!
//! Callgrind counts instructions and not time, so a busy machine changes nothing: what is slower by a few per cent is
//! seen anywhere. A compiler makes its own instructions, though, and so does a processor: the baseline names both, and
//! with others only much more is a failure. Out of scope: what is counted (`tests/measure`).

use crate::process::{exists, run, step};
use crate::{debian, project};
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

const BASELINE: &str = "tests/measure/instructions.json";
/// The function within which callgrind counts.
const MEASURED: &str = "laifang_measure::tasks::measured";
/// How much more than in the baseline is still the same, in per cent: two C libraries differ by about one.
const TOLERANCE: f64 = 3.0;
/// The same with another compiler or processor than the baseline's.
const FOREIGN_TOLERANCE: f64 = 40.0;

/// Instructions for a piece of work of each task.
type Counts = BTreeMap<String, f64>;

/// What was counted, and with which compiler.
#[derive(Debug, Clone, PartialEq)]
struct Baseline {
    compiler: String,
    counts: Counts,
}

/// Counts, and fails where a task takes more than the baseline says.
pub fn check() -> Result<()> {
    let known = Baseline::read(&project::path(BASELINE))?;
    let counted = count()?;
    let judged = judge(&known, &counted);
    print!("{}", judged.table);
    if known.compiler != counted.compiler {
        step(&format!(
            "the baseline is of {}, this is {}: only {FOREIGN_TOLERANCE} % more is a failure here",
            known.compiler, counted.compiler
        ));
    }
    if judged.has_faster {
        step("some tasks take less: `cargo xtask instructions --renew` keeps that");
    }
    ensure!(
        judged.wrong.is_empty(),
        "{}\nIf it has to be so: cargo xtask instructions --renew, see CONTRIBUTING.md",
        judged.wrong.join("\n")
    );
    Ok(())
}

/// Counts, and writes the baseline.
pub fn renew() -> Result<()> {
    let counted = count()?;
    let file = project::path(BASELINE);
    if let Ok(known) = Baseline::read(&file) {
        print!("{}", judge(&known, &counted).table);
    }
    std::fs::write(&file, counted.to_json()?)?;
    step(&format!("{BASELINE} is written"));
    Ok(())
}

impl Baseline {
    fn read(file: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(file).with_context(|| format!("no {}", file.display()))?;
        let value: Value = serde_json::from_str(&text)?;
        let compiler = value["compiler"].as_str().context("the baseline names no compiler")?.to_owned();
        let counts = value["instructions"].as_object().context("the baseline counts nothing")?;
        let counts = counts.iter().map(|(task, count)| {
            Ok((task.clone(), count.as_f64().with_context(|| format!("{task}: no number"))?))
        });
        Ok(Self { compiler, counts: counts.collect::<Result<_>>()? })
    }

    fn to_json(&self) -> Result<String> {
        let counts: BTreeMap<&String, u64> =
            self.counts.iter().map(|(task, count)| (task, count.round() as u64)).collect();
        let value = json!({ "compiler": self.compiler, "instructions": counts });
        Ok(serde_json::to_string_pretty(&value)? + "\n")
    }
}

/// What a comparison came to.
struct Judged {
    table: String,
    wrong: Vec<String>,
    has_faster: bool,
}

fn judge(known: &Baseline, counted: &Baseline) -> Judged {
    let tolerance = if known.compiler == counted.compiler { TOLERANCE } else { FOREIGN_TOLERANCE };
    let mut judged = Judged { table: String::new(), wrong: Vec::new(), has_faster: false };
    for (task, now) in &counted.counts {
        let Some(before) = known.counts.get(task) else {
            judged.wrong.push(format!("{task}: not in the baseline"));
            continue;
        };
        let change = (now / before - 1.0) * 100.0;
        let _ = writeln!(judged.table, "{task:<38}{now:>13.0}{change:>+8.1} %");
        judged.has_faster |= change < -tolerance;
        if change > tolerance {
            judged.wrong.push(format!("{task}: {now:.0} instructions, {change:.1} % more than {before:.0}"));
        }
    }
    let gone = known.counts.keys().filter(|task| !counted.counts.contains_key(*task));
    judged.wrong.extend(gone.map(|task| format!("{task}: in the baseline, but no task")));
    judged
}

fn count() -> Result<Baseline> {
    if !exists("valgrind") {
        debian::install("Valgrind, which counts instructions,", &["valgrind"])?;
    }
    // As the Worker's own code is compiled, but for this machine.
    let mut build = Command::new("cargo");
    run(build.current_dir(project::root()).args([
        "build",
        "--locked",
        "--profile",
        "edge",
        "-p",
        "laifang-measure",
    ]))?;
    let folder = project::path("target/instructions");
    std::fs::create_dir_all(&folder)?;
    let rows = folder.join("rows");
    run(program().arg("prepare").arg(&rows))?;
    let mut counts = Counts::new();
    for task in output(program().arg("tasks"))?.lines() {
        counts.insert(task.to_owned(), count_task(task, &rows, &folder.join("callgrind.out"))?);
    }
    Ok(Baseline { compiler: compiler()?, counts })
}

fn path() -> PathBuf {
    project::path("target/edge/laifang-measure")
}

fn program() -> Command {
    Command::new(path())
}

/// Instructions for one piece of a task.
fn count_task(task: &str, rows: &Path, found: &Path) -> Result<f64> {
    let mut valgrind = Command::new("valgrind");
    valgrind
        .args(["--quiet", "--tool=callgrind", &format!("--toggle-collect={MEASURED}")])
        .arg(format!("--callgrind-out-file={}", found.display()))
        .arg(path())
        .args(["task", task])
        .arg(rows);
    let pieces: f64 =
        output(&mut valgrind)?.trim().parse().context("the task does not say of how many pieces")?;
    let text = std::fs::read_to_string(found)?;
    let all =
        text.lines().find_map(|line| line.strip_prefix("summary: ")).context("callgrind counted nothing")?;
    let all: f64 = all.trim().parse()?;
    ensure!(all > 0.0, "{task}: callgrind did not find `{MEASURED}`");
    Ok(all / pieces)
}

fn compiler() -> Result<String> {
    let text = output(Command::new("rustc").arg("-vV"))?;
    let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    match (text.lines().next(), field("host:")) {
        (Some(version), Some(host)) => Ok(format!("{version} for {host}")),
        _ => bail!("rustc does not say what it is"),
    }
}

fn output(command: &mut Command) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("{name} could not be started"))?;
    ensure!(output.status.success(), "{name} failed: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn baseline(compiler: &str, counts: &[(&str, f64)]) -> Baseline {
        let counts = counts.iter().map(|(task, count)| ((*task).to_owned(), *count)).collect();
        Baseline { compiler: compiler.into(), counts }
    }

    #[test]
    fn more_than_the_tolerance_is_a_failure_and_less_is_told() {
        let known = baseline("a", &[("x", 1000.0), ("y", 1000.0)]);
        let judged = judge(&known, &baseline("a", &[("x", 1029.0), ("y", 971.0)]));
        assert!(judged.wrong.is_empty() && !judged.has_faster);
        let judged = judge(&known, &baseline("a", &[("x", 1031.0), ("y", 969.0)]));
        assert_eq!(judged.wrong, ["x: 1031 instructions, 3.1 % more than 1000"]);
        assert!(judged.has_faster);
    }

    #[test]
    fn another_compiler_is_judged_by_much_more_alone() {
        let known = baseline("a", &[("x", 1000.0)]);
        assert!(judge(&known, &baseline("b", &[("x", 1390.0)])).wrong.is_empty());
        assert_eq!(judge(&known, &baseline("b", &[("x", 1410.0)])).wrong.len(), 1);
    }

    #[test]
    fn a_task_that_one_side_does_not_know_is_a_failure() {
        let known = baseline("a", &[("x", 1.0)]);
        assert_eq!(judge(&known, &baseline("a", &[("z", 1.0)])).wrong.len(), 2);
    }

    #[test]
    fn a_baseline_is_read_as_it_was_written() {
        let written = baseline("rustc 1", &[("x", 10.0), ("y", 2.0)]);
        let file = std::env::temp_dir().join(format!("laifang-baseline-{}", std::process::id()));
        std::fs::write(&file, written.to_json().unwrap()).unwrap();
        assert_eq!(Baseline::read(&file).unwrap(), written);
        std::fs::remove_file(file).unwrap();
    }
}
