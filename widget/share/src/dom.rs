//! Elements made and found, without a word of HTML.

use wasm_bindgen::JsCast;
use web_sys::{Document, Element, window};

/// The page.
pub fn document() -> Option<Document> {
    window()?.document()
}

/// A new element with attributes and text.
pub fn element(name: &str, attributes: &[(&str, &str)], text: &str) -> Option<Element> {
    let element = document()?.create_element(name).ok()?;
    set(&element, attributes);
    if !text.is_empty() {
        element.set_text_content(Some(text));
    }
    Some(element)
}

/// A new SVG element.
pub fn svg(name: &str, attributes: &[(&str, &str)]) -> Option<Element> {
    let element = document()?.create_element_ns(Some("http://www.w3.org/2000/svg"), name).ok()?;
    set(&element, attributes);
    Some(element)
}

fn set(element: &Element, attributes: &[(&str, &str)]) {
    for (name, value) in attributes {
        let _ = element.set_attribute(name, value);
    }
}

/// The first match of a selector; a bad selector matches nothing.
pub fn first(selector: &str) -> Option<Element> {
    document()?.query_selector(selector).ok().flatten()
}

/// Views an element as another class.
pub fn cast<T: JsCast>(element: Element) -> Option<T> {
    element.dyn_into().ok()
}
