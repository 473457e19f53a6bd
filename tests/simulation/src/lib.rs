//! A deterministic simulator of one site's counter.
//!
//! The real rules of `laifang_tally` run against storage that fails, memory that is lost, a clock that
//! jumps, clients that repeat themselves, and a KV that is slow or lies; a naive model says what must come
//! out. One seed is one schedule, always the same. Out of scope: workerd itself (`tests/edge`).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a simulator stops at the first thing it did not expect"
)]

pub mod calendar;
pub mod disk;
pub mod model;
pub mod remote;
pub mod schedule;
pub mod world;
