//! Text as the page has it: UTF-16 code units, compared with words that were turned into units at compile time.
//!
//! Offsets mean the same here and in the page's own strings, nothing is decoded, and no text crosses back.
//! A line is folded first: Traditional and Japanese forms to Simplified, capitals to small letters, one unit
//! to one unit, so that each word stands once in the tables. U+FFFC stands for a picture, frame or other dead
//! counter, U+FFFB for an inline element without anything in it. Out of scope: what the words mean.

use core::num::NonZeroUsize;

/// Stands for what may not be touched or can't be read: no gap goes up to it.
pub const WALL: u16 = 0xfffd;
/// Stands for `<br>`.
pub const BREAK: u16 = 0x2028;
/// What closes each word of a table.
const BAR: u16 = b'|' as u16;

/// A table of words, `"a|b|c"`, as UTF-16 with a bar after each word.
macro_rules! words {
    ($text:expr) => {{
        const UNITS: [u16; $crate::text::length($text) + 1] = $crate::text::utf16($text);
        &UNITS as &'static [u16]
    }};
}
pub(crate) use words;

/// How many units a text of the Basic Multilingual Plane has.
pub const fn length(text: &str) -> usize {
    let (bytes, mut at, mut units) = (text.as_bytes(), 0, 0);
    while at < bytes.len() {
        units += (bytes[at] & 0xc0 != 0x80) as usize;
        at += 1;
    }
    units
}

/// The units of a text of the Basic Multilingual Plane, and a bar.
pub const fn utf16<const UNITS: usize>(text: &str) -> [u16; UNITS] {
    let bytes = text.as_bytes();
    let (mut units, mut at, mut unit) = ([BAR; UNITS], 0, 0);
    while at < bytes.len() {
        let byte = bytes[at] as u16;
        let (value, size) = match bytes[at] {
            0..0x80 => (byte, 1),
            0x80..0xe0 => ((byte & 0x1f) << 6 | (bytes[at + 1] & 0x3f) as u16, 2),
            _ => (byte << 12 | ((bytes[at + 1] & 0x3f) as u16) << 6 | (bytes[at + 2] & 0x3f) as u16, 3),
        };
        units[unit] = value;
        at += size;
        unit += 1;
    }
    units
}

/// Where the longest word of a table that stands at `at` ends. (Never 0: fits a register of wasm.)
pub fn word(text: &[u16], at: usize, words: &[u16]) -> Option<NonZeroUsize> {
    let (mut end, mut next, mut alive) = (None, at, true);
    for &unit in words {
        if unit == BAR {
            if alive && end.is_none_or(|end: NonZeroUsize| end.get() < next) {
                end = NonZeroUsize::new(next);
            }
            (next, alive) = (at, true);
        } else if alive {
            alive = text.get(next) == Some(&unit);
            next += 1;
        }
    }
    end
}

/// Whether a word of a table stands at `at`.
pub fn is_at(text: &[u16], at: usize, words: &[u16]) -> bool {
    word(text, at, words).is_some()
}

/// Where `text` goes on after as many words of a table as stand at `at`.
pub fn skip(text: &[u16], mut at: usize, words: &[u16]) -> usize {
    while let Some(end) = word(text, at, words) {
        at = end.get();
    }
    at
}

/// Where the spaces that stand at `at` end.
pub fn skip_spaces(text: &[u16], mut at: usize) -> usize {
    while is_space(unit(text, at)) {
        at += 1;
    }
    at
}

/// The unit at `at`; 0 beyond the end.
pub fn unit(text: &[u16], at: usize) -> u16 {
    text.get(at).copied().unwrap_or(0)
}

/// Each form, followed by the one it is folded to.
const FOLDED: &[u16] = words!(
    "來来訪访問问貴贵賓宾讀读戶户遊游瀏浏覽览覧览網网們们臨临個个參参観观觀观進进點点擊击閱阅閲阅數数總总歷历線线頁页親亲愛爱緣缘運运論论壇坛為为將将現现計计載载統统\
    經经組组協协閣阁誰谁見见說说認认覺觉氣气這这裡里裏里館馆號号當当該该間间妳你積积"
);

/// Folds a line in place.
pub fn fold(line: &mut [u16]) {
    for unit in line {
        if let b'A'..=b'Z' = *unit as u8
            && *unit < 0x80
        {
            *unit += 0x20;
        } else if *unit > 0xff {
            let pair = FOLDED.chunks_exact(2).find(|pair| pair[0] == *unit);
            *unit = pair.map_or(*unit, |pair| pair[1]);
        }
    }
}

/// Spaces of every width; they stay beside a number.
pub fn is_space(unit: u16) -> bool {
    matches!(unit, 0x20 | 9..=13 | 0xa0 | 0x2000..=0x200b | BREAK | 0x202f | 0x3000 | 0xfeff)
}

/// A letter or digit of the Latin alphabet.
pub fn is_latin(unit: u16) -> bool {
    matches!(unit, 0x30..=0x39 | 0x61..=0x7a)
}

/// What ends a sentence or a part of one.
pub fn is_stop(text: &[u16], at: usize) -> bool {
    at >= text.len() || is_at(text, at, words!("。|，|,|！|!|？|?|；|;|、|：|:|\u{2028}|\u{fffc}|\u{fffb}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_utf16_and_the_longest_counts() {
        let text: Vec<u16> = "访客人数".encode_utf16().collect();
        assert_eq!(words!("a|é|访"), "a|é|访|".encode_utf16().collect::<Vec<_>>());
        assert_eq!(word(&text, 0, words!("访|访客人|访客|访问")), NonZeroUsize::new(3));
        assert_eq!(word(&text, 1, words!("客|问")), NonZeroUsize::new(2));
        assert_eq!(word(&text, 0, words!("客|问")), None);
        assert_eq!(word(&text, 9, words!("客")), None);
        assert_eq!(skip(&text, 0, words!("访|客")), 2);
    }

    #[test]
    fn folding_keeps_every_offset() {
        let mut line: Vec<u16> = "您是第 ABC位訪問者😀".encode_utf16().collect();
        let length = line.len();
        fold(&mut line);
        assert_eq!(String::from_utf16(&line).unwrap(), "您是第 abc位访问者😀");
        assert_eq!(line.len(), length);
    }
}
