//! Labels that strangers choose, drawn into pictures.

use laifang_tally::badge::{Color, Look, Theme, badge, line};
use laifang_tally::label::{MAX_LABEL_CHARS, clean, width_px};
use laifang_tally::words::Language;
use roxmltree::Document;

const ELEMENTS: [&str; 7] = ["svg", "title", "style", "path", "rect", "text", "g"];

/// A picture is well-formed XML of our elements, and says the label as text and nothing else of it.
pub fn check(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let mut parts = text.split('\n');
    let mut next = || parts.next().unwrap_or_default();
    let look = Look {
        theme: Theme::of_name(next()).unwrap_or_default(),
        color: Color::parse(next()),
        language: Language::of_tag(next()),
    };
    let (label, value) = (clean(next()), clean(next()));
    for text in [&label, &value] {
        assert!(text.chars().count() <= MAX_LABEL_CHARS && clean(text) == *text, "clean is clean");
    }
    // A label without width, such as an accent alone, is left to the title.
    let drawn = if width_px(&label, 13) > 0 { &*label } else { "" };
    check_picture(&badge(&label, &value, look), &[drawn, &value]);
    check_picture(&line(&value, look), &[&value]);
}

fn check_picture(picture: &str, texts: &[&str]) {
    let document = Document::parse(picture).unwrap_or_else(|error| panic!("{error}: {picture}"));
    let mut drawn = String::new();
    for element in document.descendants().filter(|node| node.is_element()) {
        let name = element.tag_name().name();
        assert!(ELEMENTS.contains(&name), "<{name}> is not ours: {picture}");
        for attribute in element.attributes() {
            let is_safe = !attribute.name().starts_with("on") && attribute.name() != "href";
            assert!(is_safe, "{} is not ours: {picture}", attribute.name());
        }
        if name == "text" {
            drawn.push_str(element.text().unwrap_or_default());
        }
    }
    assert_eq!(drawn, texts.concat(), "the picture shows the text: {picture}");
}
