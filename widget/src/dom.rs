//! The page, as far as we touch it.

use crate::placeholder::is_filler;
use web_sys::{Document, Element};

/// Elements that match a selector.
pub fn all(document: &Document, selector: &str) -> Vec<Element> {
    use wasm_bindgen::JsCast;
    let Ok(list) = document.query_selector_all(selector) else { return Vec::new() };
    (0..list.length()).filter_map(|index| list.item(index)).filter_map(|node| node.dyn_into().ok()).collect()
}

/// Writes a number where it differs from what stands there, so that nothing repaints in vain.
pub fn write_number(element: &Element, number: u64) {
    let text = decimal(number);
    if element.text_content().as_deref() != Some(&text) {
        element.set_text_content(Some(&text));
    }
}

/// A number as digits, without the formatting machinery, which is larger than the rest of this file.
pub fn decimal(mut number: u64) -> String {
    let mut digits = Vec::new();
    loop {
        digits.insert(0, b'0' + (number % 10) as u8);
        number /= 10;
        if number == 0 {
            break;
        }
    }
    digits.into_iter().map(char::from).collect()
}

/// The number digits stand for; nothing for anything else.
pub fn parse(digits: &str) -> Option<u64> {
    if digits.is_empty() || digits.len() > 16 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(digits.bytes().fold(0, |number, byte| number * 10 + u64::from(byte - b'0')))
}

/// The number an element shows, if it shows nothing else.
pub fn shown_number(element: &Element) -> Option<u64> {
    parse(element.text_content()?.trim_matches(is_filler))
}

/// Tells the page's maintainer something, in the console.
pub fn note(message: &str) {
    web_sys::console::info_2(&"laifang:".into(), &message.into());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_and_numbers_are_each_other() {
        for number in [0, 7, 10, 1024, (1 << 53) - 1] {
            assert_eq!(decimal(number), number.to_string());
            assert_eq!(parse(&decimal(number)), Some(number));
        }
        assert_eq!(
            (parse(""), parse("1a"), parse("00012"), parse("12345678901234567")),
            (None, None, Some(12), None)
        );
    }
}
