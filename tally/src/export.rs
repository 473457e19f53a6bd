//! A site as lines of JSON: everything it has counted, to be kept by its owner and brought back by `import`.
//!
//! The first line says which format, the last how many lines there must have been, so a file that was cut
//! short is noticed. Neither visitors' keys nor ids are in it: who comes again today after an import gets a
//! new number.

use crate::counts::Shares;
use crate::day::Date;
use crate::journal::FormatError;
use crate::pages::Page;
use crate::site::{DayCounts, Settings, Site};
use serde::{Deserialize, Serialize};

/// Version of the lines. A change of [`Line`] needs a new one, and a reader for the old.
pub const FORMAT: u32 = 1;
/// Version of the lines of a site with moves: older releases would bring old addresses back as pages of their own.
pub const MOVED_FORMAT: u32 = 2;
/// Pages whose lines are sent together.
const PAGES_A_PIECE: usize = 2_000;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Line {
    /// The first: what this is.
    Laifang(Header),
    /// The site's counts of all time.
    Site(Counts),
    /// What the owner chose.
    Settings(Settings),
    /// An address that leads to another.
    Move(MoveLine),
    /// The running day.
    Today(DayLine),
    /// A finished day.
    Day(DayLine),
    /// A page.
    Page(PageLine),
    /// The last: what there was.
    End(End),
}

/// What a file says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// [`FORMAT`] or [`MOVED_FORMAT`].
    pub format: u32,
    /// The site.
    pub site: String,
    /// When it was written, RFC 3339.
    pub exported_at: String,
}

/// Counts of all time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Views.
    pub views: u64,
    /// Visitors.
    pub visitors: u64,
    /// Shares by network.
    #[serde(default, skip_serializing_if = "Shares::is_empty")]
    pub shares: Shares,
}

/// An address that leads to another, by page keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveLine {
    /// The old one.
    pub from: String,
    /// The new one.
    pub to: String,
}

/// A day's counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayLine {
    /// `YYYY-MM-DD`.
    pub date: String,
    /// Views.
    pub views: u64,
    /// Visitors.
    pub visitors: u64,
}

/// A page's counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageLine {
    /// The page's key.
    pub key: String,
    /// Views.
    pub views: u64,
    /// Visitors.
    pub visitors: u64,
    /// Shares by network.
    #[serde(default, skip_serializing_if = "Shares::is_empty")]
    pub shares: Shares,
}

/// How many lines of a kind there were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// Finished days.
    pub days: u64,
    /// Pages.
    pub pages: u64,
    /// Addresses that lead to others.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub moves: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl From<&DayCounts> for DayLine {
    fn from(day: &DayCounts) -> Self {
        Self { date: day.date.to_string(), views: day.views, visitors: day.visitors }
    }
}

impl DayLine {
    /// The counts, if the date is one.
    #[must_use]
    pub fn counts(&self) -> Option<DayCounts> {
        let date: Date = self.date.parse().ok()?;
        Some(DayCounts { date, views: self.views, visitors: self.visitors })
    }
}

impl Site {
    /// The export, in pieces of whole lines that are sent one by one.
    pub fn export(&self, name: &str, exported_at: &str) -> Result<Vec<Vec<u8>>, FormatError> {
        let totals = self.totals();
        let format = if totals.moves.is_empty() { FORMAT } else { MOVED_FORMAT };
        let header = Header { format, site: name.to_owned(), exported_at: exported_at.to_owned() };
        let counts = Counts { views: totals.views, visitors: totals.visitors, shares: totals.shares.clone() };
        let today =
            DayCounts { date: totals.day.date, views: totals.views_today, visitors: totals.visitors_today };
        let mut first = Vec::new();
        write(&mut first, &Line::Laifang(header))?;
        write(&mut first, &Line::Site(counts))?;
        write(&mut first, &Line::Settings(totals.settings.clone()))?;
        for (from, to) in totals.moves.iter() {
            write(&mut first, &Line::Move(MoveLine { from: from.to_owned(), to: to.to_owned() }))?;
        }
        write(&mut first, &Line::Today((&today).into()))?;
        for day in self.days() {
            write(&mut first, &Line::Day(day.into()))?;
        }
        let mut pieces = vec![first];
        // By key, so that exports of the same counts are the same file.
        let mut pages: Vec<(&str, &Page)> = self.pages().iter().collect();
        pages.sort_unstable_by_key(|(key, _)| *key);
        for piece in pages.chunks(PAGES_A_PIECE) {
            pieces.push(page_lines(piece)?);
        }
        let end = End {
            days: self.days().count() as u64,
            pages: self.pages().len() as u64,
            moves: totals.moves.len() as u64,
        };
        let mut last = Vec::new();
        write(&mut last, &Line::End(end))?;
        pieces.push(last);
        Ok(pieces)
    }
}

