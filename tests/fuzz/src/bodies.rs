//! The bodies of `POST /v1/hits` and `POST /v1/shares`.

use laifang_tally::counts::MAX_COUNT;
use laifang_tally::request::{HitBody, Kind, ShareBody, check_id, check_network, read_body, target};
use laifang_tally::sites::Sites;
use serde_json::json;

/// A body that is accepted says the same when its fields are written anew, and counts only for a listed site.
pub fn check(input: &[u8]) {
    let sites = Sites::parse("example.cn *.school.cn");
    if let Ok(hit) = read_body::<HitBody>(input) {
        let kind = if hit.kind == Kind::Route { "route" } else { "load" };
        let HitBody { url, id, site, shown, .. } = &hit;
        let again = json!({ "url": url, "id": id, "kind": kind, "site": site, "shown": shown });
        assert_eq!(read_body::<HitBody>(again.to_string().as_bytes()).as_ref(), Ok(&hit));
        assert!(shown.is_none_or(|shown| (1..=MAX_COUNT).contains(&shown)));
        check_target(&sites, url, site.as_deref());
        check_words(id, "");
    }
    if let Ok(share) = read_body::<ShareBody>(input) {
        let ShareBody { url, network, id, site } = &share;
        let again = json!({ "url": url, "network": network, "id": id, "site": site });
        assert_eq!(read_body::<ShareBody>(again.to_string().as_bytes()).as_ref(), Ok(&share));
        check_target(&sites, url, site.as_deref());
        check_words(id, network);
    }
}

fn check_target(sites: &Sites, url: &str, site: Option<&str>) {
    for origin in [None, Some("https://www.example.cn"), Some("null"), Some(url)] {
        let Ok(target) = target(sites, url, site, origin) else { continue };
        assert!(sites.allow(&target.host) && sites.allow(&target.site), "both are listed");
        assert!(target.page.starts_with('/'));
        assert!(target.is_asked_by(url), "an address is of its own host");
        assert_ne!(origin, Some("null"), "a page without an origin is nobody's");
    }
}

fn check_words(id: &str, network: &str) {
    let is_word = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    assert!(check_id(id).is_err() || (is_word(id) && (16..=64).contains(&id.len())));
    assert!(check_network(network).is_err() || (is_word(network) && (1..=24).contains(&network.len())));
}
