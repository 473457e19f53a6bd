//! Labels of views and visitors, 总访问量：▢ 次, and which count each of them names: in Chinese, Korean and English.
//!
//! Strict on purpose: 访问量 is a word of prose too. A label stands alone (nothing of a word before it), and an
//! empty gap must be marked as one. Lists of many counts are left alone by whoever sees the whole page.

use crate::gap::{self, Gap};
use crate::metric::{ONLINE, PAGE_VIEWS, SITE_VIEWS, VIEWS_TODAY, VIEWS_YESTERDAY};
use crate::text::{Text, is_at, is_latin, is_space, skip, skip_spaces, unit, which, word, words};

/// The label that begins at `at`, if one does: the gap for its number, and which count it names. `in_head`: the line stands in an article's head. `place`: where
/// the gap before it in the line ended, or 0.
pub fn at(text: &Text, at: usize, in_head: bool, place: usize) -> Option<Gap> {
    let mut before = unit(text, at.wrapping_sub(1));
    // Store visits are others than visits.
    if before == 0x20 && is_latin(unit(text, at)) {
        before = unit(text, at.wrapping_sub(2));
    }
    if is_word(before) && skip(text, place, words!("人|次| ")) != at {
        return None;
    }
    let scope = skip(text, at, SCOPES);
    let page = skip(text, scope, words!("本文|本页面|本页|本篇|此文|该文|文章|页面|此页|此页面"));
    let (row, begun) = period(text, page);
    let start = skip(text, begun, words!("当前|的|被|总|累计|已"));
    let Some((kind, verb)) = which(text, start, KINDS) else {
        let mut gap =
            visited(text, begun).or_else(|| if place > 0 && row > 0 { bare(text, begun) } else { None })?;
        gap.metric = metric(row, page > scope, gap.metric > 0);
        return Some(gap);
    };
    let people = kind < READS || kind >= VIEWS && is_at(text, verb, words!("人数|人总数|用户"));
    let counted = skip(text, verb, words!("人|次|数|量|率|总|统计|用户|访客| 수|수"));
    let (later, end) = period(text, counted);
    // Without a word of counting 访问 is a verb like any other, unless a word before it makes it a label.
    let is_bare = counted == verb && (start == at || is_latin(unit(text, start)));
    let is_pages = page > scope || !people && (kind < VIEWS || in_head && scope == at);
    let mut gap = gap_after(text, end, is_bare)?;
    gap.metric = if kind < VISITORS { ONLINE } else { metric(row.max(later), is_pages, people) };
    Some(gap)
}

const SCOPES: &[u8] = words!(
    "本站|全站|网站|本网站|站点|主页|首页|网页|总|累计|累积|历史|合计|共|전체 |총 |누적 |total |unique |website "
);

/// Four words a row, and a row for each period; today has two.
const PERIODS: &[u8] = words!(
    "今日|今天|오늘|today|当日|本日|금일|当天|昨日|昨天|어제|yesterday|本周|这周|이번 주|this week|\
     本月|当月|이번 달|this month|今年|本年|올해|this year"
);

/// The row of the period that stands at `at`, or 0, and where it ends.
fn period(text: &Text, at: usize) -> (usize, usize) {
    let found = which(text, skip_spaces(text, at), PERIODS);
    found.map_or((0, at), |(number, end)| (number / 4 + 1, skip(text, end, words!(" |의|'s|’s"))))
}

/// What is done or who does it: from `VISITORS` on visitors, from `READS` on what is done to articles, then views.
const KINDS: &[u8] = words!(
    "在线|线上|同时在线|현재 접속자|访客|独立访客|来宾|来客|游客|방문자|방문객|visitors|\
     阅读|点阅|阅览|조회수|访问|浏览|点击|参观|来访|到访|人气|人次|流量|페이지뷰|page views|visits"
);
const VISITORS: usize = 4;
const READS: usize = 12;
const VIEWS: usize = 16;

/// The count of a period, by its row, or of all time.
fn metric(row: usize, is_pages: bool, people: bool) -> usize {
    let views = match row {
        0 if is_pages => PAGE_VIEWS,
        0 => SITE_VIEWS,
        1 | 2 => VIEWS_TODAY,
        _ => VIEWS_YESTERDAY + 2 * (row - 3),
    };
    views + usize::from(people)
}

/// The gap of 今年：▢ 人，本月：▢ 人, which by itself says not of whom; its `metric` is whether people are counted.
fn bare(text: &Text, begun: usize) -> Option<Gap> {
    let mut gap = gap_after(text, begun, true)?;
    let (number, end) = which(text, gap.end, COUNTED)?;
    gap.metric = number / 2;
    is_boundary(text, end).then_some(gap)
}

/// The same of 已有 ▢ 人次访问.
fn visited(text: &Text, begun: usize) -> Option<Gap> {
    let mut gap = gap::read(text, word(text, begun, words!("已有|已经有"))?.get())?;
    let (number, end) = which(text, gap.end, COUNTED)?;
    let verb = word(text, end, words!("访问|来访|到访|光临|参观"))?.get();
    let after = skip(text, verb, words!("过|了|本|站|网| "));
    let is_end = unit(text, after) == 0 || is_at(text, after, words!("。|！|!|）|)"));
    gap.metric = number / 2;
    is_end.then_some(gap)
}

/// From the third on it is people.
const COUNTED: &[u8] = words!("次|人次|人|位");

/// The gap after a label, if it is one: an empty gap needs a mark that says so.
fn gap_after(text: &Text, label_end: usize, is_bare: bool) -> Option<Gap> {
    let spaces_end = skip_spaces(text, label_end);
    let start = skip(text, spaces_end, words!(":|：|为|共|计|已|有|达|约|=|﹕"));
    let has_separator = start > spaces_end;
    let gap = gap::read(text, if has_separator { start } else { label_end })?;
    let has_unit = is_at(text, gap.end, words!("次|人次|人|位|个|명|회"));
    let is_asked = match gap.number {
        Some(_) => has_separator || has_unit || gap.is_marked || !is_bare,
        // 浏览... is a button.
        None if is_bare && !has_separator => gap.is_marked && has_unit,
        None if is_bare => gap.is_marked || has_unit,
        None => gap.is_marked || has_unit || has_separator && is_boundary(text, gap.end),
    };
    let is_next = is_at(text, gap.end, words!("总|今日|昨日|本月|访客"));
    (is_asked && (has_unit || is_boundary(text, gap.end) || is_next)).then_some(gap)
}

/// Whether no word begins at `at`, or one that stands apart.
fn is_boundary(text: &Text, at: usize) -> bool {
    is_space(unit(text, at.wrapping_sub(1))) || !is_word(unit(text, at))
}

/// A unit words are made of.
fn is_word(unit: u16) -> bool {
    matches!(unit, 0x30..=0x39 | 0x61..=0x7a | 0x3040..=0x9fff | 0xac00..=0xd7a3)
}

#[cfg(test)]
mod tests;
