//! The hot functions, each as a task of so many equal pieces of work.
//!
//! What a task needs is made before; only what runs within [`measured`] is counted, as callgrind is told its name.
//! A task does the same in every run: no clock, no randomness.

use crate::memory::{Failed, Memory};
use crate::traffic::{self, Traffic, decide, new_site, page};
use laifang_tally::engine::Engine;
use laifang_tally::journal::Entry;
use laifang_tally::page::Address;
use laifang_tally::publish::Document;
use laifang_tally::request::{HitBody, check_id, read_body, target};
use laifang_tally::site::Site;
use laifang_tally::sites::Sites;
use std::hint::black_box;
use std::path::Path;

/// Prepares a task, runs it within [`measured`], and says of how many pieces it was. The file holds the rows of
/// [`large_site`].
type Task = fn(&Path) -> Result<usize, Failed>;

/// Every task with its name.
pub const TASKS: &[(&str, Task)] = &[
    ("read a request", read_requests),
    ("page key", page_keys),
    ("visitor key", visitor_keys),
    ("decide a hit", decide_hits),
    ("take in a hit", apply_hits),
    ("pack an entry", pack_entries),
    ("read an entry", read_entries),
    ("count a hit, checkpoints included", count_hits),
    ("publish 500 pages", publish_pages),
    ("wake 100,000 pages and visitors", wake_large_site),
    ("read a line of a page", read_lines),
];

/// Pieces of work in most tasks: enough that what happens once does not show.
const PIECES: usize = 1_000;
/// Hours in which the hits of the large site came: ten thousand entries are of the last one.
pub const HOURS: u64 = 10;
/// Pages and visitors of the site that hits are counted on.
const SIZE: usize = 10_000;

/// What callgrind counts. It finds the function by this name, so it is never inlined.
#[inline(never)]
pub fn measured(work: &mut dyn FnMut()) {
    work();
    // Without anything after the call it would be a jump, and the function would be left before the work is done.
    black_box(());
}

/// Runs the work within [`measured`] and hands on what it made.
fn measure<T>(work: impl FnOnce() -> T) -> Result<T, Failed> {
    let (mut work, mut made) = (Some(work), None);
    measured(&mut || made = work.take().map(|work| work()));
    made.ok_or_else(|| Failed("nothing was done".into()))
}

/// A site of 100,000 pages and as many visitors today, all of them within so many hours.
pub fn large_site(hours: u64) -> Result<Memory, Failed> {
    Ok(Traffic::of_size(100_000, 100_000, hours.saturating_mul(3_600_000))?.rows)
}

fn addresses() -> Vec<String> {
    let one = |number: usize| match number % 4 {
        0 => format!("https://www.example.cn/articles/2026/{number}"),
        1 => format!("https://example.cn/articles/{number}/index.html?utm_source=rss&from=timeline#top"),
        2 => format!("https://example.cn/%E6%96%87%E7%AB%A0/%E5%85%B3%E4%BA%8E%E6%88%91%E4%BB%AC-{number}/"),
        _ => format!("https://example.cn/index.php?id={number}&page=2&token=abcdef0123456789"),
    };
    (0..PIECES).map(one).collect()
}

