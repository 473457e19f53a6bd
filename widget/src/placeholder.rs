//! The page's own sentence, 「您是第 位來訪者」, found in plain text.
//!
//! A small grammar kept as data: opener, gap, counter word, and a noun that says visitor. The noun decides:
//! 您是第 3 位点赞的用户 is not ours. Pure: text in, offsets out; which nodes they fall on is `sentence`'s.

/// What stands before the gap, longest first.
const OPENERS: &[&str] = &[
    "您是本站的第",
    "你是本站的第",
    "您是本网站第",
    "您是本網站第",
    "您是本站第",
    "你是本站第",
    "您是本页第",
    "您是本頁第",
    "您是第",
    "你是第",
];

const COUNTER_WORDS: &[&str] = &["位", "個", "个", "名"];

/// What may stand between counter word and noun.
const CLAUSES: &[&str] = &[
    "",
    "訪問本站的",
    "访问本站的",
    "光臨本站的",
    "光临本站的",
    "來訪的",
    "来访的",
    "到訪的",
    "到访的",
    "尊貴的",
    "尊贵的",
];

const NOUNS: &[&str] = &[
    "來訪者",
    "来访者",
    "訪客",
    "访客",
    "訪問者",
    "访问者",
    "參觀者",
    "参观者",
    "瀏覽者",
    "浏览者",
    "來賓",
    "来宾",
    "貴賓",
    "贵宾",
    "嘉賓",
    "嘉宾",
    "讀者",
    "读者",
    "客人",
    "遊客",
    "游客",
    "來客",
    "来客",
    "貴客",
    "贵客",
    "朋友",
    "網友",
    "网友",
    "用戶",
    "用户",
    "使用者",
];

/// A place for the number, as byte offsets into the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// Where the gap begins: right after the opener.
    pub start: usize,
    /// Where it ends: right before the counter word.
    pub end: usize,
    /// The number that stands there, if one does.
    pub number: Option<Number>,
}

/// A number that stands in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number {
    /// Where its first digit stands.
    pub start: usize,
    /// Where its last digit ends.
    pub end: usize,
    /// What it says.
    pub value: u64,
}

/// More digits are no visitor's number, and would not fit.
const MAX_DIGITS: usize = 16;

/// The first sentence in `text` that asks for a visitor's number.
///
/// Compares at every character instead of searching: the standard library's search is larger than all this.
pub fn find(text: &str) -> Option<Gap> {
    text.char_indices().filter(|(_, char)| matches!(char, '您' | '你')).find_map(|(at, _)| {
        let opener = prefix(&text[at..], OPENERS)?;
        gap_at(text, at + opener)
    })
}

/// The number a text says, if it says nothing else.
pub fn number_alone(text: &str) -> Option<u64> {
    let gap = filler_and_digits(text, 0)?;
    gap.number.filter(|_| gap.end == text.len()).map(|number| number.value)
}

fn gap_at(text: &str, start: usize) -> Option<Gap> {
    let gap = filler_and_digits(text, start)?;
    let word = gap.end + prefix(&text[gap.end..], COUNTER_WORDS)?;
    let after = &text[filler_and_digits(text, word).filter(|gap| gap.number.is_none())?.end..];
    CLAUSES
        .iter()
        .filter_map(|clause| after.strip_prefix(clause))
        .any(|noun| prefix(noun, NOUNS).is_some())
        .then_some(gap)
}

/// The length of the first of `words` that `text` begins with.
fn prefix(text: &str, words: &[&str]) -> Option<usize> {
    words.iter().find(|word| text.starts_with(**word)).map(|word| word.len())
}

/// Reads on from `start` while there is nothing but filler and one number; two numbers are no gap of ours.
fn filler_and_digits(text: &str, start: usize) -> Option<Gap> {
    let mut gap = Gap { start, end: start, number: None };
    for char in text[start..].chars() {
        let next = gap.end + char.len_utf8();
        if char.is_ascii_digit() {
            let number = gap.number.get_or_insert(Number { start: gap.end, end: gap.end, value: 0 });
            if number.end != gap.end || next - number.start > MAX_DIGITS {
                return None;
            }
            number.end = next;
            number.value = number.value * 10 + u64::from(char as u32 - '0' as u32);
        } else if !is_filler(char) {
            break;
        }
        gap.end = next;
    }
    Some(gap)
}

/// What a gap with nothing in it is made of.
pub fn is_filler(char: char) -> bool {
    is_line(char)
        || matches!(char, ' ' | '\t'..='\r' | '\u{a0}' | '\u{2000}'..='\u{200b}' | '\u{3000}' | '\u{feff}')
}

/// What a gap is drawn with; a number takes its place.
pub fn is_line(char: char) -> bool {
    matches!(char, '_' | '＿')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str) -> Option<String> {
        find(text)
            .map(|gap| format!("{}[{}]{}", &text[..gap.start], &text[gap.start..gap.end], &text[gap.end..]))
    }

    #[test]
    fn an_empty_gap_before_a_visitor_is_found() {
        for (text, expected) in [
            ("您是第位來訪者", "您是第[]位來訪者"),
            ("歡迎光臨！您是第 位來訪者。", "歡迎光臨！您是第[ ]位來訪者。"),
            ("您是第\u{a0}\u{a0}位访客", "您是第[\u{a0}\u{a0}]位访客"),
            ("您是第\u{3000}位訪客", "您是第[\u{3000}]位訪客"),
            ("您是本站第\n 位访客", "您是本站第[\n ]位访客"),
            ("你是本站的第 个游客", "你是本站的第[ ]个游客"),
            ("您是第 位訪問本站的朋友", "您是第[ ]位訪問本站的朋友"),
            ("您是第____名读者", "您是第[____]名读者"),
            ("您是第一次来吗？您是第 位访客", "您是第一次来吗？您是第[ ]位访客"),
        ] {
            assert_eq!(filled(text).as_deref(), Some(expected));
        }
    }

    #[test]
    fn a_number_that_stands_is_read() {
        for (text, digits, value) in [
            ("您是第 1024 位訪客", "1024", 1024),
            ("您是第000123位访客", "000123", 123),
            ("您是第\u{a0}9007199254740991\u{3000}位訪客", "9007199254740991", 9_007_199_254_740_991),
        ] {
            let number = find(text).and_then(|gap| gap.number).unwrap();
            assert_eq!((&text[number.start..number.end], number.value), (digits, value));
        }
    }

    #[test]
    fn a_text_that_is_one_number_says_it() {
        for (text, expected) in [
            ("7", Some(7)),
            (" 1024\n", Some(1024)),
            ("", None),
            (" ", None),
            ("1 2", None),
            ("1,024", None),
            ("-", None),
            ("12345678901234567", None),
        ] {
            assert_eq!(number_alone(text), expected, "{text:?}");
        }
    }

    #[test]
    fn look_alikes_are_left_alone() {
        for text in [
            "您是第一次來訪",
            "每一位來訪者",
            "您是第 3 位点赞的用户",
            "您是第位集齐邮票的人",
            "您是本站的第52位会员",
            "您是第 12 34 位访客",
            "您是第 12345678901234567 位访客",
            "您是第 5 次访问",
            "您是第 位 3 访客",
            "您是第x位访客",
            "他是第 位訪客",
            "您是第 位",
            "您是第",
            "",
        ] {
            assert_eq!(filled(text), None, "{text}");
        }
    }
}
