//! Skips work whose inputs have not changed.

use crate::project;
use anyhow::{Context, Result};
use siphasher::sip128::{Hasher128, SipHasher24};
use std::hash::Hasher;
use std::path::{Path, PathBuf};

/// A fingerprint of the files' names below the project's root and of their contents.
pub fn of_files(files: &[PathBuf]) -> Result<String> {
    let mut hasher = SipHasher24::new();
    for file in files {
        let bytes = std::fs::read(file).with_context(|| format!("{} can't be read", file.display()))?;
        hasher.write(file.strip_prefix(project::root()).unwrap_or(file).to_string_lossy().as_bytes());
        hasher.write_usize(bytes.len());
        hasher.write(&bytes);
    }
    Ok(format!("{:032x}", hasher.finish128().as_u128()))
}

/// A short fingerprint of bytes, for names of files that never change.
pub fn of_bytes(bytes: &[u8]) -> String {
    let mut hasher = SipHasher24::new();
    hasher.write(bytes);
    format!("{:016x}", hasher.finish128().h1)
}

/// Does `work` unless the stamp says it was done for the same inputs.
pub fn unless_fresh(stamp: &Path, inputs: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
    if std::fs::read_to_string(stamp).is_ok_and(|done| done == inputs) {
        return Ok(());
    }
    work()?;
    std::fs::write(stamp, inputs).with_context(|| format!("{} can't be written", stamp.display()))
}

/// All files below the folders, and the files named, in a fixed order.
pub fn files_below(roots: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut waiting = roots.to_vec();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            for entry in std::fs::read_dir(&path)? {
                waiting.push(entry?.path());
            }
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_done_once_for_the_same_inputs() {
        let stamp = std::env::temp_dir().join(format!("laifang-stamp-{}", std::process::id()));
        let mut done = 0;
        for inputs in ["a", "a", "b"] {
            unless_fresh(&stamp, inputs, || {
                done += 1;
                Ok(())
            })
            .unwrap();
        }
        std::fs::remove_file(stamp).unwrap();
        assert_eq!(done, 2);
    }
}
