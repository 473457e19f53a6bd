//! Counters we stand in for: the element ids of busuanzi and vercount.

use crate::counter::Counts;
use crate::dom;
use wasm_bindgen::JsCast;
use web_sys::{Document, HtmlElement};

const PREFIXES: &[&str] = &["busuanzi", "vercount"];

/// The end of the id, and the metric it stands for.
const METRICS: &[(&str, &str)] = &[
    ("site_pv", "site.views"),
    ("site_uv", "site.visitors"),
    ("page_pv", "page.views"),
    ("page_uv", "page.visitors"),
    ("today_pv", "site.views-today"),
    ("today_uv", "site.visitors-today"),
];

/// Fills them and shows their containers; whether the visitors' number is among them.
/// A number that stands is replaced only where the maintainer said so (`data-replace`).
pub fn fill(document: &Document, counts: &Counts, replace: bool) -> bool {
    let mut shows_visitor = false;
    for prefix in PREFIXES {
        for (name, metric) in METRICS {
            let Some(number) = counts.metric(metric) else { continue };
            for middle in ["_value_", "_"] {
                let id = [prefix, middle, name].concat();
                let Some(element) = document.get_element_by_id(&id) else { continue };
                let is_kept = dom::shown_number(&element).is_some_and(|shown| shown > 0) && !replace;
                if is_kept && !element.has_attribute("data-laifang-filled") {
                    dom::note(
                        &[id.as_str(), " shows a number; data-replace on the tag lets us write over it"]
                            .concat(),
                    );
                    continue;
                }
                dom::write_number(&element, number);
                let _ = element.set_attribute("data-laifang-filled", "");
                shows_visitor |= *name == "site_uv";
            }
            show(document, &[prefix, "_container_", name].concat());
        }
    }
    shows_visitor
}

fn show(document: &Document, id: &str) {
    let element = document.get_element_by_id(id).and_then(|element| element.dyn_into::<HtmlElement>().ok());
    if let Some(element) = element {
        let _ = element.style().set_property("display", "inline");
    }
}
