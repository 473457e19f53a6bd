//! Labels of views and visitors, 总访问量：▢ 次, and which count each of them names.
//!
//! Strict on purpose: 访问量 is a word of prose too. A label stands alone (nothing of a word before it), and an
//! empty gap must be marked as one. Lists of many counts are left alone by whoever sees the whole page.

use crate::gap::{self, Gap};
use crate::metric::{
    ONLINE, PAGE_VIEWS, PAGE_VISITORS, SITE_VIEWS, SITE_VISITORS, VIEWS_TODAY, VISITORS_TODAY,
};
use crate::text::{is_at, is_space, skip, unit, word, words};

/// A label and the gap for its number.
#[derive(Debug, PartialEq)]
pub struct Label {
    /// The count it names.
    pub metric: usize,
    /// Where it goes.
    pub gap: Gap,
}

/// The label that begins at `at`, if one does. `in_head`: the line stands in an article's head.
pub fn at(text: &[u16], at: usize, in_head: bool) -> Option<Label> {
    if is_word(unit(text, at.wrapping_sub(1))) {
        return None;
    }
    let scope = skip(text, at, words!("本站|全站|网站|本网站|站点|主页|首页|网页|总|累计|历史|合计|共"));
    let page = skip(text, scope, words!("本文|本页面|本页|本篇|此文|该文|文章|页面|此页|此页面"));
    let start = skip(text, page, words!("今日|今天|当日|本日|当前|的|被|总|累计|已"));
    let is_today = is_at(text, page, words!("今日|今天|当日|本日"));
    let (kind, end) = kind(text, start)?;
    let is_short = end == start + 2;
    let end = skip(text, end, words!("总数|总量|统计"));
    let metric = match kind {
        Kind::Online => ONLINE,
        Kind::Visitors if is_today => VISITORS_TODAY,
        _ if is_today => VIEWS_TODAY,
        Kind::Visitors if page > scope => PAGE_VISITORS,
        Kind::Visitors => SITE_VISITORS,
        _ if page > scope || kind == Kind::Reads || in_head && scope == at => PAGE_VIEWS,
        _ => SITE_VIEWS,
    };
    // 阅读 and 访问 are verbs of prose too, unless a word before them makes them a label.
    let is_bare = start == at && (kind == Kind::Bare || is_short);
    gap_after(text, end, is_bare).map(|gap| Label { metric, gap })
}

/// What a label counts.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Views,
    Reads,
    Visitors,
    Online,
    /// A verb that is no label by itself.
    Bare,
}

/// What a label counts, and where it ends; the longest word decides.
fn kind(text: &[u16], start: usize) -> Option<(Kind, usize)> {
    let tables = [
        (Kind::Online, words!("在线人数|在线访客数|在线访客|线上人数|同时在线|在线用户数|在线用户")),
        (
            Kind::Visitors,
            words!(
                "访客人数|访客数量|访客数|访客量|访客|独立访客|参观人数|来访人数|访问人数|浏览人数|来宾人数|来客数|游客人数"
            ),
        ),
        (
            Kind::Views,
            words!(
                "访问量|浏览量|访问次数|浏览次数|浏览数|访问数|点击量|点击次数|点击数|点击率|浏览人次|访问人次|参观人次|来访人次|到访人次|人气|人次|流量"
            ),
        ),
        (
            Kind::Reads,
            words!(
                "阅读次数|阅读量|阅读数|阅读人次|阅读人数|阅读|点阅|点阅数|点阅次数|点阅率|点阅人次|阅览次数|阅览数"
            ),
        ),
        (Kind::Bare, words!("访问|浏览|点击|在线")),
    ];
    let mut found = None;
    for (kind, words) in tables {
        if let Some(end) = word(text, start, words)
            && found.is_none_or(|(_, longest)| longest < end.get())
        {
            found = Some((kind, end.get()));
        }
    }
    found
}

/// The gap after a label, if it is one: an empty gap needs a mark that says so.
fn gap_after(text: &[u16], label_end: usize, is_bare: bool) -> Option<Gap> {
    let spaces_end = skip(text, label_end, SPACES);
    let start = skip(text, spaces_end, words!(":|：|为|共计|共有|共|已有|已达|达|有|约|=|﹕"));
    let has_separator = start > spaces_end;
    let gap = gap::read(text, if has_separator { start } else { label_end })?;
    let has_unit = is_at(text, gap.end, words!("次|人次|人|位|个"));
    let is_asked = match gap.number {
        Some(_) => has_separator || has_unit || gap.is_marked || !is_bare,
        None if is_bare => gap.is_marked || has_unit && has_separator,
        None => gap.is_marked || has_unit || has_separator && is_boundary(text, gap.end),
    };
    (is_asked && (has_unit || is_boundary(text, gap.end))).then_some(gap)
}

const SPACES: &[u16] = words!(" |\u{a0}|\u{3000}|\n|\t|\r");

/// Whether no word begins at `at`, or one that stands apart.
fn is_boundary(text: &[u16], at: usize) -> bool {
    is_space(unit(text, at.wrapping_sub(1))) || !is_word(unit(text, at))
}

/// A unit words are made of.
fn is_word(unit: u16) -> bool {
    matches!(unit, 0x30..=0x39 | 0x61..=0x7a | 0x3040..=0x9fff | 0xac00..=0xd7a3)
}

#[cfg(test)]
mod tests;
