//! The facts of the article, read when they are needed: what the box says, then what the page says.

use crate::dom;
use crate::targets::Article;
use crate::words::Language;
use web_sys::Element;

/// Reads them.
pub fn read(host: &Element) -> Article {
    Article {
        url: given(host, "url")
            .map(absolute)
            .or_else(|| linked("link[rel=canonical]", "href").map(absolute))
            .or_else(|| meta("og:url").map(absolute))
            .unwrap_or_else(own_address),
        title: given(host, "title").or_else(|| meta("og:title")).or_else(page_title).unwrap_or_default(),
        summary: given(host, "summary")
            .or_else(|| meta("og:description"))
            .or_else(|| meta("description"))
            .unwrap_or_default(),
        image: given(host, "image").or_else(|| meta("og:image")).map(absolute).unwrap_or_default(),
    }
}

/// The language of the box: its own attribute, the nearest `lang`, or the page's characters.
pub fn language(host: &Element) -> Language {
    let nearest = || host.closest("[lang]").ok().flatten().and_then(|element| element.get_attribute("lang"));
    match given(host, "lang").or_else(nearest).filter(|tag| !tag.is_empty()) {
        Some(tag) => Language::of_tag(&tag),
        None => Language::of_text(&page_title().unwrap_or_default()),
    }
}

fn given(host: &Element, name: &str) -> Option<String> {
    host.get_attribute(name).filter(|value| !value.trim().is_empty())
}

fn meta(name: &str) -> Option<String> {
    linked(&format!("meta[property=\"{name}\"],meta[name=\"{name}\"]"), "content")
}

fn linked(selector: &str, attribute: &str) -> Option<String> {
    dom::first(selector)?
        .get_attribute(attribute)
        .map(|value| value.trim().to_owned())
        .filter(|value| !value.is_empty())
}

fn page_title() -> Option<String> {
    Some(dom::document()?.title()).filter(|title| !title.is_empty())
}

/// The page's address without the place on it.
fn own_address() -> String {
    let href = web_sys::window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    match href.split_once('#') {
        Some((page, route)) if !route.starts_with('/') && !route.starts_with("!/") => page.to_owned(),
        _ => href,
    }
}

/// A relative address made absolute, by the page's own rules.
fn absolute(address: String) -> String {
    use wasm_bindgen::JsCast;
    dom::element("a", &[("href", &address)], "")
        .and_then(|link| js_sys::Reflect::get(link.unchecked_ref(), &"href".into()).ok())
        .and_then(|href| href.as_string())
        .filter(|href| !href.is_empty())
        .unwrap_or(address)
}