fn read_requests(_: &Path) -> Result<usize, Failed> {
    let sites = Sites::parse("other.example *.example.org example.cn");
    let bodies: Vec<String> = addresses()
        .iter()
        .enumerate()
        .map(|(number, url)| {
            format!(r#"{{"url":"{url}","id":"id-{number:016}","kind":"load","shown":{number}}}"#)
        })
        .collect();
    let read = |body: &String| {
        let body: HitBody = read_body(body.as_bytes())?;
        check_id(&body.id)?;
        target(&sites, &body.url, body.site.as_deref(), Some("https://example.cn"))
    };
    let all_right = measure(|| bodies.iter().filter(|body| black_box(read(body)).is_ok()).count())?;
    done(all_right)
}

fn page_keys(_: &Path) -> Result<usize, Failed> {
    let addresses = addresses();
    done(measure(|| addresses.iter().filter(|address| black_box(Address::parse(address)).is_ok()).count())?)
}

fn visitor_keys(_: &Path) -> Result<usize, Failed> {
    let site = new_site();
    done(measure(|| {
        (0..PIECES).filter(|visitor| black_box(traffic::key_of(&site, *visitor)).0 != 0).count()
    })?)
}

/// A site of [`SIZE`], and the entries of [`PIECES`] hits on it, of known and of new pages and visitors.
fn site_and_entries() -> Result<(Site, Vec<Entry>), Failed> {
    let traffic = Traffic::of_size(SIZE, SIZE, 3_600_000)?;
    let site = traffic.engine.site().ok_or_else(|| Failed("the site sleeps".into()))?;
    let mut after = site.clone();
    let mut entries = Vec::new();
    for number in 0..PIECES {
        let hit = (SIZE - PIECES / 2 + number, &*page(SIZE - PIECES / 4 + number));
        let entry = decide(&mut after, traffic.now_ms + number as u64, hit, &format!("new-{number:016}"))?;
        after.apply(&entry);
        entries.push(*entry);
    }
    Ok((site.clone(), entries))
}

fn decide_hits(_: &Path) -> Result<usize, Failed> {
    let (mut site, _) = site_and_entries()?;
    let now_ms = site.totals().clock_ms;
    let hits: Vec<(usize, String, String)> = (0..PIECES)
        .map(|number| {
            (SIZE - PIECES / 2 + number, page(SIZE - PIECES / 4 + number), format!("new-{number:016}"))
        })
        .collect();
    let decided = measure(|| {
        hits.iter()
            .filter(|(visitor, page, id)| black_box(decide(&mut site, now_ms, (*visitor, page), id)).is_ok())
            .count()
    })?;
    done(decided)
}

fn apply_hits(_: &Path) -> Result<usize, Failed> {
    let (mut site, entries) = site_and_entries()?;
    measure(|| entries.iter().for_each(|entry| black_box(&mut site).apply(entry)))?;
    Ok(entries.len())
}

fn pack_entries(_: &Path) -> Result<usize, Failed> {
    let (_, entries) = site_and_entries()?;
    done(measure(|| entries.iter().filter(|entry| black_box(entry.to_bytes()).is_ok()).count())?)
}

fn read_entries(_: &Path) -> Result<usize, Failed> {
    let (_, entries) = site_and_entries()?;
    let bytes = entries.iter().map(Entry::to_bytes).collect::<Result<Vec<_>, _>>()?;
    done(measure(|| bytes.iter().filter(|bytes| black_box(Entry::from_bytes(bytes)).is_ok()).count())?)
}

/// Two checkpoints' worth of hits, so that their parts are counted with them.
fn count_hits(_: &Path) -> Result<usize, Failed> {
    let mut traffic = Traffic::of_size(SIZE, SIZE, 3_600_000)?;
    let hits: Vec<(usize, String)> =
        (0..2 * PIECES).map(|number| (SIZE + number, page(number * 7))).collect();
    let counted = measure(|| hits.iter().try_for_each(|(visitor, page)| traffic.hit(*visitor, page)))?;
    counted.map(|()| hits.len())
}

fn publish_pages(_: &Path) -> Result<usize, Failed> {
    let mut traffic = Traffic::of_size(500, 500, 60_000)?;
    let site = traffic.engine.site_mut().ok_or_else(|| Failed("the site sleeps".into()))?;
    let published = measure(|| site.publish(Document::Main))?;
    published.map(|document| usize::from(!document.is_empty())).map_err(Failed::from)
}

fn wake_large_site(rows: &Path) -> Result<usize, Failed> {
    let rows = Memory::read(rows)?;
    let mut engine = Engine::default();
    let woke = measure(|| engine.wake(&rows))??;
    let pages = engine.site().map(|site| site.pages().len());
    if woke && pages == Some(100_000) { Ok(1) } else { Err(Failed(format!("the site has {pages:?} pages"))) }
}

/// Lines as pages have them, most of them without a place for a number.
const LINES: &[&str] = &[
    "您是第 位來訪者",
    "歡迎光臨雲溪新聞網！您是本站自2008年10月1日以來的第 123 位訪客，今日 12 人。",
    "You are visitor number 1024 since 1999. Thank you!",
    "あなたは 人目の訪問者です",
    "本站总访问量次 · 本站访客数人 · 本文总阅读量次",
    "作者：王小明　发布时间：2026-11-25 08:00　阅读：",
    "那时我们都还年轻，您是我见过最好的老师，第二天清晨，他从山里走来，带着一本旧书和一封没有写完的信。",
    "The quick brown fox jumps over the lazy dog, and you are invited to read on for as long as you like.",
];

fn read_lines(_: &Path) -> Result<usize, Failed> {
    let lines: Vec<Vec<u16>> = LINES.iter().map(|line| line.encode_utf16().collect()).collect();
    let told = measure(|| lines.iter().map(|line| crate::widget::places(black_box(line))).sum::<usize>())?;
    if told >= 6 { Ok(lines.len()) } else { Err(Failed(format!("only {told} places were found"))) }
}

fn done(pieces: usize) -> Result<usize, Failed> {
    if pieces == PIECES { Ok(pieces) } else { Err(Failed(format!("only {pieces} of {PIECES} were done"))) }
}
