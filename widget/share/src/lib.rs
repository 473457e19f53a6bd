//! The share box's QR code: an address goes in character by character, modules come out one by one.
//!
//! Only numbers cross the border, so the page downloads neither an allocator nor the glue that strings and
//! DOM calls need. The box itself is built by the JavaScript in `page/`, from the data in `networks.json` and
//! `words.json`. Out of scope: counting views.

mod qr;

use core::cell::UnsafeCell;
use qr::Code;
use wasm_bindgen::prelude::*;

/// More characters than the largest code holds, so that a longer address is seen to be too long.
const MAX_CHARACTERS: usize = 2_048;

/// What is kept between two calls.
struct Desk {
    characters: [u8; MAX_CHARACTERS],
    count: usize,
    code: Code,
}

struct OneThread(UnsafeCell<Desk>);

// SAFETY: the widget's wasm is built without threads, and its memory is not shared.
unsafe impl Sync for OneThread {}

static DESK: OneThread =
    OneThread(UnsafeCell::new(Desk { characters: [0; MAX_CHARACTERS], count: 0, code: Code::new() }));

fn desk() -> &'static mut Desk {
    // SAFETY: there is one thread, and no export calls another, so this is the only reference.
    unsafe { &mut *DESK.0.get() }
}

/// Adds an ASCII character to the address of the next code.
#[wasm_bindgen]
pub fn put(character: u8) {
    let desk = desk();
    if let Some(place) = desk.characters.get_mut(desk.count) {
        *place = character;
        desk.count += 1;
    }
}

/// Draws the code of the address put. Its side in modules, quiet zone included; 0 if it is too long.
#[wasm_bindgen]
pub fn draw() -> usize {
    let desk = desk();
    let count = core::mem::take(&mut desk.count);
    desk.code.draw(&desk.characters[..count])
}

/// Whether a module of the code drawn last is dark.
#[wasm_bindgen]
pub fn dark(x: usize, y: usize) -> bool {
    desk().code.is_dark(x, y)
}
