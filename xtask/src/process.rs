//! Child processes: run to the end, or looked after until somebody says stop.

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process_group};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Prints a step as it begins.
pub fn step(text: &str) {
    eprintln!("▸ {text}");
}

/// Whether a program can be started.
pub fn exists(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|s| s.success())
}

/// Whether the PATH has a program; for those that can't be asked for their version.
pub fn is_on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// Runs a command to its end; its failure is ours.
pub fn run(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("{name} could not be started"))?;
    if status.success() { Ok(()) } else { bail!("{name} failed ({status})") }
}

/// Whether a command that is soon done succeeds.
pub fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|s| s.success())
}

/// Runs a command quietly, for no longer than `limit`; whether it succeeded.
pub fn succeeds_within(command: &mut Command, limit: Duration) -> bool {
    let Ok(mut child) = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()
    else {
        return false;
    };
    let began = Instant::now();
    while began.elapsed() < limit {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) => std::thread::sleep(Duration::from_millis(100)),
            Err(_) => break,
        }
    }
    let _ = child.kill();
    let _ = child.wait();
    false
}

/// Runs a server until it ends or we are told to stop; nothing of it is left behind either way.
///
/// The server has a process group of its own, which is killed whole, and a pipe as its standard input,
/// which closes should this process be killed outright: the server stops by itself then.
pub fn serve(command: &mut Command) -> Result<()> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM, signal_hook::consts::SIGHUP] {
        signal_hook::flag::register(signal, Arc::clone(&stop))?;
    }
    let mut child =
        command.process_group(0).stdin(Stdio::piped()).spawn().context("the server could not be started")?;
    let mut asked_at: Option<Instant> = None;
    loop {
        if let Some(status) = child.try_wait()? {
            signal_group(&child, Signal::KILL);
            return if status.success() || asked_at.is_some() {
                Ok(())
            } else {
                bail!("the server ended ({status})")
            };
        }
        if stop.load(Ordering::Relaxed) && asked_at.is_none() {
            signal_group(&child, Signal::TERM);
            asked_at = Some(Instant::now());
        }
        if asked_at.is_some_and(|at| at.elapsed() > Duration::from_secs(8)) {
            signal_group(&child, Signal::KILL);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn signal_group(child: &Child, signal: Signal) {
    if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        let _ = kill_process_group(group, signal);
    }
}
