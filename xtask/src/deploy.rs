//! `cargo xtask deploy`: `wrangler deploy` of the bundle that was tested.

use crate::process::run;
use crate::{bundle, project, sizes};
use anyhow::Result;
use std::process::Command;

/// The wrangler that is fetched for it; it is too large to fetch for every build.
const WRANGLER: &str = "wrangler@4.86.0";

/// Builds, checks the budgets and deploys.
pub fn run_all() -> Result<()> {
    bundle::build()?;
    sizes::check()?;
    run(Command::new("npx").current_dir(project::path("dist")).args([
        "--yes",
        WRANGLER,
        "deploy",
        "--config",
        "wrangler.json",
    ]))
}
