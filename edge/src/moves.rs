//! `/v1/sites/{site}/moves` and `/v1/sites/{site}/merges`, at the site's object.
//!
//! Each is one turn: the site is made anew as a copy and written to the other set of rows, so it is moved whole or
//! not at all. Out of scope: the rules (`laifang_tally::moves`).

use crate::jobs::{Merge, Move};
use crate::reply::{self, Problem};
use crate::site_counter::{Outcome, Shared, asleep};
use crate::site_store::Rows;
use laifang_tally::moves::{self, MAX_MOVES, MAX_MOVES_BYTES, Refused, Report};
use laifang_tally::site::Site;
use serde::Serialize;
use worker::Response;

/// Which addresses lead where.
#[derive(Serialize)]
struct Kept<'a> {
    moves: Vec<Pair<'a>>,
    bytes: usize,
    max_moves: usize,
    max_bytes: usize,
}

#[derive(Serialize)]
struct Pair<'a> {
    from: &'a str,
    to: &'a str,
}

/// What an owner is told of a move or a merge.
#[derive(Serialize)]
struct Told {
    /// Nothing was changed: it was only asked.
    dry_run: bool,
    #[serde(flatten)]
    report: Report,
}

impl Shared {
    pub(crate) fn moves(&self) -> Outcome<Response> {
        let engine = self.engine.borrow();
        let moves = &engine.site().ok_or_else(asleep)?.totals().moves;
        let kept = Kept {
            moves: moves.iter().map(|(from, to)| Pair { from, to }).collect(),
            bytes: moves.bytes(),
            max_moves: MAX_MOVES,
            max_bytes: MAX_MOVES_BYTES,
        };
        Ok(reply::json(&kept)?)
    }

    pub(crate) fn move_pages(&self, rows: &Rows, name: &str, asked: &Move) -> Outcome<Response> {
        let pairs =
            moves::read(name, &asked.body).map_err(|bad| Problem::refused_moves(&Refused::Line(bad)))?;
        let moved = {
            let engine = self.engine.borrow();
            engine.site().ok_or_else(asleep)?.with_moves(&pairs)
        };
        let (site, report) = moved.map_err(|refused| Problem::refused_moves(&refused))?;
        self.take_over(rows, site, report, asked.dry_run)
    }

    pub(crate) fn merge_pages(&self, rows: &Rows, asked: &Merge) -> Outcome<Response> {
        let (site, report) = {
            let engine = self.engine.borrow();
            engine.site().ok_or_else(asleep)?.with_merges()
        };
        self.take_over(rows, site, report, asked.dry_run)
    }

    fn take_over(&self, rows: &Rows, site: Option<Site>, report: Report, dry_run: bool) -> Outcome<Response> {
        if let Some(site) = site.filter(|_| !dry_run) {
            self.engine.borrow_mut().switch(rows, site)?;
        }
        Ok(reply::json(&Told { dry_run, report })?)
    }
}
