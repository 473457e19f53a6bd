//! A calendar with everything a zone does: days of 23, 24 and 25 hours.

use laifang_tally::day::{Date, Day};

/// Milliseconds of an hour.
pub const HOUR_MS: u64 = 3_600_000;
/// Milliseconds of a day of 24 hours.
pub const DAY_MS: u64 = 24 * HOUR_MS;

/// The day at an instant: every seventh begins an hour late, every eleventh an hour early.
pub fn day_at(now_ms: u64) -> Day {
    let mut number = now_ms / DAY_MS;
    while begins_ms(number) > now_ms {
        number -= 1;
    }
    while begins_ms(number + 1) <= now_ms {
        number += 1;
    }
    Day { date: date(number as u32), ends_at_ms: begins_ms(number + 1) }
}

/// Months of 28 days: every date is one.
fn date(number: u32) -> Date {
    Date::new(2000 + number / 28 / 12, 1 + number / 28 % 12, 1 + number % 28)
}

fn begins_ms(number: u64) -> u64 {
    let midnight = number * DAY_MS;
    if number.is_multiple_of(7) {
        midnight + HOUR_MS
    } else if number.is_multiple_of(11) {
        midnight - HOUR_MS
    } else {
        midnight
    }
}
