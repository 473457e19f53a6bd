//! Counts as pictures: a badge of label and value, and a line of text. SVG as a string, nothing else.
//!
//! Colours are presentation attributes. Only what follows the reader's dark mode needs a style sheet, which
//! is always the same [`STYLE`], so that a Content-Security-Policy can name its hash and forbid any other.
//! Out of scope: which text (`words`), and over which wire.

use crate::label::{escape, width_px};
use crate::words::Language;

/// The style sheet of pictures that follow the reader's colour scheme.
pub const STYLE: &str = "@media(prefers-color-scheme:dark){.l{fill:#30363d}.lt,.t{fill:#e6edf3}.v{fill:#57c7ac}.vt{fill:#0b1f1a}}";

const FONT: &str = "system-ui,'PingFang SC','PingFang TC','Microsoft YaHei','Microsoft JhengHei','Noto Sans CJK SC',Helvetica,Arial,sans-serif";
const BADGE_FONT_PX: u32 = 13;
const BADGE_HEIGHT_PX: u32 = 24;
const BADGE_PADDING_PX: u32 = 8;
const LINE_FONT_PX: u32 = 16;
const LINE_HEIGHT_PX: u32 = 22;

/// Light or dark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the reader's system has it.
    #[default]
    Auto,
    /// For light pages.
    Light,
    /// For dark pages.
    Dark,
}

impl Theme {
    /// The theme of this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        match name {
            "auto" => Some(Self::Auto),
            "light" => Some(Self::Light),
            "dark" => Some(Self::Dark),
            _ => None,
        }
    }

    /// A fill: its colour in the light and in the dark, and its class where the reader decides.
    fn fill(self, class: &str, light: &str, dark: &str) -> String {
        match self {
            Self::Auto => format!("class=\"{class}\" fill=\"{light}\""),
            Self::Light => format!("fill=\"{light}\""),
            Self::Dark => format!("fill=\"{dark}\""),
        }
    }
}

/// A colour the owner chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Color([u8; 3]);

impl Color {
    /// Three or six hexadecimal digits, with or without `#`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').unwrap_or(text);
        let nibbles: Vec<u8> = digits
            .chars()
            .map(|digit| digit.to_digit(16).and_then(|value| u8::try_from(value).ok()))
            .collect::<Option<_>>()?;
        match *nibbles.as_slice() {
            [r, g, b] => Some(Self([r, g, b].map(|value| value.wrapping_mul(17)))),
            [r, s, g, h, b, c] => {
                Some(Self([(r, s), (g, h), (b, c)].map(|(high, low)| high.wrapping_shl(4) | low)))
            }
            _ => None,
        }
    }

    fn hex(self) -> String {
        let [r, g, b] = self.0;
        format!("#{r:02x}{g:02x}{b:02x}")
    }

    /// Black or white, whichever reads better on it (WCAG contrast).
    fn text_on_it(self) -> &'static str {
        let [r, g, b] = self.0.map(linear);
        let luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
        // Contrast with black beats contrast with white from here on.
        if luminance > 0.179 { "#000" } else { "#fff" }
    }
}

/// sRGB to linear light.
fn linear(channel: u8) -> f64 {
    let value = f64::from(channel) / 255.0;
    if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
}

/// How a picture looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Look {
    /// Light or dark.
    pub theme: Theme,
    /// Instead of the theme's own: the ground behind a badge's value, or the colour of a line.
    pub color: Option<Color>,
    /// The language of the text.
    pub language: Language,
}

/// A badge: the label (may be empty) and the value beside it. Both already [`crate::label::clean`].
#[must_use]
pub fn badge(label: &str, value: &str, look: Look) -> String {
    let (left, left_text_px) = part_px(label);
    let (right, right_text_px) = part_px(value);
    let width = left.saturating_add(right);
    let theme = look.theme;
    let (ground, ink) = match look.color {
        Some(color) => (format!("fill=\"{}\"", color.hex()), format!("fill=\"{}\"", color.text_on_it())),
        None => (theme.fill("v", "#0a6b58", "#57c7ac"), theme.fill("vt", "#fff", "#0b1f1a")),
    };
    let mut body = String::new();
    if left > 0 {
        let shape =
            format!("M4 0h{0}v{BADGE_HEIGHT_PX}H4a4 4 0 0 1-4-4V4a4 4 0 0 1 4-4z", left.saturating_sub(4));
        body.push_str(&format!("<path {} d=\"{shape}\"/>", theme.fill("l", "#e6e9ec", "#30363d")));
        let ink = theme.fill("lt", "#24292f", "#e6edf3");
        body.push_str(&text(BADGE_PADDING_PX, 17, BADGE_FONT_PX, &ink, label, left_text_px));
        let shape = format!("M{left} 0h{0}a4 4 0 0 1 4 4v16a4 4 0 0 1-4 4H{left}z", right.saturating_sub(4));
        body.push_str(&format!("<path {ground} d=\"{shape}\"/>"));
    } else {
        body.push_str(&format!("<rect {ground} width=\"{width}\" height=\"{BADGE_HEIGHT_PX}\" rx=\"4\"/>"));
    }
    let value_x = left.saturating_add(BADGE_PADDING_PX);
    body.push_str(&text(value_x, 17, BADGE_FONT_PX, &ink, value, right_text_px));
    let title = if label.is_empty() { value.to_owned() } else { format!("{label} {value}") };
    document(width, BADGE_HEIGHT_PX, &title, look, &body)
}

