//! Which parameters of an address's query choose a page, as the owner of a site set it.
//!
//! The rule takes a page key, as `page` makes it, and gives the key of the page it belongs to on this site. Hits,
//! shares, public reads and imported tables all apply it. A route (`#/a?b=1`) keeps its own query. Out of
//! scope: trackers and secrets, which never reach a key.

use crate::page::key_of_path;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Most names a site may list.
const MAX_NAMES: usize = 32;
/// Longest name, in bytes, escaped as in a key.
const MAX_NAME_BYTES: usize = 64;

/// What the query of an address means for a site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum QueryRule {
    /// Every parameter chooses a page.
    #[default]
    Keep,
    /// None does.
    Drop,
    /// Those with these names do; escaped as in a key.
    Names(BTreeSet<String>),
}

impl QueryRule {
    /// The key of the page that `key` is on this site. Applying the rule twice changes nothing more.
    #[must_use]
    pub fn key<'a>(&self, key: &'a str) -> Cow<'a, str> {
        if *self == Self::Keep {
            return Cow::Borrowed(key);
        }
        let route_at = key.find('#').unwrap_or(key.len());
        let (address, route) = key.split_at_checked(route_at).unwrap_or((key, ""));
        let Some((path, query)) = address.split_once('?') else { return Cow::Borrowed(key) };
        let kept: Vec<&str> = query.split('&').filter(|pair| self.chooses(pair)).collect();
        let mark = if kept.is_empty() { "" } else { "?" };
        Cow::Owned(format!("{path}{mark}{}{route}", kept.join("&")))
    }

    fn chooses(&self, pair: &str) -> bool {
        match self {
            Self::Keep => true,
            Self::Drop => false,
            Self::Names(names) => names.contains(pair.split('=').next().unwrap_or_default()),
        }
    }

    fn of_names(names: Vec<String>) -> Result<Self, String> {
        if names.len() > MAX_NAMES {
            return Err(format!("`query` may list at most {MAX_NAMES} names"));
        }
        let names: BTreeSet<String> = names.iter().map(|name| escaped(name)).collect::<Result<_, _>>()?;
        Ok(if names.is_empty() { Self::Drop } else { Self::Names(names) })
    }
}

/// A name as it stands in a key.
fn escaped(name: &str) -> Result<String, String> {
    let key = key_of_path(&format!("/?{name}")).unwrap_or_default();
    let escaped = key.strip_prefix("/?").unwrap_or_default();
    if escaped.is_empty() {
        return Err(format!(
            "`query` can't list {name:?}: trackers, secrets and empty names never choose a page"
        ));
    }
    if escaped.len() > MAX_NAME_BYTES || name.contains(['&', '=', '#']) {
        return Err(format!(
            "`query` can't list {name:?}: a name has at most {MAX_NAME_BYTES} bytes and no &, = or #"
        ));
    }
    Ok(escaped.to_owned())
}

/// In JSON.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Word(Word),
    Names(Vec<String>),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Word {
    Keep,
    Drop,
}

