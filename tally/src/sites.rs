//! Who may count: the hosts listed in `SITES`.
//!
//! A host is written as it stands in an address, or as `*.example.cn` for everything below a domain.

use crate::page::host_of;
use url::Url;

/// The parsed list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sites(Vec<Pattern>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Pattern {
    Exact(String),
    Below(String),
}

impl Sites {
    /// Reads hosts separated by white space; scheme, port, path and `www.` are forgiven.
    #[must_use]
    pub fn parse(list: &str) -> Self {
        Self(list.split_whitespace().filter_map(Pattern::parse).collect())
    }

    /// Whether `host` (bare, see [`crate::page::bare_host`]) may count.
    #[must_use]
    pub fn allow(&self, host: &str) -> bool {
        self.0.iter().any(|pattern| match pattern {
            Pattern::Exact(site) => site == host,
            Pattern::Below(domain) => {
                host.strip_suffix(domain).is_some_and(|head| head.ends_with('.')) && is_name(host)
            }
        })
    }
}

/// Whether a name can be one of DNS (RFC 1035, and the underscore that is found in the wild). Where a pattern lets
/// strangers name sites, they name none that can't exist.
fn is_name(host: &str) -> bool {
    let is_label = |label: &str| {
        let mut bytes = label.bytes();
        (1..=63).contains(&label.len())
            && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    host.len() <= 253 && host.split('.').all(is_label)
}

impl Sites {
    /// Hosts that are written out.
    pub fn hosts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|pattern| match pattern {
            Pattern::Exact(host) => Some(host.as_str()),
            Pattern::Below(_) => None,
        })
    }

    /// Whether `host` is written out.
    #[must_use]
    pub fn names(&self, host: &str) -> bool {
        self.hosts().any(|site| site == host)
    }

    /// Whether hosts are allowed that aren't written out.
    #[must_use]
    pub fn has_patterns(&self) -> bool {
        self.0.iter().any(|pattern| matches!(pattern, Pattern::Below(_)))
    }

    /// The entries, in the form they are compared in.
    pub fn entries(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|pattern| match pattern {
            Pattern::Exact(host) => host.clone(),
            Pattern::Below(domain) => format!("*.{domain}"),
        })
    }
}

impl Pattern {
    fn parse(entry: &str) -> Option<Self> {
        let (entry, below) = match entry.strip_prefix("*.") {
            Some(domain) => (domain, true),
            None => (entry, false),
        };
        let host = host_of_entry(entry)?;
        Some(if below { Self::Below(host) } else { Self::Exact(host) })
    }
}

/// The host of an entry of the list or of a `site` parameter, in the form keys have.
#[must_use]
pub fn host_of_entry(entry: &str) -> Option<String> {
    let bare = entry.split_once("://").map_or(entry, |(_, rest)| rest);
    host_of(&Url::parse(&format!("http://{bare}")).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listed_host_may_count_and_no_other() {
        let sites = Sites::parse("www.example.cn  news.example.org:8080 *.school.cn 例子.测试");
        for host in
            ["example.cn", "news.example.org", "a.school.cn", "a.b.school.cn", "xn--fsqu00a.xn--0zwm56d"]
        {
            assert!(sites.allow(host), "{host}");
        }
        for host in ["school.cn", "evilschool.cn", "a.example.cn", "example.org", ""] {
            assert!(!sites.allow(host), "{host}");
        }
    }

    #[test]
    fn a_pattern_allows_no_host_that_cannot_exist() {
        let sites = Sites::parse("*.school.cn");
        let allows = |name: &str| sites.allow(&format!("{name}.school.cn"));
        assert!(allows("a") && allows("a_b.c-d") && allows(&"x".repeat(63)) && allows("xn--fsqu00a"));
        for name in ["", "a.", ".a", "a..b", "*", "a b", "a,b", "é", &"x".repeat(64), &"x.".repeat(120)] {
            assert!(!allows(name), "{name}");
        }
    }

    #[test]
    fn entries_are_told_as_they_are_compared() {
        let sites = Sites::parse("www.example.cn *.School.cn");
        assert_eq!(sites.entries().collect::<Vec<_>>(), ["example.cn", "*.school.cn"]);
        assert_eq!((sites.hosts().collect::<Vec<_>>(), sites.has_patterns()), (vec!["example.cn"], true));
    }

    #[test]
    fn any_scheme_is_forgiven() {
        for entry in ["www.example.cn", "ftp://example.cn/", "x://www.www.example.cn.:80"] {
            assert_eq!(host_of_entry(entry).as_deref(), Some("example.cn"), "{entry}");
        }
        for entry in ["...", "127..", "example.cn..", "x://%ef%bf%bd"] {
            assert_eq!(host_of_entry(entry), None, "{entry}");
        }
    }

    #[test]
    fn an_empty_list_lets_nobody_count() {
        assert!(!Sites::parse("  ").allow("example.cn"));
    }
}
