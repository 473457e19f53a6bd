//! The query of a request: names and their values, in the order they came.
//!
//! Out of scope: which names there are, and what their values may be.

use crate::reply::Problem;
use laifang_tally::request::Refusal;
use worker::Request;

/// A query.
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Reads it.
    pub fn read(request: &Request) -> Result<Self, Problem> {
        let url = request.url()?;
        Ok(Self(url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()))
    }

    /// All values of a name.
    pub fn all<'a>(&'a self, wanted: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(name, _)| name == wanted).map(|(_, value)| value.as_str())
    }

    /// The first value of a name.
    pub fn get(&self, wanted: &str) -> Option<String> {
        self.all(wanted).next().map(str::to_owned)
    }

    /// The same; an absent name is a bad request.
    pub fn required(&self, wanted: &str) -> Result<String, Problem> {
        self.get(wanted).ok_or_else(|| Refusal::Bad(format!("`{wanted}` is missing.")).into())
    }
}
