//! `dist/` as the npm package `laifang`: commands, manifest, the documentation in Traditional Chinese, our own pages.
//!
//! The work is Node's (`xtask/package/`), for it is all JSON and HTML. Out of scope: publishing it.

use crate::process::{is_on_path, run, step};
use crate::{debian, node, project, tarball};
use anyhow::{Result, bail};
use std::fs;
use std::path::{Path, PathBuf};

/// What everybody downloads who tries it, without workerd.
const BUDGET_BYTES: u64 = 1_500_000;

/// Adds to the built folder what makes it a package.
pub fn assemble(dist: &Path) -> Result<()> {
    step("making the folder an npm package");
    run(node::node()
        .arg(project::path("xtask/package/assemble.mjs"))
        .arg(dist)
        .arg(env!("CARGO_PKG_VERSION")))?;
    let assets = dist.join("assets");
    run(node::node().arg(project::path("xtask/package/traditional.mjs")).arg(assets.join("docs")))?;
    run(node::node().arg(project::path("xtask/package/own_pages.mjs")).arg(assets))
}

/// Adds what says which parts others wrote: the SBOM and their licences. `metafiles` tell what esbuild read.
pub fn add_notices(dist: &Path, metafiles: &Path, compiler: &str) -> Result<()> {
    run(node::node().arg(project::path("xtask/package/notices.mjs")).args([dist, metafiles]).arg(compiler))
}

/// Names of a release's files: the package, and the SBOM that is in it.
pub fn file_names() -> [String; 2] {
    ["tgz", "cdx.json"].map(|ending| format!("laifang-{}.{ending}", env!("CARGO_PKG_VERSION")))
}

/// Packs `dist/` and returns the file, whose size it prints. The SBOM that is in it stands beside it, too.
pub fn pack() -> Result<PathBuf> {
    let (dist, folder) = (project::path("dist"), project::path("target/package"));
    fs::create_dir_all(&folder)?;
    let [file, sbom] = file_names().map(|name| folder.join(name));
    tarball::write(&dist, &file)?;
    fs::copy(dist.join("sbom.cdx.json"), sbom)?;
    let bytes = fs::metadata(&file)?.len();
    println!("\nnpm package {}: {bytes} bytes, budget {BUDGET_BYTES}", file.display());
    if bytes > BUDGET_BYTES { bail!("the npm package is over its budget") } else { Ok(file) }
}

/// Programs besides Chromium that the package and the snippets of its documentation are tested with, and the Debian packages that
/// have them.
const TESTED_WITH: &[(&str, &[&str])] = &[
    ("nginx", &["nginx-light"]),
    ("apache2", &["apache2-bin"]),
    ("caddy", &["caddy"]),
    ("php", &["php-cli"]),
    ("hugo", &["hugo"]),
    ("openssl", &["openssl"]),
    ("systemd-analyze", &["systemd"]),
    ("script", &["bsdutils"]),
];

/// Installs what the tests run besides Node and Chromium.
pub fn set_up_tests() -> Result<()> {
    let missing: Vec<&str> = TESTED_WITH
        .iter()
        .filter(|(program, _)| !is_installed(program))
        .flat_map(|(_, names)| *names)
        .copied()
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    debian::install("A program that snippets of the documentation are run with", &missing)
}

/// Servers are where only root's PATH leads.
fn is_installed(program: &str) -> bool {
    is_on_path(program) || Path::new("/usr/sbin").join(program).exists()
}
