//! Brings a site back from KV when its object has no storage.
//!
//! Any error is an error: a site must never begin at zero because KV could not be read.

use crate::kv;
use crate::reply::Problem;
use laifang_tally::day::Day;
use laifang_tally::pages::PAGE_BUCKETS;
use laifang_tally::publish::{self, DaysDocument, Document, MainDocument, PagesDocument};
use laifang_tally::site::Site;
use laifang_tally::visitor::Secret;
use serde::Deserialize;
use worker::Env;

/// What KV holds of a site; nothing, if it was never published.
pub struct Published {
    main: Option<MainDocument>,
    pages: Vec<PagesDocument>,
    days: Vec<DaysDocument>,
}

impl Published {
    /// Reads all of the site's documents.
    pub async fn read(env: &Env, name: &str) -> Result<Self, Problem> {
        let Some(main) = document::<MainDocument>(env, &Document::Main.key(name)).await? else {
            return Ok(Self { main: None, pages: Vec::new(), days: Vec::new() });
        };
        let mut pages = Vec::new();
        if main.pages.is_none() {
            for bucket in 0..PAGE_BUCKETS {
                pages.extend(document(env, &main.pages_in(bucket).key(name)).await?);
            }
        }
        let mut days = Vec::new();
        for month in &main.months {
            days.extend(document(env, &Document::Days(*month).key(name)).await?);
        }
        Ok(Self { main: Some(main), pages, days })
    }

    /// The main document, if there is one.
    pub fn main(&self) -> Option<&MainDocument> {
        self.main.as_ref()
    }

    /// The zone its days followed, if the owner chose one.
    pub fn time_zone(&self) -> Option<String> {
        self.main.as_ref().and_then(|main| main.settings.time_zone.clone())
    }

    /// The site again, or a new one.
    pub fn into_site(self, day: Day, secrets: (Secret, Secret), now_ms: u64) -> Site {
        match self.main {
            Some(main) => Site::restore(main, self.pages, self.days, day, secrets, now_ms),
            None => Site::new(1, day, secrets.0, secrets.1),
        }
    }
}

/// The main document, if KV has one and it can be read. For a check that must not keep a whole site from counting.
pub async fn main_if_readable(env: &Env, name: &str) -> Option<MainDocument> {
    document(env, &Document::Main.key(name)).await.unwrap_or_else(|_| {
        worker::console_error!(
            "{name}: KV's document can't be read, so the age of the storage was not checked"
        );
        None
    })
}

/// Whether KV holds anything of a site.
pub async fn is_published(env: &Env, name: &str) -> Result<bool, Problem> {
    Ok(kv::get(env, &Document::Main.key(name)).await?.is_some())
}

async fn document<T: for<'a> Deserialize<'a>>(env: &Env, key: &str) -> Result<Option<T>, Problem> {
    let Some(body) = kv::get(env, key).await? else { return Ok(None) };
    publish::read(&body).map(Some).map_err(|error| Problem::unavailable(format!("KV's {key} was {error}.")))
}
