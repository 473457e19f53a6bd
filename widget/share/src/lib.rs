//! `<laifang-share>`: the addresses a share box opens and the codes it draws.
//!
//! Pure rules. Texts are handed over character by character with [`put`] and replies read byte by byte with
//! [`byte`]: only numbers cross the border, so the page downloads neither an allocator nor the glue that
//! strings and DOM calls need. `page/` holds the JavaScript that builds the shadow tree and acts on clicks,
//! `networks.json` and `words.json` the data. Out of scope: counting views.

mod address;
mod graphemes;
mod qr;
mod text;

use core::cell::UnsafeCell;
use qr::Code;
use text::Reply;
use wasm_bindgen::prelude::*;

/// Characters that may be put: an address, a title and a summary of several thousand each.
const MAX_CHARACTERS: usize = 16_384;

/// What lies on it between two calls.
struct Desk {
    characters: [u32; MAX_CHARACTERS],
    count: usize,
    reply: Reply,
    code: Code,
}

struct OneThread(UnsafeCell<Desk>);

// SAFETY: the widget's wasm is built without threads, and its memory is not shared.
unsafe impl Sync for OneThread {}

static DESK: OneThread = OneThread(UnsafeCell::new(Desk {
    characters: [0; MAX_CHARACTERS],
    count: 0,
    reply: Reply::new(),
    code: Code::new(),
}));

fn desk() -> &'static mut Desk {
    // SAFETY: there is one thread, and no export calls another, so this is the only reference.
    unsafe { &mut *DESK.0.get() }
}

/// Takes what was put; the next text starts afresh.
fn taken(count: &mut usize, characters: &'static [u32; MAX_CHARACTERS]) -> &'static [u32] {
    &characters[..core::mem::take(count)]
}

/// Adds a character to the text of the next call. Beyond 16,384 they are dropped.
#[wasm_bindgen]
pub fn put(character: u32) {
    let desk = desk();
    if desk.count < MAX_CHARACTERS {
        desk.characters[desk.count] = character;
        desk.count += 1;
    }
}

/// A byte of the last reply; 0 at its end.
#[wasm_bindgen]
pub fn byte(index: usize) -> u8 {
    desk().reply.byte(index)
}

/// Replies with the address a click opens; what is put, and what `limit` means, is told in `address.rs`.
#[wasm_bindgen]
pub fn address(limit: i32) {
    let Desk { characters, count, reply, .. } = desk();
    reply.shorten(0);
    address::fill(taken(count, characters), limit, reply);
}

/// Draws the QR code of the ASCII address put. Its side in modules, quiet zone included; 0 if it is too long.
#[wasm_bindgen]
pub fn draw() -> usize {
    let Desk { characters, count, code, .. } = desk();
    code.draw(taken(count, characters))
}

/// Whether a module of the code drawn last is dark.
#[wasm_bindgen]
pub fn dark(x: usize, y: usize) -> bool {
    desk().code.is_dark(x, y)
}
