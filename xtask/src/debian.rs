//! Packages of Debian and its kin, installed in the open or asked for by name.

use crate::process::{run, step};
use anyhow::{Result, bail};
use std::path::Path;
use std::process::Command;

/// Whether this machine has apt.
pub fn is_here() -> bool {
    Path::new("/usr/bin/apt-get").exists()
}

/// Installs packages if we are root; otherwise says the exact command and fails.
pub fn install(purpose: &str, packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    if !is_here() {
        bail!("{purpose} is missing and this machine has no apt-get. Install what your system calls: {list}");
    }
    if !rustix::process::geteuid().is_root() {
        bail!(
            "{purpose} is missing. Run this, then try again:\n  sudo apt-get update && sudo apt-get install -y --no-install-recommends {list}"
        );
    }
    step(&format!("{purpose} is missing; as root: apt-get install {list}"));
    run(apt().args(["update", "-qq"]))?;
    run(apt().args(["install", "-y", "-qq", "--no-install-recommends"]).args(packages))
}

fn apt() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive").stdout(std::process::Stdio::null());
    command
}
