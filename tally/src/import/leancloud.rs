//! LeanCloud's export of the class `Counter`, in which blogs kept their articles' views: JSON lines after a first
//! line that names the class.
//!
//! NexT, Valine and others keep `url` and `time`; Fluid keeps `target` and `time`, where `site-pv` and `site-uv`
//! are the site's. A page that several records name (its path encoded and not, with and without a slash at the
//! end) has their sum: each was counted apart. Out of scope: LeanCloud's other classes.

use super::line_buffer::LineBuffer;
use super::{BadLine, Import, Kind, Start, count, page_key, shown, sum};
use serde::Deserialize;

/// What the export begins with.
pub const MARK: &[u8] = b"#filetype:JSON-streaming";
const CLASS: &str = "Counter";

#[derive(Deserialize)]
struct Header {
    class: String,
}

#[derive(Deserialize)]
struct Record {
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    target: Option<String>,
    time: serde_json::Number,
}

/// Reads such an export.
pub struct Counters {
    pub import: Import,
    lines: LineBuffer,
}

impl Counters {
    pub fn new() -> Self {
        Self { import: Import::new(Kind::Leancloud), lines: LineBuffer::default() }
    }

    /// Reads a piece. An empty one is the end of the file.
    pub fn read(&mut self, piece: &[u8]) -> Result<(), BadLine> {
        let import = &mut self.import;
        self.lines
            .read(piece, |text, line| take(import, text, line).map_err(|reason| BadLine { line, reason }))
    }
}

fn take(import: &mut Import, text: &[u8], line: u64) -> Result<(), String> {
    if let Some(header) = text.strip_prefix(MARK) {
        return check_header(header);
    }
    let record: Record = serde_json::from_slice(text)
        .map_err(|error| format!("this is not a record of LeanCloud's class Counter: {error}."))?;
    import.lines = import.lines.saturating_add(1);
    let views = count(&record.time.to_string())?;
    match (record.target.as_deref(), record.url.as_deref()) {
        (Some("site-pv"), _) => add_site(import, line, |site| site.views = sum(site.views, Some(views))),
        (Some("site-uv"), _) => {
            add_site(import, line, |site| site.visitors = sum(site.visitors, Some(views)));
        }
        (Some(page), _) | (None, Some(page)) if !page.is_empty() => add_page(import, line, page, views)?,
        _ => return Err("this record names no page: it has neither `url` nor `target`.".into()),
    }
    Ok(())
}

fn check_header(header: &[u8]) -> Result<(), String> {
    let header: Header = serde_json::from_slice(header.trim_ascii())
        .map_err(|_| "this first line does not name a class of LeanCloud's.".to_owned())?;
    if header.class == CLASS {
        return Ok(());
    }
    let class = shown(&header.class);
    Err(format!(
        "this is LeanCloud's class {class}. The views are in the class Counter: send Counter.0.jsonl."
    ))
}

fn add_site(import: &mut Import, line: u64, change: impl FnOnce(&mut Start)) {
    change(import.site.get_or_insert_with(|| Start { line, ..Start::default() }));
}

fn add_page(import: &mut Import, line: u64, page: &str, views: u64) -> Result<(), String> {
    let key = page_key(page)?;
    match import.pages.get_mut(&key) {
        Some(known) => {
            known.views = sum(known.views, Some(views));
            import.merged = import.merged.saturating_add(1);
        }
        None => _ = import.pages.insert(key, Start { views: Some(views), line, ..Start::default() }),
    }
    Ok(())
}
