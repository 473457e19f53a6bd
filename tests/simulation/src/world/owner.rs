//! What the owner does to a site: resets it, sets starting values, moves pages, takes it away and brings it back.

use super::{MAX_PAGES, Mishap, World};
use crate::calendar::day_at;
use crate::model::{Table, same};
use laifang_tally::import::{Options, Reader};
use laifang_tally::moves::{self, Report};
use laifang_tally::query_rule::QueryRule;
use laifang_tally::site::{Fresh, Settings, Site};
use laifang_tally::snapshot::TOTALS_KEY;

impl World {
    /// The owner's reset.
    pub fn reset(&mut self, mishap: Mishap) -> Result<(), String> {
        let before = self.model.clone();
        self.disk.begin_turn(mishap.failing_write());
        if let Some(now_ms) = self.wake()? {
            let (salt, id_key) = (self.secret(), self.secret());
            let site =
                self.engine.site().expect("awake").reset(Fresh { now_ms, day: day_at(now_ms), salt, id_key });
            let totals = self.disk.row(TOTALS_KEY);
            let outcome = self.engine.begin(&self.disk, site);
            // The totals row is the first: with it the reset is done, whatever fails after it.
            let is_done = self.disk.row(TOTALS_KEY) != totals;
            same("whether an acknowledged reset is stored", &(is_done || outcome.is_err()), &true)?;
            if is_done {
                self.model.reset(now_ms);
            }
        }
        self.end_turn(mishap, before)
    }

    /// The owner sets whether queries choose pages.
    pub fn configure(&mut self, drops_query: bool, mishap: Mishap) -> Result<(), String> {
        let before = self.model.clone();
        self.disk.begin_turn(mishap.failing_write());
        if self.wake()?.is_some() {
            let query = if drops_query { QueryRule::Drop } else { QueryRule::Keep };
            let site = self.engine.site().expect("awake");
            let has_changed = site.totals().settings.query != query;
            let site = site.with_settings(Settings { query, ..Settings::default() });
            let totals = self.disk.row(TOTALS_KEY);
            let outcome = self.engine.begin(&self.disk, site);
            let is_stored = self.disk.row(TOTALS_KEY) != totals;
            let is_done = is_stored || !has_changed;
            same("whether acknowledged settings are stored", &(is_done || outcome.is_err()), &true)?;
            if is_stored {
                self.model.drops_query = drops_query;
            }
        }
        self.end_turn(mishap, before)
    }

    /// The owner's starting values: all of the table is taken, or none.
    pub fn start(&mut self, table: &Table, mishap: Mishap) -> Result<(), String> {
        let before = self.model.clone();
        self.begin_import(mishap);
        if self.wake()?.is_some() {
            let file = table.file();
            let known = self.model.knows(&file);
            let outcome = self.site_with(&file, false)?;
            let is_taken = known || self.model.takes(table, MAX_PAGES);
            same("whether a table is taken", &outcome.is_some(), &is_taken)?;
            let site = outcome.flatten();
            same("whether a known table changes nothing", &site.is_none(), &(known || !is_taken))?;
            if let Some(site) = site
                && self.switch(site)?
            {
                self.model.start(table);
            }
        }
        self.end_turn(mishap, before)
    }

    /// The owner takes the site away.
    pub fn export(&mut self) -> Result<(), String> {
        self.disk.begin_turn(None);
        if self.wake()?.is_some() {
            let pieces = self.engine.site().expect("awake").export("s", "now");
            let file = String::from_utf8(pieces.map_err(|error| error.to_string())?.concat()).expect("text");
            self.exported = Some((file, self.model.clone()));
        }
        Ok(())
    }

    /// The owner brings back what was taken away, in place of what is there.
    pub fn replace(&mut self, mishap: Mishap) -> Result<(), String> {
        let Some((file, then)) = self.exported.clone() else { return Ok(()) };
        let before = self.model.clone();
        self.begin_import(mishap);
        if let Some(now_ms) = self.wake()? {
            let site = self.site_with(&file, true)?.flatten().ok_or("an export was not taken")?;
            if self.switch(site)? {
                self.model.replace(&then, &file, now_ms);
            }
        }
        self.end_turn(mishap, before)
    }

    /// The owner leads an address to another.
    pub fn lead(&mut self, from: &str, to: &str, mishap: Mishap) -> Result<(), String> {
        let pairs = moves::read("s", &format!("{from},{to}")).map_err(|bad| bad.reason)?;
        self.change_pages(mishap, |site| site.with_moves(&pairs).map_err(|refused| format!("{refused:?}")))
    }

    /// The owner merges what the rule about queries made one page.
    pub fn merge(&mut self, mishap: Mishap) -> Result<(), String> {
        self.change_pages(mishap, |site| Ok(site.with_merges()))
    }

    fn change_pages(
        &mut self,
        mishap: Mishap,
        change: impl FnOnce(&Site) -> Result<(Option<Site>, Report), String>,
    ) -> Result<(), String> {
        let before = self.model.clone();
        self.begin_import(mishap);
        if self.wake()?.is_some() {
            let (site, report) = change(self.engine.site().expect("awake"))?;
            if let Some(site) = site {
                let moves = site.totals().moves.clone();
                let sums = self.model.sums();
                if self.switch(site)? {
                    self.model.lead(&report.lines, &moves);
                    same("what all pages have together", &self.model.sums(), &sums)?;
                }
            }
        }
        self.end_turn(mishap, before)
    }

    fn begin_import(&mut self, mishap: Mishap) {
        let writes = self.rng.u32(..80);
        self.disk.begin_turn(matches!(mishap, Mishap::Storage(_)).then_some(writes));
    }

    /// The site with a file; none if the file was refused.
    fn site_with(&mut self, file: &str, replace: bool) -> Result<Option<Option<Site>>, String> {
        let mut reader = Reader::new(|at_ms| Some(day_at(at_ms).date));
        reader.read(file.as_bytes()).map_err(|bad| bad.reason)?;
        let import = reader.finish().map_err(|bad| bad.reason)?;
        let options = Options { replace, keep_higher: false, max_pages: MAX_PAGES };
        let now_ms = self.live_ms;
        let fresh = Fresh { now_ms, day: day_at(now_ms), salt: self.secret(), id_key: self.secret() };
        let site = self.engine.site().expect("awake");
        Ok(site.with_import(import, options, fresh).ok().map(|(site, _)| site))
    }

    /// Takes in a site; whether it is stored. The totals row is the switch.
    fn switch(&mut self, site: Site) -> Result<bool, String> {
        let totals = self.disk.row(TOTALS_KEY);
        let outcome = self.engine.switch(&self.disk, site);
        let is_done = self.disk.row(TOTALS_KEY) != totals;
        same("whether an acknowledged import is stored", &(is_done || outcome.is_err()), &true)?;
        Ok(is_done)
    }
}
