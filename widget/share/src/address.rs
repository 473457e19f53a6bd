//! The address of a network's share page, from its template and the facts of the article.
//!
//! A template's placeholders are `{url}`, `{title}`, `{summary}`, `{image}` and `{name}` (of the site); the
//! first letter is enough. Parts begin at `?`, `&` and `#`. Every value is encoded as `encodeURIComponent`
//! does. A part whose placeholders all come to nothing is left out, and what stands between two placeholders
//! stands only between two values.

use crate::graphemes;
use crate::text::{self, Reply};

/// What a title or summary may hold where a network sets no limit, in graphemes: with both in Chinese
/// characters, nine bytes each, the address stays under the 4 KB every server takes.
const DEFAULT_LIMIT: usize = 200;

/// Fills a template. `put` are the template, the address, the title, the summary, the picture and the site's
/// name, with a NUL between. `limit` is how many graphemes a title or summary may have; if it is negative, how
/// many it may have together with the address and a space; 0 is the default.
pub fn fill(put: &[u32], limit: i32, reply: &mut Reply) {
    let room = match limit {
        0 => DEFAULT_LIMIT,
        1.. => limit as usize,
        _ => (limit.unsigned_abs() as usize).saturating_sub(text::field(put, 1).len() + 1).max(1),
    };
    let mut filling =
        Filling { separator: b'?', part: 0, literal: 0, has_placeholder: false, has_value: false };
    let mut letter_is_next = false;
    let mut is_name = false;
    for character in text::field(put, 0) {
        let byte = *character as u8;
        if letter_is_next {
            letter_is_next = false;
            filling.write_fact(byte, put, room, reply);
        } else if is_name {
            is_name = byte != b'}';
        } else if byte == b'{' {
            (letter_is_next, is_name) = (true, true);
        } else {
            filling.write_literal(*character, reply);
        }
    }
    filling.end_part(reply);
}

/// How far a template has been filled.
struct Filling {
    /// What stands before the next parameter.
    separator: u8,
    /// Where in the reply the part began.
    part: usize,
    /// Where what follows the last placeholder began.
    literal: usize,
    has_placeholder: bool,
    has_value: bool,
}

impl Filling {
    /// Takes the part back if it has placeholders and no value.
    fn end_part(&mut self, reply: &mut Reply) {
        if self.has_placeholder && !self.has_value {
            reply.shorten(self.part);
        } else if reply.starts(self.part, self.separator) {
            self.separator = b'&';
        }
        (self.part, self.has_placeholder, self.has_value) = (reply.len(), false, false);
    }

    fn write_literal(&mut self, character: u32, reply: &mut Reply) {
        match character as u8 {
            b'?' | b'&' => {
                self.end_part(reply);
                reply.push(self.separator);
            }
            byte => {
                if byte == b'#' {
                    self.end_part(reply);
                }
                reply.push(byte);
            }
        }
    }

