//! GoatCounter's export: a row a hit, summed up to pages, days and the site.
//!
//! Columns go by their names, so that all versions of the export so far are read (the first column is
//! `1Path`, `2Path` or `3Path`). Events and bots are no views. A page's visitors are its first visits; the
//! site's are its sessions, counted on the day they began.

use super::csv::Record;
use super::{BadLine, Import, Kind, Start, page_key, shown, sum};
use crate::counts::increment;
use crate::day::Date;
use crate::site::DayCounts;
use crate::visitor::Secret;
use std::collections::{BTreeMap, BTreeSet};

/// Days are looked up once for so long a stretch: zones are a multiple of it away from UTC.
const STRETCH_MS: u64 = 15 * 60 * 1000;

/// Paths whose keys are remembered, so that they need not be worked out again.
const MAX_KNOWN_PATHS: usize = 10_000;

/// Whether a first column is GoatCounter's.
pub fn is_heading(first: &str) -> bool {
    let rest = first.strip_prefix(|c: char| c.is_ascii_digit());
    rest.is_some_and(|rest| rest.trim_start_matches(',').eq_ignore_ascii_case("path"))
}

/// Which column holds what.
#[derive(Debug, Clone, Copy)]
struct Columns {
    event: usize,
    bot: usize,
    session: usize,
    first_visit: usize,
    date: usize,
}

/// Reads such an export. `date_at` says on which of the site's days an instant falls.
pub struct Hits<D> {
    pub import: Import,
    columns: Option<Columns>,
    sessions: BTreeSet<u64>,
    /// Keys of paths that came before: most hits are on few pages.
    keys: BTreeMap<String, String>,
    date_at: D,
    stretch: Option<(u64, Date)>,
}

impl<D: FnMut(u64) -> Option<Date>> Hits<D> {
    pub fn new(date_at: D) -> Self {
        Self {
            import: Import::new(Kind::Goatcounter),
            columns: None,
            sessions: BTreeSet::new(),
            keys: BTreeMap::new(),
            date_at,
            stretch: None,
        }
    }

    pub fn take(&mut self, record: &Record<'_>) -> Result<(), BadLine> {
        let Some(columns) = self.columns else {
            self.columns = Some(columns(record)?);
            return Ok(());
        };
        self.import.lines = self.import.lines.saturating_add(1);
        let flag = |at: usize| match record.field(at) {
            "true" | "1" => Ok(true),
            "false" | "0" => Ok(false),
            other => Err(record.bad(format!("{} is neither true nor false.", shown(other)))),
        };
        let is_bot = !matches!(record.field(columns.bot), "0" | "");
        if is_bot || flag(columns.event)? {
            return Ok(());
        }
        let at_ms = instant_ms(record.field(columns.date)).ok_or_else(|| {
            record.bad(format!(
                "{} is not a time such as 2026-11-04T10:00:00Z.",
                shown(record.field(columns.date))
            ))
        })?;
        let date = self.date(at_ms).ok_or_else(|| record.bad("its day could not be found."))?;
        self.import.check_day(date).map_err(|reason| record.bad(reason))?;
        let key = self.key(record.field(0)).map_err(|reason| record.bad(reason))?;
        let is_first_visit = flag(columns.first_visit)?;
        self.count(key, date, record.field(columns.session), is_first_visit, record.line);
        Ok(())
    }

    fn count(&mut self, key: String, date: Date, session: &str, is_first_visit: bool, line: u64) {
        let session = Secret::default().hash(0, &[session.as_bytes()]) as u64;
        let visitors = u64::from(self.sessions.insert(session));
        let new = || Start { line, ..Start::default() };
        let site = self.import.site.get_or_insert_with(new);
        add(site, visitors);
        add(self.import.pages.entry(key).or_insert_with(new), u64::from(is_first_visit));
        let day = self.import.days.entry(date).or_insert(DayCounts { date, ..DayCounts::default() });
        day.views = increment(day.views);
        day.visitors = day.visitors.saturating_add(visitors);
    }

    fn key(&mut self, path: &str) -> Result<String, String> {
        if let Some(known) = self.keys.get(path) {
            return Ok(known.clone());
        }
        let key = page_key(path)?;
        if self.keys.len() < MAX_KNOWN_PATHS {
            self.keys.insert(path.to_owned(), key.clone());
        }
        Ok(key)
    }

