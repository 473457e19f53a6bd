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
const MAX_STEPS: usize = 64;

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

    /// The key of the page that `key` is on a site with this rule. Applying it twice changes nothing more. Where a newer
    /// rule leads moves around in a circle, each page on it is its own, and what leads there leads to the first of them.
    #[must_use]
    pub fn page_of<'a>(&self, rule: &QueryRule, key: &'a str) -> Cow<'a, str> {
        if self.is_empty() {
            return rule.key(key);
        }
        let (mut path, mut at) = (Vec::new(), Cow::Borrowed(key));
        while path.len() < MAX_STEPS {
            let Some(next) = step(&self.0, rule, &at) else { return at };
            let circle = path.iter().skip_while(|passed| **passed != next);
            if let Some(first) = circle.chain([&at]).find(|page| rule.key(page) == **page)
                && path.contains(&next)
            {
                return first.clone();
            }
            path.push(std::mem::replace(&mut at, next));
        }
        rule.key(key)
    }

    /// The same as `rule` has them now, without those that it says by itself: for counts that are brought under it.
    fn under(&self, rule: &QueryRule) -> Self {
        let ends = self.iter().map(|(from, _)| (from, self.page_of(rule, from).into_owned()));
        let told = ends.filter(|(from, to)| rule.key(from) != *to);
        Self::of(told.map(|(from, to)| (from.to_owned(), to)))
    }

    /// With what a call says. The newer word counts: an address that is given a new one leads there, and where
    /// older moves would lead back from there, they end. What the rule says by itself need not be kept. Older moves stay
    /// as they were said, whatever the rule makes of them: it may change again.
    fn with(&self, said: &Said, rule: &QueryRule) -> Self {
        let kept = self.iter().filter(|(from, _)| !said.ended.contains(*from));
        let mut edges: BTreeMap<String, String> =
            kept.map(|(from, to)| (from.to_owned(), to.to_owned())).collect();
        edges.extend(said.moved.clone());
        let is_newer = |from: &str| said.moved.contains_key(from);
        for from in said.moved.keys() {
            while let Some(path) = way_back(&edges, rule, from) {
                let before = edges.len();
                edges.retain(|from, _| is_newer(from) || !path.contains(from));
                if edges.len() == before {
                    break;
                }
            }
        }
        flatten(&mut edges, is_newer);
        edges.retain(|from, to| from != to && !(is_newer(from) && rule.key(from) == to.as_str()));
        Self(Rc::new(edges))
    }
}

/// Where an address leads at once: by a move, else by the rule. None: it is a page.
fn step<'a>(edges: &BTreeMap<String, String>, rule: &QueryRule, at: &Cow<'a, str>) -> Option<Cow<'a, str>> {
    let next = match edges.get(&**at) {
        Some(to) => Cow::Owned(to.clone()),
        None => Cow::Owned(rule.key(at).into_owned()),
    };
    (next != *at).then_some(next)
}

/// The addresses between `from` and itself, if it leads back to itself.
fn way_back(edges: &BTreeMap<String, String>, rule: &QueryRule, from: &str) -> Option<Vec<String>> {
    let (mut path, mut at) = (Vec::new(), Cow::Borrowed(from));
    while path.len() < MAX_STEPS {
        at = step(edges, rule, &at)?;
        if at == from {
            return Some(path);
        }
        path.push(at.to_string());
    }
    None
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
