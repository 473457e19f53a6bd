//! A table of starting values: `page,views,visitors`, where the page `*` is the site.
//!
//! A heading may give the columns in another order; an empty cell leaves a count as it is. A page named
//! twice in the same words is a mistake; in different words (`/a/` and `/a`) its counts are added up, since
//! they were counted apart and are one page here.

use super::csv::Record;
use super::{BadLine, Import, Kind, Start, count, page_key, shown, sum};
use crate::visitor::Secret;
use std::collections::BTreeSet;

/// The site's own line.
const SITE: &str = "*";

/// Which column holds what.
#[derive(Debug, Clone, Copy)]
struct Columns {
    page: usize,
    views: Option<usize>,
    visitors: Option<usize>,
    /// How many cells a line has.
    width: usize,
}

/// Reads such a table.
pub struct Table {
    pub import: Import,
    columns: Option<Columns>,
    names: BTreeSet<u64>,
}

impl Table {
    pub fn new() -> Self {
        Self { import: Import::new(Kind::Csv), columns: None, names: BTreeSet::new() }
    }

    pub fn take(&mut self, record: &Record<'_>) -> Result<(), BadLine> {
        let columns = match self.columns {
            Some(columns) => columns,
            None => {
                let (columns, is_heading) = columns(record)?;
                self.columns = Some(columns);
                if is_heading {
                    return Ok(());
                }
                columns
            }
        };
        self.import.lines = self.import.lines.saturating_add(1);
        let cell = |column: Option<usize>| column.map(|at| record.field(at)).filter(|cell| !cell.is_empty());
        let number = |column| cell(column).map(count).transpose().map_err(|reason| record.bad(reason));
        if record.len() != columns.width {
            let (cells, width) = (record.len(), columns.width);
            return Err(record.bad(format!(
                "this line has another number of columns ({cells}) than the first line ({width})."
            )));
        }
        let start = Start {
            views: number(columns.views)?,
            visitors: number(columns.visitors)?,
            line: record.line,
            ..Start::default()
        };
        self.add(record, record.field(columns.page), start)
    }

    fn add(&mut self, record: &Record<'_>, name: &str, start: Start) -> Result<(), BadLine> {
        if name.is_empty() {
            return Err(record.bad("the page is missing. Name its path, or * for the whole site."));
        }
        if !self.names.insert(Secret::default().hash(0, &[name.as_bytes()]) as u64) {
            return Err(record.bad(format!("{} was named before.", shown(name))));
        }
        if name == SITE {
            self.import.site = Some(start);
            return Ok(());
        }
        let key = page_key(name).map_err(|reason| record.bad(reason))?;
        match self.import.pages.get_mut(&key) {
            Some(known) => {
                known.views = sum(known.views, start.views);
                known.visitors = sum(known.visitors, start.visitors);
                self.import.merged = self.import.merged.saturating_add(1);
            }
            None => _ = self.import.pages.insert(key, start),
        }
        Ok(())
    }
}

/// The columns as the first line has them, and whether it is a heading.
fn columns(record: &Record<'_>) -> Result<(Columns, bool), BadLine> {
    let at = |wanted: &str| (0..record.len()).find(|at| record.field(*at).eq_ignore_ascii_case(wanted));
    if let Some(page) = at("page") {
        let columns = Columns { page, views: at("views"), visitors: at("visitors"), width: record.len() };
        let known = [columns.views, columns.visitors].iter().flatten().count().saturating_add(1);
        if known == record.len() && known > 1 {
            return Ok((columns, true));
        }
    } else if (2..=3).contains(&record.len()) && count(record.field(1)).is_ok() {
        let visitors = (record.len() > 2).then_some(2);
        return Ok((Columns { page: 0, views: Some(1), visitors, width: record.len() }, false));
    }
    Err(record.bad("the columns must be page,views,visitors."))
}
