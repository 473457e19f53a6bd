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
    Day { date: date(number as i32), ends_at_ms: begins_ms(number + 1) }
}

/// Days are counted from 2027-12-20, so that schedules cross the ends of weeks, months, a year and a leap February.
fn date(number: i32) -> Date {
    const DAY_0: i32 = 2_461_760;
    time::Date::from_julian_day(DAY_0 + number).expect("a day of this century").into()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        assert_eq!([0, 12, 71].map(date), [20_271_220, 20_280_101, 20_280_229].map(Date));
    }
}
