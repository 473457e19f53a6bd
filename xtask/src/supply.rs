//! What we build with: every crate and npm package from its public registry, held by a hash, under a free licence.
//!
//! Reads the lock files, so it needs no network and is part of every lint. Which licences crates may have stands in
//! `deny.toml`, too, for `cargo deny`, which also knows advisories and duplicates. Out of scope: what the code of a
//! dependency does.

use crate::process::step;
use crate::project;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::process::Command;

/// The one registry of crates.
const CRATES: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Licences of crates: free, and asking for no more than a notice.
const CRATE_LICENCES: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-3-Clause",
    "MIT",
    "NCSA",
    "Unicode-3.0",
    "Zlib",
];

/// Licences of npm packages besides those. `MPL-2.0` (axe) and `LGPL-3.0-or-later` (libvips, below Miniflare) are of
/// tools that are run and never passed on.
const NPM_LICENCES: &[&str] =
    &["BSD-2-Clause", "BlueOak-1.0.0", "CC0-1.0", "ISC", "LGPL-3.0-or-later", "MPL-2.0", "Unlicense"];

/// Lock files of what tests and measurements run beside us: other people's programs under their own licences.
const LOCKS_OF_OTHERS: &[&str] = &[
    "tests/bench/counters/package-lock.json",
    "tests/bench/peers/package-lock.json",
    "tests/package/hexo/package-lock.json",
];

/// Checks everything that a build or a test of this checkout installs from a registry.
pub fn check() -> Result<()> {
    step("sources and licences of dependencies");
    let mut faults = crate_faults(&crates()?);
    faults.extend(npm_faults(&read_lock("package-lock.json")?, true));
    for lock in LOCKS_OF_OTHERS {
        faults.extend(npm_faults(&read_lock(lock)?, false));
    }
    ensure!(faults.is_empty(), "dependencies that may not be used:\n{}", faults.join("\n"));
    Ok(())
}

fn crates() -> Result<Value> {
    let output = Command::new("cargo")
        .current_dir(project::root())
        .args(["metadata", "--locked", "--format-version", "1"])
        .output()
        .context("cargo could not be started")?;
    ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn read_lock(path: &str) -> Result<Value> {
    let text = std::fs::read_to_string(project::path(path)).with_context(|| format!("no {path}"))?;
    serde_json::from_str(&text).with_context(|| path.to_owned())
}

/// What is wrong with the packages that `cargo metadata` tells of. Ours have no source; Cargo.lock has the hashes.
fn crate_faults(metadata: &Value) -> Vec<String> {
    let packages = metadata["packages"].as_array().into_iter().flatten();
    packages
        .filter(|package| !package["source"].is_null())
        .filter_map(|package| {
            let (source, licence) = (package["source"].as_str(), package["license"].as_str());
            let fault = if source != Some(CRATES) {
                format!("comes from {}", source.unwrap_or("nowhere"))
            } else if !is_allowed(licence.unwrap_or_default(), &|name| CRATE_LICENCES.contains(&name)) {
                format!("has the licence {}", licence.unwrap_or("of a file"))
            } else {
                return None;
            };
            Some(format!("crate {}: {fault}", package["name"].as_str().unwrap_or_default()))
        })
        .collect()
}

/// What is wrong with the packages of a lock file of npm's. An address would name one registry for everybody: without
/// one a package is from the registry that npm is set to, and its hash says that it is the same.
fn npm_faults(lock: &Value, ours: bool) -> Vec<String> {
    let packages = lock["packages"].as_object().into_iter().flatten();
    packages
        .filter(|(path, _)| !path.is_empty())
        .filter_map(|(path, package)| {
            let licence = package["license"].as_str().unwrap_or_default();
            let fault = if !package["resolved"].is_null() {
                format!("comes from {}", package["resolved"])
            } else if !package["integrity"].as_str().is_some_and(|hash| hash.starts_with("sha512-")) {
                "has no SHA-512".to_owned()
            } else if ours
                && !is_allowed(licence, &|name| [CRATE_LICENCES, NPM_LICENCES].concat().contains(&name))
            {
                format!("has the licence {licence:?}")
            } else {
                return None;
            };
            Some(format!("npm {path}: {fault}"))
        })
        .collect()
}

/// Whether an SPDX expression can be met with licences that are `known`: of `OR` one, of `AND` all.
fn is_allowed(expression: &str, known: &dyn Fn(&str) -> bool) -> bool {
    let expression = expression.trim();
    // An older way to write OR.
    if let Some((left, right)) = expression.split_once('/') {
        return is_allowed(left, known) || is_allowed(right, known);
    }
    for (word, needs_all) in [(" OR ", false), (" AND ", true)] {
        if let Some((left, right)) = split_outside_brackets(expression, word) {
            let (left, right) = (is_allowed(left, known), is_allowed(right, known));
            return if needs_all { left && right } else { left || right };
        }
    }
    match expression.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(inner) => is_allowed(inner, known),
        None => known(expression),
    }
}

