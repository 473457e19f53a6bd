//! Addresses of pages, as a hit names them, and of sites, as the owner does.

use laifang_tally::page::{Address, key_of_path};
use laifang_tally::sites::{Sites, host_of_entry};

/// A page's key names the same page again, by itself and behind its host; so does a site's.
pub fn check(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    if let Ok(address) = Address::parse(&text) {
        let Address { host, page } = &address;
        assert!(page.starts_with('/'), "the key is a path");
        assert!(page.bytes().all(|byte| byte.is_ascii_graphic()), "the key is printable ASCII");
        assert_eq!(key_of_path(page).as_deref(), Some(&**page), "the key is its own");
        assert_eq!(Address::parse(&format!("https://{host}{page}")), Ok(address.clone()));
        assert!(Sites::parse(host).allow(host), "a host that is listed may count");
    }
    if let Some(host) = host_of_entry(&text) {
        assert_eq!(host_of_entry(&host).as_deref(), Some(&*host), "the host is its own");
    }
    for entry in Sites::parse(&text).entries() {
        assert_eq!(Sites::parse(&entry).entries().collect::<Vec<_>>(), [entry], "an entry is its own");
    }
    if let Some(key) = key_of_path(&text) {
        assert_eq!(key_of_path(&key).as_ref(), Some(&key), "the key is its own");
    }
}
