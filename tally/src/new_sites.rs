//! How many sites may begin in a day where a pattern such as `*.example.cn` lets anybody name new ones.
//!
//! Each site costs an object, memory and KV documents, so strangers may begin few: so many a day for each
//! address, and so many for the deployment. Sites written out in `SITES` never ask. Addresses are keyed hashes
//! under a key of the day. Out of scope: where this is stored.

use crate::budget::day_after;
use crate::visitor::{Secret, VisitorKey, wider_network};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// New sites of a day for one address (IPv6: its /48): a school that moves its class pages in one go has fewer.
pub const MAX_PER_ADDRESS: u64 = 20;
/// New sites of a day for the deployment.
pub const MAX_PER_DAY: u64 = 500;
const DAY_MS: u64 = 86_400_000;

/// The sites that began today.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewSites {
    /// Days since 1970, UTC.
    day: u64,
    key: Secret,
    by_address: BTreeMap<u64, u64>,
}

impl NewSites {
    /// Whether a site may begin at the word of `address`; if not, the milliseconds until one may. `fresh_key`
    /// is for a new day.
    pub fn admit(&mut self, now_ms: u64, address: &str, fresh_key: Secret) -> Result<(), u64> {
        let day = day_after(self.day, now_ms);
        if day != self.day {
            *self = Self { day, key: fresh_key, by_address: BTreeMap::new() };
        }
        let all: u64 = self.by_address.values().fold(0, |sum, sites| sum.saturating_add(*sites));
        let address = wider_network(VisitorKey::of_address(&self.key, address).0);
        let own = self.by_address.get(&address).copied().unwrap_or_default();
        if all >= MAX_PER_DAY || own >= MAX_PER_ADDRESS {
            return Err(day.saturating_add(1).saturating_mul(DAY_MS).saturating_sub(now_ms).max(1));
        }
        self.by_address.insert(address, own.saturating_add(1));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Secret = Secret([7; 16]);

    #[test]
    fn an_address_begins_so_many_sites_a_day() {
        let mut sites = NewSites::default();
        for _ in 0..MAX_PER_ADDRESS {
            assert_eq!(sites.admit(DAY_MS, "10.0.0.1", KEY), Ok(()));
        }
        assert_eq!(sites.admit(DAY_MS + 5, "10.0.0.1", KEY), Err(DAY_MS - 5));
        assert_eq!(sites.admit(DAY_MS, "10.0.0.2", KEY), Ok(()));
        assert!(sites.admit(0, "10.0.0.1", KEY).is_err(), "a clock that goes back brings none back");
        assert_eq!(sites.admit(2 * DAY_MS, "10.0.0.1", KEY), Ok(()));
    }

    #[test]
    fn many_addresses_together_begin_so_many() {
        let mut sites = NewSites::default();
        let admitted =
            (0..2 * MAX_PER_DAY).filter(|n| sites.admit(DAY_MS, &format!("host {n}"), KEY).is_ok());
        assert_eq!(admitted.count() as u64, MAX_PER_DAY);
        assert!(sites.by_address.len() as u64 <= MAX_PER_DAY);
    }
}
