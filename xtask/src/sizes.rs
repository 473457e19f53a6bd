//! What a visitor downloads, in bytes, and the budgets it must stay within.

use crate::project;
use anyhow::{Result, bail};
use std::io::Write;

/// Names of a page's files begin with these, and together may have so many bytes, brotli.
///
/// That of all networks holds today's size so that it does not grow: dead boxes of every form, from inside, and what they were
/// told took 720 bytes; the rest is the box's own growth. The box alone may have what the counter leaves of their 18 KB: placing it again and
/// never between articles took 130, facts of the page that is shown 120, browsers inside other apps 50.
///
/// Counter and box together may be 318 bytes over 18 KB: what stands behind a label, in cells and blocks, and the
/// elements that name a count took 600 of the counter's own 10 KB, which hold.
const BUDGETS: &[(&str, &[&str], usize)] = &[
    ("loader", &["widget.js"], 1_024),
    ("counter alone", &["widget.js", "widget-"], 10_240),
    ("places", &["places-"], 2_560),
    ("share box + QR", &["share-"], 8_544),
    ("counter + share box + QR", &["widget.js", "widget-", "share-"], 18_750),
    ("… with every network", &["widget.js", "widget-", "share-", "networks-"], 23_350),
];

struct Size {
    name: String,
    raw: usize,
    gzip: usize,
    brotli: usize,
}

/// Prints the table and fails over budget.
pub fn check() -> Result<()> {
    let sizes = measure()?;
    println!("{:<32}{:>10}{:>10}{:>10}", "file", "raw", "gzip", "brotli");
    for size in &sizes {
        println!("{:<32}{:>10}{:>10}{:>10}", size.name, size.raw, size.gzip, size.brotli);
    }
    let mut over = Vec::new();
    println!("\n{:<32}{:>10}{:>10}{:>10}{:>10}", "a page with", "raw", "gzip", "brotli", "budget");
    for (title, prefixes, budget) in BUDGETS {
        let parts = || sizes.iter().filter(|size| prefixes.iter().any(|prefix| is_part(&size.name, prefix)));
        let brotli: usize = parts().map(|size| size.brotli).sum();
        let raw: usize = parts().map(|size| size.raw).sum();
        let gzip: usize = parts().map(|size| size.gzip).sum();
        println!("{title:<32}{raw:>10}{gzip:>10}{brotli:>10}{budget:>10}");
        if let Some(excess) = excess(brotli, *budget) {
            over.push(format!("{title} is {excess} bytes over its budget"));
        }
    }
    if over.is_empty() { Ok(()) } else { bail!(over.join("; ")) }
}

/// Whether a file is one that a page needs in a browser with WebAssembly.
fn is_part(name: &str, prefix: &str) -> bool {
    name.starts_with(prefix) && !name.ends_with(".plain.js")
}

fn excess(bytes: usize, budget: usize) -> Option<usize> {
    bytes.checked_sub(budget).filter(|excess| *excess > 0)
}

fn measure() -> Result<Vec<Size>> {
    let mut sizes = Vec::new();
    for (folder, prefixes) in [
        ("dist/assets", &["widget", "places-", "share-", "networks-", "switch-"][..]),
        ("dist/worker", &["index"][..]),
    ] {
        for entry in std::fs::read_dir(project::path(folder))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if prefixes.iter().any(|prefix| name.starts_with(prefix)) {
                let bytes = std::fs::read(entry.path())?;
                let shown = if folder.ends_with("worker") { format!("worker/{name}") } else { name };
                sizes.push(Size {
                    name: shown,
                    raw: bytes.len(),
                    gzip: gzip(&bytes)?,
                    brotli: brotli(&bytes)?,
                });
            }
        }
    }
    sizes.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(sizes)
}

fn gzip(bytes: &[u8]) -> Result<usize> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}

/// Bytes after brotli at its best.
pub fn brotli(bytes: &[u8]) -> Result<usize> {
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut packed, &brotli::enc::BrotliEncoderParams::default())?;
    Ok(packed.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_over_budget_is_over() {
        assert_eq!(excess(1024, 1024), None);
        assert_eq!(excess(1025, 1024), Some(1));
    }

    #[test]
    fn repetition_packs_well() {
        let text = "來訪".repeat(500);
        assert!(brotli(text.as_bytes()).unwrap() < 100 && gzip(text.as_bytes()).unwrap() < 100);
    }
}
