//! The order in which a page is filled, and the numbers it is filled with.

use crate::{elements, replaced, sentence};
use js_sys::Reflect;
use wasm_bindgen::prelude::*;
use web_sys::Document;

/// The reply of a hit, as it came.
#[derive(Clone)]
pub struct Counts(JsValue);

impl Counts {
    /// The number a metric stands for (`site.views-today`, say), if the reply has it.
    pub fn metric(&self, metric: &str) -> Option<u64> {
        let mut name = String::new();
        let mut value = self.0.clone();
        for char in metric.chars() {
            match char {
                '.' => value = Reflect::get(&value, &name.split_off(0).into()).ok()?,
                '-' => name.push('_'),
                _ => name.push(char),
            }
        }
        let number = Reflect::get(&value, &name.into()).ok()?.as_f64()?;
        Some(number as u64)
    }
}

/// Fills the page with a reply's numbers. Filling it again changes only what has appeared since.
#[wasm_bindgen]
pub fn fill(document: Document, reply: JsValue, replace: bool) {
    let counts = Counts(reply);
    fill_now(&document, &counts, replace);
}

fn fill_now(document: &Document, counts: &Counts, replace: bool) {
    elements::fill(document, counts);
    replaced::fill(document, counts, replace);
    if let Some(number) = counts.metric("visitor") {
        sentence::fill(document, number);
    }
}
