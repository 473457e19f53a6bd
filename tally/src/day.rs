//! The site's day: which date it is there and when that date ends.
//!
//! The platform knows the time zones and says which date an instant falls on; this module finds the
//! instant at which the date changes. A day is stored as it was found and never worked out again, so a
//! replay cannot disagree with what happened live.

use serde::{Deserialize, Serialize};

/// A calendar date as `YYYYMMDD`, so that later dates are larger numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32")]
pub struct Date(pub u32);

impl TryFrom<u32> for Date {
    type Error = &'static str;

    /// Eight digits at most. More are damage, and their months would lie where rows of pages do.
    fn try_from(date: u32) -> Result<Self, Self::Error> {
        if date < 100_000_000 { Ok(Self(date)) } else { Err("a date has eight digits") }
    }
}

impl Date {
    /// From calendar parts.
    #[must_use]
    pub fn new(year: u32, month: u32, day: u32) -> Self {
        Self(year.saturating_mul(10_000).saturating_add(month.saturating_mul(100)).saturating_add(day))
    }

    /// The month the date lies in, as `YYYYMM`.
    #[must_use]
    pub fn month(self) -> u32 {
        self.0 / 100
    }

    /// The first day of its year.
    #[must_use]
    pub fn first_of_year(self) -> Self {
        Self::new(self.0 / 10_000, 1, 1)
    }

    /// The day after; the date itself if the calendar doesn't have it.
    #[must_use]
    pub fn next(self) -> Self {
        self.on_calendar().and_then(time::Date::next_day).map_or(self, Self::from)
    }

    /// The Monday its week begins with; the date itself if the calendar doesn't have it.
    #[must_use]
    pub fn monday(self) -> Self {
        let monday = self.on_calendar().and_then(|date| {
            let days = time::Duration::days(i64::from(date.weekday().number_days_from_monday()));
            date.checked_sub(days)
        });
        monday.map_or(self, Self::from)
    }

    fn on_calendar(self) -> Option<time::Date> {
        let year = i32::try_from(self.0 / 10_000).ok()?;
        let month = time::Month::try_from(u8::try_from(self.0 / 100 % 100).ok()?).ok()?;
        time::Date::from_calendar_date(year, month, u8::try_from(self.0 % 100).ok()?).ok()
    }
}

impl From<time::Date> for Date {
    fn from(date: time::Date) -> Self {
        let year = u32::try_from(date.year()).unwrap_or_default();
        Self::new(year, u32::from(u8::from(date.month())), u32::from(date.day()))
    }
}

impl std::str::FromStr for Date {
    type Err = NoDate;

    /// Reads `YYYY-MM-DD`, if the calendar has that day.
    fn from_str(text: &str) -> Result<Self, NoDate> {
        let is_iso = text.len() == 10
            && text.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        let mut parts = text.split('-').map(str::parse::<u32>);
        match (parts.next(), parts.next(), parts.next()) {
            (Some(Ok(year)), Some(Ok(month)), Some(Ok(day))) if is_iso => {
                let date = Self::new(year, month, day);
                date.on_calendar().map(|_| date).ok_or(NoDate)
            }
            _ => Err(NoDate),
        }
    }
}

/// A text that is no date of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoDate;

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0 / 10_000, self.0 / 100 % 100, self.0 % 100)
    }
}

/// One day of a site.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// Its date in the site's time zone.
    pub date: Date,
    /// The first instant that no longer belongs to it, in milliseconds since 1970 (UTC).
    pub ends_at_ms: u64,
}

/// Longest day we look for: 24 hours and the largest shift a zone has made within one.
const LONGEST_DAY_MS: u64 = 50 * 60 * 60 * 1000;

impl Day {
    /// The day that `now_ms` falls on, given the date of any instant in the site's zone.
    ///
    /// Finds the end by halving: about 28 questions, once a day.
    pub fn containing<E>(now_ms: u64, mut date_at: impl FnMut(u64) -> Result<Date, E>) -> Result<Self, E> {
        let date = date_at(now_ms)?;
        let mut inside = now_ms;
        let mut after = now_ms.saturating_add(LONGEST_DAY_MS);
        while after.saturating_sub(inside) > 1 {
            let middle = inside.saturating_add(after.saturating_sub(inside) / 2);
            if date_at(middle)? > date {
                after = middle;
            } else {
                inside = middle;
            }
        }
        Ok(Self { date, ends_at_ms: after })
    }

    /// Whether the day is over at `now_ms`.
    #[must_use]
    pub fn is_over(&self, now_ms: u64) -> bool {
        now_ms >= self.ends_at_ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_date_of_more_than_eight_digits_is_damage() {
        assert_eq!(serde_json::from_str::<Date>("99991231").ok(), Some(Date(99_991_231)));
        assert!(serde_json::from_str::<Date>("100000000").is_err());
    }

    const HOUR_MS: u64 = 3_600_000;

    /// A zone eight hours ahead of UTC, counted in days since 1970.
    fn shanghai(at_ms: u64) -> Result<Date, ()> {
        Ok(Date(((at_ms + 8 * HOUR_MS) / (24 * HOUR_MS)) as u32))
    }

    #[test]
    fn a_day_ends_at_local_midnight() {
        let noon_utc = 20_000 * 24 * HOUR_MS + 12 * HOUR_MS;
        let day = Day::containing(noon_utc, shanghai).unwrap();
        assert_eq!(day.ends_at_ms, 20_000 * 24 * HOUR_MS + 16 * HOUR_MS);
        assert!(!day.is_over(day.ends_at_ms - 1));
        assert!(day.is_over(day.ends_at_ms));
    }

    #[test]
    fn a_day_of_twenty_three_hours_ends_an_hour_early() {
        // Clocks go forward at 10:00: after it local time is nine hours ahead.
        let zone = |at_ms: u64| -> Result<Date, ()> {
            let ahead = if at_ms % (24 * HOUR_MS) < 10 * HOUR_MS { 8 } else { 9 };
            Ok(Date(((at_ms + ahead * HOUR_MS) / (24 * HOUR_MS)) as u32))
        };
        let day = Day::containing(20_000 * 24 * HOUR_MS, zone).unwrap();
        assert_eq!(day.ends_at_ms, 20_000 * 24 * HOUR_MS + 15 * HOUR_MS);
    }

    #[test]
    fn a_date_is_read_if_the_calendar_has_it() {
        assert_eq!("2026-11-04".parse(), Ok(Date::new(2026, 11, 4)));
        assert_eq!("2028-02-29".parse(), Ok(Date::new(2028, 2, 29)));
        for bad in [
            "",
            "2026-11-4",
            "2026-11-31",
            "2026-13-01",
            "2026-00-01",
            "2026-01-00",
            "2100-02-29",
            "+026-01-01",
        ] {
            assert_eq!(bad.parse::<Date>(), Err(NoDate), "{bad}");
        }
    }

    #[test]
    fn a_date_prints_as_iso() {
        assert_eq!(Date::new(2026, 11, 4).to_string(), "2026-11-04");
        assert_eq!(Date::new(2026, 11, 4).month(), 202_611);
    }
}
