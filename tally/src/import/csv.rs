//! Records of a CSV file that arrives in pieces, with the number of the line each stands on.

use super::BadLine;
use csv_core::{ReadRecordResult, Reader};

/// Largest record, in bytes.
const MAX_RECORD_BYTES: usize = 65_536;
/// Most fields in a record.
const MAX_FIELDS: usize = 64;

/// One record.
pub struct Record<'a> {
    /// Where it stands, counted from 1.
    pub line: u64,
    fields: Vec<&'a str>,
}

impl Record<'_> {
    /// A field, without white space around it; empty if there is none.
    pub fn field(&self, at: usize) -> &str {
        self.fields.get(at).copied().unwrap_or_default()
    }

    /// How many fields there are.
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// A refusal of this record.
    pub fn bad(&self, reason: impl Into<String>) -> BadLine {
        BadLine { line: self.line, reason: reason.into() }
    }
}

/// The records so far.
pub struct Records {
    core: Reader,
    bytes: Vec<u8>,
    ends: Vec<usize>,
    used_bytes: usize,
    used_ends: usize,
}

impl Records {
    pub fn new() -> Self {
        Self {
            core: Reader::new(),
            bytes: vec![0; MAX_RECORD_BYTES],
            ends: vec![0; MAX_FIELDS],
            used_bytes: 0,
            used_ends: 0,
        }
    }

    /// Reads a piece, and hands on every record that ends in it. An empty piece is the end of the file.
    pub fn read(
        &mut self,
        mut piece: &[u8],
        mut take: impl FnMut(&Record<'_>) -> Result<(), BadLine>,
    ) -> Result<(), BadLine> {
        loop {
            let bytes = self.bytes.get_mut(self.used_bytes..).unwrap_or_default();
            let ends = self.ends.get_mut(self.used_ends..).unwrap_or_default();
            let (outcome, read, written, ended) = self.core.read_record(piece, bytes, ends);
            let last = piece.get(..read).and_then(<[u8]>::last).copied();
            piece = piece.get(read..).unwrap_or_default();
            self.used_bytes = self.used_bytes.saturating_add(written);
            self.used_ends = self.used_ends.saturating_add(ended);
            match outcome {
                ReadRecordResult::InputEmpty | ReadRecordResult::End => return Ok(()),
                ReadRecordResult::Record => {
                    let line = self.core.line().saturating_sub(u64::from(last == Some(b'\n')));
                    take(&self.record(line)?)?;
                    (self.used_bytes, self.used_ends) = (0, 0);
                }
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                    let reason = "this line is too long, or a quotation mark is not closed.".into();
                    return Err(BadLine { line: self.core.line(), reason });
                }
            }
        }
    }

    fn record(&self, line: u64) -> Result<Record<'_>, BadLine> {
        let text = self.bytes.get(..self.used_bytes).unwrap_or_default();
        let text = std::str::from_utf8(text).map_err(|_| BadLine {
            line,
            reason: "this line is not UTF-8. Save the file as “CSV UTF-8”.".into(),
        })?;
        let mut begin = 0;
        let mut fields = Vec::with_capacity(self.used_ends);
        for end in self.ends.get(..self.used_ends).unwrap_or_default() {
            fields.push(text.get(begin..*end).unwrap_or_default().trim());
            begin = *end;
        }
        Ok(Record { line, fields })
    }
}
