//! How the bytes of a code are split into blocks, and what mends them (ISO/IEC 18004, Reed-Solomon).

/// Versions of level M, which mends twice the damage: up to 69 modules, 331 bytes.
pub const VERSIONS_M: usize = 13;
/// The largest version, of level L: 117 modules, 1,273 bytes.
pub const LARGEST: usize = 25;
/// Room for the correction of a block.
pub const CORRECTION: usize = 32;
/// Correction bytes of a block, and blocks: level M from version 1, then level L from version 1.
pub const LEVELS: [[u8; 2]; VERSIONS_M + LARGEST] = [
    [10, 1],
    [16, 1],
    [26, 1],
    [18, 2],
    [24, 2],
    [16, 4],
    [18, 4],
    [22, 4],
    [22, 5],
    [26, 5],
    [30, 5],
    [22, 8],
    [22, 9],
    [7, 1],
    [10, 1],
    [15, 1],
    [20, 1],
    [26, 1],
    [18, 2],
    [20, 2],
    [24, 2],
    [30, 2],
    [18, 4],
    [20, 4],
    [24, 4],
    [26, 4],
    [30, 4],
    [22, 6],
    [24, 6],
    [28, 6],
    [30, 6],
    [28, 7],
    [28, 8],
    [28, 8],
    [28, 9],
    [30, 9],
    [30, 10],
    [26, 12],
];

/// How the codewords of a code are laid out.
#[derive(Clone, Copy)]
pub struct Layout {
    /// Bytes of data and correction.
    pub codewords: usize,
    /// How many blocks they make.
    pub blocks: usize,
    /// Correction bytes of a block.
    pub correction: usize,
}

impl Layout {
    /// Bytes of data.
    pub fn capacity(self) -> usize {
        self.codewords - self.correction * self.blocks
    }

    /// Blocks with a byte less of data; they come first.
    pub fn short_blocks(self) -> usize {
        self.blocks - self.codewords % self.blocks
    }

    /// Bytes of data in a block.
    pub fn block_length(self, block: usize) -> usize {
        self.codewords / self.blocks - self.correction + usize::from(block >= self.short_blocks())
    }
}

/// Bytes of data and correction in a version.
pub fn codewords(version: usize) -> usize {
    let lines = version / 7 + 2;
    let patterns = match version {
        1 => 0,
        2..=6 => (25 * lines - 10) * lines - 55,
        _ => (25 * lines - 10) * lines - 55 + 36,
    };
    ((16 * version + 128) * version + 64 - patterns) / 8
}

/// Product in GF(2^8) modulo x^8 + x^4 + x^3 + x^2 + 1.
pub fn product(left: u8, right: u8) -> u8 {
    let mut product = 0_u32;
    for bit in 0..8 {
        product = (product << 1) ^ ((product >> 7) * 0x11d);
        product ^= u32::from(right >> (7 - bit) & 1) * u32::from(left);
    }
    product as u8
}

/// Coefficients of the Reed-Solomon divisor of a degree up to 30, without the leading one.
pub fn divisor(degree: usize) -> [u8; CORRECTION] {
    let mut divisor = [0; CORRECTION];
    divisor[(degree - 1) % CORRECTION] = 1;
    let mut root = 1;
    for _ in 0..degree {
        for index in 0..degree {
            divisor[index % CORRECTION] =
                product(divisor[index % CORRECTION], root) ^ divisor[(index + 1) % CORRECTION];
        }
        root = product(root, 2);
    }
    divisor
}

/// A value followed by its remainder, from which a reader sees that it misread.
pub fn with_remainder(value: u32, bits: u32, generator: u32) -> u32 {
    let mut remainder = value;
    for _ in 0..bits {
        remainder = (remainder << 1) ^ ((remainder >> (bits - 1)) * generator);
    }
    value << bits | remainder
}