/// JSON has `"keep"`, `"drop"` or a list; a stored row, which does not describe itself, an optional list.
impl Serialize for QueryRule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let names = || match self {
            Self::Names(names) => names.iter().cloned().collect(),
            Self::Keep | Self::Drop => Vec::new(),
        };
        if !serializer.is_human_readable() {
            return (*self != Self::Keep).then(names).serialize(serializer);
        }
        let written = match self {
            Self::Keep => Written::Word(Word::Keep),
            Self::Drop => Written::Word(Word::Drop),
            Self::Names(_) => Written::Names(names()),
        };
        written.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for QueryRule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if !deserializer.is_human_readable() {
            let names = Option::<Vec<String>>::deserialize(deserializer)?;
            return Ok(match names {
                None => Self::Keep,
                Some(names) if names.is_empty() => Self::Drop,
                Some(names) => Self::Names(names.into_iter().collect()),
            });
        }
        let written = Written::deserialize(deserializer).map_err(|_| {
            serde::de::Error::custom("`query` must be \"keep\", \"drop\" or a list of names such as [\"id\"]")
        })?;
        match written {
            Written::Word(Word::Keep) => Ok(Self::Keep),
            Written::Word(Word::Drop) => Ok(Self::Drop),
            Written::Names(names) => Self::of_names(names).map_err(serde::de::Error::custom),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rule(json: &str) -> QueryRule {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_rule_says_which_parameters_choose_a_page() {
        for (json, key, expected) in [
            (r#""keep""#, "/a?b=1&id=7", "/a?b=1&id=7"),
            (r#""drop""#, "/a?b=1&id=7", "/a"),
            (r#""drop""#, "/a", "/a"),
            (r#""drop""#, "/?id=7", "/"),
            (r#"["id"]"#, "/a?b=1&id=7&id=8&idx=9", "/a?id=7&id=8"),
            (r#"["p","id"]"#, "/a?id&p=2&q=3", "/a?id&p=2"),
            (r#"["id"]"#, "/a?b=1", "/a"),
            (r#"["é"]"#, "/a?%C3%A9=1&b=2", "/a?%C3%A9=1"),
            ("[]", "/a?b=1", "/a"),
            (r#""drop""#, "/a?b=1#/route?c=2", "/a#/route?c=2"),
            (r#""drop""#, "/a#/route?c=2", "/a#/route?c=2"),
        ] {
            assert_eq!(rule(json).key(key), expected, "{json} {key}");
        }
    }

    #[test]
    fn a_rule_that_cannot_be_meant_is_refused() {
        let many: Vec<String> = (0..33).map(|at| format!("n{at}")).collect();
        let many = serde_json::to_string(&many).unwrap();
        let long = format!("[\"{}\"]", "x".repeat(65));
        for json in
            [r#""Drop""#, "7", "null", r#"[7]"#, r#"[""]"#, r#"["a&b"]"#, r#"["a=b"]"#, r##"["a#b"]"##]
                .into_iter()
                .chain([r#"["utm_source"]"#, r#"["token"]"#, many.as_str(), long.as_str()])
        {
            assert!(serde_json::from_str::<QueryRule>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn a_rule_has_so_many_names_of_so_many_bytes() {
        let names: Vec<String> = (0..MAX_NAMES).map(|at| format!("n{at}")).collect();
        assert!(QueryRule::of_names(names).is_ok());
        assert!(QueryRule::of_names(vec!["x".repeat(MAX_NAME_BYTES)]).is_ok());
    }

    #[test]
    fn settings_that_were_published_or_exported_before_there_was_a_rule_keep_queries() {
        let settings: crate::site::Settings = serde_json::from_str(r#"{"time_zone":null}"#).unwrap();
        assert_eq!(settings.query, QueryRule::Keep);
    }

    #[test]
    fn a_rule_is_stored_in_these_bytes() {
        for (json, bytes) in [
            (r#""keep""#, &[0][..]),
            (r#""drop""#, &[1, 0]),
            (r#"["p","id"]"#, &[1, 2, 2, b'i', b'd', 1, b'p']),
        ] {
            assert_eq!(postcard::to_allocvec(&rule(json)).unwrap(), bytes, "{json}");
            assert_eq!(postcard::from_bytes::<QueryRule>(bytes).unwrap(), rule(json));
            assert_eq!(rule(&serde_json::to_string(&rule(json)).unwrap()), rule(json));
        }
    }

    proptest! {
        #[test]
        fn a_key_under_a_rule_is_a_page_key_and_its_own(
            path in "[a-z/?&=#%!]{0,30}", names in proptest::collection::vec("[b-e]", 0..3)
        ) {
            let rule = QueryRule::of_names(names).unwrap();
            let key = key_of_path(&path).unwrap();
            let page = rule.key(&key).into_owned();
            prop_assert_eq!(rule.key(&page), page.as_str());
            prop_assert_eq!(key_of_path(&page), Some(page));
        }
    }
}
