//! Query parameters that say how a reader came, not what they read.
//!
//! The general ones are those that the common filter lists (AdGuard's and ClearURLs') remove on every
//! site; the rest are what WeChat, Weibo, QQ and Baidu add to shared addresses.

/// Names that are dropped whatever their value. Sorted.
const NAMES: &[&str] = &[
    "_branch_match_id",
    "_ga",
    "_gl",
    "_hsenc",
    "_hsmi",
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
    "fbclid",
    "from_source",
    "gad_source",
    "gbraid",
    "gclid",
    "gclsrc",
    "gs_l",
    "hsctatracking",
    "igsh",
    "igshid",
    "isappinstalled",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "ml_subscriber",
    "ml_subscriber_hash",
    "msclkid",
    "nsukey",
    "oly_anon_id",
    "oly_enc_id",
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
    "vero_conv",
    "vero_id",
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
    NAMES.contains(&name.as_str())
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
