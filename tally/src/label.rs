//! Text that is drawn into a picture: made harmless, measured and escaped.
//!
//! A picture can't ask the browser how wide a text is, so widths come from a table: Latin as Helvetica has
//! it, everything Chinese or Japanese one em. Out of scope: where the text goes (`badge`).

use unicode_width::UnicodeWidthChar;

/// Longest label, in characters.
pub const MAX_LABEL_CHARS: usize = 64;
/// An em in the units of the table.
const EM: u32 = 1000;
/// A character the table doesn't know and that isn't wide.
const NARROW: u32 = 600;

/// Widths of U+0020 to U+007E in thousandths of an em.
const LATIN: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
    500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
    556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
    278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// The text without what can't be seen or turns other text around, on one line, capped at
/// [`MAX_LABEL_CHARS`].
#[must_use]
pub fn clean(text: &str) -> String {
    let visible: String =
        text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !is_hidden(*c)).collect();
    let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut capped: String = line.chars().take(MAX_LABEL_CHARS).collect();
    if capped.len() < line.len() {
        capped.pop();
        capped.push('…');
    }
    capped
}

/// Controls, marks of direction, invisible format characters, and what XML forbids.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}'
            | '\u{e0000}'..='\u{e007f}')
}

/// The width of `text` at `font_px`, in pixels, rounded up.
#[must_use]
pub fn width_px(text: &str, font_px: u32) -> u32 {
    let units: u32 = text.chars().map(width).fold(0, u32::saturating_add);
    units.saturating_mul(font_px).div_ceil(EM)
}

fn width(c: char) -> u32 {
    let latin = u32::from(c).checked_sub(0x20).and_then(|at| LATIN.get(usize::try_from(at).ok()?));
    match (latin, c.width()) {
        (Some(width), _) => u32::from(*width),
        (None, Some(0)) => 0,
        (None, Some(2)) => EM,
        _ => NARROW,
    }
}

/// The text as it may stand in an element or in a quoted attribute.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_cannot_be_seen_is_left_out() {
        assert_eq!(clean(" a\u{0}b\n\tc\u{202e}d\u{2066}e\u{200b}f\u{feff} "), "ab cdef");
        assert_eq!(clean("訪客　數"), "訪客 數");
        assert_eq!(clean("\u{202e}\u{7}"), "");
    }

    #[test]
    fn a_label_is_capped() {
        assert_eq!(clean(&"訪".repeat(64)), "訪".repeat(64));
        let capped = clean(&"訪".repeat(65));
        assert_eq!((capped.chars().count(), capped.ends_with('…')), (64, true));
    }

    #[test]
    fn chinese_is_one_em_and_digits_are_a_little_over_half() {
        assert_eq!(width_px("訪客", 10), 20);
        assert_eq!(width_px("1234567890", 100), 556);
        assert_eq!(width_px("il", 1000), 444);
        assert_eq!(width_px("e\u{301}", 1000), 556, "a combining accent takes no room");
        assert_eq!(width_px("é", 1000), 600);
        assert_eq!(width_px("", 10), 0);
    }

    proptest! {
        #[test]
        fn nothing_escapes(text in "\\PC*|[<>&'\"]{0,20}") {
            let escaped = escape(&clean(&text));
            prop_assert!(!escaped.contains(['<', '>', '"', '\'']));
            prop_assert!(escaped.split('&').skip(1).all(|rest| rest.contains(';')));
        }
    }
}
