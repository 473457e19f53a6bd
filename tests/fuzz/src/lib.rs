//! The fuzz targets: each takes any bytes and panics where a property of what reads them does not hold.
//!
//! `cargo xtask fuzz` runs them under libFuzzer, the tests of this crate run them on the corpus, so that a finding
//! kept there stays mended. Out of scope: generating inputs, and programs in JavaScript.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a target stops at the first property that does not hold"
)]

mod addresses;
mod bodies;
mod documents;
mod imports;
mod journal;
mod moves;
mod pictures;
mod sentences;
mod sites;
mod storage;

/// A target: its name, and what it does with an input.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: [Target; 9] = [
    ("addresses", addresses::check),
    ("bodies", bodies::check),
    ("documents", documents::check),
    ("imports", imports::check),
    ("journal", journal::check),
    ("moves", moves::check),
    ("storage", storage::check),
    ("pictures", pictures::check),
    ("sentences", sentences::check),
];
