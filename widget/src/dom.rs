//! The page, as far as we touch it.

use web_sys::{Document, Element};

/// Elements that match a selector.
pub fn all(document: &Document, selector: &str) -> Vec<Element> {
    use wasm_bindgen::JsCast;
    let Ok(list) = document.query_selector_all(selector) else { return Vec::new() };
    (0..list.length()).filter_map(|index| list.item(index)).filter_map(|node| node.dyn_into().ok()).collect()
}

/// Writes a number where it differs from what stands there, so that nothing repaints in vain.
pub fn write_number(element: &Element, number: u64) {
    let text = number.to_string();
    if element.text_content().as_deref() != Some(&text) {
        element.set_text_content(Some(&text));
    }
}

/// The number an element shows, if it shows nothing else.
pub fn shown_number(element: &Element) -> Option<u64> {
    element.text_content()?.trim().parse().ok()
}

/// Tells the page's maintainer something, in the console.
pub fn note(message: &str) {
    web_sys::console::info_1(&format!("laifang: {message}").into());
}
