//! Yesterday, this week (from Monday), this month and this year: sums over a site's days.
//!
//! Views are exact. Visitors are told apart for one day only, so those of a period are the sum over its days: who came
//! on three days is in it three times. Sums of finished days change only when a day ends or the owner imports days, so
//! they are kept and not worked out for each hit. Out of scope: which day it is (`day`).

use crate::day::Date;
use crate::site::{DayCounts, Site};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Views and visitors of a period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeriodCounts {
    /// Views.
    pub views: u64,
    /// Visitors, summed over the days.
    pub visitors: u64,
}

impl PeriodCounts {
    fn add(&mut self, views: u64, visitors: u64) {
        self.views = self.views.saturating_add(views);
        self.visitors = self.visitors.saturating_add(visitors);
    }
}

/// The counts of the periods that a day lies in, and of the day before it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Periods {
    /// The day before.
    pub yesterday: PeriodCounts,
    /// From Monday on.
    pub week: PeriodCounts,
    /// From the first of the month on.
    pub month: PeriodCounts,
    /// From the first of January on.
    pub year: PeriodCounts,
}

/// One of the periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// The day before.
    Yesterday,
    /// From Monday on.
    Week,
    /// From the first of the month on.
    Month,
    /// From the first of January on.
    Year,
}

impl Periods {
    /// The counts of one period.
    #[must_use]
    pub fn of(&self, period: Period) -> PeriodCounts {
        match period {
            Period::Yesterday => self.yesterday,
            Period::Week => self.week,
            Period::Month => self.month,
            Period::Year => self.year,
        }
    }

    /// Sums of the finished days before `today`.
    #[must_use]
    pub fn before(today: Date, days: &BTreeMap<Date, DayCounts>) -> Self {
        let mut periods = Self::default();
        for day in days.range(today.first_of_year().min(today.monday())..today).map(|(_, day)| day) {
            periods.add(day, today);
        }
        periods
    }

    /// With today's counts.
    #[must_use]
    pub fn with_today(mut self, views: u64, visitors: u64) -> Self {
        for period in [&mut self.week, &mut self.month, &mut self.year] {
            period.add(views, visitors);
        }
        self
    }

    /// What these sums, with their day `then` included, are on the later day `now`, if nobody came in between.
    #[must_use]
    pub fn carried_to(&self, then: DayCounts, now: Date) -> Self {
        if then.date >= now {
            return *self;
        }
        let kept =
            |is_kept: bool, counts: PeriodCounts| if is_kept { counts } else { PeriodCounts::default() };
        let (views, visitors) = (then.views, then.visitors);
        Self {
            yesterday: kept(then.date.next() == now, PeriodCounts { views, visitors }),
            week: kept(then.date.monday() == now.monday(), self.week),
            month: kept(then.date.month() == now.month(), self.month),
            year: kept(then.date.first_of_year() == now.first_of_year(), self.year),
        }
    }

    fn add(&mut self, day: &DayCounts, today: Date) {
        for (period, is_in) in [
            (&mut self.yesterday, day.date.next() == today),
            (&mut self.week, day.date >= today.monday()),
            (&mut self.month, day.date.month() == today.month()),
            (&mut self.year, day.date >= today.first_of_year()),
        ] {
            if is_in {
                period.add(day.views, day.visitors);
            }
        }
    }
}

impl Site {
    /// The periods that the running day lies in, today's counts included.
    #[must_use]
    pub fn periods(&self) -> Periods {
        self.finished_periods.with_today(self.totals.views_today, self.totals.visitors_today)
    }

    /// Sums up the finished days anew, after they or the running day have changed.
    pub(crate) fn sum_periods(&mut self) {
        self.finished_periods = Periods::before(self.totals.day.date, &self.days);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::day::Day;
    use crate::visitor::Secret;

    fn day(date: u32, views: u64) -> DayCounts {
        DayCounts { date: Date(date), views, visitors: views / 10 }
    }

    fn days(dates: &[(u32, u64)]) -> BTreeMap<Date, DayCounts> {
        dates.iter().map(|(date, views)| (Date(*date), day(*date, *views))).collect()
    }

    fn views(periods: Periods) -> [u64; 4] {
        [periods.yesterday, periods.week, periods.month, periods.year].map(|period| period.views)
    }

    #[test]
    fn days_belong_to_weeks_from_monday_to_months_and_years() {
        // 2026-11-27 is a Friday.
        let days = days(&[
            (20_251_231, 10),
            (20_260_101, 20),
            (20_261_031, 40),
            (20_261_101, 80),
            (20_261_122, 160),
            (20_261_123, 320),
            (20_261_126, 640),
            (20_261_127, 5_000),
        ]);
        let periods = Periods::before(Date(20_261_127), &days);
        assert_eq!(views(periods), [640, 960, 1_200, 1_260]);
        assert_eq!(periods.week.visitors, 96);
        assert_eq!(views(periods.with_today(1, 1)), [640, 961, 1_201, 1_261]);
    }

    #[test]
    fn each_period_has_its_own_counts() {
        let periods = Periods::before(
            Date(20_261_127),
            &days(&[(20_260_101, 1), (20_261_101, 20), (20_261_123, 300), (20_261_126, 4_000)]),
        );
        let of = [Period::Yesterday, Period::Week, Period::Month, Period::Year]
            .map(|period| periods.of(period).views);
        assert_eq!(of, [4_000, 4_300, 4_320, 4_321]);
    }

    #[test]
    fn a_new_day_sums_up_the_days_before_it() {
        let mut site =
            Site::new(1, Day { date: Date(20_261_126), ends_at_ms: 1 }, Secret([1; 16]), Secret([2; 16]));
        (site.totals.views_today, site.totals.visitors_today) = (7, 2);
        assert_eq!(views(site.periods()), [0, 7, 7, 7]);
        site.begin_day(Day { date: Date(20_261_127), ends_at_ms: 2 }, Secret([3; 16]));
        assert_eq!(views(site.periods()), [7, 7, 7, 7]);
    }

    #[test]
    fn a_week_reaches_into_the_year_before() {
        // 2027-01-01 is a Friday; its week began on 2026-12-28.
        let days = days(&[(20_261_227, 1), (20_261_228, 10), (20_261_231, 100)]);
        assert_eq!(views(Periods::before(Date(20_270_101), &days)), [100, 110, 0, 0]);
    }

    #[test]
    fn yesterday_is_found_over_the_ends_of_months_and_in_leap_years() {
        for (yesterday, today) in
            [(20_280_228, 20_280_229), (20_280_229, 20_280_301), (20_261_231, 20_270_101)]
        {
            assert_eq!(views(Periods::before(Date(today), &days(&[(yesterday, 7)])))[0], 7, "{today}");
        }
    }

    #[test]
    fn what_was_published_is_read_right_on_a_later_day() {
        // Published on Thursday 2026-12-31, today's 5 views included.
        let then = day(20_261_231, 5);
        let published = Periods::before(then.date, &days(&[(20_261_228, 100)])).with_today(5, 0);
        assert_eq!(views(published.carried_to(then, Date(20_261_231))), [0, 105, 105, 105]);
        assert_eq!(views(published.carried_to(then, Date(20_270_101))), [5, 105, 0, 0]);
        assert_eq!(views(published.carried_to(then, Date(20_270_102))), [0, 105, 0, 0]);
        assert_eq!(views(published.carried_to(then, Date(20_270_104))), [0, 0, 0, 0]);
    }

    #[test]
    fn a_date_of_no_calendar_is_in_no_period() {
        assert_eq!(views(Periods::before(Date(0), &days(&[(20_261_231, 5)]))), [0; 4]);
    }
}
