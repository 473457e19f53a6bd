//! Which addresses are the same page.
//!
//! A page key is what is left of an address once everything that does not choose the page is gone: the
//! site, index file names, empty path segments, tracking parameters and plain fragments. Keys are stored
//! and published, so a change here needs a migration.

use crate::route::route_in;
use crate::secret_names::is_secret;
use crate::tracking::is_tracking;
use percent_encoding::percent_decode_str;
use url::Url;

/// Longest key that is kept, in bytes: 64 buckets of 1,600 such pages stay under a row's 2 MB.
pub const MAX_KEY_BYTES: usize = 1024;

/// File names that stand for their folder.
const INDEX_STEMS: &[&str] = &["index", "default"];
/// Extensions with which they do.
const INDEX_EXTENSIONS: &[&str] = &["html", "htm", "shtml", "php", "asp", "aspx", "jsp"];

/// An address taken apart: whose it is, and which page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The host in lower case and punycode, without port, user or a leading `www.`.
    pub host: String,
    /// The page's key.
    pub page: String,
}

/// Why an address cannot be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressError {
    /// It is no absolute address.
    Unreadable,
    /// It is neither http nor https.
    Scheme,
}

impl std::fmt::Display for AddressError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Unreadable => "`url` is not an absolute address",
            Self::Scheme => "`url` must begin with http:// or https://",
        })
    }
}

impl Address {
    /// Reads a full address, such as `location.href`.
    pub fn parse(address: &str) -> Result<Self, AddressError> {
        let url = Url::parse(address).map_err(|_| AddressError::Unreadable)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(AddressError::Scheme);
        }
        let host = host_of(&url).ok_or(AddressError::Unreadable)?;
        Ok(Self { host, page: key_of(&url) })
    }
}

/// A host as sites are listed: lower case, no final dot, no leading `www.`, however often.
#[must_use]
pub fn bare_host(host: &str) -> String {
    let host = host.to_ascii_lowercase();
    host.strip_suffix('.').unwrap_or(&host).trim_start_matches("www.").to_owned()
}

/// The host of an address, bare; none if it has no name or several final dots.
pub(crate) fn host_of(url: &Url) -> Option<String> {
    url.host_str().map(bare_host).filter(|host| !host.is_empty() && !host.ends_with('.'))
}

/// The key of a page named by path, as `GET /v1/counts?page=` has it. A missing first slash is forgiven.
#[must_use]
pub fn key_of_path(path: &str) -> Option<String> {
    let slash = if path.starts_with('/') { "" } else { "/" };
    Url::parse(&format!("http://site.invalid{slash}{path}")).ok().map(|url| key_of(&url))
}

fn key_of(url: &Url) -> String {
    let mut key = path_key(url.path());
    if let Some(query) = url.query().and_then(query_key) {
        key.push('?');
        key.push_str(&query);
    }
    let fragment = url.fragment().map(fragment_key).unwrap_or_default();
    if let Some(route) = route_in(&fragment) {
        key.push('#');
        key.push_str(route);
    }
    key
}

fn path_key(path: &str) -> String {
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    let mut segments: Vec<String> = segments.map(normal_escapes).collect();
    while segments.last().is_some_and(|name| is_index(name)) {
        segments.pop();
    }
    let mut key = String::with_capacity(path.len());
    for segment in segments {
        key.push('/');
        key.push_str(&segment);
    }
    if key.is_empty() {
        key.push('/');
    }
    key
}

fn is_index(name: &str) -> bool {
    let Some((stem, extension)) = name.split_once('.') else { return false };
    INDEX_STEMS.iter().any(|known| stem.eq_ignore_ascii_case(known))
        && INDEX_EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known))
}

fn query_key(query: &str) -> Option<String> {
    let names = || query.split('&').map(|pair| normal_escapes(pair.split('=').next().unwrap_or_default()));
    let has_state = names().any(|name| name == "state") && names().any(|name| name == "code");
    let mut pairs: Vec<(String, String)> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| match pair.split_once('=') {
            Some((name, value)) => (normal_escapes(name), format!("={}", normal_escapes(value))),
            None => (normal_escapes(pair), String::new()),
        })
        .filter(|(name, value)| !is_tracking(name, value.strip_prefix('=').unwrap_or(value)))
        .filter(|(name, _)| !is_secret(name, has_state))
        .collect();
    pairs.sort_by(|left, right| left.0.cmp(&right.0));
    let joined: Vec<String> = pairs.into_iter().map(|(name, value)| format!("{name}{value}")).collect();
    (!joined.is_empty()).then(|| joined.join("&"))
}

/// A fragment in one form, so that it is the same route however it is written: its query, if it has one, as that of
/// an address.
fn fragment_key(fragment: &str) -> String {
    let (path, query) = fragment.split_once('?').unwrap_or((fragment, ""));
    let mut key = normal_escapes(path);
    if let Some(query) = query_key(query) {
        key.push('?');
        key.push_str(&query);
    }
    key
}

