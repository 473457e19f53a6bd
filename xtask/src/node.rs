//! Node.js and the npm packages of the lock file, a new enough Node among them.

use crate::process::{exists, run, step};
use crate::{debian, project, stamp};
use anyhow::Result;
use std::path::PathBuf;
use std::process::Command;

/// Installs the packages unless the lock file's are there already.
pub fn set_up() -> Result<()> {
    if !exists("node") || !exists("npm") {
        debian::install("Node.js with npm", &["nodejs", "npm"])?;
    }
    let lock = stamp::of_files(&[project::path("package-lock.json"), project::path("package.json")])?;
    stamp::unless_fresh(&project::path("node_modules/.laifang-stamp"), &lock, || {
        step("npm ci: workerd, esbuild, binaryen, Playwright, Node (about 160 MB to fetch)");
        run(Command::new("npm")
            .current_dir(project::root())
            .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
            .stdout(std::process::Stdio::null()))
    })
}

/// A program that an npm package brought.
pub fn bin(name: &str) -> PathBuf {
    project::path("node_modules/.bin").join(name)
}

/// The Node of the lock file.
pub fn node() -> Command {
    Command::new(bin("node"))
}

/// A package's program. Scripts among them find that Node first, whatever else is on the PATH.
pub fn tool(name: &str) -> Command {
    let mut path = project::path("node_modules/.bin").into_os_string();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    let mut command = Command::new(bin(name));
    command.env("PATH", path).current_dir(project::root());
    command
}
