//! KV as a site sees it: puts that are slow, refused, or answered with an error after they landed.
//!
//! Checks what lands: a document is never lowered within a generation, generations never fall, no key is
//! put twice within a second.

use laifang_tally::pages::{PAGE_BUCKETS, bucket_of};
use laifang_tally::publish::{DaysDocument, Document, MainDocument, PagesDocument, read};
use std::collections::{BTreeMap, BTreeSet};

/// How a put will go.
#[derive(Debug, Clone, Copy)]
pub struct Fate {
    /// After how long it lands, if it does.
    pub lands_after_ms: Option<u64>,
    /// After how long it is answered.
    pub answered_after_ms: u64,
    /// The answer.
    pub is_ok: bool,
}

/// A put under way.
#[derive(Debug)]
pub struct Flight {
    /// Which document.
    pub document: Document,
    /// When it began.
    pub began_ms: u64,
    /// How it goes.
    pub fate: Fate,
    /// Whether the sender stopped waiting for it.
    pub is_given_up: bool,
    body: String,
    has_landed: bool,
}

/// The store and what is on its way to it.
#[derive(Debug, Default)]
pub struct Remote {
    stored: BTreeMap<Document, String>,
    began_ms: BTreeMap<Document, u64>,
    /// Generations of which pages were written before the main document.
    ahead_of_main: BTreeSet<u64>,
    /// Puts under way.
    pub flights: Vec<Flight>,
}

impl Remote {
    /// A put begins.
    pub fn put(&mut self, document: Document, body: String, now_ms: u64, fate: Fate) -> Result<(), String> {
        if let Some(before_ms) = self.began_ms.insert(document, now_ms)
            && now_ms < before_ms + 1_000
        {
            return Err(format!("{document:?} was put at {before_ms} and again at {now_ms}"));
        }
        let flight = Flight { document, began_ms: now_ms, fate, is_given_up: false, body, has_landed: false };
        self.flights.push(flight);
        Ok(())
    }

    /// Lets everything land that is due.
    pub fn land(&mut self, now_ms: u64) -> Result<(), String> {
        let mut due: Vec<(u64, usize)> = Vec::new();
        for (index, flight) in self.flights.iter().enumerate() {
            if let Some(after_ms) = flight.fate.lands_after_ms
                && !flight.has_landed
                && flight.began_ms + after_ms <= now_ms
            {
                due.push((flight.began_ms + after_ms, index));
            }
        }
        due.sort_unstable();
        for (_, index) in due {
            self.flights[index].has_landed = true;
            let (document, body) = (self.flights[index].document, self.flights[index].body.clone());
            if let Some(before) = self.stored.get(&document) {
                check_order(document, before, &body)?;
            }
            self.stored.insert(document, body);
            self.check_buckets()?;
        }
        Ok(())
    }

    /// The sender is gone: what was under way lands now or never.
    pub fn settle(&mut self, now_ms: u64, mut lands: impl FnMut() -> bool) -> Result<(), String> {
        for flight in &mut self.flights {
            flight.fate.lands_after_ms =
                flight.fate.lands_after_ms.filter(|_| lands()).map(|_| now_ms - flight.began_ms);
        }
        self.land(now_ms)?;
        self.flights.clear();
        Ok(())
    }

    /// The main document.
    pub fn main(&self) -> Option<MainDocument> {
        self.stored.get(&Document::Main).map(|body| read(body).expect("a document that was published"))
    }

    /// All buckets.
    pub fn pages(&self) -> Vec<PagesDocument> {
        let main = self.main().unwrap_or_default();
        self.documents(|document| (0..PAGE_BUCKETS).any(|bucket| *document == main.pages_in(bucket)))
    }

    /// Whether each page is published in the bucket in which a read looks for it.
    fn check_buckets(&mut self) -> Result<(), String> {
        let Some(main) = self.main() else { return Ok(()) };
        for (document, body) in &self.stored {
            let Document::Pages(bucket) = document else { continue };
            let pages: PagesDocument = read(body).expect("a document that was published");
            if pages.generation > main.generation {
                // After a reset: its main document is on its way, or was lost with the site.
                self.ahead_of_main.insert(pages.generation);
            }
            let is_elsewhere = |key: &&String| bucket_of(&main.bucket_key, key) != *bucket % PAGE_BUCKETS;
            let is_read = (0..PAGE_BUCKETS).any(|bucket| *document == main.pages_in(bucket));
            // A rule that is newer than a move may lead back.
            let leads_on = |key: &&String| main.moves.get(key).is_some() && main.page_of(key) != key.as_str();
            if is_read
                && main.accepts(pages.generation)
                && !self.ahead_of_main.contains(&pages.generation)
                && let Some(key) = pages.pages.keys().find(leads_on)
            {
                return Err(format!("{key} is published as a page though it leads elsewhere"));
            }
            if main.accepts(pages.generation)
                && !self.ahead_of_main.contains(&pages.generation)
                && let Some(key) = pages.pages.keys().find(is_elsewhere)
            {
                return Err(format!("{key} is published in bucket {bucket}, where no read looks for it"));
            }
        }
        Ok(())
    }

    /// The months that the main document lists.
    pub fn days(&self) -> Vec<DaysDocument> {
        let months = self.main().unwrap_or_default().months;
        self.documents(|document| matches!(document, Document::Days(month) if months.contains(month)))
    }

    fn documents<T: for<'a> serde::Deserialize<'a>>(&self, wanted: impl Fn(&Document) -> bool) -> Vec<T> {
        let bodies = self.stored.iter().filter(|(document, _)| wanted(document));
        bodies.map(|(_, body)| read(body).expect("a document that was published")).collect()
    }

    /// Puts a document there as if by hand.
    pub fn plant(&mut self, document: Document, body: String) {
        self.stored.insert(document, body);
    }
}

fn check_order(document: Document, before: &str, after: &str) -> Result<(), String> {
    if document != Document::Main {
        return Ok(());
    }
    let (before, after): (MainDocument, MainDocument) =
        (read(before).expect("read"), read(after).expect("read"));
    let is_lower =
        after.views < before.views || after.visitors < before.visitors || after.as_of_ms < before.as_of_ms;
    if after.generation < before.generation || (after.generation == before.generation && is_lower) {
        return Err(format!("KV was lowered from {before:?} to {after:?}"));
    }
    Ok(())
}
