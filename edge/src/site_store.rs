//! A site's rows in its object's SQLite storage: the journal ring and the snapshot.
//!
//! Two tables with integer keys, written by `insert or replace`: one row written per hit. Nothing is ever
//! deleted (a delete is billed like a write), slots are overwritten.

use laifang_tally::engine::{JournalFull, Storage};
use laifang_tally::journal::FormatError;
use laifang_tally::snapshot::{NAME_KEY, Row, name_row, read_name};
use wasm_bindgen::prelude::*;
use worker::{SqlCursor, SqlStorage, SqlStorageValue};

/// Why a turn of the object could not be ended.
#[derive(Debug)]
pub enum Failure {
    /// Storage, KV or another part of the platform.
    Platform(worker::Error),
    /// Something that was stored can't be read.
    Stored(FormatError),
    /// The journal has no slot that may be overwritten.
    JournalFull,
    /// The runtime doesn't know the time zone.
    Zone(JsValue),
}

impl From<worker::Error> for Failure {
    fn from(error: worker::Error) -> Self {
        Self::Platform(error)
    }
}

impl From<JournalFull> for Failure {
    fn from(_: JournalFull) -> Self {
        Self::JournalFull
    }
}

impl From<FormatError> for Failure {
    fn from(error: FormatError) -> Self {
        Self::Stored(error)
    }
}

#[wasm_bindgen]
extern "C" {
    type Sql;
    /// The bytes are read before this returns. What a statement without rows returns is left where it is.
    #[wasm_bindgen(method, catch, js_name = exec)]
    fn write(this: &Sql, statement: &str, key: f64, body: &[u8]) -> Result<(), JsValue>;
}

/// The rows of one site.
pub struct Rows(SqlStorage);

impl Rows {
    /// The rows in this storage. Nothing is written: whoever names a site that may not begin leaves no tables.
    pub fn open(sql: SqlStorage) -> Self {
        Self(sql)
    }

    /// Whether this storage has never held a site.
    pub fn are_missing(&self) -> Result<bool, Failure> {
        let tables = self.run("select 1 from sqlite_master where name = 'snapshot'", Vec::new())?;
        Ok(tables.raw().next().is_none())
    }

    /// Creates the tables if this is the first time.
    pub fn create(&self) -> Result<(), Failure> {
        let tables = [
            "journal (slot integer primary key, entry blob not null)",
            "snapshot (key integer primary key, body blob not null)",
        ];
        for table in tables {
            self.run(&format!("create table if not exists {table}"), Vec::new())?;
        }
        Ok(())
    }

    /// Writes down whose counts these are.
    pub fn save_name(&self, name: &str) -> Result<(), Failure> {
        self.write_row(name_row(name))
    }

    /// Whose counts these are, once a hit has been counted.
    pub fn name(&self) -> Result<Option<String>, Failure> {
        let mut rows = self.read("select key, body from snapshot where key = ?", &[NAME_KEY])?;
        Ok(rows.pop().map(|row| read_name(&row)).transpose()?)
    }

    fn read(&self, query: &str, bindings: &[i64]) -> Result<Vec<Row>, Failure> {
        let bindings: Vec<SqlStorageValue> =
            bindings.iter().map(|value| SqlStorageValue::try_from_i64(*value)).collect::<Result<_, _>>()?;
        let mut rows = Vec::new();
        for columns in self.run(query, bindings)?.raw() {
            let mut columns = columns.map_err(failure)?.into_iter();
            match (columns.next(), columns.next()) {
                (Some(SqlStorageValue::Integer(key)), Some(SqlStorageValue::Blob(body))) => {
                    rows.push(Row { key, body });
                }
                _ => return Err(FormatError::Damaged.into()),
            }
        }
        Ok(rows)
    }

    /// Without the crate's array of values: this is what every hit does.
    fn write(&self, statement: &str, key: i64, body: &[u8]) -> Result<(), Failure> {
        SqlStorageValue::try_from_i64(key)?;
        let sql: &Sql = self.0.as_ref().unchecked_ref();
        sql.write(statement, key as f64, body).map_err(|error| failure(error.into()))
    }

    fn run(&self, statement: &str, bindings: Vec<SqlStorageValue>) -> Result<SqlCursor, Failure> {
        self.0.exec(statement, bindings).map_err(failure)
    }
}

/// The reply leaves only after what a turn wrote is durable: the platform's output gate holds it back.
impl Storage for Rows {
    type Error = Failure;

    fn write_entry(&self, slot: u64, bytes: Vec<u8>) -> Result<(), Failure> {
        self.write("insert or replace into journal values (?, ?)", signed(slot), &bytes)
    }

    fn write_row(&self, row: Row) -> Result<(), Failure> {
        self.write("insert or replace into snapshot values (?, ?)", row.key, &row.body)
    }

    fn rows(&self, first: i64, last: i64) -> Result<Vec<Row>, Failure> {
        self.read("select key, body from snapshot where key between ? and ?", &[first, last])
    }

    fn entries(&self, first: u64, last: u64) -> Result<Vec<Vec<u8>>, Failure> {
        let query = "select slot, entry from journal where slot between ? and ? order by slot";
        let rows = self.read(query, &[signed(first), signed(last)])?;
        Ok(rows.into_iter().map(|row| row.body).collect())
    }
}

/// What SQLite says in its message alone: `SQLITE_CORRUPT`, `SQLITE_NOTADB`, and a file that was cut off.
const DAMAGE: [&str; 3] = ["malformed", "not a database", "SQLITE_IOERR_SHORT_READ"];

/// What a call of the storage failed of: damage, or the platform.
pub(crate) fn failure(error: worker::Error) -> Failure {
    let message = error.to_string();
    let is_damage = DAMAGE.iter().any(|words| message.contains(words));
    if is_damage { Failure::Stored(FormatError::Damaged) } else { Failure::Platform(error) }
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
