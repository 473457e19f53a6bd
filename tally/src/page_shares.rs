//! The shares of one page, packed into one allocation.
//!
//! As a map, the shares of 23 networks take more than a kilobyte, and an object of 128 MB keeps 100,000 pages. A
//! known network takes one byte here, another one its name. Serialized it is the map that it stands for, so stored
//! and published forms know nothing of the packing. Out of scope: which networks are counted (`networks`).

use crate::counts::Shares;
use crate::networks::{known_index, known_name};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Shares by network, packed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageShares(Box<[u8]>);

#[derive(Serialize, Deserialize)]
enum Network<'a> {
    /// Place in the list of known networks.
    Known(u8),
    Other(&'a str),
}

impl PageShares {
    /// The map.
    #[must_use]
    pub fn to_map(&self) -> Shares {
        self.entries().into_iter().map(|(network, count)| (network.to_owned(), count)).collect()
    }

    /// Networks and their shares, in the order of their names.
    #[must_use]
    pub fn entries(&self) -> Vec<(&str, u64)> {
        if self.is_empty() {
            return Vec::new();
        }
        let entries: Vec<(Network<'_>, u64)> = postcard::from_bytes(&self.0).unwrap_or_default();
        let name = |network| match network {
            Network::Known(index) => known_name(index),
            Network::Other(name) => Some(name),
        };
        entries.into_iter().filter_map(|(network, count)| Some((name(network)?, count))).collect()
    }

    /// Whether the page was never shared.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many networks the share box does not know.
    #[must_use]
    pub fn others(&self) -> usize {
        self.entries().iter().filter(|(network, _)| known_index(network).is_none()).count()
    }
}

impl From<&Shares> for PageShares {
    fn from(shares: &Shares) -> Self {
        if shares.is_empty() {
            return Self::default();
        }
        let network = |name| known_index(name).map_or(Network::Other(name), Network::Known);
        let entries: Vec<_> = shares.iter().map(|(name, count)| (network(name), *count)).collect();
        // Only running out of memory could fail here.
        Self(postcard::to_allocvec(&entries).unwrap_or_default().into_boxed_slice())
    }
}

impl Serialize for PageShares {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.entries())
    }
}

impl<'de> Deserialize<'de> for PageShares {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Shares::deserialize(deserializer).map(|shares| Self::from(&shares))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares() -> Shares {
        [("weibo", 3), ("qq", 70_000), ("a-network-of-24-letters-", 1)]
            .map(|(name, n)| (name.into(), n))
            .into()
    }

    #[test]
    fn the_map_comes_back() {
        let packed = PageShares::from(&shares());
        assert_eq!(packed.to_map(), shares());
        assert_eq!(packed.others(), 1);
        assert!(PageShares::from(&Shares::new()).is_empty() && PageShares::default().to_map().is_empty());
    }

    #[test]
    fn stored_and_published_forms_are_those_of_the_map() {
        let packed = PageShares::from(&shares());
        assert_eq!(postcard::to_allocvec(&packed).unwrap(), postcard::to_allocvec(&shares()).unwrap());
        assert_eq!(serde_json::to_string(&packed).unwrap(), serde_json::to_string(&shares()).unwrap());
        let stored = postcard::to_allocvec(&shares()).unwrap();
        assert_eq!(postcard::from_bytes::<PageShares>(&stored).unwrap(), packed);
    }

    #[test]
    fn all_known_networks_take_a_hundred_bytes() {
        let known: Shares =
            (0..=u8::MAX).filter_map(known_name).map(|name| (name.to_owned(), 1_000)).collect();
        let packed = PageShares::from(&known);
        assert!(known.len() > 20 && packed.0.len() <= 100, "{} bytes", packed.0.len());
    }
}
