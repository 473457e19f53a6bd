//! `<laifang-share>`: shares an article, with a QR code drawn here and nothing asked of anyone.
//!
//! `entry.js` defines the element and its style sheet; this crate builds its shadow tree, with DOM calls
//! only, and acts on clicks. Out of scope: counting views.

mod article;
mod dialog;
mod dom;
mod place;
mod qr;
mod share_box;
mod targets;
mod words;

pub use place::place;
pub use share_box::render;

/// Small enough for the budget; the page's thread is the only one.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
// SAFETY: the widget's wasm is built without threads, and its memory is not shared.
static ALLOCATOR: lol_alloc::AssumeSingleThreaded<lol_alloc::FreeListAllocator> =
    unsafe { lol_alloc::AssumeSingleThreaded::new(lol_alloc::FreeListAllocator::new()) };
