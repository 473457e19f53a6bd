//! The page, as far as we touch it.

use crate::placeholder;
use core::sync::atomic::{AtomicBool, Ordering};
use wasm_bindgen::JsCast;
use web_sys::{Document, Element};

/// Elements that match a selector.
pub fn all(document: &Document, selector: &str) -> impl Iterator<Item = Element> {
    let list = document.query_selector_all(selector).ok();
    (0..).map_while(move |index| list.as_ref()?.item(index)).map(JsCast::unchecked_into)
}

/// Writes a number where it differs from what stands there, so that nothing repaints in vain.
pub fn write_number(element: &Element, number: u64) {
    let text = decimal(number);
    if element.text_content().as_deref() != Some(&text) {
        element.set_text_content(Some(&text));
    }
}

/// A number as digits, without the formatting machinery, which is larger than the rest of this file.
pub fn decimal(number: u64) -> String {
    let mut digits = String::new();
    push_decimal(&mut digits, number);
    digits
}

fn push_decimal(digits: &mut String, number: u64) {
    if number > 9 {
        push_decimal(digits, number / 10);
    }
    digits.push(char::from(b'0' + (number % 10) as u8));
}

/// The number an element shows, if it shows nothing else.
pub fn shown_number(element: &Element) -> Option<u64> {
    placeholder::number_alone(&element.text_content()?)
}

/// Tells the page's maintainer something, in the console: one line, however often a page is filled.
pub fn note(message: &str) {
    static TOLD: AtomicBool = AtomicBool::new(false);
    if !TOLD.swap(true, Ordering::Relaxed) {
        web_sys::console::info_1(&message.into());
    }
}

/// Tells how to go on from a larger number.
pub fn note_larger() {
    note(
        "laifang: the page shows a larger number than the counter has; import it as the start to let us go on from it",
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_written_in_its_digits() {
        for number in [0, 7, 10, 1024, (1 << 53) - 1] {
            assert_eq!(decimal(number), number.to_string());
        }
    }
}
