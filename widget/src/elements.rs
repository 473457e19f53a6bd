//! Elements a maintainer wrote for us: `<laifang-counter metric="…">` and `data-laifang="…"`.

use crate::counter::Counts;
use crate::dom;
use web_sys::Document;

/// Fills them; whether one of them shows the visitor's number.
pub fn fill(document: &Document, counts: &Counts) -> bool {
    let mut shows_visitor = false;
    for element in dom::all(document, "laifang-counter,[data-laifang]") {
        let metric = element.get_attribute("metric").or_else(|| element.get_attribute("data-laifang"));
        let Some(metric) = metric else { continue };
        if let Some(number) = counts.metric(&metric) {
            shows_visitor |= metric == "visitor";
            dom::write_number(&element, number);
        }
    }
    shows_visitor
}
