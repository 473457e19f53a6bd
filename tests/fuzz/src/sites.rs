//! Sites for the targets: days, secrets and an object's storage.

use laifang_simulation::disk::Disk;
use laifang_tally::day::{Date, Day};
use laifang_tally::engine::Engine;
use laifang_tally::site::Site;
use laifang_tally::visitor::Secret;

pub const DAY_MS: u64 = 86_400_000;
pub const SECRETS: (Secret, Secret) = (Secret([3; 16]), Secret([4; 16]));

/// The day of an instant: days of 24 hours in months without end.
pub fn day(now_ms: u64) -> Day {
    let number = now_ms / DAY_MS;
    let date = Date(20_260_101 + u32::try_from(number % 28).unwrap());
    Day { date, ends_at_ms: (number + 1).saturating_mul(DAY_MS) }
}

pub fn empty_site() -> Site {
    Site::new(1, day(0), Secret([1; 16]), Secret([2; 16]))
}

/// The site as it is read again after all of it has been stored.
pub fn stored_and_read(site: &Site) -> Site {
    let (mut engine, disk) = (Engine::default(), Disk::default());
    engine.switch(&disk, site.clone()).expect("what was read can be stored");
    let mut engine = Engine::default();
    assert!(engine.wake(&disk).expect("what was stored can be read"), "the site is there");
    engine.site().unwrap().clone()
}

/// Everything an owner's export says of a site.
pub fn exported(site: &Site) -> String {
    let pieces = site.export("example.cn", "2026-11-25T10:00:00.000Z").expect("a site can be exported");
    String::from_utf8(pieces.concat()).expect("an export is text")
}
