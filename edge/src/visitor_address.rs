//! Whose request it is: the other end of the connection, or, where that is a proxy the owner trusts, who the proxy says it
//! speaks for.
//!
//! The same rules as `laifang serve --trusted-proxy` (`edge/cli/trusted_proxies.mjs`); the tests hold the same cases. What
//! anybody else writes into these headers counts for nothing. Out of scope: telling visitors apart by the address.

use std::net::{IpAddr, SocketAddr};

/// Proxies whose `X-Forwarded-For` and `X-Real-IP` are believed: addresses and networks.
#[derive(Debug, Default)]
pub struct TrustedProxies(Vec<Network>);

#[derive(Debug)]
struct Network {
    address: IpAddr,
    bits: u32,
}

impl TrustedProxies {
    /// Reads addresses such as `203.0.113.7` and networks such as `10.0.0.0/8`; what is neither is trusted by nobody.
    pub fn parse(text: &str) -> Self {
        Self(text.split([' ', ',', '\t', '\n']).filter_map(Network::parse).collect())
    }

    /// Whether nobody is trusted: then no header of a proxy needs to be read.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn has(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.has(address))
    }

    /// The visitor's address, for a connection from `peer`.
    pub fn visitor_of(&self, peer: &str, forwarded_for: Option<&str>, real: Option<&str>) -> String {
        let Some(proxy) = plain_address(peer).filter(|address| self.has(*address)) else {
            return peer.to_owned();
        };
        let forwarded = forwarded_for.and_then(|chain| self.nearest_stranger(chain));
        // The one before the proxy may be another proxy of ours; then the longer chain knows more.
        let named = real.and_then(plain_address).filter(|address| !self.has(*address));
        let visitor = match (forwarded, named) {
            // A proxy that sets one header and hands on the other lets a visitor write it: they then disagree.
            (Some(forwarded), Some(named)) if forwarded != named => proxy,
            (Some(address), _) | (None, Some(address)) => address,
            (None, None) => proxy,
        };
        visitor.to_string()
    }

    /// Each proxy adds whom it heard from at the end, so the last that isn't ours is the visitor.
    fn nearest_stranger(&self, chain: &str) -> Option<IpAddr> {
        let mut nearest = None;
        for entry in chain.rsplit(',') {
            let Some(address) = plain_address(entry) else { return nearest };
            nearest = Some(address);
            if !self.has(address) {
                return nearest;
            }
        }
        nearest
    }
}

impl Network {
    fn parse(text: &str) -> Option<Self> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (plain_address(address)?, Some(bits.parse().ok()?)),
            None => (plain_address(text)?, None),
        };
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(most);
        (bits <= most).then_some(Self { address, bits })
    }

    fn has(&self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(ours), IpAddr::V4(theirs)) => {
                is_same(u32::from(ours).into(), u32::from(theirs).into(), 32u32.saturating_sub(self.bits))
            }
            (IpAddr::V6(ours), IpAddr::V6(theirs)) => {
                is_same(ours.into(), theirs.into(), 128u32.saturating_sub(self.bits))
            }
            _ => false,
        }
    }
}

/// Whether two addresses are equal but for their last bits.
fn is_same(ours: u128, theirs: u128, last_bits: u32) -> bool {
    (ours ^ theirs).checked_shr(last_bits).unwrap_or(0) == 0
}

/// An address without port, brackets or zone; IPv4 in IPv6's form as IPv4.
fn plain_address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let bare = bare.split('%').next().unwrap_or(bare);
    let address =
        bare.parse::<IpAddr>().or_else(|_| bare.parse::<SocketAddr>().map(|both| both.ip())).ok()?;
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Peer, `X-Forwarded-For`, `X-Real-IP`, visitor: the cases of `tests/package/serve.test.mjs`.
    const CASES: &[(&str, Option<&str>, Option<&str>, &str)] = &[
        ("8.8.8.8", Some("1.1.1.1"), Some("1.1.1.1"), "8.8.8.8"),
        ("::ffff:127.0.0.1", Some("1.1.1.1"), None, "1.1.1.1"),
        ("127.0.0.1", None, None, "127.0.0.1"),
        ("127.0.0.1", Some("6.6.6.6, 1.1.1.1, 10.0.0.1"), None, "1.1.1.1"),
        ("127.0.0.1", Some("1.1.1.1, 127.0.0.1"), None, "1.1.1.1"),
        ("fd00::1", Some("[2001:DB8::1]:443"), None, "2001:db8::1"),
        ("127.0.0.1", Some("1.1.1.1:5555"), None, "1.1.1.1"),
        ("127.0.0.1", Some("1.1.1.1, nonsense"), None, "127.0.0.1"),
        ("127.0.0.1", Some("10.0.0.7"), None, "10.0.0.7"),
        ("127.0.0.1", None, Some("1.1.1.1"), "1.1.1.1"),
        ("127.0.0.1", Some("1.1.1.1, 10.0.0.2"), Some("10.0.0.2"), "1.1.1.1"),
        ("127.0.0.1", Some("6.6.6.6"), Some("1.1.1.1"), "127.0.0.1"),
        ("", Some("1.1.1.1"), None, ""),
    ];

    #[test]
    fn whom_to_believe_is_decided_by_the_trusted_end_of_the_chain() {
        let proxies = TrustedProxies::parse("127.0.0.1, 10.0.0.0/8 fd00::/8");
        for (peer, forwarded_for, real, visitor) in CASES {
            assert_eq!(
                proxies.visitor_of(peer, *forwarded_for, *real),
                *visitor,
                "{peer} {forwarded_for:?} {real:?}"
            );
        }
    }

    #[test]
    fn by_default_nobody_is_believed() {
        let proxies = TrustedProxies::parse("");
        assert_eq!(proxies.visitor_of("10.0.0.1", Some("1.1.1.1"), Some("1.1.1.1")), "10.0.0.1");
    }

    #[test]
    fn what_is_no_network_is_trusted_by_nobody() {
        for wrong in ["proxy", "10.0.0.0/33", "10.0.0.0/x", "1.2.3", "::/129"] {
            assert!(!TrustedProxies::parse(wrong).has(IpAddr::from([10, 0, 0, 1])), "{wrong}");
        }
        assert!(TrustedProxies::parse("0.0.0.0/0").has(IpAddr::from([10, 0, 0, 1])));
        assert!(!TrustedProxies::parse("10.0.0.0/8").has(IpAddr::from([11, 0, 0, 1])));
    }
}
