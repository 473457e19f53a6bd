//! Lines of a file that arrives in pieces.

use super::BadLine;

/// Longest line, in bytes: a page with the longest key and all its shares is a tenth of it.
const MAX_LINE_BYTES: usize = 65_536;

/// Cuts pieces into lines.
#[derive(Default)]
pub struct LineBuffer {
    rest: Vec<u8>,
    line: u64,
}

impl LineBuffer {
    /// Reads a piece; an empty one is the end of the file. `take` is given each line that isn't blank, without
    /// white space around it, and its number.
    pub fn read(
        &mut self,
        piece: &[u8],
        mut take: impl FnMut(&[u8], u64) -> Result<(), BadLine>,
    ) -> Result<(), BadLine> {
        for part in piece.split_inclusive(|byte| *byte == b'\n') {
            self.rest.extend_from_slice(part);
            if self.rest.len() > MAX_LINE_BYTES {
                let line = self.line.saturating_add(1);
                return Err(BadLine { line, reason: "this line is too long.".into() });
            }
            if part.ends_with(b"\n") {
                self.end_line(&mut take)?;
            }
        }
        if piece.is_empty() { self.end_line(&mut take) } else { Ok(()) }
    }

    fn end_line(&mut self, take: &mut impl FnMut(&[u8], u64) -> Result<(), BadLine>) -> Result<(), BadLine> {
        let bytes = std::mem::take(&mut self.rest);
        if bytes.is_empty() {
            return Ok(());
        }
        self.line = self.line.saturating_add(1);
        let text = bytes.trim_ascii();
        if text.is_empty() { Ok(()) } else { take(text, self.line) }
    }
}
