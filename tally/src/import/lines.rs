//! Our own export, line by line.

use super::line_buffer::LineBuffer;
use super::{BadLine, Import, Kind, Start, page_key};
use crate::counts::{MAX_COUNT, Shares};
use crate::export::{Counts, DayLine, End, FORMAT, Line, MOVED_FORMAT, MoveLine, PageLine};
use crate::moves::{MAX_MOVES, Moves};
use crate::networks::{MAX_OTHERS, others};
use crate::request::check_network;
use crate::site::DayCounts;

/// Reads an export.
pub struct Lines {
    pub import: Import,
    buffer: LineBuffer,
    line: u64,
    has_begun: bool,
    has_ended: bool,
}

impl Lines {
    pub fn new() -> Self {
        Self {
            import: Import::new(Kind::Laifang),
            buffer: LineBuffer::default(),
            line: 0,
            has_begun: false,
            has_ended: false,
        }
    }

    /// Reads a piece. An empty one is the end of the file.
    pub fn read(&mut self, piece: &[u8]) -> Result<(), BadLine> {
        let mut buffer = std::mem::take(&mut self.buffer);
        let taken = buffer.read(piece, |text, line| {
            self.line = line;
            self.take_line(text)
        });
        self.buffer = buffer;
        taken?;
        if piece.is_empty() && !self.has_ended {
            return Err(self.bad("the file was cut short: its last line, which says how many there are, is missing. Export again."));
        }
        Ok(())
    }

    fn take_line(&mut self, text: &[u8]) -> Result<(), BadLine> {
        let line: Line = serde_json::from_slice(text)
            .map_err(|error| self.bad(format!("this is not a line of an export: {error}.")))?;
        if self.has_ended {
            return Err(self.bad("the export ended before this line."));
        }
        self.import.lines = self.import.lines.saturating_add(1);
        self.take(line)
    }

    fn take(&mut self, line: Line) -> Result<(), BadLine> {
        match line {
            Line::Laifang(header) if (FORMAT..=MOVED_FORMAT).contains(&header.format) => {
                self.has_begun = true;
                Ok(())
            }
            Line::Laifang(header) => Err(self.bad(format!(
                "this export has format {}, which this version of Laifang does not know.",
                header.format
            ))),
            _ if !self.has_begun => Err(self.bad("an export begins with a line that says {\"laifang\": …}.")),
            Line::Site(counts) => self.take_site(counts),
            Line::Settings(settings) => {
                self.import.settings = Some(settings);
                Ok(())
            }
            Line::Move(line) => self.take_move(&line),
            Line::Today(day) => {
                self.import.today = Some(self.day(&day)?);
                Ok(())
            }
            Line::Day(day) => {
                let counts = self.day(&day)?;
                match self.import.days.insert(counts.date, counts) {
                    Some(_) => Err(self.bad(format!("{} was named before.", day.date))),
                    None => Ok(()),
                }
            }
            Line::Page(page) => self.take_page(page),
            Line::End(end) => self.take_end(end),
        }
    }

    fn take_site(&mut self, counts: Counts) -> Result<(), BadLine> {
        let start = self.start(counts.views, counts.visitors, counts.shares)?;
        match self.import.site.replace(start) {
            Some(_) => Err(self.bad("the site's counts were named before.")),
            None => Ok(()),
        }
    }

    fn take_page(&mut self, page: PageLine) -> Result<(), BadLine> {
        let key = page_key(&page.key).map_err(|reason| self.bad(reason))?;
        let start = self.start(page.views, page.visitors, page.shares)?;
        match self.import.pages.insert(key, start) {
            Some(_) => Err(self.bad(format!("{} was named before.", super::shown(&page.key)))),
            None => Ok(()),
        }
    }

    fn take_move(&mut self, line: &MoveLine) -> Result<(), BadLine> {
        let from = page_key(&line.from).map_err(|reason| self.bad(reason))?;
        let to = page_key(&line.to).map_err(|reason| self.bad(reason))?;
        if self.import.moves.insert(from, to).is_some() {
            return Err(self.bad(format!("{} was moved before.", super::shown(&line.from))));
        }
        if self.import.moves.len() > MAX_MOVES {
            return Err(self.bad(format!("more than {MAX_MOVES} addresses lead to others.")));
        }
        Ok(())
    }

    fn take_end(&mut self, end: End) -> Result<(), BadLine> {
        let read = End {
            days: self.import.days.len() as u64,
            pages: self.import.pages.len() as u64,
            moves: self.import.moves.len() as u64,
        };
        if self.import.site.is_none() {
            return Err(self.bad("the site's counts are missing."));
        }
        if read != end {
            return Err(self.bad(format!(
                "the file is not whole: it has {} pages, {} days and {} moves instead of {}, {} and {}. Export again.",
                read.pages, read.days, read.moves, end.pages, end.days, end.moves
            )));
        }
        if !Moves::of(self.import.moves.clone()).fit() {
            return Err(self.bad("the addresses that lead to others are too long together."));
        }
        self.has_ended = true;
        Ok(())
    }

    fn start(&self, views: u64, visitors: u64, shares: Shares) -> Result<Start, BadLine> {
        let is_listed =
            others(&shares) <= MAX_OTHERS && shares.keys().all(|name| check_network(name).is_ok());
        if !is_listed {
            return Err(self.bad("these shares name networks that can't be."));
        }
        self.check(shares.values().copied().chain([views, visitors]))?;
        Ok(Start { views: Some(views), visitors: Some(visitors), shares, line: self.line })
    }

    fn day(&self, day: &DayLine) -> Result<DayCounts, BadLine> {
        self.check([day.views, day.visitors])?;
        let counts =
            day.counts().ok_or_else(|| self.bad(format!("{} is not a date.", super::shown(&day.date))))?;
        self.import.check_day(counts.date).map_err(|reason| self.bad(reason))?;
        Ok(counts)
    }

    fn check(&self, counts: impl IntoIterator<Item = u64>) -> Result<(), BadLine> {
        match counts.into_iter().find(|count| *count > MAX_COUNT) {
            Some(count) => Err(self.bad(format!("{count} is more than {MAX_COUNT}, the largest count."))),
            None => Ok(()),
        }
    }

    fn bad(&self, reason: impl Into<String>) -> BadLine {
        BadLine { line: self.line.max(1), reason: reason.into() }
    }
}
