//! What the switch says, in four languages.

/// A language it speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Traditional Chinese.
    Hant,
    /// Simplified Chinese.
    Hans,
    /// Japanese.
    Japanese,
    /// English, for everybody else.
    English,
}

/// Its questions, and what it says when the browser won't keep the answer.
#[derive(Debug)]
pub struct Words {
    /// Asks whether to stop counting.
    pub off: &'static str,
    /// Asks whether to count again.
    pub on: &'static str,
    /// Nothing was kept.
    pub failed: &'static str,
}

impl Language {
    /// The language of a BCP 47 tag.
    pub fn of_tag(tag: &str) -> Self {
        let tag = tag.to_ascii_lowercase();
        let is_hant =
            ["hant", "tw", "hk", "mo"].iter().any(|part| tag.split('-').any(|subtag| subtag == *part));
        match tag.split('-').next() {
            Some("zh") if is_hant => Self::Hant,
            Some("zh") => Self::Hans,
            Some("ja") => Self::Japanese,
            _ => Self::English,
        }
    }

    /// What it says.
    pub fn words(self) -> &'static Words {
        match self {
            Self::Hant => &Words {
                off: "不再把這個瀏覽器在本站的瀏覽計入人數？（瀏覽器會記下這個選擇）",
                on: "重新把這個瀏覽器在本站的瀏覽計入人數？",
                failed: "瀏覽器不允許記下這個選擇，設定沒有改變。",
            },
            Self::Hans => &Words {
                off: "不再把这个浏览器在本站的访问计入人数？（浏览器会记下这个选择）",
                on: "重新把这个浏览器在本站的访问计入人数？",
                failed: "浏览器不允许记下这个选择，设置没有改变。",
            },
            Self::Japanese => &Words {
                off: "このブラウザーでの閲覧を、このサイトの訪問者数に含めないようにしますか？（この選択はブラウザーに保存されます）",
                on: "このブラウザーでの閲覧を、再び訪問者数に含めますか？",
                failed: "ブラウザーがこの選択の保存を許可していないため、設定は変わっていません。",
            },
            Self::English => &Words {
                off: "Stop counting this browser's visits to this site? (The browser will remember this choice.)",
                on: "Count this browser's visits to this site again?",
                failed: "The browser does not let us keep this choice; nothing has changed.",
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_names_its_language() {
        for (tag, expected) in [
            ("zh-Hant", Language::Hant),
            ("zh-TW", Language::Hant),
            ("zh-Hant-HK", Language::Hant),
            ("zh", Language::Hans),
            ("ZH-cn", Language::Hans),
            ("ja-JP", Language::Japanese),
            ("en", Language::English),
            ("", Language::English),
        ] {
            assert_eq!(Language::of_tag(tag), expected, "{tag}");
        }
    }
}
