//! Labels of views and visitors, 总访问量：▢ 次, and which count each of them names.
//!
//! Strict on purpose: 访问量 is a word of prose too. A label stands alone (nothing of a word before it), and an
//! empty gap must be marked as one. Lists of many counts are left alone by whoever sees the whole page.

use crate::gap::{self, Gap};
use crate::metric::{
    ONLINE, PAGE_VIEWS, PAGE_VISITORS, SITE_VIEWS, SITE_VISITORS, VIEWS_TODAY, VISITORS_TODAY,
};
use crate::text::{is_at, is_space, skip, skip_spaces, unit, word, words};

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
    let scope = skip(text, at, words!("本站|全站|网站|本网站|站点|主页|首页|网页|总|累计|累积|历史|合计|共"));
    let page = skip(text, scope, words!("本文|本页面|本页|本篇|此文|该文|文章|页面|此页|此页面"));
    let start = skip(text, page, words!("今日|今天|当日|本日|当前|的|被|总|累计|已"));
    let is_today = is_at(text, page, words!("今日|今天|当日|本日"));
    let (kind, verb) = kind(text, start)?;
    let counts_people = kind == Kind::Views && is_at(text, verb, words!("人数|人总数|用户"));
    let kind = if counts_people { Kind::Visitors } else { kind };
    let end = skip(text, verb, words!("人次|人|次|数|量|率|总|统计|用户|访客"));
    // Without a word of counting 访问 is a verb like any other, unless a word before it makes it a label.
    let is_bare = end == verb && start == at;
    let is_pages = page > scope;
    let metric = match kind {
        Kind::Online => ONLINE,
        Kind::Visitors if is_today => VISITORS_TODAY,
        _ if is_today => VIEWS_TODAY,
        Kind::Visitors if is_pages => PAGE_VISITORS,
        Kind::Visitors => SITE_VISITORS,
        _ if is_pages || kind == Kind::Reads => PAGE_VIEWS,
        _ if in_head && scope == at => PAGE_VIEWS,
        _ => SITE_VIEWS,
    };
    gap_after(text, end, is_bare).map(|gap| Label { metric, gap })
}

/// What a label counts.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Views,
    /// Of an article.
    Reads,
    Visitors,
    Online,
}

/// What is done or who does it, and where the word ends.
fn kind(text: &[u16], start: usize) -> Option<(Kind, usize)> {
    let tables = [
        (Kind::Online, words!("在线|线上|同时在线")),
        (Kind::Visitors, words!("访客|独立访客|来宾|来客|游客")),
        (Kind::Reads, words!("阅读|点阅|阅览")),
        (Kind::Views, words!("访问|浏览|点击|参观|来访|到访|人气|人次|流量")),
    ];
    tables.into_iter().find_map(|(kind, words)| word(text, start, words).map(|end| (kind, end.get())))
}

/// The gap after a label, if it is one: an empty gap needs a mark that says so.
fn gap_after(text: &[u16], label_end: usize, is_bare: bool) -> Option<Gap> {
    let spaces_end = skip_spaces(text, label_end);
    let start = skip(text, spaces_end, words!(":|：|为|共计|共有|共|已有|已达|达|有|约|=|﹕"));
    let has_separator = start > spaces_end;
    let gap = gap::read(text, if has_separator { start } else { label_end })?;
    let has_unit = is_at(text, gap.end, words!("次|人次|人|位|个"));
    let is_asked = match gap.number {
        Some(_) => has_separator || has_unit || gap.is_marked || !is_bare,
        // 浏览... is a button.
        None if is_bare && !has_separator => gap.is_marked && has_unit,
        None if is_bare => gap.is_marked || has_unit,
        None => gap.is_marked || has_unit || has_separator && is_boundary(text, gap.end),
    };
    (is_asked && (has_unit || is_boundary(text, gap.end))).then_some(gap)
}

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
