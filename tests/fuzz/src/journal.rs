//! Stored entries of the journal, of every format.

use crate::sites::{empty_site, exported, stored_and_read};
use laifang_tally::journal::{Entry, Event};

/// An entry that is read is written and read again as the same, and a site that takes it in can be stored.
pub fn check(input: &[u8]) {
    let Ok(entry) = Entry::from_bytes(input) else { return };
    let bytes = entry.to_bytes().expect("what was read can be written");
    assert_eq!(Entry::from_bytes(&bytes).as_ref(), Ok(&entry));
    assert!(Entry::from_bytes(&bytes[..bytes.len() - 1]).is_err(), "an entry that is cut short is noticed");
    let mut site = empty_site();
    site.replay(&Entry { seq: 1, ..entry.clone() });
    if let Event::View(view) = &entry.event {
        assert_eq!((site.counts().views, site.counts().visitors), (view.site.views, view.site.visitors));
    }
    assert_eq!(exported(&stored_and_read(&site)), exported(&site), "storage holds all of it");
}
