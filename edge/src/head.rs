//! The part of a request that every route reads, brought over from JavaScript in one piece (`headOf` of `carry.js`).
//!
//! A line each, in this order. A header's value holds neither line ends nor NUL, which stands for one that is absent.

use crate::config::Config;

const ABSENT: &str = "\0";

/// A request's method, address, and the headers that tell whose view it is.
pub struct Head(String);

impl Head {
    /// Of the lines that `headOf` wrote.
    pub fn new(lines: String) -> Self {
        Self(lines)
    }

    fn line(&self, index: usize) -> Option<&str> {
        self.0.split('\n').nth(index).filter(|line| *line != ABSENT)
    }

    /// The method, as it was sent: the crate takes one it does not know for GET.
    pub fn method(&self) -> &str {
        self.line(0).unwrap_or_default()
    }

    /// The path of the address, which the platform has brought into its normal form.
    pub fn path(&self) -> &str {
        let address = self.line(1).unwrap_or_default();
        let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
        let path = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/");
        path.split(['?', '#']).next().unwrap_or(path)
    }

    /// `Origin`.
    pub fn origin(&self) -> Option<&str> {
        self.line(2)
    }

    /// `User-Agent`.
    pub fn user_agent(&self) -> &str {
        self.line(3).unwrap_or_default()
    }

    /// Whether the browser only fetches ahead, as three headers may say.
    pub fn is_prefetch(&self) -> bool {
        self.line(4).is_some_and(|purposes| purposes.contains("prefetch"))
    }

    /// The visitor's address, which only the platform can say, and a proxy that the owner trusts.
    pub fn address(&self, config: &Config) -> String {
        let peer = self.line(5).unwrap_or_default();
        if config.trusted_proxies.is_empty() {
            return peer.to_owned();
        }
        config.trusted_proxies.visitor_of(peer, self.line(6), self.line(7))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(lines: &[&str]) -> Head {
        Head::new(lines.join("\n"))
    }

    #[test]
    fn each_line_has_its_meaning_and_an_absent_one_has_none() {
        let full =
            head(&["POST", "https://a.cn/v1/hits?x#y", "https://b.cn", "Firefox", "prefetch", "192.0.2.1"]);
        assert_eq!((full.method(), full.path(), full.origin()), ("POST", "/v1/hits", Some("https://b.cn")));
        assert_eq!((full.user_agent(), full.is_prefetch()), ("Firefox", true));
        let bare = head(&["GET", "http://a.cn/", "\0", "\0", "\0", "\0", "\0", "\0"]);
        assert_eq!((bare.path(), bare.origin(), bare.user_agent()), ("/", None, ""));
        assert!(!bare.is_prefetch());
        assert_eq!(head(&["GET", "http://a.cn/", ""]).origin(), Some(""));
    }

    #[test]
    fn a_path_ends_where_the_query_begins() {
        for (address, path) in [
            ("http://a.cn/v1/sites/b?c=/d", "/v1/sites/b"),
            ("http://a.cn:80/%3F/#x", "/%3F/"),
            ("http://a.cn", "/"),
            ("", "/"),
        ] {
            assert_eq!(head(&["GET", address]).path(), path, "{address}");
        }
    }
}
