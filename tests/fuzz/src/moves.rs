//! The body of `POST /v1/sites/{site}/moves`.

use crate::sites::{empty_site, exported, stored_and_read};
use laifang_tally::import::{Options, Reader};
use laifang_tally::moves;
use laifang_tally::page::key_of_path;
use laifang_tally::site::Site;

const TABLE: &[u8] = b"/a,1,1\n/b,2,1\n/a?id=1,4,1\n/%E4%B8%AD,8,1\n";

/// What is moved loses and doubles no view, every address has one page, and the site can be stored and exported.
pub fn check(input: &[u8]) {
    let Ok(body) = std::str::from_utf8(input) else { return };
    let Ok(pairs) = moves::read("example.cn", body) else { return };
    for pair in &pairs {
        assert_eq!(key_of_path(&pair.from).as_ref(), Some(&pair.from));
        assert_eq!(key_of_path(&pair.to).as_ref(), Some(&pair.to));
    }
    let before = site();
    let Ok((Some(site), report)) = before.with_moves(&pairs) else { return };
    assert_eq!(views(&site), views(&before));
    assert_eq!((report.pages_after, report.moves), (site.pages().len(), site.totals().moves.len()));
    for pair in &pairs {
        let totals = site.totals();
        assert_eq!(totals.page_of(&pair.from), totals.page_of(&pair.to), "{pair:?}");
    }
    assert!(site.with_moves(&pairs).expect("it was taken before").0.is_none(), "said twice it is said once");
    assert_eq!(exported(&stored_and_read(&site)), exported(&site), "storage holds all of it");
}

fn site() -> Site {
    let mut reader = Reader::new(|_| None);
    reader.read(TABLE).expect("a table");
    let options = Options { replace: false, keep_higher: false, max_pages: 10 };
    let import = reader.finish().expect("a table");
    let (salt, id_key) = crate::sites::SECRETS;
    let fresh = laifang_tally::site::Fresh { now_ms: 1_000, day: crate::sites::day(1_000), salt, id_key };
    let (site, _) = empty_site().with_import(import, options, fresh).expect("an empty site");
    site.expect("a new file")
}

fn views(site: &Site) -> u64 {
    site.pages().iter().map(|(_, page)| page.counts.views).sum()
}
