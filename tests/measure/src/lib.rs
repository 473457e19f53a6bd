//! Sites of a chosen size and the hits they get, for measurements.
//!
//! `bin/growth` is a table of sizes, `leases` a simulation of a site in shards (`cargo run --profile edge -p laifang-measure --bin laifang-growth`).
//! `tasks` is what callgrind counts the instructions of (`cargo xtask instructions`). Out of scope: what is right
//! (`tests/simulation`) and how long it takes under the Worker's runtime (`tests/bench`).

pub mod leases;
pub mod memory;
pub mod tasks;
pub mod traffic;
mod widget;
