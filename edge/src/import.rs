//! `POST /v1/sites/{site}/import`, at the site's object: the file is read as it comes, then taken in whole.
//!
//! While it comes the site goes on counting, and nothing of it is stored; the turn that takes it in has no
//! await. So whatever ends before, the client, the object or the machine, leaves the site as it was.

use crate::jobs::{IMPORT_PATH, ImportQuery};
use crate::platform;
use crate::reply::Problem;
use futures_util::StreamExt;
use laifang_tally::import::{Import, MAX_FILE_BYTES, Reader, Refused, Report};
use serde::Serialize;
use std::time::Duration;
use worker::{Request, Response};

/// After so much of a file the object's other callers have their turn: a few milliseconds' work.
const PAUSE_EVERY_BYTES: usize = 65_536;

/// What an owner is told of an import.
#[derive(Serialize)]
pub struct Told {
    /// Nothing was changed: it was only asked.
    pub dry_run: bool,
    /// What changes.
    #[serde(flatten)]
    pub report: Report,
}

/// How an import is meant, if the request to an object is one.
pub fn asked(request: &Request) -> Option<ImportQuery> {
    let url = request.url().ok().filter(|url| url.path() == IMPORT_PATH)?;
    let (told, _) = url.query_pairs().next()?;
    serde_json::from_str(&told).ok()
}

/// Reads the file to its end, even once it is known to be bad: an answer before that may not arrive.
///
/// A file that names more than `most_pages` is refused, and nothing of it kept in memory from there on.
pub async fn read(request: &mut Request, time_zone: &str, most_pages: usize) -> Result<Import, Problem> {
    let calendar = platform::Calendar::new(time_zone).map_err(|_| Problem::unknown_zone(time_zone))?;
    let date_at = &|at_ms| calendar.date_at(at_ms).ok();
    let mut reader = Reader::new(date_at);
    if request.inner().body().is_none() {
        return reader.finish().map_err(|bad| Problem::bad_line(&bad));
    }
    let mut pieces = request.stream()?;
    let (mut bytes, mut since_pause, mut refusal) = (0_usize, 0_usize, None);
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|error| {
            worker::console_error!("an import broke off: {error}");
            Problem::broken_off()
        })?;
        bytes = bytes.saturating_add(piece.len());
        since_pause = since_pause.saturating_add(piece.len());
        if since_pause >= PAUSE_EVERY_BYTES {
            since_pause = 0;
            worker::Delay::from(Duration::ZERO).await;
        }
        if bytes > MAX_FILE_BYTES {
            return Err(Problem::too_large_file());
        }
        if refusal.is_none() {
            refusal = reader.read(&piece).err().map(|bad| Problem::bad_line(&bad));
            if reader.pages() > most_pages {
                let pages = reader.pages();
                reader = Reader::new(date_at);
                refusal = Some(Problem::refused_import(&Refused::TooManyPages { pages }, most_pages));
            }
        }
    }
    match refusal {
        Some(refusal) => Err(refusal),
        None => reader.finish().map_err(|bad| Problem::bad_line(&bad)),
    }
}

/// What is told, as JSON.
pub fn told(dry_run: bool, report: Report) -> Result<Response, Problem> {
    Ok(crate::reply::json(&Told { dry_run, report })?)
}