fn split_outside_brackets<'a>(expression: &'a str, word: &str) -> Option<(&'a str, &'a str)> {
    let mut places = expression.match_indices(word).map(|(at, _)| expression.split_at(at));
    let (left, right) = places.find(|(left, _)| left.matches('(').count() == left.matches(')').count())?;
    Some((left, right.strip_prefix(word)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_expression_is_met_with_one_of_or_and_all_of_and() {
        let known = |name: &str| ["MIT", "Zlib", "Apache-2.0 WITH LLVM-exception"].contains(&name);
        for (expression, expected) in [
            ("MIT", true),
            ("GPL-3.0", false),
            ("", false),
            ("MIT OR GPL-3.0", true),
            ("GPL-3.0 OR X OR MIT", true),
            ("MIT/GPL-3.0", true),
            ("MIT AND GPL-3.0", false),
            ("MIT AND Zlib", true),
            ("MIT OR GPL-3.0 AND X", true),
            ("(MIT OR GPL-3.0) AND X", false),
            ("(MIT OR GPL-3.0) AND (X OR Zlib)", true),
            ("Apache-2.0 WITH LLVM-exception OR X", true),
        ] {
            assert_eq!(is_allowed(expression, &known), expected, "{expression}");
        }
    }

    #[test]
    fn a_crate_from_elsewhere_or_under_another_licence_is_named() {
        let package = |name, source, license| json!({ "name": name, "source": source, "license": license });
        let packages = json!({ "packages": [
            package("good", Some(CRATES), Some("MIT")),
            package("ours", None, None),
            package("git", Some("git+https://example.com/a"), Some("MIT")),
            package("gpl", Some(CRATES), Some("GPL-3.0-only")),
            package("own", Some(CRATES), None),
        ] });
        assert_eq!(
            crate_faults(&packages),
            [
                "crate git: comes from git+https://example.com/a",
                "crate gpl: has the licence GPL-3.0-only",
                "crate own: has the licence of a file",
            ]
        );
    }

    #[test]
    fn an_npm_package_without_a_hash_from_an_address_or_under_another_licence_is_named() {
        let lock = json!({ "packages": {
            "": { "license": "X" },
            "a": { "integrity": "sha512-x", "license": "ISC" },
            "b": { "integrity": "sha1-x", "license": "ISC" },
            "c": { "integrity": "sha512-x", "license": "ISC", "resolved": "https://example.com/c.tgz" },
            "d": { "integrity": "sha512-x", "license": "GPL-2.0" },
        } });
        let faults = [
            "npm b: has no SHA-512",
            "npm c: comes from \"https://example.com/c.tgz\"",
            "npm d: has the licence \"GPL-2.0\"",
        ];
        assert_eq!(npm_faults(&lock, true), faults);
        assert_eq!(npm_faults(&lock, false), faults[..2], "other people's programs have their own");
    }

    #[test]
    fn deny_toml_allows_the_same_licences() {
        let text = std::fs::read_to_string(project::path("deny.toml")).unwrap();
        let (_, list) = text.split_once("allow = [\n").unwrap();
        let (list, _) = list.split_once(']').unwrap();
        let names: Vec<&str> = list.lines().filter_map(|line| line.trim().strip_prefix('"')).collect();
        let names: Vec<&str> = names.iter().map(|name| name.trim_end_matches("\",")).collect();
        assert_eq!(names, CRATE_LICENCES);
    }
}
