//! Who is the same visitor: a keyed hash of address, user agent and site under the day's salt.
//!
//! SipHash-2-4 is a pseudo-random function: without the 128-bit salt nobody can tell which address a
//! key came from, and the salt is overwritten when the day ends. Neither address nor user agent is kept.

use serde::{Deserialize, Serialize};
use siphasher::sip128::{Hasher128, SipHasher24 as SipHasher128};
use std::hash::Hasher;
use std::net::IpAddr;

/// A 128-bit secret: the day's salt, or a site's key for request ids.
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secret(pub [u8; 16]);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    /// The secret that chooses the buckets of a site's pages, from the site's key for request ids.
    #[must_use]
    pub fn bucket_key(&self) -> Self {
        Self(self.hash(6, &[]).to_le_bytes())
    }

    /// Whether it is the secret of zeros, which is none.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// A keyed 128-bit hash of `parts`; their lengths count, so parts cannot run into each other.
    #[must_use]
    pub fn hash(&self, domain: u8, parts: &[&[u8]]) -> u128 {
        let mut hasher = SipHasher128::new_with_key(&self.0);
        hasher.write_u8(domain);
        for part in parts {
            hasher.write_u64(part.len() as u64);
            hasher.write(part);
        }
        hasher.finish128().as_u128()
    }
}

/// A visitor of one day of one site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct VisitorKey(pub u64);

/// What an id was given for; the same id may be used once for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdUse {
    /// A page view.
    Hit,
    /// A share.
    Share,
}

/// A request id, hashed: what the exactly-once memory compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RequestId(pub u128);

impl RequestId {
    /// Hashes the id as it was sent.
    #[must_use]
    pub fn new(key: &Secret, id_use: IdUse, id: &str) -> Self {
        let domain = match id_use {
            IdUse::Hit => 1,
            IdUse::Share => 2,
        };
        Self(key.hash(domain, &[id.as_bytes()]))
    }
}

impl VisitorKey {
    /// The key of the browser `user_agent` at `address` on `site` under the day's `salt`.
    #[must_use]
    pub fn new(salt: &Secret, site: &str, address: &str, user_agent: &str) -> Self {
        let network = network(address, 64);
        let hash = salt.hash(3, &[site.as_bytes(), network.as_bytes(), user_agent.as_bytes()]);
        Self(hash as u64)
    }

    /// The key of the address alone, for ceilings. Its upper half names the wider network, see [`wider_network`].
    #[must_use]
    pub fn of_address(salt: &Secret, address: &str) -> Self {
        let narrow = salt.hash(4, &[network(address, 64).as_bytes()]) as u64;
        let wide = salt.hash(6, &[network(address, 48).as_bytes()]) as u64;
        Self((wide << 32) | (narrow >> 32))
    }

    /// The visitor on one page, for counting a page's visitors once a day.
    #[must_use]
    pub fn on_page(self, salt: &Secret, page: &str) -> u64 {
        salt.hash(5, &[&self.0.to_le_bytes(), page.as_bytes()]) as u64
    }
}

/// The part of an [`VisitorKey::of_address`] key that all addresses of one connection share: IPv4 whole, IPv6 its /48,
/// the most that is usually given to one customer.
#[must_use]
pub fn wider_network(address: u64) -> u64 {
    address >> 32
}

/// What of an address tells visitors apart: IPv4 whole, IPv6 its first bits (its /64: the rest changes by itself).
fn network(address: &str, ipv6_bits: u32) -> String {
    match address.trim().parse::<IpAddr>() {
        Ok(IpAddr::V6(v6)) => match v6.to_ipv4_mapped() {
            Some(v4) => v4.to_string(),
            None => {
                let prefix = v6.to_bits().checked_shr(128_u32.saturating_sub(ipv6_bits)).unwrap_or_default();
                format!("{prefix:016x}/{ipv6_bits}")
            }
        },
        Ok(IpAddr::V4(v4)) => v4.to_string(),
        Err(_) => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SALT: Secret = Secret([7; 16]);

    fn key(address: &str, agent: &str) -> VisitorKey {
        VisitorKey::new(&SALT, "example.cn", address, agent)
    }

    #[test]
    fn one_browser_at_one_address_is_one_visitor() {
        assert_eq!(key("192.0.2.1", "A"), key("192.0.2.1", "A"));
        assert_ne!(key("192.0.2.1", "A"), key("192.0.2.1", "B"));
        assert_ne!(key("192.0.2.1", "A"), key("192.0.2.2", "A"));
    }

    #[test]
    fn an_ipv6_visitor_is_known_by_the_first_64_bits() {
        assert_eq!(key("2001:db8:1:2::1", "A"), key("2001:db8:1:2:ffff::9", "A"));
        assert_ne!(key("2001:db8:1:2::1", "A"), key("2001:db8:1:3::1", "A"));
        assert_eq!(key("::ffff:192.0.2.1", "A"), key("192.0.2.1", "A"));
    }

    #[test]
    fn addresses_of_one_customer_share_the_wider_network() {
        let wide = |address: &str| wider_network(VisitorKey::of_address(&SALT, address).0);
        assert_eq!(wide("2001:db8:1:2::1"), wide("2001:db8:1:ffff::9"));
        assert_ne!(wide("2001:db8:1::1"), wide("2001:db8:2::1"));
        assert_eq!(wide("::ffff:192.0.2.1"), wide("192.0.2.1"));
        assert_ne!(wide("192.0.2.1"), wide("192.0.2.2"));
        let narrow = |address: &str| VisitorKey::of_address(&SALT, address);
        assert_ne!(narrow("2001:db8:1:2::1"), narrow("2001:db8:1:3::1"));
        assert_eq!(narrow("2001:db8:1:2::1"), narrow("2001:db8:1:2::9"));
    }

    #[test]
    fn another_salt_or_site_makes_another_key() {
        assert_ne!(VisitorKey::new(&Secret([8; 16]), "example.cn", "192.0.2.1", "A"), key("192.0.2.1", "A"));
        assert_ne!(VisitorKey::new(&SALT, "example.org", "192.0.2.1", "A"), key("192.0.2.1", "A"));
    }

    #[test]
    fn parts_cannot_run_into_each_other() {
        assert_ne!(SALT.hash(0, &[b"ab", b"c"]), SALT.hash(0, &[b"a", b"bc"]));
    }

    #[test]
    fn a_hit_and_a_share_may_use_the_same_id() {
        assert_ne!(RequestId::new(&SALT, IdUse::Hit, "x"), RequestId::new(&SALT, IdUse::Share, "x"));
    }

    #[test]
    fn secrets_are_not_printed() {
        assert_eq!(format!("{SALT:?}"), "Secret(…)");
    }
}
