//! Where a text may be cut: between what a reader sees as characters.
//!
//! Rules of Unicode's extended grapheme clusters for what titles hold: combining marks, Indic and Thai vowel
//! signs, Hangul letters, emoji with skin tones, joiners and flags. The full tables are ten times the budget.

const JOINER: u32 = 0x200d;

/// First and last of the characters that belong to the one before them; the last range, which is beyond 16
/// bits, is in `extends`.
const EXTENDING: [[u16; 2]; 14] = [
    [0x300, 0x36f],
    [0x591, 0x5c7],
    [0x64b, 0x65f],
    [0x900, 0x903],
    [0x93a, 0x94f],
    [0xe31, 0xe31],
    [0xe33, 0xe3a],
    [0xe47, 0xe4e],
    [0x1160, 0x11ff],
    [0x1ab0, 0x1aff],
    [0x200d, 0x200d],
    [0x20d0, 0x20ff],
    [0x3099, 0x309a],
    [0xfe00, 0xfe0f],
];

fn extends(character: u32) -> bool {
    let is_within = |[first, last]: &[u16; 2]| (u32::from(*first)..=u32::from(*last)).contains(&character);
    EXTENDING.iter().any(is_within) || matches!(character, 0x1f3fb..=0x1f3ff | 0xe0020..=0xe01ef)
}

/// Characters of a text that fit in `limit` graphemes: all of them, or as many as leave room for an ellipsis.
pub fn shortened(text: &[u32], limit: usize) -> usize {
    let (mut graphemes, mut end, mut flags) = (0, 0, 0);
    for (at, character) in text.iter().enumerate() {
        let is_flag = matches!(character, 0x1f1e6..=0x1f1ff);
        let follows =
            extends(*character) || (at > 0 && text[at - 1] == JOINER) || (is_flag && flags % 2 == 1);
        flags = if is_flag { flags + 1 } else { 0 };
        if at > 0 && follows {
            continue;
        }
        graphemes += 1;
        if graphemes == limit {
            end = at;
        }
        if graphemes > limit {
            return end;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use crate::text::tests::of;

    fn shortened(text: &str, limit: usize) -> String {
        let length = super::shortened(&of(text), limit);
        text.chars().take(length).collect()
    }

    #[test]
    fn what_fits_is_left_alone() {
        assert_eq!(shortened("你好", 2), "你好");
        assert_eq!(shortened("", 1), "");
    }

    #[test]
    fn a_cut_leaves_room_for_the_ellipsis() {
        assert_eq!(shortened("你好吗", 2), "你");
        assert_eq!(shortened("abc", 1), "");
    }

    #[test]
    fn a_cut_never_falls_within_a_character_as_a_reader_sees_it() {
        for whole in ["👩‍👩‍👧", "👍🏽", "🇨🇳", "é", "ก็", "が", "☎️", "नि"]
        {
            let text = format!("a{whole}bc");
            assert_eq!(shortened(&text, 3), format!("a{whole}"), "{whole}");
            assert_eq!(shortened(&text, 2), "a", "{whole}");
            assert_eq!(shortened(&text, 4), text, "{whole}");
        }
        assert_eq!(shortened("🇨🇳🇯🇵🇰🇷", 2), "🇨🇳");
    }
}
