//! A site's rows in its object's SQLite storage: the journal ring and the snapshot.
//!
//! Two tables with integer keys, written by `insert or replace`: one row written per hit. Nothing is ever
//! deleted (a delete is billed like a write), slots are overwritten.

use laifang_tally::journal::{Entry, SLOTS};
use laifang_tally::recent::REPEAT_WINDOW_MS;
use laifang_tally::site::Site;
use laifang_tally::snapshot::Row;
use worker::{Error, Result, SqlStorage, SqlStorageValue};

/// Where the site's name is kept, for alarms, which nobody sends.
const NAME_KEY: i64 = -2;

/// The tables.
pub fn create(sql: &SqlStorage) -> Result<()> {
    sql.exec("create table if not exists journal (slot integer primary key, entry blob not null)", None)?;
    sql.exec("create table if not exists snapshot (key integer primary key, body blob not null)", None)?;
    Ok(())
}

/// Writes an entry to its slot. The reply leaves only after this is durable: the platform's output gate
/// holds it back.
pub fn append(sql: &SqlStorage, entry: &Entry) -> Result<()> {
    let bytes = entry.to_bytes().map_err(damaged)?;
    write(sql, "insert or replace into journal values (?, ?)", signed(Entry::slot(entry.seq)), bytes)
}

/// Writes the rows of a checkpoint.
pub fn save(sql: &SqlStorage, rows: Vec<Row>) -> Result<()> {
    rows.into_iter()
        .try_for_each(|row| write(sql, "insert or replace into snapshot values (?, ?)", row.key, row.body))
}

/// Writes down whose counts these are.
pub fn save_name(sql: &SqlStorage, name: &str) -> Result<()> {
    save(sql, vec![Row { key: NAME_KEY, body: name.as_bytes().to_vec() }])
}

/// Whose counts these are, once a hit has been counted.
pub fn name(sql: &SqlStorage) -> Result<Option<String>> {
    let rows =
        read(sql, "select key, body from snapshot where key = ?", vec![SqlStorageValue::Integer(NAME_KEY)])?;
    Ok(rows.into_iter().next().and_then(|row| String::from_utf8(row.body).ok()))
}

/// The site as it was when the last reply left: the snapshot, and the journal replayed.
pub fn load(sql: &SqlStorage) -> Result<Option<Site>> {
    let rows =
        read(sql, "select key, body from snapshot where key > ?", vec![SqlStorageValue::Integer(NAME_KEY)])?;
    let Some(mut site) = Site::load(rows).map_err(damaged)? else { return Ok(None) };
    for entry in remembered(sql, &site)? {
        site.replay(&entry);
    }
    let mut next = site.totals().seq.saturating_add(1);
    while let Some(entry) = entry_at(sql, next)? {
        site.replay(&entry);
        next = next.saturating_add(1);
    }
    Ok(Some(site))
}

/// Entries of the snapshot that are young enough to be repeated, oldest first.
fn remembered(sql: &SqlStorage, site: &Site) -> Result<Vec<Entry>> {
    let newest = site.totals().seq;
    let since_ms = site.totals().clock_ms.saturating_sub(REPEAT_WINDOW_MS);
    let mut entries = Vec::new();
    let mut seq = newest;
    while seq > 0 && newest.saturating_sub(seq) < SLOTS {
        match entry_at(sql, seq)? {
            Some(entry) if entry.at_ms >= since_ms => entries.push(entry),
            _ => break,
        }
        seq = seq.saturating_sub(1);
    }
    entries.reverse();
    Ok(entries)
}

/// The entry with this number, if its slot still or already holds it.
fn entry_at(sql: &SqlStorage, seq: u64) -> Result<Option<Entry>> {
    let slot = SqlStorageValue::Integer(signed(Entry::slot(seq)));
    let rows = read(sql, "select slot, entry from journal where slot = ?", vec![slot])?;
    let Some(row) = rows.into_iter().next() else { return Ok(None) };
    let entry = Entry::from_bytes(&row.body).map_err(damaged)?;
    Ok((entry.seq == seq).then_some(entry))
}

fn read(sql: &SqlStorage, query: &str, bindings: Vec<SqlStorageValue>) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for columns in sql.exec(query, bindings)?.raw() {
        let mut columns = columns?.into_iter();
        if let (Some(SqlStorageValue::Integer(key)), Some(SqlStorageValue::Blob(body))) =
            (columns.next(), columns.next())
        {
            rows.push(Row { key, body });
        }
    }
    Ok(rows)
}

fn write(sql: &SqlStorage, statement: &str, key: i64, body: Vec<u8>) -> Result<()> {
    sql.exec(statement, vec![SqlStorageValue::try_from_i64(key)?, SqlStorageValue::Blob(body)])?;
    Ok(())
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn damaged(error: laifang_tally::journal::FormatError) -> Error {
    Error::RustError(error.to_string())
}
