//! An npm package as one file that is the same byte for byte wherever it is packed: names in order, no times, owners or rights
//! of this machine.
//!
//! `npm pack` makes another file with each version of Node's zlib. Out of scope: which files there are; the manifest says
//! that.

use crate::stamp;
use anyhow::{Context, Result};
use flate2::{Compression, GzBuilder};
use serde_json::Value;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use tar::{Builder, EntryType, Header};

/// What npm always packs.
const ALWAYS: &[&str] = &["package.json", "README.md", "LICENSE"];
/// The time npm gives to files: zip files know none before 1980.
const MODIFIED_AT: u64 = 499_162_500;

/// Packs what the manifest in `folder` names.
pub fn write(folder: &Path, file: &Path) -> Result<()> {
    let mut packed = GzBuilder::new().write(Vec::new(), Compression::best());
    packed.write_all(&archive(folder)?)?;
    fs::write(file, packed.finish()?).with_context(|| format!("{} can't be written", file.display()))
}

fn archive(folder: &Path) -> Result<Vec<u8>> {
    let mut archive = Builder::new(Vec::new());
    for path in stamp::files_below(&named(folder)?)? {
        let bytes = fs::read(&path).with_context(|| format!("{} can't be read", path.display()))?;
        let mut header = Header::new_ustar();
        header.set_entry_type(EntryType::Regular);
        header.set_mode(0o644);
        header.set_mtime(MODIFIED_AT);
        header.set_size(bytes.len().try_into()?);
        archive.append_data(
            &mut header,
            Path::new("package").join(path.strip_prefix(folder)?),
            &bytes[..],
        )?;
    }
    Ok(archive.into_inner()?)
}

/// Files and folders that are packed.
fn named(folder: &Path) -> Result<Vec<PathBuf>> {
    let manifest: Value = serde_json::from_slice(&fs::read(folder.join("package.json"))?)?;
    let files = manifest["files"].as_array().context("package.json names no files")?;
    let names = ALWAYS.iter().copied().chain(files.iter().filter_map(Value::as_str));
    Ok(names.map(|name| folder.join(name)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::GzDecoder;
    use std::fs::{FileTimes, OpenOptions, Permissions};
    use std::os::unix::fs::PermissionsExt;
    use std::time::SystemTime;

    fn package(folder: &Path, names: &[&str]) {
        for name in names {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, *name).unwrap();
        }
        fs::write(folder.join("package.json"), r#"{ "files": ["b", "a.txt"] }"#).unwrap();
    }

    #[test]
    fn the_same_files_make_the_same_bytes_whenever_and_in_whatever_order_they_were_written() {
        let root = std::env::temp_dir().join(format!("laifang-tarball-{}", std::process::id()));
        let (one, other) = (root.join("one"), root.join("other"));
        package(&one, &["README.md", "LICENSE", "a.txt", "b/1", "b/c/2", ".stamp"]);
        package(&other, &["b/c/2", "b/1", "a.txt", "LICENSE", "README.md", "not-named"]);
        let old = OpenOptions::new().append(true).open(other.join("a.txt")).unwrap();
        old.set_times(FileTimes::new().set_modified(SystemTime::UNIX_EPOCH)).unwrap();
        fs::set_permissions(other.join("b/1"), Permissions::from_mode(0o700)).unwrap();
        for folder in [&one, &other] {
            write(folder, &folder.with_extension("tgz")).unwrap();
        }
        let bytes = fs::read(one.with_extension("tgz")).unwrap();
        assert_eq!(bytes, fs::read(other.with_extension("tgz")).unwrap());
        let mut archive = tar::Archive::new(GzDecoder::new(&bytes[..]));
        let names: Vec<PathBuf> =
            archive.entries().unwrap().map(|entry| entry.unwrap().path().unwrap().into_owned()).collect();
        let expected = ["LICENSE", "README.md", "a.txt", "b/1", "b/c/2", "package.json"];
        assert_eq!(names, expected.map(|name| Path::new("package").join(name)));
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn a_file_that_the_manifest_names_and_is_not_there_is_missed() {
        let folder = std::env::temp_dir().join(format!("laifang-tarball-missing-{}", std::process::id()));
        package(&folder, &["README.md", "LICENSE", "b/1"]);
        assert!(archive(&folder).is_err());
        fs::remove_dir_all(folder).unwrap();
    }
}
