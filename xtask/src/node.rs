//! Node.js and the npm packages of the lock file, a new enough Node among them.

use crate::process::{exists, run, step};
use crate::{debian, project, stamp};
use anyhow::Result;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Installs the packages unless the lock file's are there already.
pub fn set_up() -> Result<()> {
    if !exists("node") || !exists("npm") {
        debian::install("Node.js with npm", &["nodejs", "npm"])?;
    }
    install(&project::root(), "npm ci: workerd, esbuild, binaryen, Playwright, Node (about 160 MB to fetch)")
}

/// Installs the packages of a folder's lock file unless they are there already.
pub fn install(folder: &Path, purpose: &str) -> Result<()> {
    let lock = stamp::of_files(&[folder.join("package-lock.json"), folder.join("package.json")])?;
    stamp::unless_fresh(&folder.join("node_modules/.laifang-stamp"), &lock, || {
        step(purpose);
        run(Command::new("npm")
            .current_dir(folder)
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
