//! The release's version where people read it: `Cargo.toml` has it, and whatever names another one is a fault.
//!
//! Looked at are the documentation, the readmes and the OpenAPI document, for the names of files and addresses that hold a
//! version. Out of scope: the changelog, which a release looks at (`publish`).

use crate::{project, stamp};
use anyhow::{Result, ensure};
use std::fs;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Files, and folders of them, that name the release.
const NAMING: &[&str] = &[
    "README.md",
    "README.zh-CN.md",
    "edge/cli/README.md",
    "edge/cli/published_assets.mjs",
    "edge/openapi.json",
    "www/docs",
];

/// What a version stands behind.
const BEFORE: &[&str] = &["laifang-", "/v/", "\"version\": \""];

/// Fails where one of the files names another release than this.
pub fn check() -> Result<()> {
    let roots: Vec<_> = NAMING.iter().map(|name| project::path(name)).collect();
    let mut faults = Vec::new();
    for file in stamp::files_below(&roots)? {
        let text = fs::read_to_string(&file)?;
        let others = named_in(&text).filter(|version| *version != VERSION);
        faults.extend(others.map(|version| format!("{}: {version}", file.display())));
    }
    ensure!(faults.is_empty(), "this is release {VERSION}, and these name another:\n{}", faults.join("\n"));
    Ok(())
}

/// The versions that a text names.
fn named_in(text: &str) -> impl Iterator<Item = &str> {
    let behind = BEFORE.iter().flat_map(|before| text.split(before).skip(1));
    behind.filter_map(|rest| {
        let end = rest.find(|sign: char| !sign.is_ascii_digit() && sign != '.').unwrap_or(rest.len());
        let version = rest[..end].trim_end_matches('.');
        (version.split('.').filter(|part| !part.is_empty()).count() == 3).then_some(version)
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn versions_are_found_in_files_and_addresses_and_nowhere_else() {
        let text = "npm install ./laifang-1.2.3.tgz; /v/1.2.4/widget.js, /v/1/hits; \"version\": \"1.2.5\"; laifang-tally 9.9.9";
        assert_eq!(super::named_in(text).collect::<Vec<_>>(), ["1.2.3", "1.2.4", "1.2.5"]);
    }

    #[test]
    fn what_people_read_names_this_release() {
        super::check().unwrap();
    }
}
