//! Which networks a site counts shares of: those the share box knows, always, and a number of others.
//!
//! Names come from outside, so others are bounded: without a bound a stranger could fill a site's memory,
//! and with one bound for all he could lock out the real ones.

use crate::counts::Shares;

/// Most networks a site counts shares of besides the known ones.
pub const MAX_OTHERS: usize = 40;

/// The networks of `widget/share/networks.json`, in its order; a test holds the two together.
pub const KNOWN: [&str; 23] = [
    "wechat",
    "weibo",
    "qq",
    "qzone",
    "copy",
    "douban",
    "line",
    "facebook",
    "threads",
    "x",
    "linkedin",
    "telegram",
    "whatsapp",
    "reddit",
    "mastodon",
    "bluesky",
    "hackernews",
    "pinterest",
    "tumblr",
    "vk",
    "email",
    "print",
    "native",
];

/// Place of the network in the list of those the share box knows.
pub(crate) fn known_index(network: &str) -> Option<u8> {
    KNOWN.iter().position(|known| *known == network).and_then(|index| u8::try_from(index).ok())
}

/// The known network at a place in the list.
pub(crate) fn known_name(index: u8) -> Option<&'static str> {
    KNOWN.get(usize::from(index)).copied()
}

/// Whether the share box knows the network.
pub(crate) fn is_known(network: &str) -> bool {
    known_index(network).is_some()
}

/// Whether there is room for a share at `network` beside the `shares` there are.
#[must_use]
pub fn has_room(shares: &Shares, network: &str) -> bool {
    is_known(network) || shares.contains_key(network) || others(shares) < MAX_OTHERS
}

/// How many networks of `shares` the share box does not know.
#[must_use]
pub fn others(shares: &Shares) -> usize {
    shares.keys().filter(|network| !is_known(network)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_known_networks_are_those_of_the_share_box() {
        let table: serde_json::Value =
            serde_json::from_str(include_str!("../../widget/share/networks.json")).unwrap();
        let ids: Vec<&str> =
            table.as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect();
        // `more` opens the rest of the box; nothing is shared with it.
        let networks: Vec<&str> = ids.into_iter().filter(|id| *id != "more").collect();
        assert_eq!(networks, KNOWN);
    }

    #[test]
    fn invented_networks_do_not_lock_out_the_known() {
        let mut shares: Shares = (0..MAX_OTHERS).map(|number| (format!("invented-{number}"), 1)).collect();
        assert!(!has_room(&shares, "one-more") && has_room(&shares, "invented-7"));
        for known in KNOWN {
            assert!(has_room(&shares, known), "{known}");
            shares.insert(known.into(), 1);
        }
        assert_eq!(others(&shares), MAX_OTHERS);
        shares.remove("invented-7");
        assert!(has_room(&shares, "one-more"), "known ones take no place of the others");
    }
}
