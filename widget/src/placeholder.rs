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
    pub number: Option<u64>,
}

/// The first sentence in `text` that asks for a visitor's number.
///
/// Compares at every character instead of searching: the standard library's search is larger than all this.
pub fn find(text: &str) -> Option<Gap> {
    text.char_indices().filter(|(_, char)| matches!(char, '您' | '你')).find_map(|(at, _)| {
        let rest = &text[at..];
        let opener = OPENERS.iter().find(|opener| rest.starts_with(**opener))?;
        gap_at(text, at + opener.len())
    })
}

fn gap_at(text: &str, start: usize) -> Option<Gap> {
    let rest = &text[start..];
    let content = rest.find(|char: char| !is_filler(char) && !char.is_ascii_digit())?;
    let after = &rest[content..];
    let word = COUNTER_WORDS.iter().find(|word| after.starts_with(**word))?;
    let clause_and_noun = after[word.len()..].trim_start_matches(is_filler);
    let is_visitor = CLAUSES.iter().any(|clause| {
        clause_and_noun
            .strip_prefix(clause)
            .is_some_and(|noun| NOUNS.iter().any(|known| noun.starts_with(known)))
    });
    let shown = rest[..content].trim_matches(is_filler);
    let number = match shown {
        "" => None,
        digits => Some(crate::dom::parse(digits)?),
    };
    is_visitor.then_some(Gap { start, end: start + content, number })
}

/// What a gap with nothing in it is made of.
pub fn is_filler(char: char) -> bool {
    matches!(char, ' ' | '\t'..='\r' | '\u{a0}' | '\u{2000}'..='\u{200b}' | '\u{3000}' | '\u{feff}' | '_' | '＿')
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
        assert_eq!(find("您是第 1024 位訪客").and_then(|gap| gap.number), Some(1024));
        assert_eq!(find("您是第000123位访客").and_then(|gap| gap.number), Some(123));
    }

    #[test]
    fn look_alikes_are_left_alone() {
        for text in [
            "您是第一次來訪",
            "每一位來訪者",
            "您是第 5 次访问",
            "您是第 3 位点赞的用户",
            "您是第位集齐邮票的人",
            "您是本站的第52位会员",
            "您是第 12 34 位访客",
            "您是第 位",
            "您是第",
            "",
        ] {
            assert_eq!(filled(text), None, "{text}");
        }
    }
}