fn page_lines(pages: &[(&str, &Page)]) -> Result<Vec<u8>, FormatError> {
    let mut lines = Vec::new();
    for (key, page) in pages {
        let line = PageLine {
            key: (*key).to_owned(),
            views: page.counts.views,
            visitors: page.counts.visitors,
            shares: page.shares.to_map(),
        };
        write(&mut lines, &Line::Page(line))?;
    }
    Ok(lines)
}

fn write(to: &mut Vec<u8>, line: &Line) -> Result<(), FormatError> {
    to.extend(serde_json::to_vec(line).map_err(|_| FormatError::Damaged)?);
    to.push(b'\n');
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counts::PageCounts;
    use crate::day::Day;
    use crate::moves::Moves;
    use crate::page_shares::PageShares;
    use crate::query_rule::QueryRule;
    use crate::visitor::Secret;

    /// Owners keep files of exactly these lines. If this fails, their backups would be unreadable: raise
    /// `FORMAT`, keep a reader for the old lines, and pin both.
    #[test]
    fn an_export_has_these_lines() {
        let day = Day { date: Date(20_261_125), ends_at_ms: 0 };
        let mut site = Site::new(1, day, Secret([1; 16]), Secret([2; 16]));
        site.restore_days([DayCounts { date: Date(20_261_124), views: 7, visitors: 6 }]);
        site.totals.views = 5;
        site.totals.visitors = 4;
        site.totals.shares.insert("qq".into(), 1);
        site.totals.settings.time_zone = Some("Asia/Taipei".into());
        site.totals.settings.query = QueryRule::Drop;
        site.change_page(1, "/a", |page| {
            page.counts = PageCounts { views: 3, visitors: 2 };
            page.shares = PageShares::from(&Shares::from([("qq".into(), 1)]));
        });
        site.change_page(1, "/b", |page| page.counts = PageCounts { views: 1, visitors: 1 });
        let lines = |site: &Site| {
            String::from_utf8(site.export("example.cn", "2026-11-25T10:00:00.000Z").unwrap().concat())
                .unwrap()
        };
        let expected = r#"{"laifang":{"format":1,"site":"example.cn","exported_at":"2026-11-25T10:00:00.000Z"}}
{"site":{"views":5,"visitors":4,"shares":{"qq":1}}}
{"settings":{"time_zone":"Asia/Taipei","query":"drop"}}
{"today":{"date":"2026-11-25","views":0,"visitors":0}}
{"day":{"date":"2026-11-24","views":7,"visitors":6}}
{"page":{"key":"/a","views":3,"visitors":2,"shares":{"qq":1}}}
{"page":{"key":"/b","views":1,"visitors":1}}
{"end":{"days":1,"pages":2}}
"#;
        assert_eq!(lines(&site), expected);
        site.totals.moves = Moves::of([("/old".into(), "/a".into())]);
        let expected = expected
            .replace("\"format\":1", "\"format\":2")
            .replace("{\"today\"", "{\"move\":{\"from\":\"/old\",\"to\":\"/a\"}}\n{\"today\"")
            .replace("\"pages\":2}}", "\"pages\":2,\"moves\":1}}");
        assert_eq!(lines(&site), expected);
    }
}
