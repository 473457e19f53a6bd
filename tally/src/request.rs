//! What the public routes accept: bodies, ids, networks, and whose page may count where.

use crate::counts::MAX_COUNT;
use crate::page::{Address, bare_host};
use crate::sites::{Sites, host_of_entry};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use url::Url;

/// Largest request body, in bytes.
pub const MAX_BODY_BYTES: usize = 8 * 1024;
/// Most pages in one `GET /v1/counts`.
pub const MAX_PAGES_ASKED: usize = 100;
/// Bounds of an id's length.
pub const ID_LENGTHS: std::ops::RangeInclusive<usize> = 16..=64;
/// Longest name of a network.
pub const MAX_NETWORK_BYTES: usize = 24;

/// What kind of view a hit reports.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A page was loaded: a view of the page and of the site.
    #[default]
    Load,
    /// The address changed within a loaded page: a view of the page only.
    Route,
}

/// The body of `POST /v1/hits`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct HitBody {
    /// The page's full address.
    pub url: String,
    /// New for each view, the same for its retries.
    pub id: String,
    /// What kind of view.
    #[serde(default)]
    pub kind: Kind,
    /// The site, where it is not the address's own host.
    #[serde(default)]
    pub site: Option<String>,
    /// The visitor number that stands on the page, where it is larger than what was counted. What is no
    /// count is passed over: a page's odd text must not cost its view.
    #[serde(default, deserialize_with = "count_or_nothing")]
    pub shown: Option<u64>,
}

fn count_or_nothing<'a, D: serde::Deserializer<'a>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    // As text: a number that fits no type, such as 1e400, would be an error of the whole body.
    let value = <&RawValue>::deserialize(deserializer)?;
    Ok(value.get().parse().ok().filter(|count| (1..=MAX_COUNT).contains(count)))
}

/// The body of `POST /v1/shares`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ShareBody {
    /// The page's full address.
    pub url: String,
    /// Where it was shared.
    pub network: String,
    /// New for each share, the same for its retries.
    pub id: String,
    /// The site, where it is not the address's own host.
    #[serde(default)]
    pub site: Option<String>,
}

/// Why a request is refused; each has its own status, code and sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// 400: the request can't be read; the sentence says which part and what it should be.
    Bad(String),
    /// 403: this page may not count here.
    Forbidden(String),
}

/// Whose count a request is about, after the checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The site.
    pub site: String,
    /// The page's key.
    pub page: String,
    /// The host of the page's address.
    pub host: String,
}

impl Target {
    /// Whether a request with this `Referer` comes from the page's own host.
    #[must_use]
    pub fn is_asked_by(&self, referer: &str) -> bool {
        Address::parse(referer).is_ok_and(|address| address.host == self.host)
    }
}

/// Reads a JSON body, whatever its content type said.
pub fn read_body<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Refusal> {
    // A list would do for serde: its values by their order.
    if body.trim_ascii_start().first() == Some(&b'[') {
        return Err(Refusal::Bad("The body must be a JSON object, not a list.".into()));
    }
    serde_json::from_slice(body)
        .map_err(|error| Refusal::Bad(format!("The body is not the JSON this route takes: {error}.")))
}

/// The same for a body that was decoded on its way here, where what is no UTF-8 became U+FFFD. None of the texts that are
/// taken has a use for that character.
pub fn read_text<'a, T: Deserialize<'a>>(body: &'a str) -> Result<T, Refusal> {
    if body.contains(char::REPLACEMENT_CHARACTER) {
        return Err(Refusal::Bad("The body is not UTF-8.".into()));
    }
    read_body(body.as_bytes())
}

/// Whether an id is 16 to 64 of `[A-Za-z0-9_-]`.
pub fn check_id(id: &str) -> Result<(), Refusal> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if ID_LENGTHS.contains(&id.len()) && id.bytes().all(allowed) {
        return Ok(());
    }
    Err(Refusal::Bad("`id` must be 16 to 64 characters of A–Z, a–z, 0–9, _ and -.".into()))
}

/// Whether a network is 1 to 24 of `[a-z0-9-]`.
pub fn check_network(network: &str) -> Result<(), Refusal> {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if !network.is_empty() && network.len() <= MAX_NETWORK_BYTES && network.bytes().all(allowed) {
        return Ok(());
    }
    Err(Refusal::Bad("`network` must be 1 to 24 characters of a–z, 0–9 and -.".into()))
}

/// Checks that the page at `url` may count for `site`, as the request's `Origin` bears out.
pub fn target(sites: &Sites, url: &str, site: Option<&str>, origin: Option<&str>) -> Result<Target, Refusal> {
    let address = Address::parse(url).map_err(|error| Refusal::Bad(format!("{error}.")))?;
    check_listed(sites, &address.host)?;
    check_origin(&address.host, origin)?;
    let site = match site {
        Some(site) => asked_site(sites, site)?,
        None => address.host.clone(),
    };
    Ok(Target { site, page: address.page, host: address.host })
}

