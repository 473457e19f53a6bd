//! Storage that keeps its rows when memory is lost, loses a turn that crashed, and fails when told to: one
//! write of a turn, or every write of one row.

use laifang_tally::engine::{JournalFull, Storage};
use laifang_tally::journal::{Entry, FormatError};
use laifang_tally::snapshot::Row;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

/// Why a storage call failed.
#[derive(Debug)]
pub enum Fault {
    /// It was told to.
    Injected,
    /// What was stored can't be read: never expected.
    Format(FormatError),
}

impl From<FormatError> for Fault {
    fn from(error: FormatError) -> Self {
        Self::Format(error)
    }
}

impl From<JournalFull> for Fault {
    fn from(_: JournalFull) -> Self {
        Self::Injected
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Slot(u64),
    Row(i64),
}

/// The rows of one object.
#[derive(Debug, Default)]
pub struct Disk {
    cells: RefCell<BTreeMap<Place, Vec<u8>>>,
    undo: RefCell<Vec<(Place, Option<Vec<u8>>)>>,
    writes_until_fault: Cell<Option<u32>>,
    broken_row: Cell<Option<i64>>,
}

impl Disk {
    /// Begins a turn; one of its next writes may fail.
    pub fn begin_turn(&self, writes_until_fault: Option<u32>) {
        self.undo.borrow_mut().clear();
        self.writes_until_fault.set(writes_until_fault);
        self.broken_row.set(None);
    }

    /// Until the next turn begins this snapshot row can't be written.
    pub fn break_row(&self, key: Option<i64>) {
        self.broken_row.set(key);
    }

    /// The turn crashed before its writes were durable.
    pub fn crash_turn(&self) {
        let mut cells = self.cells.borrow_mut();
        for (place, before) in self.undo.borrow_mut().drain(..).rev() {
            match before {
                Some(bytes) => cells.insert(place, bytes),
                None => cells.remove(&place),
            };
        }
    }

    /// Everything is gone.
    pub fn lose(&self) {
        self.cells.borrow_mut().clear();
    }

    /// Whether the entry with this number has been stored.
    pub fn holds(&self, seq: u64) -> bool {
        let cells = self.cells.borrow();
        let entry = cells.get(&Place::Slot(Entry::slot(seq))).and_then(|bytes| Entry::from_bytes(bytes).ok());
        entry.is_some_and(|entry| entry.seq == seq)
    }

    /// The bytes of a snapshot row.
    pub fn row(&self, key: i64) -> Option<Vec<u8>> {
        self.cells.borrow().get(&Place::Row(key)).cloned()
    }

    fn write(&self, place: Place, bytes: Vec<u8>) -> Result<(), Fault> {
        if self.broken_row.get().is_some_and(|key| place == Place::Row(key)) {
            return Err(Fault::Injected);
        }
        match self.writes_until_fault.get() {
            Some(0) => return Err(Fault::Injected),
            left => self.writes_until_fault.set(left.map(|left| left - 1)),
        }
        let before = self.cells.borrow_mut().insert(place, bytes);
        self.undo.borrow_mut().push((place, before));
        Ok(())
    }
}

impl Storage for Disk {
    type Error = Fault;

    fn write_entry(&self, slot: u64, bytes: Vec<u8>) -> Result<(), Fault> {
        self.write(Place::Slot(slot), bytes)
    }

    fn write_row(&self, row: Row) -> Result<(), Fault> {
        self.write(Place::Row(row.key), row.body)
    }

    fn rows(&self, first: i64, last: i64) -> Result<Vec<Row>, Fault> {
        let cells = self.cells.borrow();
        let rows =
            cells.range(Place::Row(first)..=Place::Row(last)).filter_map(|(place, body)| match place {
                Place::Row(key) => Some(Row { key: *key, body: body.clone() }),
                Place::Slot(_) => None,
            });
        Ok(rows.collect())
    }

    fn entries(&self, first: u64, last: u64) -> Result<Vec<Vec<u8>>, Fault> {
        let cells = self.cells.borrow();
        Ok(cells.range(Place::Slot(first)..=Place::Slot(last)).map(|(_, bytes)| bytes.clone()).collect())
    }
}
