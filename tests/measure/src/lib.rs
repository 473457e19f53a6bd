//! Sites of a chosen size and the hits they get, for measurements.
//!
//! `tasks` is what callgrind counts the instructions of (`cargo xtask instructions`). Out of scope: what is right
//! (`tests/simulation`) and how long it takes under the Worker's runtime (`tests/bench`).

pub mod memory;
pub mod tasks;
pub mod traffic;
mod widget;