/// The site a request names by itself, if it is listed.
pub fn asked_site(sites: &Sites, site: &str) -> Result<String, Refusal> {
    let site = host_of_entry(site).ok_or_else(|| Refusal::Bad("`site` is not a host name.".into()))?;
    check_listed(sites, &site)?;
    Ok(site)
}

fn check_listed(sites: &Sites, host: &str) -> Result<(), Refusal> {
    if sites.allow(host) {
        return Ok(());
    }
    Err(Refusal::Forbidden(format!(
        "{host} is not counted here. Its owner can add it to SITES in the Worker's configuration."
    )))
}

/// A present `Origin` must be the page's own; a page without one (`null`) is nobody's.
fn check_origin(host: &str, origin: Option<&str>) -> Result<(), Refusal> {
    let Some(origin) = origin else { return Ok(()) };
    let origin_host = Url::parse(origin).ok().and_then(|url| url.host_str().map(bare_host));
    if origin_host.as_deref() == Some(host) {
        return Ok(());
    }
    Err(Refusal::Forbidden(format!("A page of {origin} can't count for {host}.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(url: &str, site: Option<&str>, origin: Option<&str>) -> Result<Target, Refusal> {
        target(&Sites::parse("example.cn demo.test"), url, site, origin)
    }

    fn is_forbidden(result: Result<Target, Refusal>) -> bool {
        matches!(result, Err(Refusal::Forbidden(_)))
    }

    #[test]
    fn a_listed_page_counts_for_its_host() {
        let expected = Target { site: "example.cn".into(), page: "/a".into(), host: "example.cn".into() };
        assert_eq!(at("http://www.example.cn/a/", None, None), Ok(expected.clone()));
        assert_eq!(at("http://www.example.cn/a/", None, Some("http://example.cn")), Ok(expected.clone()));
        assert_eq!(at("http://example.cn/a/", None, Some("https://www.example.cn:8443")), Ok(expected));
    }

    #[test]
    fn a_number_that_stands_on_the_page_is_taken_or_passed_over() {
        let shown = |json: &str| {
            let body = format!(r#"{{"url":"http://a/","id":"x","shown":{json}}}"#);
            read_body::<HitBody>(body.as_bytes()).unwrap().shown
        };
        assert_eq!((shown("5000"), shown("9007199254740991")), (Some(5000), Some(MAX_COUNT)));
        for odd in [
            "0",
            "-1",
            "1.5",
            "9007199254740992",
            "1e99",
            "1e400",
            "-1e400",
            "123456789012345678901234567890",
            "\"5000\"",
            "null",
            "[]",
            "{}",
            "true",
        ] {
            assert_eq!(shown(odd), None, "{odd}");
        }
    }

    #[test]
    fn a_referer_must_be_of_the_page_s_host() {
        let target = at("http://www.example.cn/a/", None, None).unwrap();
        for own in ["https://example.cn/", "http://www.example.cn:8080/a?b", "https://EXAMPLE.cn"] {
            assert!(target.is_asked_by(own), "{own}");
        }
        for foreign in ["", "null", "https://demo.test/", "https://example.cn.evil.test/", "example.cn"] {
            assert!(!target.is_asked_by(foreign), "{foreign}");
        }
    }

    #[test]
    fn a_named_site_must_be_listed_too() {
        assert_eq!(at("http://example.cn/", Some("www.Demo.test"), None).unwrap().site, "demo.test");
        assert!(is_forbidden(at("http://example.cn/", Some("other.test"), None)));
        assert!(is_forbidden(at("http://other.test/", Some("example.cn"), None)));
    }

    #[test]
    fn another_origin_is_refused() {
        assert!(is_forbidden(at("http://example.cn/", None, Some("http://demo.test"))));
        assert!(is_forbidden(at("http://example.cn/", None, Some("null"))));
        assert!(is_forbidden(at("http://example.cn/", None, Some(""))));
    }

    #[test]
    fn ids_and_networks_are_checked() {
        assert!(check_id("0123456789abcdef").is_ok());
        for id in ["short", "0123456789abcde!", &"x".repeat(65), "中文中文中文中文"] {
            assert!(check_id(id).is_err(), "{id}");
        }
        assert!(check_network("weibo").is_ok());
        for network in ["", "Weibo", "a b", &"x".repeat(25)] {
            assert!(check_network(network).is_err(), "{network}");
        }
    }

    #[test]
    fn a_body_is_read_or_named_bad() {
        let body: HitBody = read_body(br#"{"url":"http://a/","id":"x","kind":"route","extra":1}"#).unwrap();
        assert_eq!(body.kind, Kind::Route);
        assert_eq!(body.shown, None);
        assert!(matches!(read_body::<HitBody>(b"{"), Err(Refusal::Bad(_))));
        assert!(matches!(read_body::<HitBody>(br#"{"url":"u","id":"i","kind":"x"}"#), Err(Refusal::Bad(_))));
    }
}
