//! QR codes of addresses, after ISO/IEC 18004: bytes in, modules out.
//!
//! Byte mode only, level M for what stays small with it and L above, versions 1 to 25: what an address needs
//! and a phone reads from a screen. Fixed arrays and plain loops, because this is downloaded: the smallest
//! encoder on crates.io is half as large again once compiled. A test compares the two, code by code.

mod blocks;

use blocks::{CORRECTION, LEVELS, Layout, VERSIONS_M, codewords, divisor, product, with_remainder};

/// Light modules around the code, as the standard asks.
const QUIET_ZONE: usize = 4;
/// From a module to the one below it. Room for the largest code with its quiet zone, and a power of two, as all
/// lengths here are: an index cut to it needs no check.
const STRIDE: usize = 128;
const MODULES: usize = STRIDE * STRIDE;
/// Room for the text, and for data and correction, of the largest version.
const BYTES: usize = 2_048;
/// Where the text begins; before it comes what it is and how long.
const TEXT: usize = 3;
/// A module's bits: dark, and part of a pattern instead of the data.
const DARK: u8 = 1;
const FIXED: u8 = 2;

/// A code, and the room it is made in.
pub struct Code {
    version: usize,
    /// What the format says the level is: 0 for M, 1 for L.
    level: u32,
    /// Modules from edge to edge, without the quiet zone.
    side: usize,
    modules: [u8; MODULES],
    /// Characters put so far.
    length: usize,
    /// Mode and length, then the characters. One too many falls on an earlier one: the address is refused.
    text: [u8; BYTES],
    codewords: [u8; BYTES],
}

impl Code {
    /// A code of nothing.
    pub const fn new() -> Self {
        Self {
            version: 0,
            level: 0,
            side: 0,
            modules: [0; MODULES],
            length: 0,
            text: [0; BYTES],
            codewords: [0; BYTES],
        }
    }

    /// Adds an ASCII character to the address of the next code.
    pub fn put(&mut self, character: u8) {
        self.text[(TEXT + self.length) % BYTES] = character;
        self.length += 1;
    }

    /// Draws the address put. The side in modules, quiet zone included; 0 if the address is too long.
    pub fn draw(&mut self) -> usize {
        let length = core::mem::take(&mut self.length);
        for (index, [correction, blocks]) in LEVELS.iter().enumerate() {
            self.level = u32::from(index >= VERSIONS_M);
            self.version = if index < VERSIONS_M { index + 1 } else { index + 1 - VERSIONS_M };
            let layout = Layout {
                codewords: codewords(self.version),
                blocks: (*blocks).into(),
                correction: (*correction).into(),
            };
            if self.first() + layout.capacity() >= TEXT + length {
                self.side = 17 + 4 * self.version;
                self.modules = [0; MODULES];
                self.frame(length);
                self.interleave(layout, TEXT + length);
                self.draw_patterns();
                self.draw_codewords(layout.codewords);
                self.choose_mask();
                return self.side + 2 * QUIET_ZONE;
            }
        }
        0
    }

