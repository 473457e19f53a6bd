//! The share box's QR code: an address goes in character by character, modules come out one by one.
//!
//! Only numbers cross the border, so the page downloads neither an allocator nor the glue that strings and
//! DOM calls need. The box itself is built by the JavaScript in `page/`, from the data in `networks.json` and
//! `words.json`. Out of scope: counting views.

mod qr;

use core::cell::UnsafeCell;
use qr::Code;
use wasm_bindgen::prelude::*;

struct OneThread(UnsafeCell<Code>);

// SAFETY: the widget's wasm is built without threads, and its memory is not shared.
unsafe impl Sync for OneThread {}

/// The code drawn last, and the address of the next one.
static CODE: OneThread = OneThread(UnsafeCell::new(Code::new()));

fn code() -> &'static mut Code {
    // SAFETY: there is one thread, and no export calls another, so this is the only reference.
    unsafe { &mut *CODE.0.get() }
}

/// Adds an ASCII character to the address of the next code.
#[wasm_bindgen]
pub fn put(character: u8) {
    code().put(character);
}

/// Draws the code of the address put. Its side in modules, quiet zone included; 0 if it is too long.
#[wasm_bindgen]
pub fn draw() -> usize {
    code().draw()
}

/// Whether a module of the code drawn last is dark.
#[wasm_bindgen]
pub fn dark(x: usize, y: usize) -> bool {
    code().is_dark(x, y)
}
