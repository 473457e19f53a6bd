//! Counters we stand in for: the element ids of busuanzi and vercount.

use crate::counter::Counts;
use crate::dom;
use wasm_bindgen::JsCast;
use web_sys::{Document, HtmlElement};

/// Elements that may be such a counter; `role` decides.
const SELECTOR: &str = "[id^=busuanzi_],[id^=vercount_]";

/// Says that a number is ours, so that it may be written over.
const OURS: &str = "data-laifang-filled";

/// The end of the id, and the metric it stands for.
const METRICS: &[(&str, &str)] = &[
    ("site_pv", "site.views"),
    ("site_uv", "site.visitors"),
    ("page_pv", "page.views"),
    ("page_uv", "page.visitors"),
    ("today_pv", "site.views-today"),
    ("today_uv", "site.visitors-today"),
];

/// What an element with such an id is for: the metric, and whether it is what wraps the number.
fn role(id: &str) -> Option<(&'static str, bool)> {
    let rest = id.strip_prefix("busuanzi_").or_else(|| id.strip_prefix("vercount_"))?;
    let container = rest.strip_prefix("container_");
    let name = container.or_else(|| rest.strip_prefix("value_")).unwrap_or(rest);
    let (_, metric) = METRICS.iter().find(|(known, _)| *known == name)?;
    Some((metric, container.is_some()))
}

/// Fills them and shows their containers.
/// A number that stands is replaced only where the maintainer said so (`data-replace`).
pub fn fill(document: &Document, counts: &Counts, replace: bool) {
    for element in dom::all(document, SELECTOR) {
        let Some((metric, is_container)) = role(&element.id()) else { continue };
        let Some(number) = counts.metric(metric) else { continue };
        if is_container {
            let element: HtmlElement = element.unchecked_into();
            let _ = element.style().set_property("display", "inline");
        } else if replace
            || element.get_attribute(OURS).is_some()
            || dom::shown_number(&element).is_none_or(|shown| shown == 0)
        {
            dom::write_number(&element, number);
            let _ = element.set_attribute(OURS, "");
        } else {
            dom::note("laifang: a counter's number stands; data-replace on the tag lets us write over it");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::role;

    #[test]
    fn ids_say_what_they_stand_for() {
        for (id, expected) in [
            ("busuanzi_value_site_pv", Some(("site.views", false))),
            ("busuanzi_site_uv", Some(("site.visitors", false))),
            ("busuanzi_container_page_pv", Some(("page.views", true))),
            ("vercount_value_page_uv", Some(("page.visitors", false))),
            ("vercount_container_today_pv", Some(("site.views-today", true))),
            ("vercount_today_uv", Some(("site.visitors-today", false))),
            ("busuanzi_value_", None),
            ("busuanzi_value_site_pv2", None),
            ("site_pv", None),
        ] {
            assert_eq!(role(id), expected, "{id}");
        }
    }
}