    /// Whether a module is dark, counted with the quiet zone, whose modules are not.
    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        self.dark(x.wrapping_sub(QUIET_ZONE), y.wrapping_sub(QUIET_ZONE)) > 0
    }

    /// Where the mode stands: the length after it has a byte, from version 10 on two.
    fn first(&self) -> usize {
        usize::from(self.version < 10)
    }

    /// Puts mode and length before the text, and the end after it.
    fn frame(&mut self, length: usize) {
        self.text[1] = (length >> 8) as u8;
        self.text[2] = length as u8;
        self.text[self.first()] = 4;
        self.text[(TEXT + length) % BYTES] = 0;
    }

    /// A byte of data. The mode takes half a byte, so what follows is shifted by one; then comes padding.
    fn data(&self, index: usize, end: usize) -> u8 {
        let at = self.first() + index;
        if at < end {
            self.text[at % BYTES] << 4 | self.text[(at + 1) % BYTES] >> 4
        } else if (at - end).is_multiple_of(2) {
            0xec
        } else {
            0x11
        }
    }

    /// Puts the data and its correction together, a byte of each block in turn.
    fn interleave(&mut self, layout: Layout, end: usize) {
        let divisor = divisor(layout.correction);
        let mut start = 0;
        for block in 0..layout.blocks {
            let length = layout.block_length(block);
            let mut remainder = [0; CORRECTION];
            for index in 0..length {
                let byte = self.data(start, end);
                start += 1;
                // The one byte more of the long blocks stands without any of the short ones.
                let skipped = if index == layout.block_length(0) { layout.short_blocks() } else { 0 };
                self.codewords[(index * layout.blocks + block - skipped) % BYTES] = byte;
                let factor = byte ^ remainder[0];
                for at in 0..layout.correction {
                    remainder[at % CORRECTION] =
                        remainder[(at + 1) % CORRECTION] ^ product(divisor[at % CORRECTION], factor);
                }
            }
            for index in 0..layout.correction {
                self.codewords[(layout.capacity() + index * layout.blocks + block) % BYTES] =
                    remainder[index % CORRECTION];
            }
        }
    }

    /// Sets a module of a pattern.
    fn fix(&mut self, x: usize, y: usize, dark: u32) {
        self.modules[place(x, y)] = FIXED | (dark & 1) as u8;
    }

    /// Square rings around a middle, in the quiet zone too; `light` has the bits of those that are light.
    fn draw_rings(&mut self, x: usize, y: usize, radius: usize, light: u32) {
        for dy in 0..2 * radius + 1 {
            for dx in 0..2 * radius + 1 {
                let ring = dx.abs_diff(radius).max(dy.abs_diff(radius));
                self.fix((x + dx).wrapping_sub(radius), (y + dy).wrapping_sub(radius), !(light >> ring));
            }
        }
    }

    fn draw_patterns(&mut self) {
        let last = self.side - 1;
        for index in 0..self.side {
            let dark = !(index as u32);
            self.fix(6, index, dark);
            self.fix(index, 6, dark);
        }
        self.draw_rings(3, 3, 4, 0b10100);
        self.draw_rings(last - 3, 3, 4, 0b10100);
        self.draw_rings(3, last - 3, 4, 0b10100);
        self.draw_alignment();
        if self.version > 6 {
            let bits = with_remainder(self.version as u32, 12, 0x1f25);
            for index in 0..18 {
                let (near, far) = (index / 3, last - 10 + index % 3);
                self.fix(near, far, bits >> index);
                self.fix(far, near, bits >> index);
            }
        }
        self.draw_format(0);
    }

    /// The small squares on a lattice, but for the three corners that have large ones.
    fn draw_alignment(&mut self) {
        let lines = if self.version == 1 { 0 } else { self.version / 7 + 2 };
        for row in 0..lines {
            for column in 0..lines {
                let (near, far) = (row.min(column), row.max(column));
                if near > 0 || (far > 0 && far < lines - 1) {
                    let (x, y) = (self.alignment(column, lines), self.alignment(row, lines));
                    self.draw_rings(x, y, 2, 0b10);
                }
            }
        }
    }

    fn alignment(&self, line: usize, lines: usize) -> usize {
        let step = (self.version * 8 + lines * 3 + 5) / (lines * 4 - 4) * 2;
        if line == 0 { 6 } else { self.side - 7 - (lines - 1 - line) * step }
    }

    /// Level and mask, twice; and the one module that is always dark.
    fn draw_format(&mut self, mask: u32) {
        let bits = with_remainder(self.level << 3 | mask, 10, 0x537) ^ 0x5412;
        let last = self.side - 1;
        for index in 0..15 {
            let bit = bits >> index;
            if index < 8 {
                self.fix(8, index + usize::from(index > 5), bit);
                self.fix(last - index, 8, bit);
            } else {
                self.fix(14 - index + usize::from(index == 8), 8, bit);
                self.fix(8, last - 14 + index, bit);
            }
        }
        self.fix(8, last - 7, 1);
    }

    /// Bits in columns of two, from the right, upwards and downwards in turn, around the patterns.
    fn draw_codewords(&mut self, count: usize) {
        let mut bit = 0;
        let mut right = self.side - 1;
        let mut is_upward = true;
        while right > 0 {
            for index in 0..2 * self.side {
                let row = index / 2;
                let y = if is_upward { self.side - 1 - row } else { row };
                let module = &mut self.modules[place(right - index % 2, y)];
                if *module < FIXED && bit < count * 8 {
                    *module = self.codewords[bit / 8 % BYTES] >> (7 - bit % 8) & DARK;
                    bit += 1;
                }
            }
            is_upward = !is_upward;
            // The column of the timing pattern is passed over.
            right = if right == 8 { 5 } else { right.saturating_sub(2) };
        }
    }

    /// Masks the data with the pattern that makes the code look least like something else.
    fn choose_mask(&mut self) {
        let (mut best, mut least) = (0, u32::MAX);
        for mask in 0..8 {
            self.mask(mask);
            let penalty = self.penalty();
            if penalty < least {
                (best, least) = (mask, penalty);
            }
            self.mask(mask);
        }
        self.mask(best);
    }

    /// Masks the data, or takes the mask off again.
    fn mask(&mut self, mask: u32) {
        self.draw_format(mask);
        for y in 0..self.side {
            for x in 0..self.side {
                let product = x * y % 2 + x * y % 3;
                let remainder = match mask {
                    0 => (x + y) % 2,
                    1 => y % 2,
                    2 => x % 3,
                    3 => (x + y) % 3,
                    4 => (x / 3 + y / 2) % 2,
                    5 => product,
                    6 => product % 2,
                    _ => (x + y + x * y % 3) % 2,
                };
                let module = &mut self.modules[place(x, y)];
                if *module < FIXED && remainder == 0 {
                    *module ^= DARK;
                }
            }
        }
    }

    fn dark(&self, x: usize, y: usize) -> u32 {
        (self.modules[place(x, y)] & DARK).into()
    }

    /// The standard's four rules: long runs, what looks like a corner, squares of one colour, imbalance.
    fn penalty(&self) -> u32 {
        let (mut penalty, mut dark) = (0, 0);
        let area = (self.side * self.side) as u32;
        for line in 0..2 * self.side {
            let (mut run, mut seen) = (0, 0);
            for index in 0..self.side {
                let (x, y) = if line < self.side { (index, line) } else { (line - self.side, index) };
                let module = self.dark(x, y);
                run = if index > 0 && seen & 1 == module { run + 1 } else { 1 };
                if run >= 5 {
                    penalty += if run == 5 { 3 } else { 1 };
                }
                seen = (seen << 1 | module) & 0x7ff;
                if index > 9 && (seen == 0b101_1101_0000 || seen == 0b000_0101_1101) {
                    penalty += 40;
                }
                if line < self.side {
                    dark += module;
                    let square = self.dark(x, y + 1) + self.dark(x + 1, y) + self.dark(x + 1, y + 1);
                    if x + 1 < self.side && y + 1 < self.side && square == 3 * module {
                        penalty += 3;
                    }
                }
            }
        }
        // Ten for each 5 % away from the middle.
        penalty + (2 * dark).abs_diff(area) * 10 / area * 10
    }
}

/// Where a module of the code stands. Those of the quiet zone above and to the left have wrapped coordinates.
fn place(x: usize, y: usize) -> usize {
    y.wrapping_mul(STRIDE).wrapping_add(x).wrapping_add(QUIET_ZONE * (STRIDE + 1)) % MODULES
}

#[cfg(test)]
mod tests;
