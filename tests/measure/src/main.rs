//! `laifang-measure tasks`: the names of all tasks.
//! `laifang-measure prepare FILE [HOURS]`: the rows that some tasks begin from, of a site whose hits came within so
//! many hours.
//! `laifang-measure task NAME FILE`: runs one task, and prints of how many pieces it was.

use laifang_measure::memory::Failed;
use laifang_measure::tasks::{HOURS, TASKS, large_site};
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match run(&words.iter().map(String::as_str).collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failed(why)) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[&str]) -> Result<(), Failed> {
    match words {
        ["tasks"] => TASKS.iter().for_each(|(name, _)| println!("{name}")),
        ["prepare", file] => large_site(HOURS)?.save(Path::new(file))?,
        ["prepare", file, hours] => {
            let hours = hours.parse().map_err(|_| Failed(format!("`{hours}` is no number of hours")))?;
            large_site(hours)?.save(Path::new(file))?;
        }
        ["task", name, file] => {
            let task = TASKS.iter().find(|(known, _)| known == name);
            let (_, task) = task.ok_or_else(|| Failed(format!("there is no task `{name}`")))?;
            println!("{}", task(Path::new(file))?);
        }
        _ => {
            return Err(Failed(
                "usage: laifang-measure tasks | prepare FILE [HOURS] | task NAME FILE".into(),
            ));
        }
    }
    Ok(())
}
