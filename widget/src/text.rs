//! Text as the page has it: UTF-16 code units, compared with words that stand in tables of UTF-8.
//!
//! Offsets mean the same here and in the page's own strings, and no text crosses back. The tables are UTF-8 because
//! Brotli knows many of their words in it; they have no characters of two bytes. A line is folded first: Traditional and
//! Japanese forms to Simplified, capitals to small letters, spaces to one kind, one unit to one unit, so that each word
//! stands once in the tables. U+FFFC stands for a picture, frame or other dead counter, U+FFFB for an inline element
//! without anything in it. Out of scope: what the words mean.

use core::num::NonZeroUsize;

/// A longer line is read as far as this.
pub const MAX_UNITS: usize = 8192;
/// A line, or whatever else there is to be read: up to the first 0, which is there. (One address: wherever it is handed on
/// costs nothing.)
pub type Text = [u16; MAX_UNITS];

/// Stands for what may not be touched or can't be read: no gap goes up to it.
pub const WALL: u16 = 0xfffd;
/// Stands for `<br>`.
pub const BREAK: u16 = 0x2028;
/// What closes each word of a table.
const BAR: u32 = b'|' as u32;

/// A table of words, `"a|b|c"`, with a bar after each word.
macro_rules! words {
    ($text:literal) => {
        const { $crate::text::table(concat!($text, "|").as_bytes()) }
    };
}
pub(crate) use words;

/// A table as it is, once it is seen that no character of it has two bytes.
pub const fn table(words: &[u8]) -> &[u8] {
    let mut at = 0;
    while at < words.len() {
        assert!(words[at] < 0xc0 || words[at] >= 0xe0, "a character of two bytes");
        at += 1;
    }
    words
}

/// Where the longest word of a table that stands at `at` ends. (Never 0: fits a register of wasm.)
pub fn word(text: &Text, at: usize, words: &[u8]) -> Option<NonZeroUsize> {
    NonZeroUsize::new(find(text, at, words) & MAX_AT)
}

/// Which word of a table stands at `at`, by its number in the table, and where it ends.
pub fn which(text: &Text, at: usize, words: &[u8]) -> Option<(usize, usize)> {
    let found = find(text, at, words);
    (found > 0).then_some((found / (MAX_AT + 1), found & MAX_AT))
}

/// No line is as long.
const MAX_AT: usize = 0xffff;

/// The end of the longest word that stands at `at` and its number, in one register; 0 if there is none.
fn find(text: &Text, at: usize, words: &[u8]) -> usize {
    let (mut found, mut next, mut alive, mut read, mut number) = (0, at, true, 0, 0);
    for &byte in words {
        let byte = u32::from(byte);
        read = if byte & 0xc0 == 0x80 { read << 6 | byte & 0x3f } else { byte };
        // In the middle of a character.
        if matches!(read, 0x80..=0xffff) {
            continue;
        }
        if byte == BAR {
            if alive && found & MAX_AT < next {
                found = next | number;
            }
            (next, alive) = (at, true);
            number += MAX_AT + 1;
        } else if alive {
            alive = unit(text, next) == read as u16;
            next += 1;
        }
    }
    found
}

/// Whether a word of a table stands at `at`.
pub fn is_at(text: &Text, at: usize, words: &[u8]) -> bool {
    word(text, at, words).is_some()
}

/// Where `text` goes on after as many words of a table as stand at `at`.
pub fn skip(text: &Text, mut at: usize, words: &[u8]) -> usize {
    while let Some(end) = word(text, at, words) {
        at = end.get();
    }
    at
}

/// Where the spaces that stand at `at` end.
pub fn skip_spaces(text: &Text, mut at: usize) -> usize {
    while is_space(unit(text, at)) {
        at += 1;
    }
    at
}

/// The unit at `at`; 0 beyond the end.
pub fn unit(text: &Text, at: usize) -> u16 {
    text.get(at).copied().unwrap_or(0)
}

const FORMS: &str = "\
    來来訪访問问貴贵賓宾讀读戶户遊游瀏浏覽览覧览網网們们臨临個个參参観观觀观進进點点擊击閱阅閲阅數数總总歷历線线頁页親亲愛爱緣缘運运論论壇坛為为將将現现計计載载統统\
    經经組组協协閣阁誰谁見见說说認认覺觉氣气這这裡里裏里館馆號号當当該该間间妳你積积週周";

/// Each form, followed by the one it is folded to.
static FOLDED: [u16; FORMS.len() / 3] = utf16(FORMS);

/// The units of a text whose characters have three bytes each.
const fn utf16<const UNITS: usize>(text: &str) -> [u16; UNITS] {
    let (bytes, mut units, mut unit) = (text.as_bytes(), [0; UNITS], 0);
    while unit < UNITS {
        let at = unit * 3;
        units[unit] =
            (bytes[at] as u16) << 12 | ((bytes[at + 1] & 0x3f) as u16) << 6 | (bytes[at + 2] & 0x3f) as u16;
        unit += 1;
    }
    units
}

/// Folds a line in place.
pub fn fold(line: &mut Text) {
    for unit in line.iter_mut().take_while(|unit| **unit > 0) {
        *unit = match *unit {
            0x41..=0x5a => *unit + 0x20,
            BREAK => BREAK,
            // The tables have the other dot.
            0xb7 => 0x2022,
            other if is_space(other) => 0x20,
            other => FOLDED.chunks_exact(2).find(|pair| pair[0] == other).map_or(other, |pair| pair[1]),
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
pub fn is_stop(text: &Text, at: usize) -> bool {
    unit(text, at) == 0
        || is_at(text, at, words!("。|，|,|！|!|？|?|；|;|、|：|:|\u{2028}|\u{fffc}|\u{fffb}"))
}

#[cfg(test)]
pub fn of(text: &str) -> Box<Text> {
    let mut units: Vec<u16> = text.encode_utf16().collect();
    units.resize(MAX_UNITS, 0);
    units.try_into().unwrap()
}

#[cfg(test)]
pub fn length(text: &Text) -> usize {
    text.iter().position(|&unit| unit == 0).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_word_counts() {
        let text = of("访客人数");
        assert_eq!(word(&text, 0, words!("访|访客人|访客|访问")), NonZeroUsize::new(3));
        assert_eq!(word(&text, 1, words!("客|问")), NonZeroUsize::new(2));
        assert_eq!(word(&text, 0, words!("客|问")), None);
        assert_eq!(word(&text, 9, words!("客")), None);
        assert_eq!(skip(&text, 0, words!("访|客")), 2);
    }

    #[test]
    fn folding_keeps_every_offset() {
        let mut line = of("您是第\u{a0}ABC位訪問者😀");
        let before = length(&line);
        fold(&mut line);
        assert_eq!(String::from_utf16(&line[..before]).unwrap(), "您是第 abc位访问者😀");
        assert_eq!(length(&line), before);
    }
}
