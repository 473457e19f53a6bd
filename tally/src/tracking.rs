//! Query parameters that say how a reader came, not what they read.
//!
//! The general ones are a maintained list, taken in as a file; the rest are what WeChat, Weibo, QQ, Baidu and
//! some advertisers add to shared addresses, which that list has under their own sites only.

/// Names of the maintained list, lower case, one a line.
const GLOBAL: &str = include_str!("tracking/global.txt");

/// More names that are dropped whatever their value. Sorted.
const NAMES: &[&str] = &[
    "_branch_match_id",
    "_ga",
    "_gl",
    "_openstat",
    "bd_vid",
    "bdchannel",
    "chksm",
    "clickid",
    "dclid",
    "dm_i",
    "exportkey",
    "fb_action_ids",
    "fb_action_types",
    "fb_source",
    "from_source",
    "gad_source",
    "gbraid",
    "gs_l",
    "igsh",
    "igshid",
    "isappinstalled",
    "ml_subscriber",
    "ml_subscriber_hash",
    "msclkid",
    "nsukey",
    "pass_ticket",
    "rb_clickid",
    "s_cid",
    "sharer_shareid",
    "sharer_sharetime",
    "share_from",
    "share_medium",
    "share_source",
    "share_token",
    "spm_id_from",
    "srcid_tracking",
    "srsltid",
    "ttclid",
    "twclid",
    "unique_k",
    "vd_source",
    "weibo_id",
    "wbraid",
    "weixinadinfo",
    "weixinadkey",
    "wickedid",
    "wx_header",
    "wxshare_count",
    "wxwork_userid",
    "yclid",
    "ysclid",
];

/// Beginnings of names that are dropped.
const PREFIXES: &[&str] = &["utm_", "hmsr", "hmpl", "hmcu", "hmkw", "hmci", "mtm_", "pk_", "matomo_"];

/// Names that are dropped only with one of these values, because sites use the name themselves.
const NAME_VALUES: &[(&str, &[&str])] = &[
    ("from", &["singlemessage", "groupmessage", "timeline", "singlemessage_ios", "wechat", "weibo", "qq"]),
    ("scene", &["1", "2", "21", "27", "90", "126", "334", "1000", "2000"]),
    ("share", &["wechat", "weibo", "qq", "timeline"]),
];

/// Whether a parameter only tells where the reader came from.
#[must_use]
pub fn is_tracking(name: &str, value: &str) -> bool {
    let name = name.to_ascii_lowercase();
    GLOBAL.lines().any(|listed| listed == name)
        || NAMES.contains(&name.as_str())
        || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        || NAME_VALUES.iter().any(|(known, values)| *known == name && values.contains(&value))
}

#[cfg(test)]
mod tests {
    use super::is_tracking;

    #[test]
    fn what_chat_apps_and_campaigns_add_is_tracking() {
        for (name, value) in [
            ("utm_source", "x"),
            ("UTM_Medium", "y"),
            ("from", "singlemessage"),
            ("isappinstalled", "0"),
            ("bd_vid", "1"),
            ("weibo_id", "2"),
            ("fbclid", "3"),
            ("hsCtaTracking", "4"),
            ("piwik_campaign", "5"),
        ] {
            assert!(is_tracking(name, value), "{name}={value}");
        }
    }

    #[test]
    fn what_chooses_the_page_stays() {
        for (name, value) in [("id", "7"), ("from", "beijing"), ("page", "2"), ("share", "1"), ("utm", "1")] {
            assert!(!is_tracking(name, value), "{name}={value}");
        }
    }
}
