//! `cargo xtask release`: the files of a release, once a second build from a clean checkout gave the same bytes.
//!
//! Out of scope: tagging and publishing, which need somebody's name; what is left to do is printed.

use crate::process::{run, step};
use crate::toolchain::clean;
use crate::{bundle, package, project, stamp};
use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Builds twice and leaves the release in `target/package/`. A rehearsal may have an unwritten changelog.
pub fn release(is_rehearsal: bool) -> Result<()> {
    ensure!(
        git(&["status", "--porcelain"])?.is_empty(),
        "there are changes that are not committed: a release is built from a commit"
    );
    if !is_rehearsal {
        check_named(
            &fs::read_to_string(project::path("CHANGELOG.md"))?,
            &git(&["tag", "--points-at", "HEAD"])?,
        )?;
    }
    bundle::build_and_measure()?;
    let second = second_build()?;
    let different = differences(&project::path("dist"), &second.join("dist"))?;
    ensure!(
        different.is_empty(),
        "a second build gave other bytes in {}:\n{}",
        second.display(),
        different.join("\n")
    );
    for name in package::file_names() {
        let [one, other] =
            [project::root(), second.clone()].map(|root| fs::read(root.join("target/package").join(&name)));
        ensure!(one? == other?, "the same files were packed otherwise in the second {name}");
    }
    fs::remove_dir_all(&second)?;
    let files = write_sums(&project::path("target/package"))?;
    println!("\nTwo builds gave the same bytes. The release is in target/package:\n{files}");
    println!(
        "Left to do: git tag v{VERSION} && git push --tags; npm publish target/package/{}",
        package::file_names()[0]
    );
    Ok(())
}

/// Whether the changelog begins with this version, and a tag of the commit, if it has one, names it.
fn check_named(changelog: &str, tags: &str) -> Result<()> {
    let newest = changelog.lines().find_map(|line| line.strip_prefix("## ")).unwrap_or_default();
    ensure!(
        newest.split_whitespace().next() == Some(VERSION),
        "CHANGELOG.md begins with “{newest}”, not with {VERSION}: name the version there"
    );
    let wrong = tags.lines().find(|tag| tag.starts_with('v') && tag.strip_prefix('v') != Some(VERSION));
    ensure!(
        wrong.is_none(),
        "the commit is tagged {}, and Cargo.toml says {VERSION}",
        wrong.unwrap_or_default()
    );
    Ok(())
}

fn git(words: &[&str]) -> Result<String> {
    let output = Command::new("git")
        .current_dir(project::root())
        .args(words)
        .output()
        .context("git could not be started")?;
    ensure!(output.status.success(), "git {}: {}", words.join(" "), String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}

/// Builds the commit once more, in a checkout that has nothing of this one.
fn second_build() -> Result<PathBuf> {
    let folder = project::path("target/second-build");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    step("building once more, in target/second-build");
    run(Command::new("git").args(["clone", "--quiet", "--no-hardlinks"]).arg(project::root()).arg(&folder))?;
    run(clean("cargo").current_dir(&folder).args(["xtask", "build"]))?;
    Ok(folder)
}

/// Names of files that one folder lacks or has otherwise; the build's own notes aside.
fn differences(left: &Path, right: &Path) -> Result<Vec<String>> {
    let names = |folder: &Path| -> Result<BTreeSet<PathBuf>> {
        let files = stamp::files_below(&[folder.to_owned()])?;
        files.iter().map(|file| Ok(file.strip_prefix(folder)?.to_owned())).collect()
    };
    let mut different = Vec::new();
    for name in names(left)?.union(&names(right)?) {
        if name != Path::new(".stamp") && fs::read(left.join(name)).ok() != fs::read(right.join(name)).ok() {
            different.push(name.display().to_string());
        }
    }
    Ok(different)
}

/// Writes the hash of each file of this release, as `sha256sum --check` reads them.
fn write_sums(folder: &Path) -> Result<String> {
    let mut lines = String::new();
    for name in package::file_names() {
        let hash: String =
            Sha256::digest(fs::read(folder.join(&name))?).iter().map(|byte| format!("{byte:02x}")).collect();
        lines.push_str(&format!("{hash}  {name}\n"));
    }
    fs::write(folder.join("SHA256SUMS"), &lines)?;
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_named_in_the_changelog_and_by_its_tag() {
        let changelog = format!("# Changelog\n\n## {VERSION} (2026-12-01)\n- x\n\n## 0.0.1\n");
        assert!(check_named(&changelog, "").is_ok());
        assert!(check_named(&changelog, &format!("v{VERSION}\nnightly\n")).is_ok());
        assert!(check_named(&changelog, "v9.9.9\n").is_err());
        assert!(check_named(&format!("# Changelog\n\n## Unreleased\n\n## {VERSION}\n"), "").is_err());
    }

    #[test]
    fn every_file_that_differs_or_is_missing_is_told() {
        let root = std::env::temp_dir().join(format!("laifang-differences-{}", std::process::id()));
        for (name, text) in [
            ("l/same", "a"),
            ("r/same", "a"),
            ("l/x/other", "a"),
            ("r/x/other", "b"),
            ("l/left", ""),
            ("r/right", ""),
            ("l/.stamp", "1"),
        ] {
            let path = root.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        assert_eq!(differences(&root.join("l"), &root.join("r")).unwrap(), ["left", "right", "x/other"]);
        fs::remove_dir_all(root).unwrap();
    }
}
