//! Which kind of file it is, by its beginning; then the reader of that kind.

use super::csv::{Record, Records};
use super::goatcounter::{Hits, is_heading};
use super::leancloud::{self, Counters};
use super::lines::Lines;
use super::table::Table;
use super::{BadLine, Import};
use crate::day::Date;

const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";
const GZIP_MARK: &[u8] = b"\x1f\x8b";
const ZIP_MARK: &[u8] = b"PK\x03\x04";
const UTF16_MARKS: [&[u8]; 2] = [b"\xff\xfe", b"\xfe\xff"];
/// Enough of a file's beginning to know its kind.
const KIND_BYTES: usize = 16;
/// The same behind a UTF-8 mark: less would make the kind depend on how the file was cut.
const BEGINNING_BYTES: usize = 19;

/// Reads a file of any kind, piece by piece.
pub struct Reader<D> {
    state: State<D>,
}

enum State<D> {
    /// Not enough has come to know the kind.
    Beginning(Vec<u8>, D),
    Lines(Lines),
    Counters(Counters),
    /// A CSV file whose heading hasn't come.
    Unheaded(Records, D),
    Table(Records, Table),
    Hits(Records, Hits<D>),
    Failed,
}

impl<D: FnMut(u64) -> Option<Date>> Reader<D> {
    /// A reader of a file that begins now. `date_at` says on which of the site's days an instant falls.
    pub fn new(date_at: D) -> Self {
        Self { state: State::Beginning(Vec::new(), date_at) }
    }

    /// Reads a piece of the file.
    pub fn read(&mut self, piece: &[u8]) -> Result<(), BadLine> {
        if piece.is_empty() { Ok(()) } else { self.advance(piece) }
    }

    /// Pages that the file has named so far.
    pub fn pages(&self) -> usize {
        match &self.state {
            State::Lines(lines) => lines.import.pages.len(),
            State::Counters(counters) => counters.import.pages.len(),
            State::Table(_, table) => table.import.pages.len(),
            State::Hits(_, hits) => hits.import.pages.len(),
            State::Beginning(..) | State::Unheaded(..) | State::Failed => 0,
        }
    }

    /// Ends the file, which then is known whole.
    pub fn finish(mut self) -> Result<Import, BadLine> {
        if let State::Beginning(bytes, _) = &mut self.state {
            let bytes = std::mem::take(bytes);
            self.recognise(bytes)?;
        }
        self.advance(&[])?;
        let import = match self.state {
            State::Lines(lines) => Some(lines.import),
            State::Counters(counters) => Some(counters.import),
            State::Table(_, table) => Some(table.import),
            State::Hits(_, hits) => Some(hits.import),
            State::Beginning(..) | State::Unheaded(..) | State::Failed => None,
        };
        import.filter(|import| import.lines > 0).ok_or_else(|| bad("the file is empty."))
    }

    fn advance(&mut self, piece: &[u8]) -> Result<(), BadLine> {
        match &mut self.state {
            State::Beginning(bytes, _) => {
                bytes.extend_from_slice(piece);
                if bytes.len() < BEGINNING_BYTES {
                    return Ok(());
                }
                let bytes = std::mem::take(bytes);
                self.recognise(bytes)
            }
            State::Lines(lines) => lines.read(piece),
            State::Counters(counters) => counters.read(piece),
            State::Unheaded(..) => self.read_heading(piece),
            State::Table(records, table) => records.read(piece, |record| table.take(record)),
            State::Hits(records, hits) => records.read(piece, |record| hits.take(record)),
            State::Failed => Err(bad("the file could not be read.")),
        }
    }

    fn recognise(&mut self, bytes: Vec<u8>) -> Result<(), BadLine> {
        if bytes.starts_with(GZIP_MARK) || bytes.starts_with(ZIP_MARK) {
            return Err(bad("the file is packed. Unpack it and send what was in it."));
        }
        if UTF16_MARKS.iter().any(|mark| bytes.starts_with(mark)) {
            return Err(bad("the file is UTF-16. Save it as “CSV UTF-8”."));
        }
        let text = bytes.strip_prefix(UTF8_MARK).unwrap_or(&bytes);
        let State::Beginning(_, date_at) = std::mem::replace(&mut self.state, State::Failed) else {
            return Ok(());
        };
        let beginning = text.get(..KIND_BYTES).unwrap_or(text);
        self.state = if leancloud::MARK.starts_with(beginning) {
            State::Counters(Counters::new())
        } else if beginning.trim_ascii_start().starts_with(b"{") {
            State::Lines(Lines::new())
        } else {
            State::Unheaded(Records::new(), date_at)
        };
        if text.is_empty() { Ok(()) } else { self.advance(text) }
    }

    /// The first record says which kind of CSV it is.
    fn read_heading(&mut self, piece: &[u8]) -> Result<(), BadLine> {
        let State::Unheaded(mut records, date_at) = std::mem::replace(&mut self.state, State::Failed) else {
            return Ok(());
        };
        let mut kind = Undecided { date_at: Some(date_at), table: None, hits: None };
        records.read(piece, |record| kind.take(record))?;
        self.state = match kind {
            Undecided { table: Some(table), .. } => State::Table(records, table),
            Undecided { hits: Some(hits), .. } => State::Hits(records, hits),
            Undecided { date_at: Some(date_at), .. } => State::Unheaded(records, date_at),
            Undecided { .. } => State::Failed,
        };
        Ok(())
    }
}

/// A CSV file until its first record has come.
struct Undecided<D> {
    date_at: Option<D>,
    table: Option<Table>,
    hits: Option<Hits<D>>,
}

impl<D: FnMut(u64) -> Option<Date>> Undecided<D> {
    fn take(&mut self, record: &Record<'_>) -> Result<(), BadLine> {
        if let Some(date_at) = self.date_at.take() {
            if is_heading(record.field(0)) {
                self.hits = Some(Hits::new(date_at));
            } else {
                self.table = Some(Table::new());
            }
        }
        match (&mut self.table, &mut self.hits) {
            (Some(table), _) => table.take(record),
            (_, Some(hits)) => hits.take(record),
            (None, None) => Ok(()),
        }
    }
}

fn bad(reason: &str) -> BadLine {
    BadLine { line: 1, reason: reason.to_owned() }
}
