//! `cargo xtask deploy`: the package's own `laifang deploy`, with the bundle that was tested.

use crate::process::run;
use crate::{bundle, node, project, sizes};
use anyhow::Result;
use std::ffi::OsString;

/// Builds, checks the budgets and deploys. The configuration that is made is kept in the checkout's root.
pub fn run_all(arguments: &[OsString]) -> Result<()> {
    let dist = bundle::build()?;
    sizes::check()?;
    let mut deploy = node::node();
    run(deploy.current_dir(project::root()).arg(dist.join("cli/main.mjs")).arg("deploy").args(arguments))
}
