//! `cargo xtask`: set-up, build, dev server, tests and measurements, each with one word.
//!
//! Every task installs what it needs first, by the ways of a package manager, and says what it does.
//! Out of scope: anything that runs in production.

mod arguments;
mod bench;
mod bundle;
mod console;
mod debian;
mod deploy;
mod dev;
mod fuzz;
mod instructions;
mod node;
mod package;
mod process;
mod project;
mod publish;
mod python;
mod release;
mod shipped;
mod sizes;
mod stamp;
mod supply;
mod tarball;
mod test;
mod toolchain;
mod versions;

use anyhow::Result;
use arguments::Task;
use std::process::ExitCode;

fn main() -> ExitCode {
    match arguments::read(std::env::args_os().skip(1)).and_then(run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<()> {
    match task {
        Task::Build => bundle::build_and_measure(),
        Task::Release { is_rehearsal } => publish::release(is_rehearsal),
        Task::Dev(options) => dev::run(&options),
        Task::Test(suites) => test::run_suites(&suites),
        Task::Simulate(arguments) => test::simulate(&arguments),
        Task::Fuzz(options) => fuzz::run_targets(&options),
        Task::RenewInstructions => instructions::renew(),
        Task::Bench(asked) => bench::measure(&asked),
        Task::Profile(arguments) => test::profile(&arguments),
        Task::Deploy(arguments) => deploy::run_all(&arguments),
        Task::Help => {
            println!("{}", arguments::HELP);
            Ok(())
        }
    }
}