    fn date(&mut self, at_ms: u64) -> Option<Date> {
        let stretch = at_ms / STRETCH_MS;
        match self.stretch {
            Some((known, date)) if known == stretch => Some(date),
            _ => {
                let date = (self.date_at)(at_ms)?;
                self.stretch = Some((stretch, date));
                Some(date)
            }
        }
    }
}

fn add(start: &mut Start, visitors: u64) {
    start.views = sum(start.views, Some(1));
    start.visitors = sum(start.visitors, Some(visitors));
}

fn columns(record: &Record<'_>) -> Result<Columns, BadLine> {
    let at = |wanted: &str| {
        (0..record.len()).find(|at| record.field(*at).eq_ignore_ascii_case(wanted)).ok_or_else(|| {
            record.bad(format!("this GoatCounter export has no column {wanted}, so it can't be read."))
        })
    };
    Ok(Columns {
        event: at("Event")?,
        bot: at("Bot")?,
        session: at("Session")?,
        first_visit: at("FirstVisit")?,
        date: at("Date")?,
    })
}

/// An RFC 3339 time in milliseconds since 1970.
fn instant_ms(text: &str) -> Option<u64> {
    let date: Date = text.get(..10)?.parse().ok()?;
    let time = text.get(10..)?.strip_prefix(['T', 't', ' '])?;
    let digits =
        |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<i64>().ok())?;
    let (hour, minute, second) =
        (digits(time.get(..2)?)?, digits(time.get(3..5)?)?, digits(time.get(6..8)?)?);
    if time.get(2..3)? != ":" || time.get(5..6)? != ":" || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let zone = time.get(8..)?.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
    let ahead_minutes = match zone {
        "Z" | "z" | "" => 0,
        zone => {
            let sign = match zone.get(..1)? {
                "+" => 1_i64,
                "-" => -1,
                _ => return None,
            };
            let ahead = digits(zone.get(1..3)?)?.saturating_mul(60).saturating_add(digits(zone.get(4..6)?)?);
            sign.saturating_mul(ahead)
        }
    };
    let minutes = days_since_1970(date).saturating_mul(24).saturating_add(hour).saturating_mul(60);
    let minutes = minutes.saturating_add(minute).saturating_sub(ahead_minutes);
    let seconds = minutes.saturating_mul(60).saturating_add(second);
    u64::try_from(seconds.saturating_mul(1000)).ok()
}

/// Days from 1970-01-01 to a date, by counting the leap days of the years before.
fn days_since_1970(date: Date) -> i64 {
    const BEFORE_MONTH: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    let (year, month, day) = (i64::from(date.0 / 10_000), date.0 / 100 % 100, i64::from(date.0 % 100));
    let month = usize::try_from(month).unwrap_or(1).saturating_sub(1);
    let before = BEFORE_MONTH.get(month).copied().unwrap_or_default();
    // A leap day counts once its March has begun.
    let leap_years = if month >= 2 { year } else { year.saturating_sub(1) };
    let leap_days = |year: i64| (year / 4).saturating_sub(year / 100).saturating_add(year / 400);
    year.saturating_sub(1970)
        .saturating_mul(365)
        .saturating_add(leap_days(leap_years).saturating_sub(leap_days(1969)))
        .saturating_add(before)
        .saturating_add(day.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2000-02-29T12:30:01Z", Some(951_827_401_000)),
            ("2000-03-01T00:00:00Z", Some(951_868_800_000)),
            ("2024-12-31T23:59:59Z", Some(1_735_689_599_000)),
            ("2026-11-25T10:00:00+08:00", Some(1_795_572_000_000)),
            ("2026-11-25 02:00:00.123Z", Some(1_795_572_000_000)),
            ("2026-11-24T21:00:00-05:00", Some(1_795_572_000_000)),
            ("2026-11-25", None),
            ("2026-11-25T25:00:00Z", None),
            ("2026-02-30T00:00:00Z", None),
            ("2026-11-25T10:00:00é", None),
            ("1969-12-31T23:59:59Z", None),
            ("", None),
        ] {
            assert_eq!(instant_ms(text), expected, "{text}");
        }
    }

    #[test]
    fn a_heading_begins_with_the_version() {
        assert!(is_heading("2Path") && is_heading("1Path") && is_heading("2,Path"));
        assert!(!is_heading("Path") && !is_heading("page") && !is_heading(""));
    }
}
