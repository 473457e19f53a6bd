//! What stands where a number belongs: nothing, spaces, a drawn line, a dead picture, a template expression that
//! nobody fills any more, 加载中, brackets, or a number.

use crate::metric::VISITOR;
use crate::text::{Text, WALL, is_at, is_space, skip, skip_spaces, unit, word, words};
use core::num::NonZeroUsize;

/// More digits are no count, and would not fit.
const MAX_DIGITS: usize = 16;
/// A template expression is not longer.
const MAX_EXPRESSION: usize = 400;

/// A place for a number, as offsets into the line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gap {
    /// Where what follows the gap begins.
    pub end: usize,
    /// What a number takes the place of. Where `to` lies before `from` the space between stands on both sides.
    pub from: usize,
    /// See `from`.
    pub to: usize,
    /// The number that stands there, if one does.
    pub number: Option<Number>,
    /// Whether something besides spaces says that a number belongs here.
    pub is_marked: bool,
    /// The count that goes there, for whoever has read what stands around it; else the visitor's number.
    pub metric: usize,
}

/// A number that stands in the text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number {
    /// What it says.
    pub value: f64,
    /// How it is written: its width if it begins with zeros, and the flags below.
    pub style: u32,
}

/// Written in full-width digits.
pub const FULL_WIDTH: u32 = 64;
/// Written in groups of three.
pub const GROUPED: u32 = 128;
/// Followed by st, nd, rd or th, which is part of what is replaced.
pub const ORDINAL: u32 = 256;

/// Reads on from `start` while there is nothing but what a gap is made of; two numbers are no gap.
pub fn read(text: &Text, start: usize) -> Option<Gap> {
    let mut gap = Gap { end: start, from: start, to: start, number: None, is_marked: false, metric: VISITOR };
    let (mut depth, mut close, mut ink) = (0, None, None);
    loop {
        let at = gap.end;
        if is_space(unit(text, at)) {
            gap.end += 1;
            continue;
        }
        if digit(text, at).is_some() {
            if gap.number.is_some() {
                return None;
            }
            gap.from = at;
            gap.end = number(text, at, &mut gap.number)?;
            gap.to = gap.end;
            continue;
        }
        if let Some(end) = filling(text, at) {
            ink = Some((ink.map_or(at, |(from, _)| from), end.get()));
            gap.end = end.get();
        } else if is_at(text, at, words!("【|[|［|(|（|〔|『|「|《|〖")) {
            (depth, ink, gap.end) = (depth + 1, None, at + 1);
            if gap.number.is_none() {
                gap.from = gap.end;
            }
        } else if depth > 0 && is_at(text, at, words!("】|]|］|)|）|〕|』|」|》|〗")) {
            (depth, gap.end) = (depth - 1, at + 1);
            close = close.or(Some(at));
        } else {
            break;
        }
        gap.is_marked = true;
    }
    if gap.number.is_none() {
        let (from, to) = (gap.from, close.unwrap_or(gap.end));
        let spaces = usize::from(from < to);
        (gap.from, gap.to) = ink.unwrap_or((from + spaces, to - spaces));
    }
    (depth == 0 && unit(text, gap.end) != WALL).then_some(gap)
}

/// Where what only holds a number's place ends.
fn filling(text: &Text, at: usize) -> Option<NonZeroUsize> {
    let held = words!(
        "_|＿|*|＊|-|—|–|…|•|...|．．．|\u{fffc}|\u{fffb}|加载中|载入中|读取中|统计中|计算中|loading|nan|n/a|undefined|null|読み込み中"
    );
    word(text, at, held).or_else(|| expression(text, at))
}

/// Where a template expression ends: `{{n}}`, `<?php … ?>`, `<% … %>`, `${n}`, `[!--n--]`.
fn expression(text: &Text, at: usize) -> Option<NonZeroUsize> {
    let start = word(text, at, words!("{|${|<?|<%|[!--"))?.get();
    let close = match unit(text, start - 1) {
        0x3f => words!("?>"),
        0x25 => words!("%>"),
        0x2d => words!("--]"),
        _ => words!("}"),
    };
    let end = (start..start + MAX_EXPRESSION).find(|&at| unit(text, at) == 0 || is_at(text, at, close))?;
    // Behind the line's end stands what is left of a longer one.
    if unit(text, end) == 0 {
        return None;
    }
    NonZeroUsize::new(skip(text, end, close))
}

/// The value of a digit, of either width.
fn digit(text: &Text, at: usize) -> Option<u16> {
    match unit(text, at) {
        unit @ 0x30..=0x39 => Some(unit - 0x30),
        unit @ 0xff10..=0xff19 => Some(unit - 0xff10),
        _ => None,
    }
}