/// Escapes in one form: unreserved characters as they are, everything else upper-case `%XX`.
/// Works byte by byte, so that escapes which are not UTF-8 (GBK's, say) survive.
fn normal_escapes(part: &str) -> String {
    let mut normal = String::with_capacity(part.len());
    let mut rest = part;
    while let Some(at) = rest.find('%') {
        let (plain, escape) = rest.split_at(at);
        normal.push_str(plain);
        let Some(hex) = escape.get(1..3).filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
        else {
            normal.push_str("%25");
            rest = escape.get(1..).unwrap_or_default();
            continue;
        };
        match percent_decode_str(escape.get(..3).unwrap_or_default()).next() {
            Some(byte) if is_unreserved(byte) => normal.push(char::from(byte)),
            _ => {
                normal.push('%');
                normal.push_str(&hex.to_ascii_uppercase());
            }
        }
        rest = escape.get(3..).unwrap_or_default();
    }
    normal.push_str(rest);
    normal
}

/// RFC 3986, 2.3.
fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(rest: &str) -> String {
        Address::parse(&format!("https://www.Example.cn{rest}")).unwrap().page
    }

    #[test]
    fn addresses_of_the_same_page_have_one_key() {
        for (address, expected) in [
            ("", "/"),
            ("/", "/"),
            ("/index.html", "/"),
            ("/a/", "/a"),
            ("/a", "/a"),
            ("/a/index.html", "/a"),
            ("/a/index.htm", "/a"),
            ("/a/index.shtml", "/a"),
            ("/a/%69ndex.html", "/a"),
            ("/a/index.html/index.php/", "/a"),
            ("/a?c%6fde=1&%73tate=2", "/a"),
            ("/a#/guide?id=install&access_token=1", "/a#/guide"),
            ("/a#/%32", "/a"),
            ("/a/index.php", "/a"),
            ("/a/index.asp", "/a"),
            ("/a/index.aspx", "/a"),
            ("/a/index.jsp", "/a"),
            ("/a/Default.aspx", "/a"),
            ("/a/default.asp", "/a"),
            ("//a///b", "/a/b"),
            ("/a/./b/../c", "/a/c"),
            ("/A.html", "/A.html"),
            ("/%e4%b8%ad%7E", "/%E4%B8%AD~"),
            ("/中~", "/%E4%B8%AD~"),
            ("/%d6%d0", "/%D6%D0"),
            ("/x?utm_source=x&b=2&a=1&from=singlemessage", "/x?a=1&b=2"),
            ("/x?b=2&a=2&a=1", "/x?a=2&a=1&b=2"),
            ("/x?utm_source=x", "/x"),
            ("/x?", "/x"),
            ("/x?a", "/x?a"),
            ("/x?a=", "/x?a="),
            ("/x#top", "/x"),
            ("/x#/route", "/x#/route"),
            ("/x#!/route", "/x#!/route"),
            ("/x#/route?b=2&utm_source=x&a=1", "/x#/route?a=1&b=2"),
            ("/x#/guide?id=install", "/x#/guide"),
            ("/x#/2/1", "/x"),
            ("/x?access_token=s&id=7&Token=t", "/x?id=7"),
            ("/x?code=s&state=t&id=7", "/x?id=7"),
            ("/x?code=200&id=7", "/x?code=200&id=7"),
            ("/x#/route?access_token=s&a=1", "/x#/route?a=1"),
            ("/x#access_token=s", "/x"),
            ("/index.html?id=7", "/?id=7"),
            ("/a/indexes.html", "/a/indexes.html"),
            ("/a/100%", "/a/100%25"),
        ] {
            assert_eq!(key(address), expected, "{address}");
        }
    }

    #[test]
    fn the_host_is_bare() {
        for address in ["https://www.Example.cn:8080/", "http://user:pw@example.cn/", "https://EXAMPLE.CN./"]
        {
            assert_eq!(Address::parse(address).unwrap().host, "example.cn");
        }
        assert_eq!(Address::parse("https://例子.测试/").unwrap().host, "xn--fsqu00a.xn--0zwm56d");
    }

    #[test]
    fn what_is_no_web_address_is_refused() {
        assert_eq!(Address::parse("/a"), Err(AddressError::Unreadable));
        assert_eq!(Address::parse("file:///a"), Err(AddressError::Scheme));
        assert_eq!(Address::parse("javascript:alert(1)"), Err(AddressError::Scheme));
    }

    #[test]
    fn a_page_can_be_asked_for_by_path() {
        assert_eq!(key_of_path("/a/index.html?utm_source=x").as_deref(), Some("/a"));
        assert_eq!(key_of_path("a").as_deref(), Some("/a"));
    }

    proptest! {
        #[test]
        fn a_key_is_its_own_key(path in "[a-zA-Z0-9%/._~中é?&=#!-]{0,40}") {
            let once = key(&format!("/{path}"));
            prop_assert_eq!(key(&once), once);
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,60}") {
            let _ = Address::parse(&text);
            let _ = key_of_path(&text);
        }
    }
}
