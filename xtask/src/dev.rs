//! `cargo xtask dev`: the release bundle on workerd, on this machine.

use crate::arguments::Dev;
use crate::{bundle, node, process, project};
use anyhow::Result;

/// Builds what changed and serves until told to stop.
pub fn run(options: &Dev) -> Result<()> {
    let dist = bundle::build()?;
    let mut serve = node::node();
    serve
        .arg(project::path("edge/local/serve.mjs"))
        .args(["--dev", "--port", &options.port.to_string(), "--state", &options.state, "--dist"])
        .arg(dist);
    for variable in &options.vars {
        serve.args(["--var", variable]);
    }
    process::serve(&mut serve)
}
