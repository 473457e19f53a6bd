//! The counter in the browser: puts the numbers of a reply where the page has room for them.
//!
//! `loader.js` sends the hit and `entry.js` waits for the reply; this crate fills, with text and attributes
//! only. Out of scope: the share box (`laifang-share`), a crate of its own that is fetched apart.

mod counter;
mod dom;
mod elements;
mod placeholder;
mod replaced;
mod sentence;

pub use counter::fill;

/// Small enough for the budget; the page's thread is the only one.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
// SAFETY: the widget's wasm is built without threads, and its memory is not shared.
static ALLOCATOR: lol_alloc::AssumeSingleThreaded<lol_alloc::FreeListAllocator> =
    unsafe { lol_alloc::AssumeSingleThreaded::new(lol_alloc::FreeListAllocator::new()) };
