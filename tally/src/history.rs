//! What an owner asks of a site's history: its days, and its pages by views.

use crate::day::Date;
use crate::pages::Page;
use crate::site::{DayCounts, Site};
use percent_encoding::percent_decode_str;
use std::cmp::{Ordering, Reverse};

/// Pages with most views, and how many there are in all.
#[derive(Debug)]
pub struct Ranked<'a> {
    /// Key and page, most views first.
    pub pages: Vec<(&'a str, &'a Page)>,
    /// How many match.
    pub total: usize,
}

impl Site {
    /// Days with views from `from` to `to`, oldest first, the running one among them.
    #[must_use]
    pub fn days_between(&self, from: Option<Date>, to: Option<Date>) -> Vec<DayCounts> {
        let totals = self.totals();
        let today =
            DayCounts { date: totals.day.date, views: totals.views_today, visitors: totals.visitors_today };
        let is_asked =
            |day: &DayCounts| from.is_none_or(|from| from <= day.date) && to.is_none_or(|to| day.date <= to);
        let has_any = |day: &DayCounts| day.views > 0 || day.visitors > 0;
        let ended = self.days().filter(|day| day.date != today.date).copied();
        ended.chain([today]).filter(|day| is_asked(day) && has_any(day)).collect()
    }

    /// The `limit` pages with most views among those whose key contains `search`, escaped or not; whatever
    /// its case, in ASCII.
    #[must_use]
    pub fn ranked_pages(&self, search: &str, limit: usize) -> Ranked<'_> {
        let wanted = search.to_lowercase();
        let mut pages: Vec<(&str, &Page)> =
            self.pages().iter().filter(|(key, _)| matches(key, &wanted)).collect();
        let total = pages.len();
        if limit < total {
            // Only those that are told are sorted.
            pages.select_nth_unstable_by(limit, by_views);
            pages.truncate(limit);
        }
        pages.sort_unstable_by(by_views);
        Ranked { pages, total }
    }
}

/// Most views first; pages with as many in the order of their keys.
fn by_views(one: &(&str, &Page), other: &(&str, &Page)) -> Ordering {
    let rank = |page: &Page| (Reverse(page.counts.views), Reverse(page.counts.visitors));
    rank(one.1).cmp(&rank(other.1)).then(one.0.cmp(other.0))
}

fn matches(key: &str, wanted: &str) -> bool {
    if wanted.is_empty() {
        return true;
    }
    let is_in = |text: &str| text.to_lowercase().contains(wanted);
    is_in(key) || (key.contains('%') && is_in(&percent_decode_str(key).decode_utf8_lossy()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counts::PageCounts;
    use crate::day::Day;

    fn site() -> Site {
        let mut site = Site::default();
        for (key, views) in [("/a", 5), ("/b", 9), ("/%E4%B8%AD/A", 7), ("/c", 5)] {
            site.change_page(1, key, |page| page.counts = PageCounts { views, visitors: 1 });
        }
        site
    }

    fn found(search: &str, limit: usize) -> (Vec<String>, usize) {
        let site = site();
        let ranked = site.ranked_pages(search, limit);
        (ranked.pages.into_iter().map(|(key, _)| key.to_owned()).collect(), ranked.total)
    }

    #[test]
    fn pages_are_ranked_by_views_and_found_by_any_part() {
        assert_eq!(found("", 10).0, ["/b", "/%E4%B8%AD/A", "/a", "/c"]);
        assert_eq!(found("", 3), (vec!["/b".into(), "/%E4%B8%AD/A".into(), "/a".into()], 4));
        assert_eq!(found("", 0), (vec![], 4));
        assert_eq!(found("中", 10), (vec!["/%E4%B8%AD/A".into()], 1));
        assert_eq!(found("/a", 1), (vec!["/%E4%B8%AD/A".into()], 2));
        assert_eq!(found("%e4", 1).1, 1);
        assert_eq!(found("nowhere", 10), (vec![], 0));
    }

    #[test]
    fn days_are_those_asked_for_and_today_is_one() {
        let mut site = Site::default();
        let day = |date, views| DayCounts { date: Date(date), views, visitors: 1 };
        site.restore_days([day(20_260_101, 1), day(20_260_102, 2), day(20_260_105, 5)]);
        site.begin_day(Day { date: Date(20_260_106), ends_at_ms: 0 }, site.salt);
        site.totals.views_today = 6;
        let dates = |from: Option<u32>, to: Option<u32>| -> Vec<u32> {
            let days = site.days_between(from.map(Date), to.map(Date));
            days.iter().map(|day| day.date.0 % 100).collect()
        };
        assert_eq!(dates(None, None), [1, 2, 5, 6]);
        assert_eq!(dates(Some(20_260_102), Some(20_260_105)), [2, 5]);
        assert!(dates(Some(20_260_107), None).is_empty());
    }
}
