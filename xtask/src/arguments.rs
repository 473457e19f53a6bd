//! The command line.

use crate::bench::{Bench, Part};
use crate::fuzz::Fuzz;
use anyhow::{Result, bail};
use lexopt::prelude::*;
use std::ffi::OsString;

/// What `cargo xtask help` prints.
pub const HELP: &str = "\
cargo xtask dev [--port 8787] [--state DIR] [--var KEY=VALUE]…   build and serve on this machine
cargo xtask test [unit|instructions|edge|browser|engines|lint|api|package|long|all]   run the tests; all takes many minutes
cargo xtask instructions --renew                                  what hot functions cost now is the new baseline
cargo xtask simulate [--schedules 1000000] [--seed 1]             the counting rules under random faults
cargo xtask fuzz [TARGET]… [--seconds 60]                         what reads bytes from outside, under libFuzzer
cargo xtask build                                                 release bundle into dist/, with sizes
cargo xtask release [--rehearse]                                  the files of a release, built twice: the same bytes
cargo xtask bench [hits|cost|start|growth|browser]… [--quick]     measurements, written into www/docs; quick ones try the programs alone
cargo xtask profile [--seconds 10] [--connections 32] [--top 40]  where the Worker's time goes under hits, by function
cargo xtask deploy [--site SITE] [--domain HOST] [--dry-run] …    dist/ to your Cloudflare account; asks what is not given";

/// One word and its options.
#[derive(Debug, PartialEq, Eq)]
pub enum Task {
    Build,
    Dev(Dev),
    Test(Vec<Suite>),
    Bench(Bench),
    Profile(Vec<OsString>),
    RenewInstructions,
    Release { is_rehearsal: bool },
    Simulate(Vec<OsString>),
    Fuzz(Fuzz),
    Deploy(Vec<OsString>),
    Help,
}

/// Options of `dev`.
#[derive(Debug, PartialEq, Eq)]
pub struct Dev {
    pub port: u16,
    pub state: String,
    pub vars: Vec<String>,
}

/// A part of the tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suite {
    Lint,
    Unit,
    Instructions,
    Edge,
    Browser,
    Engines,
    Api,
    Package,
    Long,
}

/// Reads the command line.
pub fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Task> {
    let mut parser = lexopt::Parser::from_args(arguments);
    let task = match parser.next()? {
        None | Some(Long("help") | Short('h')) => return Ok(Task::Help),
        Some(Value(word)) => word.string()?,
        Some(other) => return Err(other.unexpected().into()),
    };
    match task.as_str() {
        "dev" => read_dev(&mut parser).map(Task::Dev),
        "test" => read_suites(&mut parser).map(Task::Test),
        "build" => nothing_more(&mut parser, Task::Build),
        "release" => read_release(&mut parser),
        "bench" => read_bench(&mut parser).map(Task::Bench),
        "profile" => Ok(Task::Profile(parser.raw_args()?.collect())),
        "instructions" => read_instructions(&mut parser),
        "fuzz" => read_fuzz(&mut parser).map(Task::Fuzz),
        "simulate" => Ok(Task::Simulate(parser.raw_args()?.collect())),
        "deploy" => Ok(Task::Deploy(parser.raw_args()?.collect())),
        "help" => Ok(Task::Help),
        other => bail!("there is no task `{other}`. These are:\n{HELP}"),
    }
}

fn nothing_more(parser: &mut lexopt::Parser, task: Task) -> Result<Task> {
    match parser.next()? {
        None => Ok(task),
        Some(argument) => Err(argument.unexpected().into()),
    }
}

