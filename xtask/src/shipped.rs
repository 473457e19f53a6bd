//! What no shipped script or page may contain: ways to make markup or code from text.
//!
//! Checked over `dist/assets` in every build, so that a library or a hurried change can't bring one in. Out of scope:
//! inline styles, which pages' policies name where they are allowed.

use crate::stamp;
use anyhow::{Result, bail};
use std::fs;
use std::path::Path;

/// Makes markup or code from a string.
const SINKS: &[&str] = &[
    "innerHTML",
    "outerHTML=",
    "insertAdjacentHTML",
    "setHTMLUnsafe",
    "createContextualFragment",
    "parseFromString",
    "document.write",
    "srcdoc",
    "new Function",
    "Function(\"",
];

/// Fails where a script below `assets` has a sink, or a page a script or an event handler of its own.
pub fn check(assets: &Path) -> Result<()> {
    let mut faults = Vec::new();
    for file in stamp::files_below(&[assets.to_owned()])? {
        let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        let found = match ending {
            "js" => in_script(&fs::read_to_string(&file)?),
            // Documentation shows such code as text, with its angle brackets escaped; attributes are looked at all the same.
            "html" => in_page(&fs::read_to_string(&file)?),
            _ => None,
        };
        faults.extend(found.map(|fault| format!("{}: {fault}", file.display())));
    }
    if faults.is_empty() { Ok(()) } else { bail!("these files may not ship:\n{}", faults.join("\n")) }
}

fn in_script(text: &str) -> Option<String> {
    let dense: String = text.replace(" =", "=");
    let sink = SINKS.iter().find(|sink| dense.contains(**sink)).map(|sink| (*sink).to_owned());
    sink.or_else(|| calls_eval(text).then(|| "eval(".to_owned()))
}

/// Whether `eval` itself is called, not a name that ends with it.
fn calls_eval(text: &str) -> bool {
    text.match_indices("eval(").any(|(at, _)| {
        let before = text[..at].chars().next_back();
        !before.is_some_and(|character| character.is_alphanumeric() || character == '_' || character == '$')
    })
}

fn in_page(text: &str) -> Option<String> {
    for (at, _) in text.match_indices("<script") {
        let tag_end = text[at..].find('>').map(|length| at + length + 1)?;
        if !text[at..tag_end].contains("src=") || !text[tag_end..].starts_with("</script>") {
            return Some(format!("an inline script: {}", &text[at..tag_end]));
        }
    }
    tags(text).find_map(|tag| {
        let handler = tag.split_whitespace().skip(1).find(|attribute| is_event_handler(attribute));
        handler.map(|handler| format!("an event handler: {handler}"))
    })
}

/// The inside of each tag, up to its end or to the end of the text.
fn tags(text: &str) -> impl Iterator<Item = &str> {
    text.split('<').skip(1).map(|rest| rest.split('>').next().unwrap_or_default())
}

fn is_event_handler(attribute: &str) -> bool {
    let name = attribute.split('=').next().unwrap_or_default();
    attribute.contains('=')
        && name
            .strip_prefix("on")
            .is_some_and(|event| !event.is_empty() && event.chars().all(|letter| letter.is_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_that_make_markup_or_code_are_found() {
        for bad in [
            "a.innerHTML=b",
            "a.outerHTML = b",
            "x=eval(y)",
            "eval(y)",
            "document.write(1)",
            "new Function(a)",
        ] {
            assert!(in_script(bad).is_some(), "{bad}");
        }
        for good in ["medieval(x)", "read(a.outerHTML)", "a.textContent = b"] {
            assert_eq!(in_script(good), None, "{good}");
        }
    }

    #[test]
    fn pages_with_code_of_their_own_are_found() {
        for bad in [
            "<script>1</script>",
            "<script src=a.js>1</script>",
            "<script async>",
            "<p class=a onclick=\"x()\">",
        ] {
            assert!(in_page(bad).is_some(), "{bad}");
        }
        for good in [
            "<script async src=\"/a.js\"></script>",
            "<code>&lt;script&gt;1</code>",
            "<p title=\"on\">on=x</p>",
        ] {
            assert_eq!(in_page(good), None, "{good}");
        }
    }
}
