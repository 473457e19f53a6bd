//! Where a box goes on a page that has none: after the article, or after the element the tag names.

use crate::dom;
use wasm_bindgen::prelude::*;
use web_sys::Element;

/// Where an article usually stands, best first.
const ARTICLES: &[&str] = &[
    "[itemprop=articleBody]",
    "article",
    "#article",
    ".article",
    "#content",
    ".content",
    ".article-content",
    ".post-content",
    ".entry-content",
    "main",
    "[role=main]",
];

/// Inserts a box as `data-share` asks, unless the page has one.
#[wasm_bindgen]
pub fn place(selector: &str) {
    if dom::first("laifang-share").is_some() {
        return;
    }
    let Some(share_box) = dom::element("laifang-share", &[], "") else { return };
    let anchor = if selector.is_empty() { article() } else { dom::first(selector) };
    let _ = match anchor {
        Some(cell) if cell.tag_name() == "TD" => cell.append_child(&share_box).map(|_| ()),
        Some(anchor) => anchor.after_with_node_1(&share_box),
        None if selector.is_empty() => match dom::document().and_then(|document| document.body()) {
            Some(body) => body.append_child(&share_box).map(|_| ()),
            None => Ok(()),
        },
        None => {
            web_sys::console::warn_1(&format!("laifang: data-share names no element: {selector}").into());
            Ok(())
        }
    };
}

fn article() -> Option<Element> {
    ARTICLES.iter().find_map(|selector| dom::first(selector))
}
