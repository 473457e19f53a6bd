//! The counting rules of Laifang, as pure functions.
//!
//! Nothing here knows a platform: no Worker, no browser, no clock and no randomness. Time, salts and
//! days come in as arguments, so every rule can be replayed and tested natively.
//! Out of scope: HTTP, storage and KV calls (`edge`), everything on the page (`widget`).
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        reason = "nothing that arrives from outside may stop a Worker"
    )
)]

pub mod badge;
pub mod budget;
pub mod ceiling;
pub mod checkpoint;
mod checksum;
pub mod counts;
pub mod day;
pub mod engine;
pub mod export;
mod glance;
pub mod guesses;
pub mod history;
pub mod import;
pub mod journal;
pub mod label;
pub mod moves;
pub mod networks;
pub mod new_sites;
pub mod outbox;
pub mod page;
pub mod page_set;
pub mod page_shares;
pub mod pages;
pub mod periods;
pub mod proposal;
pub mod publish;
pub mod query_rule;
pub mod recent;
pub mod request;
mod route;
mod secret_names;
pub mod site;
pub mod sites;
pub mod snapshot;
mod split_row;
pub mod tracking;
pub mod visit;
pub mod visitor;
pub mod words;
