//! Where things are in the checkout.

use std::path::PathBuf;

/// The repository's root.
pub fn root() -> PathBuf {
    let mut path = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    path.pop();
    path
}

/// A path below the root.
pub fn path(below: &str) -> PathBuf {
    root().join(below)
}
