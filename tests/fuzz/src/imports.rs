//! Files that an owner imports: our export, tables, GoatCounter's and LeanCloud's.

use crate::sites::{SECRETS, day, empty_site, exported, stored_and_read};
use laifang_tally::day::Date;
use laifang_tally::import::{BadLine, Import, Options, Reader};

/// A file says the same in one piece and in many; what it makes of a site can be stored, exported and imported.
pub fn check(input: &[u8]) {
    let Some((&size, file)) = input.split_first() else { return };
    let whole = read(file, file.len().max(1));
    let pieces = read(file, usize::from(size).max(1));
    assert_eq!(format!("{whole:?}"), format!("{pieces:?}"), "pieces of {size} bytes");
    let Ok(import) = whole else { return };
    let Some(site) = imported(import) else { return };
    let file = exported(&site);
    assert_eq!(exported(&stored_and_read(&site)), file, "storage holds all of it");
    let again = read(file.as_bytes(), 100).expect("an export can be read");
    let again = imported(again).expect("an export can be imported");
    assert_eq!(exported(&again), file, "an export brings the same site back");
}

fn read(file: &[u8], piece_bytes: usize) -> Result<Import, BadLine> {
    let mut reader = Reader::new(|seconds| Some(Date(20_260_101 + u32::try_from(seconds % 28).ok()?)));
    for piece in file.chunks(piece_bytes) {
        reader.read(piece)?;
    }
    reader.finish()
}

fn imported(import: Import) -> Option<laifang_tally::site::Site> {
    let options = Options { replace: false, keep_higher: false, max_pages: 1_000 };
    let (salt, id_key) = SECRETS;
    let fresh = laifang_tally::site::Fresh { now_ms: 1_000, day: day(1_000), salt, id_key };
    empty_site().with_import(import, options, fresh).ok()?.0
}
