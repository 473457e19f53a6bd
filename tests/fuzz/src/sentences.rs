//! Lines of a page's text, in which the widget looks for sentences and labels that count.

use laifang_widget::{element, read, room};

/// As the widget's crate lays out its room: places of six numbers, sixteen counts, units of text that a 0 ends.
const PLACES: usize = 32;
const FIELDS: usize = 6;
const COUNTS: [f64; 16] =
    [1024.0, 20.0, 10.0, 5.0, 4.0, 3.0, 2.0, -1.0, 6.0, 7.0, 8.0, 9.0, -1.0, -1.0, 11.0, 12.0];
const MAX_UNITS: usize = 8192;
/// What a longer line may have left behind the end: closes whatever a line can open.
const REST: &str = "}?>%>--]】)位訪客次visitor 1";
/// `data-replace` and "we wrote it".
const REPLACE: u32 = 1;
const OURS: u32 = 4;
/// Actions: the number is written, a larger one stands.
const WRITE: f64 = 0.0;
const ACTIONS: f64 = 4.0;
const VISITOR: f64 = 0.0;

/// Places are on the line and in its order, and a visitor number that stands is never lowered.
pub fn check(input: &[u8]) {
    let Some((&flags, text)) = input.split_first() else { return };
    let flags = u32::from(flags & 7);
    let text: Vec<u16> = String::from_utf8_lossy(text).encode_utf16().take(MAX_UNITS - 2).collect();
    fill_room(&text);
    let told = read(flags);
    let mut before = 0.0;
    for [action, from, to, metric, _, shown] in places(told) {
        check_place(action, metric, shown);
        let length = text.len() as f64;
        assert!(before <= from.max(to) && from <= length && to <= length, "the place is on the line");
        before = from.max(to);
        if metric == VISITOR && flags & OURS == 0 && shown > COUNTS[0] {
            assert_ne!(action, WRITE, "a visitor number is never lowered");
        }
        if metric != VISITOR && flags & (REPLACE | OURS) == 0 && shown > 0.0 {
            assert_ne!(action, WRITE, "a count that stands is held");
        }
    }
    let name_units = text.iter().position(|unit| *unit == 10).unwrap_or(text.len());
    let (name, text) = text.split_at(name_units);
    fill_room(&[name, &[0], text].concat());
    let told = element(name_units + 1, flags);
    assert!(told <= 1);
    places(told).into_iter().for_each(|[action, _, _, metric, _, shown]| check_place(action, metric, shown));
}

fn check_place(action: f64, metric: f64, shown: f64) {
    assert!((0.0..=ACTIONS).contains(&action) && (0.0..COUNTS.len() as f64).contains(&metric));
    assert!((0.0..1e16).contains(&shown), "{shown} is no count");
    assert!(COUNTS[metric as usize] >= 0.0 || action != WRITE, "what is not known is not written");
}

fn fill_room(text: &[u16]) {
    let room = room() as *mut f64;
    // SAFETY: the room begins with the places and the counts, and has `MAX_UNITS` units of text behind them; this is
    // one thread.
    unsafe {
        let counts = room.add(PLACES * FIELDS);
        counts.copy_from_nonoverlapping(COUNTS.as_ptr(), COUNTS.len());
        let units = counts.add(COUNTS.len()).cast::<u16>();
        units.copy_from_nonoverlapping(text.as_ptr(), text.len());
        units.add(text.len()).write(0);
        for (at, unit) in (text.len() + 1..MAX_UNITS).zip(REST.encode_utf16()) {
            units.add(at).write(unit);
        }
    }
}

fn places(told: usize) -> Vec<[f64; FIELDS]> {
    assert!(told <= PLACES);
    let places = room() as *const [f64; FIELDS];
    // SAFETY: the room begins with `PLACES` places, of which `told` were written; this is one thread.
    (0..told).map(|index| unsafe { places.add(index).read() }).collect()
}
