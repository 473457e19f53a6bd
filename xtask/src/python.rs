//! Python with the packages of a list of requirements, in an environment of its own below `target/`.

use crate::process::{run, step, succeeds};
use crate::{debian, project, stamp};
use anyhow::Result;
use std::process::Command;

/// Installs the packages unless those of the list are there already.
pub fn set_up(requirements: &str) -> Result<()> {
    if !succeeds(Command::new("python3").args(["-c", "import venv, ensurepip"])) {
        debian::install("Python 3, which the API tests run on", &["python3", "python3-venv"])?;
    }
    let list = project::path(requirements);
    let environment = project::path("target/python");
    let inputs = stamp::of_files(std::slice::from_ref(&list))?;
    stamp::unless_fresh(&environment.join(".laifang-stamp"), &inputs, || {
        step("pip install: Schemathesis, which makes requests from the OpenAPI document (about 40 MB)");
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment))?;
        run(Command::new(environment.join("bin/pip"))
            .args(["install", "--quiet", "--disable-pip-version-check", "--requirement"])
            .arg(&list))
    })
}