/// Reads a number and says where it ends: digits, digits in groups of three, or single digits set apart.
fn number(text: &Text, start: usize, read: &mut Option<Number>) -> Option<usize> {
    let (mut value, mut digits, mut end, mut style) = (0.0, 0, start, 0);
    let mut since_comma = 0;
    while let Some(digit) = digit(text, end) {
        value = value * 10.0 + f64::from(digit);
        digits += 1;
        since_comma += 1;
        end += 1;
        if unit(text, end) == u16::from(b',')
            && is_group(text, end + 1)
            && (since_comma == 3 || style == 0 && digits < 4)
        {
            (style, since_comma) = (GROUPED, 0);
            end += 1;
        }
        let next = skip_spaces(text, end);
        if next > end && is_alone(text, end - 1) && is_alone(text, next) {
            end = next;
        }
    }
    if digits > 1 && style == 0 && matches!(unit(text, start), 0x30 | 0xff10) {
        style = digits as u32;
    }
    if unit(text, start) > 0xff {
        style |= FULL_WIDTH;
    }
    *read = Some(Number { value, style });
    (digits <= MAX_DIGITS).then_some(end)
}

/// Whether three digits stand at `at`, and no more.
fn is_group(text: &Text, at: usize) -> bool {
    (0..4).all(|ahead| digit(text, at + ahead).is_some() == (ahead < 3))
}

/// Whether one digit stands at `at`, with none beside it.
fn is_alone(text: &Text, at: usize) -> bool {
    digit(text, at).is_some() && digit(text, at + 1).is_none() && digit(text, at.wrapping_sub(1)).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{fold, length, of};

    const LONG_EXPRESSION: &str = "<%
        Dim counter, file
        Set file = Server.CreateObject(\"Scripting.FileSystemObject\").OpenTextFile(Server.MapPath(\"count.txt\"), 1)
        counter = CLng(file.ReadLine) + 1
        file.Close
        Response.Write Right(\"000000\" & counter, 6)
        %>位";

    fn gap(text: &str) -> Option<(Gap, String)> {
        let mut units = of(text);
        fold(&mut units);
        let gap = read(&units, 0)?;
        let text = |units: &[u16]| String::from_utf16(units).unwrap();
        let shown = format!("{}#{}", text(&units[..gap.from]), text(&units[gap.to..length(&units)]));
        Some((gap, shown))
    }

    #[test]
    fn a_number_takes_the_place_of_what_only_holds_it() {
        for (text, expected) in [
            ("位", "#位"),
            (" 位", " # 位"),
            ("      位", " # 位"),
            ("____位", "#位"),
            (" ___ 位", " # 位"),
            ("***位", "#位"),
            ("【】位", "【#】位"),
            ("[ ]位", "[ # ]位"),
            ("【---】位", "【#】位"),
            ("{{total}}位", "#位"),
            (" {$count} 位", " # 位"),
            ("<?php echo $n; ?>位", "#位"),
            ("<%=n%>位", "#位"),
            ("[!--onclick--]位", "#位"),
            (LONG_EXPRESSION, "#位"),
            ("加載中…位", "#位"),
            ("Loading... 位", "# 位"),
            ("\u{fffc}位", "#位"),
            (" 1024 位", " # 位"),
            ("【1024】位", "【#】位"),
        ] {
            assert_eq!(gap(text).map(|(_, shown)| shown).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_number_is_read_in_every_way_it_is_written() {
        for (text, value, style) in [
            ("7", 7.0, 0),
            ("0", 0.0, 0),
            ("000123", 123.0, 6),
            ("1,234,567", 1_234_567.0, GROUPED),
            ("１２３", 123.0, FULL_WIDTH),
            ("0 0 1 2 3", 123.0, 5),
            ("9007199254740991", 9_007_199_254_740_991.0, 0),
        ] {
            let number = gap(text).and_then(|(gap, _)| gap.number);
            assert_eq!(number, Some(Number { value, style }), "{text}");
        }
    }

    #[test]
    fn an_expression_ends_on_its_line() {
        for open in ["{{n", "${n", "<?php n", "<%=n", "[!--n"] {
            let units = of(&format!("{open}\0}} ?> %> --]位"));
            assert!(read(&units, 0).is_none_or(|gap| gap.end == 0), "{open}");
        }
    }

    #[test]
    fn two_numbers_and_too_many_digits_are_no_gap() {
        for text in ["12 34", "12345678901234567", "1,2345", "12,345,67"] {
            let whole = gap(text).is_some_and(|(gap, _)| gap.end == text.len());
            assert!(!whole, "{text}");
        }
    }
}
