//! Text as it crosses the border to JavaScript: character by character, so that neither side needs a decoder.

/// What a reply may hold: twelve times the longest text of one character a grapheme, with room for the rest.
const MAX_REPLY_BYTES: usize = 16_384;

/// An ASCII text that is read byte by byte.
pub struct Reply {
    bytes: [u8; MAX_REPLY_BYTES],
    length: usize,
}

impl Reply {
    /// An empty one.
    pub const fn new() -> Self {
        Self { bytes: [0; MAX_REPLY_BYTES], length: 0 }
    }

    /// The byte at an index; 0 beyond the end.
    pub fn byte(&self, index: usize) -> u8 {
        if index < self.length { self.bytes[index] } else { 0 }
    }

    /// Adds a byte. What would not fit is dropped.
    pub fn push(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(self.length) {
            *place = byte;
            self.length += 1;
        }
    }

    /// How many bytes it has.
    pub fn len(&self) -> usize {
        self.length
    }

    /// Takes back what was added after the first `length` bytes.
    pub fn shorten(&mut self, length: usize) {
        self.length = self.length.min(length);
    }

    /// Whether this byte stands at an index.
    pub fn starts(&self, index: usize, byte: u8) -> bool {
        self.byte(index) == byte
    }

    /// Adds a character as `encodeURIComponent` does. An apostrophe, which ends an attribute in careless
    /// hands, is encoded too; half a surrogate pair becomes the replacement character.
    pub fn encode(&mut self, character: u32) {
        let character = char::from_u32(character).unwrap_or(char::REPLACEMENT_CHARACTER);
        if character.is_ascii_alphanumeric()
            || matches!(character, '-' | '_' | '.' | '!' | '~' | '*' | '(' | ')')
        {
            return self.push(character as u8);
        }
        let mut bytes = [0; 4];
        for byte in character.encode_utf8(&mut bytes).bytes() {
            self.push(b'%');
            self.push_digit(byte >> 4);
            self.push_digit(byte & 15);
        }
    }

    fn push_digit(&mut self, digit: u8) {
        self.push(digit + if digit < 10 { b'0' } else { b'A' - 10 });
    }

    #[cfg(test)]
    pub fn as_text(&self) -> String {
        String::from_utf8(self.bytes[..self.length].to_vec()).unwrap()
    }
}

/// The field with this index of a text whose fields stand between NULs; empty if there is none.
pub fn field(text: &[u32], index: usize) -> &[u32] {
    let (mut start, mut fields) = (0, 0);
    for (at, character) in text.iter().enumerate() {
        if *character == 0 {
            if fields == index {
                return &text[start..at];
            }
            fields += 1;
            start = at + 1;
        }
    }
    if fields == index { &text[start..] } else { &[] }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A text as JavaScript hands it over.
    pub fn of(text: &str) -> Vec<u32> {
        text.chars().map(u32::from).collect()
    }

    #[test]
    fn fields_that_are_not_there_are_empty() {
        let text = of("a\0\0bc");
        assert_eq!([0, 1, 2, 3, 9].map(|index| field(&text, index).len()), [1, 0, 2, 0, 0]);
    }

    #[test]
    fn a_reply_that_is_full_drops_the_rest() {
        let mut reply = Reply::new();
        (0..MAX_REPLY_BYTES + 10).for_each(|_| reply.push(b'a'));
        assert_eq!(reply.as_text().len(), MAX_REPLY_BYTES);
        assert_eq!(reply.byte(MAX_REPLY_BYTES), 0);
        reply.shorten(0);
        assert_eq!(reply.byte(0), 0);
    }

    #[test]
    fn every_character_is_encoded_as_utf_8() {
        for character in ["é", "߿", "ࠀ", "好", "￿", "𐀀", "😀", "\u{10ffff}", "\"", "\0", "~"] {
            let mut reply = Reply::new();
            of(character).iter().for_each(|character| reply.encode(*character));
            let expected: String = match character {
                "~" => "~".into(),
                _ => character.bytes().map(|byte| format!("%{byte:02X}")).collect(),
            };
            assert_eq!(reply.as_text(), expected);
        }
    }
}
