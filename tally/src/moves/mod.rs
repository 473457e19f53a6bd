//! Old addresses that lead to new ones, as a site's owner gave them.
//!
//! Flat: what an address leads to leads nowhere else. What a move says of an address with its query counts before the
//! site's rule about queries, so that `/?p=7` may lead to a page of its own where queries choose none; what it leads to
//! is taken under the rule, which may be newer. How a call is read is `pairs`', what it does to the counts `apply`'s.

mod apply;
mod pairs;

pub use apply::{Line, Refused, Report};
pub use pairs::{MAX_BODY_BYTES, Pair, read};

use crate::query_rule::QueryRule;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Most addresses of a site that lead to others.
pub const MAX_MOVES: usize = 5_000;
/// Most bytes of both sides of them together: every public read reads them.
pub const MAX_MOVES_BYTES: usize = 256 * 1024;
/// Steps from an address to its page: more than two only where the rule is newer than the moves.
const MAX_STEPS: usize = 16;

/// Which address leads where, by page keys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moves(Rc<BTreeMap<String, String>>);

impl Moves {
    /// Those of a list that was stored, published or exported: flat, and without what leads in a circle.
    pub(crate) fn of(list: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut edges: BTreeMap<String, String> = list.into_iter().filter(|(from, to)| from != to).collect();
        flatten(&mut edges, |_| false);
        Self(Rc::new(edges))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether no address leads to another.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Bytes of both sides of all.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.iter().fold(0, |sum, (from, to)| sum.saturating_add(from.len()).saturating_add(to.len()))
    }

    /// Where an address leads, if it does.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// All, by the old address.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(from, to)| (from.as_str(), to.as_str()))
    }

    /// Whether so many may be kept.
    #[must_use]
    pub fn fit(&self) -> bool {
        self.len() <= MAX_MOVES && self.bytes() <= MAX_MOVES_BYTES
    }

    /// The key of the page that `key` is on a site with this rule. Applying it twice changes nothing more.
    #[must_use]
    pub fn page_of<'a>(&self, rule: &QueryRule, key: &'a str) -> Cow<'a, str> {
        if self.is_empty() {
            return rule.key(key);
        }
        if let Some(end) = self.end(rule, key) {
            return Cow::Owned(end);
        }
        // A newer rule made a circle of them: each is a page of its own.
        let own = rule.key(key);
        let end = if own == key { None } else { self.end(rule, &own) };
        end.map_or(own, Cow::Owned)
    }

    fn end(&self, rule: &QueryRule, key: &str) -> Option<String> {
        let mut at = Cow::Borrowed(key);
        for _ in 0..MAX_STEPS {
            let next = match self.get(&at) {
                Some(to) => to.to_owned(),
                None => rule.key(&at).into_owned(),
            };
            if next == at {
                return Some(next);
            }
            at = Cow::Owned(next);
        }
        None
    }

    /// The same as `rule` has them now, without those that it says by itself.
    fn under(&self, rule: &QueryRule) -> Self {
        let ends = self.iter().map(|(from, _)| (from, self.page_of(rule, from).into_owned()));
        let told = ends.filter(|(from, to)| rule.key(from) != *to);
        Self::of(told.map(|(from, to)| (from.to_owned(), to)))
    }

    /// With what a call says. The newer word counts: an address that is given a new one leads there, and where
    /// older moves would lead back from there, they end.
    fn with(&self, said: Said, rule: &QueryRule) -> Self {
        let kept = self.iter().filter(|(from, _)| !said.ended.contains(*from));
        let mut edges: BTreeMap<String, String> =
            kept.map(|(from, to)| (from.to_owned(), to.to_owned())).collect();
        let newer: BTreeSet<String> = said.moved.keys().cloned().collect();
        edges.extend(said.moved);
        loop {
            flatten(&mut edges, |from| newer.contains(from));
            // Where an older move has ended, the rule says what its address is.
            let mut is_stable = true;
            for to in edges.values_mut() {
                let page = rule.key(to).into_owned();
                is_stable &= page == *to;
                *to = page;
            }
            edges.retain(|from, to| from != to);
            if is_stable {
                return Self(Rc::new(edges));
            }
        }
    }
}

/// What a call says, checked for contradictions.
#[derive(Debug, Default)]
struct Said {
    moved: BTreeMap<String, String>,
    /// Addresses that are pages of their own again.
    ended: BTreeSet<String>,
}

/// Makes every edge lead to the end of its path. In a circle the edges that are not `kept` are left out.
fn flatten(edges: &mut BTreeMap<String, String>, kept: impl Fn(&str) -> bool) {
    loop {
        match ends(edges) {
            Ok(flat) => {
                *edges = flat;
                return;
            }
            Err(circle) => {
                let is_older = |from: &&String| !kept(from);
                let older: Vec<&String> = circle.iter().filter(is_older).collect();
                let left_out = if older.is_empty() { circle.iter().collect() } else { older };
                left_out.into_iter().for_each(|from| _ = edges.remove(from));
            }
        }
    }
}

/// The end of every path; or the addresses of one that leads in a circle.
fn ends(edges: &BTreeMap<String, String>) -> Result<BTreeMap<String, String>, Vec<String>> {
    let mut ends: BTreeMap<&str, &str> = BTreeMap::new();
    for start in edges.keys() {
        let (mut path, mut is_on_path) = (Vec::new(), BTreeSet::new());
        let mut at = start.as_str();
        while let Some(next) = edges.get(at) {
            if let Some(end) = ends.get(at) {
                at = end;
                break;
            }
            if !is_on_path.insert(at) {
                let circle = path.iter().skip_while(|passed| **passed != at);
                return Err(circle.map(|passed: &&str| (*passed).to_owned()).collect());
            }
            path.push(at);
            at = next;
        }
        ends.extend(path.into_iter().map(|passed| (passed, at)));
    }
    Ok(ends.into_iter().map(|(from, to)| (from.to_owned(), to.to_owned())).collect())
}

impl Serialize for Moves {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Moves {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        BTreeMap::deserialize(deserializer).map(|edges| Self(Rc::new(edges)))
    }
}

#[cfg(test)]
mod tests;
