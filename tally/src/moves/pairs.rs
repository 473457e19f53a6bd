//! A call's addresses: one old and one new, a list of such pairs in JSON, or a table of two columns.

use super::{MAX_MOVES, Moves, Said};
use crate::import::csv::{Record, Records};
use crate::import::{BadLine, shown};
use crate::page::{Address, MAX_KEY_BYTES, key_of_path};
use crate::query_rule::QueryRule;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// Largest body, in bytes.
pub const MAX_BODY_BYTES: usize = 2_000_000;

/// An old address and its new one, as page keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// What leads on.
    pub from: String,
    /// Where; the same address says that it is a page of its own again.
    pub to: String,
    /// Its line in a table, its place in a list, counted from 1.
    pub line: u64,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Body {
    List { moves: Vec<Named> },
    One(Named),
}

#[derive(Deserialize)]
struct Named {
    from: String,
    to: String,
}

/// Reads a body, whose kind is known by its beginning.
///
/// # Errors
/// The first line that can't be taken, and why.
pub fn read(site: &str, body: &str) -> Result<Vec<Pair>, BadLine> {
    let body = body.strip_prefix('\u{feff}').unwrap_or(body);
    let pairs = match body.trim_start().chars().next() {
        Some('{') => read_json(site, body)?,
        _ => read_table(site, body)?,
    };
    if pairs.is_empty() {
        return Err(bad(1, "there is no pair of addresses: write an old address and its new one."));
    }
    match pairs.get(MAX_MOVES) {
        Some(surplus) => Err(bad(surplus.line, format!("there are more than {MAX_MOVES} pairs."))),
        None => Ok(pairs),
    }
}

fn read_json(site: &str, body: &str) -> Result<Vec<Pair>, BadLine> {
    let named = match serde_json::from_str(body) {
        Ok(Body::List { moves }) => moves,
        Ok(Body::One(named)) => vec![named],
        Err(_) => {
            return Err(bad(
                1,
                "this is not JSON of a pair (from, to), nor of a list of such pairs (moves).",
            ));
        }
    };
    let pair = |(named, line): (Named, u64)| pair(site, &named.from, &named.to, line);
    named.into_iter().zip(1..).map(pair).collect()
}

fn read_table(site: &str, body: &str) -> Result<Vec<Pair>, BadLine> {
    let (mut records, mut pairs, mut is_first) = (Records::new(), Vec::new(), true);
    let mut take = |record: &Record<'_>| {
        let is_heading =
            is_first && record.len() == 2 && !is_address(record.field(0)) && !is_address(record.field(1));
        is_first = false;
        if is_heading {
            return Ok(());
        }
        if record.len() != 2 {
            return Err(record.bad("the columns must be two: the old address and the new one."));
        }
        pairs.push(pair(site, record.field(0), record.field(1), record.line)?);
        Ok(())
    };
    records.read(body.as_bytes(), &mut take)?;
    records.read(&[], &mut take)?;
    Ok(pairs)
}

fn pair(site: &str, from: &str, to: &str, line: u64) -> Result<Pair, BadLine> {
    let key = |address| key(site, address).map_err(|reason| bad(line, reason));
    Ok(Pair { from: key(from)?, to: key(to)?, line })
}

fn is_web(address: &str) -> bool {
    address.starts_with("http://") || address.starts_with("https://")
}

fn is_address(text: &str) -> bool {
    text.starts_with('/') || is_web(text)
}

/// The page key of a path or of a full address of the site's.
fn key(site: &str, address: &str) -> Result<String, String> {
    let shown = shown(address);
    if !is_address(address) {
        return Err(format!("{shown} is no address of a page: it must begin with / or https://."));
    }
    let key = if is_web(address) {
        let address = Address::parse(address).map_err(|_| format!("{shown} can't be read as an address."))?;
        if address.host != site {
            return Err(format!(
                "{shown} is not on {site}. To move a whole site, export it and import it there."
            ));
        }
        Some(address.page)
    } else {
        key_of_path(address)
    };
    let key = key.ok_or_else(|| format!("{shown} is not a page's path."))?;
    if key.len() > MAX_KEY_BYTES {
        Err(format!("{shown} is longer than {MAX_KEY_BYTES} bytes."))
    } else {
        Ok(key)
    }
}

fn bad(line: u64, reason: impl Into<String>) -> BadLine {
    BadLine { line, reason: reason.into() }
}

impl Said {
    /// What the pairs say, on a site with this rule and these moves. The same said twice is said once; two new
    /// addresses for one old, or a circle, is a mistake.
    pub(super) fn of(pairs: &[Pair], rule: &QueryRule, known: &Moves) -> Result<Self, BadLine> {
        let (mut said, mut lines) = (Self::default(), BTreeMap::new());
        let named: BTreeSet<&str> = pairs.iter().map(|pair| pair.from.as_str()).collect();
        for pair in pairs {
            let leads_on = named.contains(pair.to.as_str()) || known.get(&pair.to).is_some();
            let to = if leads_on { pair.to.clone() } else { rule.key(&pair.to).into_owned() };
            let before = lines.entry(pair.from.clone()).or_insert_with(|| (to.clone(), pair.line));
            if before.0 != to {
                let reason =
                    format!("{} was given another new address in line {}.", shown(&pair.from), before.1);
                return Err(bad(pair.line, reason));
            }
            if pair.from == to {
                said.ended.insert(to);
            } else {
                said.moved.insert(pair.from.clone(), to);
            }
        }
        if let Err(circle) = super::ends(&said.moved) {
            let line = circle.iter().filter_map(|from| lines.get(from)).map(|(_, line)| *line).max();
            let names: Vec<String> = circle.iter().take(4).map(|from| shown(from)).collect();
            let reason = format!("these addresses lead in a circle: {}.", names.join(", "));
            return Err(bad(line.unwrap_or(1), reason));
        }
        Ok(said)
    }
}
