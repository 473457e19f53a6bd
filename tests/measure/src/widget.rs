//! The counter's Rust as the page's script uses it: text and numbers cross in its one room.

/// Numbers before the text in the room: 32 places of six, and sixteen counts.
const NUMBERS: usize = 32 * 6 + 16;
const MAX_UNITS: usize = 8192;

/// How many places of a line the counter tells of.
#[must_use]
pub fn places(line: &[u16]) -> usize {
    let units = line.len().min(MAX_UNITS - 1);
    let room = laifang_widget::room() as *mut f64;
    // SAFETY: the room is one static piece of memory, laid out as `laifang_widget::room` says, and this program has
    // one thread.
    unsafe {
        let text = room.add(NUMBERS).cast::<u16>();
        std::ptr::copy_nonoverlapping(line.as_ptr(), text, units);
        text.add(units).write(0);
    }
    laifang_widget::read(0)
}
