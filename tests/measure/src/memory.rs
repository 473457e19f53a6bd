//! Rows in memory, which can be kept in a file: waking is measured without the making of what wakes.

use laifang_tally::engine::{JournalFull, Storage};
use laifang_tally::journal::FormatError;
use laifang_tally::snapshot::Row;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;

/// The two tables of a site's object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Memory {
    rows: RefCell<BTreeMap<i64, Vec<u8>>>,
    entries: RefCell<BTreeMap<u64, Vec<u8>>>,
}

/// Why a call failed. Nothing here should.
#[derive(Debug)]
pub struct Failed(pub String);

impl From<FormatError> for Failed {
    fn from(error: FormatError) -> Self {
        Self(error.to_string())
    }
}

impl From<JournalFull> for Failed {
    fn from(_: JournalFull) -> Self {
        Self("the journal is full".into())
    }
}

impl Memory {
    /// Bytes of all rows, and of all entries.
    #[must_use]
    pub fn bytes(&self) -> (usize, usize) {
        (self.rows.borrow().values().map(Vec::len).sum(), self.entries.borrow().values().map(Vec::len).sum())
    }

    /// Keeps it in a file that other programs read: for each row its table (0 snapshot, 1 journal), key, length (1, 8 and
    /// 4 bytes, little endian) and bytes.
    pub fn save_plain(&self, file: &Path) -> Result<(), Failed> {
        let mut all = Vec::new();
        let mut add = |table: u8, key: [u8; 8], bytes: &[u8]| -> Result<(), Failed> {
            let length = u32::try_from(bytes.len()).map_err(|error| Failed(error.to_string()))?;
            all.push(table);
            all.extend(key);
            all.extend(length.to_le_bytes());
            all.extend(bytes);
            Ok(())
        };
        for (key, body) in &*self.rows.borrow() {
            add(0, key.to_le_bytes(), body)?;
        }
        for (slot, entry) in &*self.entries.borrow() {
            add(1, slot.to_le_bytes(), entry)?;
        }
        std::fs::write(file, all).map_err(|error| Failed(format!("{}: {error}", file.display())))
    }

    /// Keeps it in a file.
    pub fn save(&self, file: &Path) -> Result<(), Failed> {
        let tables = (&*self.rows.borrow(), &*self.entries.borrow());
        let bytes = postcard::to_allocvec(&tables).map_err(|error| Failed(error.to_string()))?;
        std::fs::write(file, bytes).map_err(|error| Failed(format!("{}: {error}", file.display())))
    }

    /// Reads what [`Memory::save`] kept.
    pub fn read(file: &Path) -> Result<Self, Failed> {
        let bytes = std::fs::read(file).map_err(|error| Failed(format!("{}: {error}", file.display())))?;
        let (rows, entries) = postcard::from_bytes(&bytes).map_err(|error| Failed(error.to_string()))?;
        Ok(Self { rows: RefCell::new(rows), entries: RefCell::new(entries) })
    }
}

impl Storage for Memory {
    type Error = Failed;

    fn write_entry(&self, slot: u64, bytes: Vec<u8>) -> Result<(), Failed> {
        self.entries.borrow_mut().insert(slot, bytes);
        Ok(())
    }

    fn write_row(&self, row: Row) -> Result<(), Failed> {
        self.rows.borrow_mut().insert(row.key, row.body);
        Ok(())
    }

    fn rows(&self, first: i64, last: i64) -> Result<Vec<Row>, Failed> {
        let rows = self.rows.borrow();
        Ok(rows.range(first..=last).map(|(key, body)| Row { key: *key, body: body.clone() }).collect())
    }

    fn entries(&self, first: u64, last: u64) -> Result<Vec<Vec<u8>>, Failed> {
        Ok(self.entries.borrow().range(first..=last).map(|(_, bytes)| bytes.clone()).collect())
    }
}
