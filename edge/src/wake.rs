//! A site's way into memory: from its storage, from KV where there is none, and out of damage.
//!
//! Storage that can't be read is never begun anew by itself: hits get 503 until the owner restores the site from KV or
//! resets it. Where storage may have fallen back to an earlier state (files on one machine), KV is asked at each wake
//! whether it knows more. Out of scope: what is done with a site that is awake (`site_counter`).

use crate::config::Config;
use crate::reply::Problem;
use crate::site_counter::{Outcome, Shared, random_secret};
use crate::site_store::{Failure, Rows, failure};
use crate::{new_sites, platform, publisher, restore};
use laifang_tally::day::Day;
use laifang_tally::publish::MainDocument;
use laifang_tally::site::Site;
use laifang_tally::visitor::Secret;
use std::rc::Rc;
use worker::Response;

impl Shared {
    /// Resets a site that can't be read. Its generation isn't known: the time is newer than any.
    pub(crate) async fn begin_anew(self: &Rc<Self>, name: &str, config: &Config) -> Outcome<Response> {
        let main = restore::main_if_readable(&self.env, name).await.unwrap_or_default();
        let now_ms = platform::now_ms();
        let (day, salt) = next_day(main.settings.time_zone.as_deref(), config, now_ms)?;
        let site = Site::new(now_ms, day, salt, random_secret()?).chosen_in(&main);
        self.replace_storage(name, site, config).await
    }

    /// Brings a site back from KV, given up what is stored of it.
    pub(crate) async fn restore(self: &Rc<Self>, name: &str, config: &Config) -> Outcome<Response> {
        let published = restore::Published::read(&self.env, name).await?;
        if published.main().is_none() {
            return Err(Problem::not_published());
        }
        let site = self.site_of(published, config)?;
        self.replace_storage(name, site, config).await
    }

    fn site_of(&self, published: restore::Published, config: &Config) -> Outcome<Site> {
        let (now_ms, zone) = (platform::now_ms(), published.time_zone());
        let (day, salt) = next_day(zone.as_deref(), config, now_ms)?;
        Ok(published.into_site(day, (salt, random_secret()?), now_ms))
    }

    /// Storage that can't be read is emptied, then the site is stored. If the machine dies in between, the site comes
    /// back from KV.
    async fn replace_storage(self: &Rc<Self>, name: &str, site: Site, config: &Config) -> Outcome<Response> {
        self.state.storage().delete_all().await?;
        self.rows.create()?;
        self.rows.save_name(name)?;
        self.engine.borrow_mut().begin(&self.rows, site)?;
        self.alarm_at_ms.set(None);
        self.publishing.woke();
        let response = self.describe(config)?;
        self.keep_alarm(publisher::OWNERS_SAFETY_MS).await;
        publisher::start(self);
        Ok(response)
    }

    /// Makes sure the site is in memory and its day has not ended; returns its rows and its time. `address` is
    /// a stranger's, at whose word a new site may begin; an owner's call has none.
    pub(crate) async fn wake(
        &self,
        name: &str,
        config: &Config,
        address: Option<&str>,
    ) -> Outcome<(&Rows, u64)> {
        let rows = &self.rows;
        if self.engine.borrow().site().is_none() {
            self.load(rows, name, config, address).await?;
        }
        let mut engine = self.engine.borrow_mut();
        let day = engine.site().map(|site| site.totals().day);
        let now_ms = engine.pass_time(rows, platform::now_ms(), |site, now_ms| {
            next_day(site.totals().settings.time_zone.as_deref(), config, now_ms)
        })?;
        if let Some(site) = engine.site_mut().filter(|site| Some(site.totals().day) != day) {
            self.publishing.day_began(site);
        }
        Ok((rows, now_ms))
    }

    async fn load(&self, rows: &Rows, name: &str, config: &Config, address: Option<&str>) -> Outcome<()> {
        *self.name.borrow_mut() = name.to_owned();
        let alarm_at_ms = self.state.storage().get_alarm().await.map_err(failure)?;
        self.alarm_at_ms.set(alarm_at_ms.and_then(|at_ms| u64::try_from(at_ms).ok()));
        if rows.are_missing()? {
            self.check_may_begin(name, config, address).await?;
            rows.create()?;
        }
        let newest = if config.can_storage_fall_back {
            restore::main_if_readable(&self.env, name).await
        } else {
            None
        };
        if !self.wake_unless_older(rows, newest.as_ref())? {
            let published = restore::Published::read(&self.env, name).await?;
            // Another call may have brought the site back while this one was reading.
            if self.wake_unless_older(rows, published.main())? {
                return Ok(());
            }
            let site = self.site_of(published, config)?;
            rows.save_name(name)?;
            self.engine.borrow_mut().begin(rows, site)?;
        }
        self.publishing.woke();
        Ok(())
    }

    /// Reads the site from storage. False if there is none, or one that knows less than what was published.
    fn wake_unless_older(&self, rows: &Rows, published: Option<&MainDocument>) -> Outcome<bool> {
        let mut engine = self.engine.borrow_mut();
        if !engine.wake(rows)? {
            return Ok(false);
        }
        let is_older = engine.site().zip(published).is_some_and(|(site, main)| site.is_older_than(main));
        if is_older {
            worker::console_error!(
                "the site's storage has fallen back: KV knows more, so the site is restored from it"
            );
            engine.sleep();
        }
        Ok(!is_older)
    }

    /// Whether a site that has no storage may begin, or come back from KV, at the word of `address`.
    async fn check_may_begin(&self, name: &str, config: &Config, address: Option<&str>) -> Outcome<()> {
        match address {
            Some(address) if !config.sites.names(name) && !restore::is_published(&self.env, name).await? => {
                new_sites::check(&self.env, address).await
            }
            _ => Ok(()),
        }
    }
}

/// The day at `now_ms` in the site's own zone or the deployment's, with a fresh salt.
fn next_day(own_zone: Option<&str>, config: &Config, now_ms: u64) -> Result<(Day, Secret), Failure> {
    let day = platform::day_at(now_ms, own_zone.unwrap_or(&config.time_zone)).map_err(Failure::Zone)?;
    Ok((day, random_secret()?))
}
