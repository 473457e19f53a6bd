//! The counter in the browser: reads the page's text and says which numbers belong where.
//!
//! `loader.js` sends the hit, `entry.js` waits for the reply, `lines.js` reads the page and writes what this
//! crate decides, with text and attributes only. Text crosses as UTF-16, decisions cross back as numbers, so that
//! neither side needs an encoder. Out of scope: the share box (`laifang-share`), fetched apart.

mod gap;
mod label;
mod metric;
mod placeholder;
mod plan;
mod text;

use core::cell::UnsafeCell;
use metric::COUNTS;
use plan::{Edit, Fill};
use text::{MAX_UNITS, Text};
use wasm_bindgen::prelude::*;

/// Counts that stand may be written over.
const REPLACE: u32 = 1;
/// The line stands in an article's head.
const IN_HEAD: u32 = 2;
/// What stands is a number we wrote.
const OURS: u32 = 4;

/// More places no line has; what is beyond stays as it is.
const MAX_PLACES: usize = 32;
/// Numbers a place is told in.
const FIELDS: usize = 6;

/// What crosses between the page and this crate, in one piece of memory: nothing is allocated, ever.
#[repr(C)]
struct Room {
    /// Action, from, to, metric, style and the number shown of each place ([`plan::Action`], [`gap::Number`]).
    places: [[f64; FIELDS]; MAX_PLACES],
    /// The counts in the order of `metric`.
    counts: [f64; COUNTS],
    /// The line, or an element's name and then its text; a 0 ends each.
    text: Text,
}

struct Shared(UnsafeCell<Room>);

// SAFETY: a page's script is one thread, and no function here calls back into it.
unsafe impl Sync for Shared {}

static ROOM: Shared = Shared(UnsafeCell::new(Room {
    places: [[0.0; FIELDS]; MAX_PLACES],
    counts: [0.0; COUNTS],
    text: [0; MAX_UNITS],
}));

/// Where the room is: 192 places' numbers, 16 counts, then 8,192 units of text.
#[wasm_bindgen]
pub fn room() -> usize {
    ROOM.0.get() as usize
}

/// Reads the line in the room; how many places were told. `flags`: 1 counts that stand may be written over, 2 the line
/// stands in an article's head, 4 we wrote what stands.
#[wasm_bindgen]
pub fn read(flags: u32) -> usize {
    with_room(flags, |places, fill, text| {
        let mut told = 0;
        fill.line(text, |edit| {
            if let Some(place) = places.get_mut(told) {
                *place = record(edit);
                told += 1;
            }
        });
        told
    })
}

/// What becomes of an element that shows one count: the room holds its name, and from `start` its text. Tells one place,
/// or none where the name is no count's.
#[wasm_bindgen]
pub fn element(start: usize, flags: u32) -> usize {
    with_room(flags, |places, fill, text| {
        let edit = fill.element(text, start);
        if let (Some(edit), [place, ..]) = (&edit, places) {
            *place = record(edit);
        }
        usize::from(edit.is_some())
    })
}

type Places = [[f64; FIELDS]];

fn with_room(flags: u32, work: impl FnOnce(&mut Places, &Fill<'_>, &mut Text) -> usize) -> usize {
    // SAFETY: one thread, and `work` holds the only reference while it runs.
    let room = unsafe { &mut *ROOM.0.get() };
    let fill = Fill {
        counts: &room.counts,
        replace: flags & REPLACE > 0,
        ours: flags & OURS > 0,
        in_head: flags & IN_HEAD > 0,
    };
    work(&mut room.places, &fill, &mut room.text)
}

fn record(edit: &Edit) -> [f64; FIELDS] {
    let Edit { action, from, to, metric, style, shown } = *edit;
    [f64::from(action as u8), from as f64, to as f64, metric as f64, f64::from(style), shown]
}
