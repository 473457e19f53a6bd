//! The owner's console: its modules and the chart library become one script and one style sheet.
//!
//! Sources are in `www/console/src`; what is served is `console/console.js` and `console/console.css`.
//! Out of scope: the page that loads them, which is copied as it is.

use crate::process::{run, step};
use crate::{bundle, node, project, sizes};
use anyhow::{Result, bail};
use std::fs;
use std::path::Path;

/// Most bytes an owner downloads to see the console, brotli.
const BUDGET_BYTES: usize = 60 * 1024;

/// What is said of code that is not ours, as its licence asks.
const BANNER: &str =
    "--banner:js=/*! with uPlot, (c) Leon Sorokin, MIT licence: github.com/leeoniya/uPlot */";

/// Bundles the console into `assets` and drops its sources from there; fails over budget.
pub fn bundle(assets: &Path) -> Result<()> {
    step("bundling the console");
    let folder = assets.join("console");
    run(node::tool("esbuild")
        .arg(project::path("www/console/src/console.js"))
        .args(["--bundle", "--minify", "--format=esm", "--target=es2022", "--log-level=warning"])
        .args(["--charset=utf8", BANNER])
        .arg(bundle::metafile("console"))
        .arg(format!("--outdir={}", folder.display())))?;
    fs::remove_dir_all(folder.join("src"))?;
    let bytes = size(&folder)?;
    if bytes > BUDGET_BYTES {
        bail!("the console has {bytes} bytes (brotli), its budget is {BUDGET_BYTES}");
    }
    step(&format!("the console has {bytes} bytes (brotli), budget {BUDGET_BYTES}"));
    Ok(())
}

fn size(folder: &Path) -> Result<usize> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        bytes += sizes::brotli(&fs::read(entry?.path())?)?;
    }
    Ok(bytes)
}
