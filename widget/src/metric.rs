//! The counts a page can show, and every name they go by: ours, busuanzi's, vercount's.

use crate::text::{Text, unit, which, word, words};

/// Order of the numbers an entry passes in.
pub const VISITOR: usize = 0;
/// Views of the site.
pub const SITE_VIEWS: usize = 1;
/// Visitors of the site. (Each count of visitors follows that of views.)
#[cfg(test)]
pub const SITE_VISITORS: usize = 2;
/// Views of the site since its midnight.
pub const VIEWS_TODAY: usize = 3;
/// Visitors of the site since its midnight.
#[cfg(test)]
pub const VISITORS_TODAY: usize = 4;
/// Visitors of the last minutes.
pub const ONLINE: usize = 5;
/// Views of the page.
pub const PAGE_VIEWS: usize = 6;
/// Visitors of the page.
#[cfg(test)]
pub const PAGE_VISITORS: usize = 7;
/// Views of the site yesterday, then its visitors, then both of this week, this month and this year.
pub const VIEWS_YESTERDAY: usize = 8;
/// So many counts there are.
pub const COUNTS: usize = 16;

/// An element that shows a count.
#[derive(Debug, PartialEq)]
pub struct Named {
    /// Which count.
    pub metric: usize,
    /// Whether the element only wraps the number (`busuanzi_container_…`).
    pub is_container: bool,
    /// Whether it is another counter's.
    pub is_foreign: bool,
}

/// What the name at the begin of the text says: `site.views-today`, or an id such as `busuanzi_value_page_pv`.
pub fn named(name: &Text) -> Option<Named> {
    let Some(foreign) = word(name, 0, words!("busuanzi_|vercount_")) else {
        let metric = position(name, 0, OURS)?;
        return Some(Named { metric, is_container: false, is_foreign: false });
    };
    let container = word(name, foreign.get(), words!("container_"));
    let start = container.or(word(name, foreign.get(), words!("value_"))).unwrap_or(foreign);
    let metric = position(name, start.get(), THEIRS)?;
    Some(Named { metric, is_container: container.is_some(), is_foreign: true })
}

const OURS: &[u8] = words!(
    "visitor|site.views|site.visitors|site.views-today|site.visitors-today|site.online|page.views|page.visitors"
);
/// In the order of ours; they know neither visitor number nor who is online.
const THEIRS: &[u8] = words!(" |site_pv|site_uv|today_pv|today_uv| |page_pv|page_uv");

/// Which word of a table `name` is from `start` to its end.
fn position(name: &Text, start: usize, words: &[u8]) -> Option<usize> {
    which(name, start, words).filter(|(_, end)| unit(name, *end) == 0).map(|(number, _)| number)
}

/// Whether a count falls by its nature: at midnight, or when visitors leave.
pub fn falls(metric: usize) -> bool {
    matches!(metric, VIEWS_TODAY..=ONLINE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_they_stand_for() {
        for (name, expected) in [
            ("visitor", Some((VISITOR, false, false))),
            ("site.online", Some((ONLINE, false, false))),
            ("page.visitors", Some((PAGE_VISITORS, false, false))),
            ("busuanzi_value_site_pv", Some((SITE_VIEWS, false, true))),
            ("busuanzi_site_uv", Some((SITE_VISITORS, false, true))),
            ("busuanzi_container_page_pv", Some((PAGE_VIEWS, true, true))),
            ("vercount_value_page_uv", Some((PAGE_VISITORS, false, true))),
            ("vercount_container_today_pv", Some((VIEWS_TODAY, true, true))),
            ("vercount_today_uv", Some((VISITORS_TODAY, false, true))),
            ("busuanzi_value_", None),
            ("busuanzi_value_site_pv2", None),
            ("busuanzi_-", None),
            ("site_pv", None),
            ("-", None),
            ("", None),
        ] {
            let found = named(&crate::text::of(name))
                .map(|named| (named.metric, named.is_container, named.is_foreign));
            assert_eq!(found, expected, "{name}");
        }
    }
}
