//! KV's documents, from which a lost site is brought back.

use crate::sites::{DAY_MS, SECRETS, day, exported, stored_and_read};
use laifang_tally::publish::{DaysDocument, Document, MainDocument, PagesDocument, read};
use laifang_tally::site::Site;
use serde::{Deserialize, Serialize};
use std::fmt::Debug;

/// What is read is written in the same words; a site brought back from it counts on from the same numbers.
pub fn check(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let mut documents = text.split('\n');
    let main = documents.next().and_then(read_again::<MainDocument>);
    let (mut pages, mut days) = (Vec::new(), Vec::new());
    for body in documents {
        pages.extend(read_again::<PagesDocument>(body));
        days.extend(read_again::<DaysDocument>(body));
    }
    let Some(main) = main else { return };
    let mut site = Site::restore(main.clone(), pages, days, day(0), SECRETS, DAY_MS / 2);
    assert_eq!((site.counts().views, site.counts().visitors), (main.views, main.visitors));
    assert_eq!(site.totals().restored_at_ms, Some(DAY_MS / 2));
    assert_eq!(exported(&stored_and_read(&site)), exported(&site), "storage holds all of it");
    let published = site.publish(Document::Main).expect("a site can be published");
    let next = read_again::<MainDocument>(&published).expect("what was published can be read");
    assert!(next.generation > main.generation || main.generation == u64::MAX);
    assert!(next.as_of_ms >= main.as_of_ms);
}

fn read_again<T: for<'a> Deserialize<'a> + Serialize + PartialEq + Debug>(body: &str) -> Option<T> {
    let document: T = read(body).ok()?;
    let again = serde_json::to_string(&document).expect("what was read can be written");
    assert_eq!(read::<T>(&again).as_ref(), Ok(&document));
    Some(document)
}