/// A line of text, to stand in a page's own text.
#[must_use]
pub fn line(sentence: &str, look: Look) -> String {
    let text_px = width_px(sentence, LINE_FONT_PX);
    let ink = match look.color {
        Some(color) => format!("fill=\"{}\"", color.hex()),
        None => look.theme.fill("t", "#24292f", "#e6edf3"),
    };
    let body = text(1, 17, LINE_FONT_PX, &ink, sentence, text_px);
    document(text_px.saturating_add(2), LINE_HEIGHT_PX, sentence, look, &body)
}

/// The width of a part with its padding, and of its text alone.
fn part_px(part: &str) -> (u32, u32) {
    let text_px = width_px(part, BADGE_FONT_PX);
    (if text_px == 0 { 0 } else { text_px.saturating_add(2 * BADGE_PADDING_PX) }, text_px)
}

/// `textLength` makes any font fit the width that was reckoned with.
fn text(x: u32, y: u32, font_px: u32, fill: &str, text: &str, text_px: u32) -> String {
    let text = escape(text);
    format!(
        "<text x=\"{x}\" y=\"{y}\" font-size=\"{font_px}\" {fill} textLength=\"{text_px}\" lengthAdjust=\"spacingAndGlyphs\">{text}</text>"
    )
}

fn document(width: u32, height: u32, title: &str, look: Look, body: &str) -> String {
    let style = match look.theme {
        Theme::Auto => format!("<style>{STYLE}</style>"),
        Theme::Light | Theme::Dark => String::new(),
    };
    let (language, title) = (look.language.tag(), escape(title));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\" xml:lang=\"{language}\" font-family=\"{FONT}\"><title>{title}</title>{style}{body}</svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_badge_is_as_wide_as_its_texts_and_their_padding() {
        let drawn = badge("本站访客数", "12", Look::default());
        // Five ems and two digits at 13 px: 65 and 15, each with 16 of padding.
        assert!(drawn.contains("width=\"112\" height=\"24\""), "{drawn}");
        assert!(drawn.contains("textLength=\"65\"") && drawn.contains("textLength=\"15\""), "{drawn}");
        assert!(drawn.contains("<title>本站访客数 12</title>"));
    }

    #[test]
    fn a_badge_without_a_label_is_its_value() {
        let drawn = badge("", "12", Look::default());
        assert!(drawn.contains("width=\"31\"") && drawn.contains("<title>12</title>"), "{drawn}");
    }

    #[test]
    fn only_the_readers_own_scheme_needs_a_style_sheet() {
        let look = |theme| Look { theme, ..Look::default() };
        assert!(badge("a", "1", look(Theme::Auto)).contains(STYLE));
        for (theme, ground) in [(Theme::Light, "#0a6b58"), (Theme::Dark, "#57c7ac")] {
            let drawn = badge("a", "1", look(theme));
            assert!(!drawn.contains("style") && !drawn.contains("class") && drawn.contains(ground));
        }
    }

    #[test]
    fn hostile_text_stays_text() {
        for text in [
            "</title><script>alert(1)</script>",
            "\" onload=\"alert(1)",
            "]]><!--",
            "&lt;<![CDATA[x]]>",
            "<image href='http://other.example/x.png'/>",
        ] {
            let drawn = badge(text, text, Look::default());
            let tags: Vec<&str> = drawn
                .split('<')
                .skip(1)
                .map(|tag| tag.split([' ', '>']).next().unwrap_or_default())
                .collect();
            let expected = [
                "svg", "title", "/title", "style", "/style", "path", "text", "/text", "path", "text",
                "/text", "/svg",
            ];
            assert_eq!(tags, expected, "{text}");
            assert!(!drawn.contains(" onload=\""));
        }
    }

    #[test]
    fn colours_are_hexadecimal_and_text_on_them_readable() {
        assert_eq!(Color::parse("0af"), Color::parse("#00AAFF"));
        assert_eq!(Color::parse("0af").map(Color::hex).as_deref(), Some("#00aaff"));
        for bad in ["", "red", "12345", "1234567", "url(#a)", "é12", "#"] {
            assert_eq!(Color::parse(bad), None, "{bad}");
        }
        for (ground, ink) in
            [("fff", "#000"), ("ff0", "#000"), ("000", "#fff"), ("00f", "#fff"), ("777", "#000")]
        {
            assert_eq!(Color::parse(ground).map(Color::text_on_it), Some(ink), "{ground}");
        }
    }

    #[test]
    fn a_line_is_the_sentence() {
        let drawn =
            line("您是第 7 位訪客", Look { language: Language::TraditionalChinese, ..Look::default() });
        assert!(drawn.contains("xml:lang=\"zh-Hant\"") && drawn.contains("<title>您是第 7 位訪客</title>"));
        // Six ems, a digit and two spaces at 16 px, and a pixel on each side.
        assert!(drawn.contains("width=\"116\""), "{drawn}");
    }
}