    /// Writes what a placeholder with this letter stands for.
    fn write_fact(&mut self, letter: u8, put: &[u32], room: usize, reply: &mut Reply) {
        let index = match letter {
            b'u' => 1,
            b't' => 2,
            b's' => 3,
            b'i' => 4,
            _ => 5,
        };
        let value = text::field(put, index);
        if self.has_placeholder && (value.is_empty() || !self.has_value) {
            reply.shorten(self.literal);
        }
        let length = if matches!(index, 2 | 3) { graphemes::shortened(value, room) } else { value.len() };
        for character in &value[..length] {
            reply.encode(*character);
        }
        if length < value.len() {
            reply.encode(0x2026); // an ellipsis
        }
        self.has_placeholder = true;
        self.has_value |= !value.is_empty();
        self.literal = reply.len();
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    const URL: &str = "https://example.cn/a?b=1&c=2#/d";
    const HOSTILE: &str = "A & B # 100% \"x\" 'y' <z> 你好\n😀";

    /// Fills a template with address, title, summary, picture and site.
    fn fill(template: &str, facts: &[&str], limit: i32) -> String {
        let joined = format!("{template}\0{}", facts.join("\0"));
        let mut reply = Reply::new();
        super::fill(&text::tests::of(&joined), limit, &mut reply);
        reply.as_text()
    }

    #[test]
    fn a_hostile_title_stays_one_parameter() {
        assert_eq!(
            fill("https://e.cn/s?url={u}&title={t}&pic={i}", &[URL, HOSTILE], 0),
            "https://e.cn/s?url=https%3A%2F%2Fexample.cn%2Fa%3Fb%3D1%26c%3D2%23%2Fd\
             &title=A%20%26%20B%20%23%20100%25%20%22x%22%20%27y%27%20%3Cz%3E%20%E4%BD%A0%E5%A5%BD%0A%F0%9F%98%80"
        );
    }

    #[test]
    fn half_a_character_does_no_harm() {
        let mut reply = Reply::new();
        reply.encode(0xd83d);
        assert_eq!(reply.as_text(), "%EF%BF%BD");
    }

    #[test]
    fn empty_facts_are_left_out() {
        assert_eq!(fill("https://e.cn/s?a={t}&b={u}&c={i}", &["v"], 0), "https://e.cn/s?b=v");
        assert_eq!(fill("https://e.cn/s?a={t}%20{u}", &["v"], 0), "https://e.cn/s?a=v");
        assert_eq!(fill("https://e.cn/#text={t}%20{u}", &["v", "T"], 0), "https://e.cn/#text=T%20v");
        let mail = "mailto:?subject={t}&body={t}%0D%0A{s}%0D%0A{u}";
        assert_eq!(fill(mail, &["v"], 0), "mailto:?body=v");
        assert_eq!(fill(mail, &["v", "T"], 0), "mailto:?subject=T&body=T%0D%0Av");
        assert_eq!(fill(mail, &["v", "T", "S"], 0), "mailto:?subject=T&body=T%0D%0AS%0D%0Av");
    }

    #[test]
    fn what_stands_around_placeholders_stays() {
        assert_eq!(
            fill("https://e.cn/s?a=1&text=Read:%20{title}!&u={url}", &["v", "T"], 0),
            "https://e.cn/s?a=1&text=Read:%20T!&u=v"
        );
        assert_eq!(fill("https://e.cn/{title}/x", &["v", "T"], 0), "https://e.cn/T/x");
        assert_eq!(fill("https://e.cn/", &["v"], 0), "https://e.cn/");
        assert_eq!(fill("", &["v"], 0), "");
    }

    #[test]
    fn a_broken_template_breaks_nothing_else() {
        for (template, filled) in [
            ("{", ""),
            ("a{", "a"),
            ("a{t", "aT"),
            ("a}{t}", "a}T"),
            ("{{t}}", ""),
            ("?", "?"),
            ("a?{other", "a"),
            ("a{x}b{t}", "aT"),
        ] {
            assert_eq!(fill(template, &["v", "T"], 0), filled, "{template}");
        }
    }

    #[test]
    fn a_text_is_cut_to_the_room_its_address_leaves() {
        let title = "你".repeat(500);
        let address = fill("b?text={t}%20{u}", &["https://example.cn/", &title], -300);
        assert_eq!(address.matches("%E4%BD%A0").count(), 300 - "https://example.cn/".len() - 1 - 1);
        assert!(address.ends_with("%E2%80%A6%20https%3A%2F%2Fexample.cn%2F"));
        let address = fill("b?u={u}&t={t}&s={s}", &[URL, &title, &title], 0);
        assert_eq!(address.matches("%E4%BD%A0").count(), 2 * (DEFAULT_LIMIT - 1));
        assert!(address.len() < 4096);
    }

    #[test]
    fn an_address_longer_than_the_limit_is_kept_whole() {
        let url = "a".repeat(400);
        assert!(fill("b?text={t}%20{u}", &[&url, "A title"], -300).ends_with(&url));
    }
}
