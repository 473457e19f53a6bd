//! Everything the box says, as a native reader expects it.

/// The languages the box speaks, in the order of every table of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Simplified Chinese.
    Simplified,
    /// Traditional Chinese.
    Traditional,
    /// English, and whatever else a page is in.
    English,
}

/// The box's words in one language.
#[derive(Debug, PartialEq, Eq)]
pub struct Words {
    /// Before the networks.
    pub share_to: &'static str,
    /// Under the QR code.
    pub scan: &'static str,
    /// Once the address is on the clipboard.
    pub copied: &'static str,
    /// When something did not work.
    pub failed: &'static str,
    /// The dialog's button.
    pub close: &'static str,
    /// The button that copies.
    pub copy: &'static str,
    /// When the address is too long for a code.
    pub too_long: &'static str,
}

impl Language {
    /// From a language tag such as `zh-TW`.
    pub fn of_tag(tag: &str) -> Self {
        let tag = tag.to_ascii_lowercase();
        let is_traditional =
            ["hant", "tw", "hk", "mo"].iter().any(|part| tag.split('-').any(|own| own == *part));
        match (tag.starts_with("zh"), is_traditional) {
            (true, true) => Self::Traditional,
            (true, false) => Self::Simplified,
            _ => Self::English,
        }
    }

    /// From a text's own characters, where a page does not say its language.
    pub fn of_text(text: &str) -> Self {
        const TRADITIONAL_ONLY: &str = "這個來們為國時說會與對過後點學發經電開關題請還讓從應";
        const SIMPLIFIED_ONLY: &str = "这个来们为国时说会与对过后点学发经电开关题请还让从应";
        let count = |set: &str| text.chars().filter(|char| set.contains(*char)).count();
        let han = text.chars().filter(|char| ('\u{4e00}'..='\u{9fff}').contains(char)).count();
        if han * 10 < text.chars().count() {
            return Self::English;
        }
        if count(TRADITIONAL_ONLY) > count(SIMPLIFIED_ONLY) { Self::Traditional } else { Self::Simplified }
    }

    /// Its words.
    pub fn words(self) -> &'static Words {
        match self {
            Self::Simplified => &SIMPLIFIED,
            Self::Traditional => &TRADITIONAL,
            Self::English => &ENGLISH,
        }
    }
}

const SIMPLIFIED: Words = Words {
    share_to: "分享到",
    scan: "微信扫一扫，分享给好友或朋友圈",
    copied: "链接已复制",
    failed: "没能完成，请重试",
    close: "关闭",
    copy: "复制链接",
    too_long: "网址太长，画不成二维码；请复制链接",
};

const TRADITIONAL: Words = Words {
    share_to: "分享到",
    scan: "用微信掃一掃，分享給好友或朋友圈",
    copied: "已複製連結",
    failed: "沒能完成，請再試一次",
    close: "關閉",
    copy: "複製連結",
    too_long: "網址太長，畫不成 QR 碼；請複製連結",
};

const ENGLISH: Words = Words {
    share_to: "Share",
    scan: "Scan with WeChat to share",
    copied: "Link copied",
    failed: "That didn't work. Please try again",
    close: "Close",
    copy: "Copy link",
    too_long: "The address is too long for a QR code. Please copy the link",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_names_the_script() {
        for (tag, language) in [
            ("zh", Language::Simplified),
            ("zh-CN", Language::Simplified),
            ("zh-TW", Language::Traditional),
            ("zh-Hant-HK", Language::Traditional),
            ("en", Language::English),
            ("fr", Language::English),
        ] {
            assert_eq!(Language::of_tag(tag), language, "{tag}");
        }
    }

    #[test]
    fn characters_name_the_script_where_no_tag_does() {
        assert_eq!(Language::of_text("這個時候來說"), Language::Traditional);
        assert_eq!(Language::of_text("这个时候来说"), Language::Simplified);
        assert_eq!(Language::of_text("An article"), Language::English);
    }
}
