//! Elements a maintainer wrote for us: `<laifang-counter metric="…">` and `data-laifang="…"`.

use crate::counter::Counts;
use crate::dom;
use web_sys::Document;

/// Fills them. A number that stands is not lowered, unless it is one that falls by its nature.
pub fn fill(document: &Document, counts: &Counts) {
    for element in dom::all(document, "laifang-counter,[data-laifang]") {
        let metric = element.get_attribute("metric").or_else(|| element.get_attribute("data-laifang"));
        let Some(metric) = metric else { continue };
        let Some(number) = counts.metric(&metric) else { continue };
        if falls(&metric) || dom::shown_number(&element).is_none_or(|shown| shown <= number) {
            dom::write_number(&element, number);
        } else {
            dom::note_larger();
        }
    }
}

/// Whether a metric falls by its nature: at midnight, or when visitors leave.
fn falls(metric: &str) -> bool {
    metric.ends_with("today") || metric.ends_with("online")
}

#[cfg(test)]
mod tests {
    use super::falls;

    #[test]
    fn only_todays_numbers_and_online_may_fall() {
        for (metric, expected) in [
            ("site.views-today", true),
            ("site.visitors-today", true),
            ("site.online", true),
            ("visitor", false),
            ("site.views", false),
            ("page.visitors", false),
        ] {
            assert_eq!(falls(metric), expected, "{metric}");
        }
    }
}
