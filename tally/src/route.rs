//! Fragments that choose a page: `#/route` and `#!/route` of single-page sites.
//!
//! Docsify's headings (`#/guide?id=install`) and Reveal's slides (`#/2/1`) look like routes and are places on a
//! page. Out of scope: paths and queries before the `#` (`page`).

/// The route that a fragment names, without a place on its page; none if it names no route.
pub(crate) fn route_in(fragment: &str) -> Option<&str> {
    let path = fragment.strip_prefix('!').unwrap_or(fragment).strip_prefix('/')?;
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    if is_slide(path) {
        return None;
    }
    match query.split_once('=') {
        Some(("id", value)) if is_heading(value) => {
            fragment.split('?').next().filter(|rest| !rest.is_empty())
        }
        _ => Some(fragment),
    }
}

/// Slides are numbered: `2`, `2/1`. The route `/` is none.
fn is_slide(path: &str) -> bool {
    let mut numbers = path.split('/').peekable();
    numbers.peek().is_some_and(|first| !first.is_empty())
        && numbers.all(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Docsify names a heading by its words: what is a number or a hexadecimal id names a record of a database.
fn is_heading(value: &str) -> bool {
    let is_one = !value.is_empty() && !value.contains('&');
    is_one
        && !value.starts_with(|first: char| first.is_ascii_digit())
        && !value.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_are_kept_and_places_on_a_page_left_out() {
        for (fragment, expected) in [
            ("/", Some("/")),
            ("/guide", Some("/guide")),
            ("!/guide/a", Some("!/guide/a")),
            ("/guide?id=install", Some("/guide")),
            ("/guide?id=%e5%ae%89%e8%a3%85", Some("/guide")),
            ("/guide?id=_1-install", Some("/guide")),
            ("/?id=install", Some("/")),
            ("/article?id=7", Some("/article?id=7")),
            ("/article?id=5f3a9c", Some("/article?id=5f3a9c")),
            ("/article?id=x&page=2", Some("/article?id=x&page=2")),
            ("/list?page=2", Some("/list?page=2")),
            ("/2", None),
            ("/2/1", None),
            ("/2/guide", Some("/2/guide")),
            ("top", None),
            ("!top", None),
            ("", None),
        ] {
            assert_eq!(route_in(fragment), expected, "{fragment}");
        }
    }
}
