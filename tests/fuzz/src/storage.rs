//! The rows and entries of an object whose storage was damaged.

use crate::sites::{DAY_MS, SECRETS, day, empty_site, exported, stored_and_read};
use laifang_simulation::disk::Disk;
use laifang_tally::counts::MAX_COUNT;
use laifang_tally::engine::{Engine, Storage};
use laifang_tally::journal::SLOTS;
use laifang_tally::request::Kind;
use laifang_tally::snapshot::{Row, TOTALS_KEY};
use laifang_tally::visit::{Arrival, Decision};
use laifang_tally::visitor::VisitorKey;
use std::sync::LazyLock;

/// What an object has stored: its rows, and its entries with their slots.
type Stored = (Vec<Row>, Vec<(u64, Vec<u8>)>);

/// A site of some days, pages, visitors and shares.
static STORED: LazyLock<Stored> = LazyLock::new(|| {
    let (mut engine, disk) = (Engine::new(8), Disk::default());
    engine.begin(&disk, empty_site()).expect("a new site can be stored");
    for number in 0..40 {
        hit(&mut engine, &disk, number * DAY_MS / 16, number, "/a").expect("a hit can be stored");
        hit(&mut engine, &disk, number * DAY_MS / 16, number / 2, "/b").expect("a hit can be stored");
    }
    let entries = (0..SLOTS).filter_map(|slot| Some((slot, disk.entries(slot, slot).ok()?.pop()?)));
    (disk.rows(i64::MIN, i64::MAX).expect("rows can be read"), entries.collect())
});

/// The same as its owner sees it.
static EXPORTED: LazyLock<String> = LazyLock::new(|| {
    let disk = Disk::default();
    let (rows, entries) = STORED.clone();
    rows.into_iter().for_each(|row| disk.write_row(row).unwrap());
    entries.into_iter().for_each(|(slot, entry)| disk.write_entry(slot, entry).unwrap());
    let mut engine = Engine::new(8);
    engine.wake(&disk).expect("what was stored can be read");
    exported(engine.site().expect("a site"))
});

fn cut_checksum(body: &mut Vec<u8>) {
    body.truncate(body.len().saturating_sub(4));
    body.first_mut().into_iter().for_each(|first| *first &= 0x7f);
}

/// Five bytes are one change of what is stored. A damaged site is an error, or one that stores, reads and counts.
pub fn check(input: &[u8]) {
    let (mut rows, mut entries) = STORED.clone();
    // As an older release stored them, which knew no checksums: what is changed is decoded.
    let is_bare = input.first().is_some_and(|first| first & 0x80 != 0);
    if is_bare {
        rows.iter_mut().for_each(|row| cut_checksum(&mut row.body));
        entries.iter_mut().for_each(|(_, entry)| cut_checksum(entry));
    }
    let mut changes = input;
    let mut is_replaced = false;
    while let [kind, index, at @ .., value] = changes.get(..5).unwrap_or_default() {
        changes = &changes[5..];
        is_replaced |= (kind >> 1) % 4 >= 2;
        let at = usize::from(at[0]) | usize::from(at[1]) << 8;
        let index = usize::from(*index);
        if kind & 1 == 0 && index < rows.len() {
            let whole = change(&mut rows[index].body, kind >> 1, at, *value, changes);
            whole.then(|| rows.remove(index));
        } else if kind & 1 == 1 && index < entries.len() {
            let whole = change(&mut entries[index].1, kind >> 1, at, *value, changes);
            whole.then(|| entries.remove(index));
        }
    }
    let disk = Disk::default();
    let has_totals = rows.iter().any(|row| row.key == TOTALS_KEY);
    rows.into_iter().for_each(|row| disk.write_row(row).unwrap());
    entries.into_iter().for_each(|(slot, entry)| disk.write_entry(slot, entry).unwrap());
    let mut engine = Engine::new(8);
    match engine.wake(&disk) {
        Err(_) => return,
        Ok(is_there) => assert_eq!(is_there, has_totals, "a site is gone only with its totals"),
    }
    let Some(site) = engine.site() else { return };
    if !is_bare && !is_replaced {
        assert_eq!(exported(site), *EXPORTED, "a changed byte is damage, not another number");
    }
    assert_eq!(exported(&stored_and_read(site)), exported(site), "storage holds all of it");
    let (before, now_ms) = (site.counts().views, site.totals().clock_ms);
    if let Some(views) = hit(&mut engine, &disk, now_ms, u64::MAX, "/new") {
        assert!(views == before.saturating_add(1) || before >= MAX_COUNT, "the next hit counts");
    }
}

/// Changes stored bytes; true where they are to be lost.
fn change(body: &mut Vec<u8>, kind: u8, at: usize, value: u8, rest: &[u8]) -> bool {
    match kind % 4 {
        0 => {
            let length = body.len().max(1);
            body.get_mut(at % length).into_iter().for_each(|byte| *byte ^= value);
        }
        1 => body.truncate(at),
        2 => *body = rest.to_vec(),
        _ => return true,
    }
    false
}

/// One view; none where it is not counted.
fn hit(engine: &mut Engine, disk: &Disk, now_ms: u64, visitor: u64, page: &str) -> Option<u64> {
    let next_day = |_: &_, now_ms| Ok((day(now_ms), SECRETS.0));
    let now_ms = engine.pass_time(disk, now_ms, next_day).ok()?;
    let site = engine.site()?;
    let id = format!("{now_ms} {visitor} {page}");
    let visitor = VisitorKey::new(site.salt(), "s", &visitor.to_string(), "A");
    let arrival = Arrival { now_ms, id: &id, visitor, page, kind: Kind::Load };
    let Decision::Count(entry, reply) = site.decide_view(&arrival, 100) else { return None };
    engine.count(disk, &entry).ok()?;
    Some(reply.site.views)
}
