//! The order in which a page is filled, and the numbers it is filled with.

use crate::{elements, replaced, sentence};
use gloo::events::EventListener;
use js_sys::Reflect;
use wasm_bindgen::prelude::*;

/// The reply of a hit, as it came.
#[derive(Clone)]
pub struct Counts(JsValue);

impl Counts {
    /// The number a metric stands for (`site.views-today`, say), if the reply has it.
    pub fn metric(&self, metric: &str) -> Option<u64> {
        let mut value = self.0.clone();
        for name in metric.split('.') {
            let name: String = name.chars().map(|char| if char == '-' { '_' } else { char }).collect();
            value = Reflect::get(&value, &JsValue::from(name)).ok()?;
        }
        let number = value.as_f64().filter(|number| *number >= 0.0)?;
        Some(number as u64)
    }

    /// The visitor's number, if this visitor was counted.
    pub fn visitor(&self) -> Option<u64> {
        self.metric("visitor")
    }
}

/// Fills the page with a reply's numbers, now and once more when the page has been parsed.
#[wasm_bindgen]
pub fn fill(reply: JsValue, replace: bool) {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
    let counts = Counts(reply);
    fill_now(&document, &counts, replace);
    if document.ready_state() == "loading" {
        let target = document.clone();
        EventListener::once(&target, "DOMContentLoaded", move |_| fill_now(&document, &counts, replace))
            .forget();
    }
}

fn fill_now(document: &web_sys::Document, counts: &Counts, replace: bool) {
    let explicit = elements::fill(document, counts);
    let taken_over = replaced::fill(document, counts, replace);
    if let Some(number) = counts.visitor()
        && !explicit
        && !taken_over
    {
        sentence::fill(document, number);
    }
}