fn read_dev(parser: &mut lexopt::Parser) -> Result<Dev> {
    let state = crate::project::path(".state").to_string_lossy().into_owned();
    let mut dev = Dev { port: 8787, state, vars: Vec::new() };
    while let Some(argument) = parser.next()? {
        match argument {
            Long("port") => dev.port = parser.value()?.parse()?,
            Long("state") => dev.state = parser.value()?.string()?,
            Long("var") => dev.vars.push(variable(parser.value()?.string()?)?),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(dev)
}

fn read_release(parser: &mut lexopt::Parser) -> Result<Task> {
    match parser.next()? {
        None => Ok(Task::Release { is_rehearsal: false }),
        Some(Long("rehearse")) => nothing_more(parser, Task::Release { is_rehearsal: true }),
        Some(argument) => Err(argument.unexpected().into()),
    }
}

fn read_fuzz(parser: &mut lexopt::Parser) -> Result<Fuzz> {
    let mut fuzz = Fuzz { targets: Vec::new(), seconds: 60, seed: None };
    while let Some(argument) = parser.next()? {
        match argument {
            Long("seconds") => fuzz.seconds = parser.value()?.parse()?,
            Value(target) => fuzz.targets.push(target.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(fuzz)
}

fn read_bench(parser: &mut lexopt::Parser) -> Result<Bench> {
    let mut bench = Bench::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("quick") => bench.is_quick = true,
            Value(word) => bench.parts.push(Part::named(&word.string()?)?),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(bench)
}

fn read_instructions(parser: &mut lexopt::Parser) -> Result<Task> {
    match parser.next()? {
        Some(Long("renew")) => nothing_more(parser, Task::RenewInstructions),
        _ => bail!(
            "cargo xtask instructions --renew writes the baseline; cargo xtask test instructions compares"
        ),
    }
}

fn variable(text: String) -> Result<String> {
    match text.split_once('=') {
        Some((name, _)) if !name.is_empty() => Ok(text),
        _ => bail!("--var takes KEY=VALUE, not `{text}`"),
    }
}

fn read_suites(parser: &mut lexopt::Parser) -> Result<Vec<Suite>> {
    let mut suites = Vec::new();
    while let Some(argument) = parser.next()? {
        let Value(word) = argument else { return Err(argument.unexpected().into()) };
        match word.string()?.as_str() {
            "lint" => suites.push(Suite::Lint),
            "unit" => suites.push(Suite::Unit),
            "instructions" => suites.push(Suite::Instructions),
            "edge" => suites.push(Suite::Edge),
            "browser" => suites.push(Suite::Browser),
            "engines" => suites.push(Suite::Engines),
            "api" => suites.push(Suite::Api),
            "package" => suites.push(Suite::Package),
            "long" => suites.push(Suite::Long),
            "all" => {
                suites.extend([Suite::Lint, Suite::Unit, Suite::Instructions, Suite::Edge, Suite::Browser]);
                suites.extend([Suite::Engines, Suite::Api, Suite::Package, Suite::Long]);
            }
            other => {
                bail!(
                    "there is no suite `{other}`: unit, instructions, edge, browser, engines, lint, api, package, long or all"
                )
            }
        }
    }
    if suites.is_empty() {
        suites = vec![Suite::Unit, Suite::Edge, Suite::Browser];
    }
    Ok(suites)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Task> {
        read(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn dev_has_defaults_and_options() {
        let state = crate::project::path(".state").to_string_lossy().into_owned();
        let plain = Dev { port: 8787, state, vars: vec![] };
        assert_eq!(parse("dev").unwrap(), Task::Dev(plain));
        let full = Dev { port: 9000, state: "/s".into(), vars: vec!["SITES=a b".replace(' ', "_")] };
        assert_eq!(parse("dev --port 9000 --state /s --var SITES=a_b").unwrap(), Task::Dev(full));
        assert!(parse("dev --var SITES").is_err());
        assert!(parse("dev --port x").is_err());
    }

    #[test]
    fn test_runs_what_is_named() {
        assert_eq!(parse("test edge").unwrap(), Task::Test(vec![Suite::Edge]));
        assert_eq!(parse("test").unwrap(), Task::Test(vec![Suite::Unit, Suite::Edge, Suite::Browser]));
        let Task::Test(all) = parse("test all").unwrap() else { panic!("not a test") };
        assert!(all.contains(&Suite::Engines) && all.contains(&Suite::Long));
        assert!(all.contains(&Suite::Instructions));
        assert!(parse("test everything").is_err());
    }

    #[test]
    fn fuzz_takes_targets_and_seconds() {
        let all = Fuzz { targets: vec![], seconds: 60, seed: None };
        assert_eq!(parse("fuzz").unwrap(), Task::Fuzz(all));
        let one = Fuzz { targets: vec!["journal".into()], seconds: 5, seed: None };
        assert_eq!(parse("fuzz journal --seconds 5").unwrap(), Task::Fuzz(one));
        assert!(parse("fuzz --seconds long").is_err());
    }

    #[test]
    fn bench_measures_all_or_what_is_named() {
        assert_eq!(parse("bench").unwrap(), Task::Bench(Bench::default()));
        let some = Bench { parts: vec![Part::Growth, Part::Hits], is_quick: true };
        assert_eq!(parse("bench growth --quick hits").unwrap(), Task::Bench(some));
        assert!(parse("bench everything").is_err());
    }

    #[test]
    fn a_release_may_be_rehearsed() {
        assert_eq!(parse("release").unwrap(), Task::Release { is_rehearsal: false });
        assert_eq!(parse("release --rehearse").unwrap(), Task::Release { is_rehearsal: true });
        assert!(parse("release --rehearse 0.2.0").is_err());
    }

    #[test]
    fn what_profile_takes_is_handed_on() {
        let handed_on = ["--top", "80"].map(OsString::from).to_vec();
        assert_eq!(parse("profile --top 80").unwrap(), Task::Profile(handed_on));
    }

    #[test]
    fn a_baseline_is_renewed_only_where_it_is_asked_for() {
        assert_eq!(parse("instructions --renew").unwrap(), Task::RenewInstructions);
        assert!(parse("instructions").is_err());
    }

    #[test]
    fn what_deploy_takes_is_handed_on() {
        let handed_on = ["--site", "example.cn", "--dry-run"].map(OsString::from).to_vec();
        assert_eq!(parse("deploy --site example.cn --dry-run").unwrap(), Task::Deploy(handed_on));
    }

    #[test]
    fn unknown_words_are_refused() {
        assert!(parse("serve").is_err());
        assert!(parse("build --fast").is_err());
    }
}
