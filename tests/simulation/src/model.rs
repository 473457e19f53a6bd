//! What a site's counts must be, worked out in the most naive way.

use crate::calendar::day_at;
use laifang_tally::counts::{HitReply, PageCounts, ShareReply, SiteCounts};
use laifang_tally::day::{Date, Day};
use laifang_tally::moves::{Line, Moves};
use laifang_tally::periods::Periods;
use laifang_tally::publish::{DaysDocument, MainDocument, PagesDocument};
use laifang_tally::query_rule::QueryRule;
use laifang_tally::recent::{ONLINE_WINDOW_MS, REPEAT_WINDOW_MS};
use laifang_tally::request::Kind;
use laifang_tally::site::Site;
use std::collections::{BTreeMap, BTreeSet};

/// A reply of either route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// To a view.
    Hit(HitReply),
    /// To a share.
    Share(ShareReply),
}

/// What somebody wants counted.
#[derive(Debug, Clone)]
pub struct Request {
    /// Its id.
    pub id: String,
    /// Whose.
    pub visitor: u8,
    /// Where.
    pub page: String,
    /// A view of this kind, or a share on this network.
    pub act: Act,
}

/// View or share.
#[derive(Debug, Clone, Copy)]
pub enum Act {
    /// A view.
    View(Kind),
    /// A share.
    Share(&'static str),
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Page {
    counts: PageCounts,
    created: u64,
    shares: BTreeMap<String, u64>,
}

/// The counts, and what must be remembered to answer.
#[derive(Debug, Clone, Default)]
pub struct Model {
    /// The newest entry.
    pub seq: u64,
    /// The site's time as it is stored.
    pub stored_ms: u64,
    /// The running day.
    pub day: Day,
    counts: SiteCounts,
    numbers: BTreeMap<u8, u64>,
    pairs: BTreeSet<(u8, String)>,
    pages: BTreeMap<String, Page>,
    seen_ms: BTreeMap<u8, u64>,
    shares: BTreeMap<String, u64>,
    days: BTreeMap<Date, (u64, u64)>,
    answers: BTreeMap<String, (u64, Reply)>,
    /// Whether the owner set that queries choose no page.
    pub drops_query: bool,
    /// Addresses that lead to others.
    moves: BTreeMap<String, String>,
    /// Files that were brought in.
    imports: BTreeSet<String>,
}

/// A table of starting values.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// Views and visitors of the site.
    pub site: (u64, u64),
    /// The same of pages.
    pub pages: Vec<(String, u64, u64)>,
}

impl Table {
    /// As a file.
    pub fn file(&self) -> String {
        let pages = self.pages.iter().map(|(page, views, visitors)| format!("{page},{views},{visitors}\n"));
        format!("*,{},{}\n{}", self.site.0, self.site.1, pages.collect::<String>())
    }
}

impl Model {
    /// What `request` must be answered with at `now_ms`, if it is remembered.
    pub fn remembered(&self, request: &Request, now_ms: u64) -> Option<&Reply> {
        let (at_ms, reply) = self.answers.get(&request.id)?;
        (now_ms.saturating_sub(*at_ms) < REPEAT_WINDOW_MS).then_some(reply)
    }

    /// Counts a request; none if it must be refused.
    pub fn count(&mut self, request: &Request, now_ms: u64, max_pages: usize) -> Option<Reply> {
        let request = &Request { page: self.page_of(&request.page), ..request.clone() };
        let reply = match request.act {
            Act::View(kind) => Reply::Hit(self.view(request, kind, now_ms, max_pages)),
            Act::Share(network) => Reply::Share(self.share(request, network)?),
        };
        self.seq += 1;
        self.stored_ms = now_ms;
        self.answers.insert(request.id.clone(), (now_ms, reply.clone()));
        Some(reply)
    }

    /// The page an address is: where moves and the rule lead; in a circle of theirs, its first page.
    fn page_of(&self, key: &str) -> String {
        let mut seen = vec![key.to_owned()];
        while let Some(at) = seen.last() {
            let next = self.moves.get(at).cloned().unwrap_or_else(|| self.under_rule(at));
            if next == *at {
                return next;
            }
            if let Some(begins) = seen.iter().position(|passed| *passed == next) {
                let mut circle = seen.drain(begins..);
                return circle
                    .find(|page| self.under_rule(page) == *page)
                    .expect("the rule has a page on it");
            }
            seen.push(next);
        }
        key.to_owned()
    }

    fn under_rule(&self, key: &str) -> String {
        let path = key.split('?').next().filter(|_| self.drops_query);
        path.unwrap_or(key).to_owned()
    }

    /// Pages became part of others.
    pub fn lead(&mut self, lines: &[Line], moves: &Moves) {
        let moves = moves.iter().map(|(from, to)| (from.to_owned(), to.to_owned()));
        self.moves = moves.collect();
        for line in lines {
            let Some(old) = self.pages.remove(&line.from) else { continue };
            let new = self
                .pages
                .entry(line.to.clone())
                .or_insert_with(|| Page { created: old.created, ..Page::default() });
            new.counts.views += old.counts.views;
            new.counts.visitors += old.counts.visitors;
            for (network, count) in old.shares {
                *new.shares.entry(network).or_default() += count;
            }
        }
    }

    /// Views, visitors and shares of all pages.
    pub fn sums(&self) -> (u64, u64, u64) {
        let shares = |page: &Page| page.shares.values().sum::<u64>();
        self.pages.values().fold((0, 0, 0), |sum, page| {
            (sum.0 + page.counts.views, sum.1 + page.counts.visitors, sum.2 + shares(page))
        })
    }

    fn view(&mut self, request: &Request, kind: Kind, now_ms: u64, max_pages: usize) -> HitReply {
        if kind == Kind::Load {
            self.counts.views += 1;
            self.counts.views_today += 1;
        }
        if !self.numbers.contains_key(&request.visitor) {
            self.counts.visitors += 1;
            self.counts.visitors_today += 1;
            self.numbers.insert(request.visitor, self.counts.visitors);
        }
        self.seen_ms.insert(request.visitor, now_ms);
        let page = self.view_page(request, max_pages);
        let site = SiteCounts { online: self.online(now_ms), ..self.counts };
        let visitor = self.numbers.get(&request.visitor).copied();
        HitReply { counted: true, visitor, site, page }
    }

    fn view_page(&mut self, request: &Request, max_pages: usize) -> Option<PageCounts> {
        if !self.pages.contains_key(&request.page) {
            if self.pages.len() >= max_pages {
                let lonely = self.pages.iter().filter(|(_, page)| page.counts.visitors <= 1);
                let oldest = lonely.min_by_key(|(key, page)| (page.created, (*key).clone()))?.0.clone();
                self.pages.remove(&oldest);
            }
            self.pages.insert(request.page.clone(), Page { created: self.seq + 1, ..Page::default() });
        }
        let page = self.pages.get_mut(&request.page)?;
        page.counts.views += 1;
        if self.pairs.insert((request.visitor, request.page.clone())) {
            page.counts.visitors += 1;
        }
        Some(page.counts)
    }

    fn share(&mut self, request: &Request, network: &str) -> Option<ShareReply> {
        let page = self.pages.get_mut(&request.page)?;
        *page.shares.entry(network.to_owned()).or_default() += 1;
        *self.shares.entry(network.to_owned()).or_default() += 1;
        Some(ShareReply::new(page.shares.clone()))
    }

    fn online(&self, now_ms: u64) -> u64 {
        self.seen_ms.values().filter(|at_ms| now_ms.saturating_sub(**at_ms) < ONLINE_WINDOW_MS).count() as u64
    }

    /// Midnight.
    pub fn begin_day(&mut self, day: Day) {
        if self.counts.views_today > 0 {
            self.days.insert(self.day.date, (self.counts.views_today, self.counts.visitors_today));
        }
        self.counts.views_today = 0;
        self.counts.visitors_today = 0;
        self.day = day;
        self.numbers.clear();
        self.pairs.clear();
        self.seen_ms.clear();
    }

    /// The owner's reset.
    pub fn reset(&mut self, now_ms: u64) {
        *self = Self {
            seq: self.seq + 1,
            stored_ms: now_ms,
            day: day_at(now_ms),
            drops_query: self.drops_query,
            moves: self.moves.clone(),
            ..Self::default()
        };
    }

    /// Whether a file was brought in already.
    pub fn knows(&self, file: &str) -> bool {
        self.imports.contains(file)
    }

    /// Whether a table would lower nothing and fit.
    pub fn takes(&self, table: &Table, max_pages: usize) -> bool {
        let table = &self.under(table);
        let new = table.pages.iter().filter(|row| self.adds(row)).count();
        let fits = self.pages.len() + new <= max_pages.max(self.pages.len());
        let raises = |counts: PageCounts, views: u64, visitors: u64| {
            counts.views <= views && counts.visitors <= visitors
        };
        let site = PageCounts { views: self.counts.views, visitors: self.counts.visitors };
        let counts = |page: &str| self.pages.get(page).map(|page| page.counts).unwrap_or_default();
        fits && raises(site, table.site.0, table.site.1)
            && table.pages.iter().all(|(page, views, visitors)| raises(counts(page), *views, *visitors))
    }

    /// The table by the site's own pages: rows of one page are added up.
    fn under(&self, table: &Table) -> Table {
        let mut pages: BTreeMap<String, (u64, u64)> = BTreeMap::new();
        for (page, views, visitors) in &table.pages {
            let sums = pages.entry(self.page_of(page)).or_default();
            *sums = (sums.0 + views, sums.1 + visitors);
        }
        let pages = pages.into_iter().map(|(page, (views, visitors))| (page, views, visitors));
        Table { site: table.site, pages: pages.collect() }
    }

    /// Whether a row of a table makes a page known: zeros say nothing.
    fn adds(&self, (page, views, visitors): &(String, u64, u64)) -> bool {
        !self.pages.contains_key(page) && (*views, *visitors) != (0, 0)
    }

    /// The owner's starting values.
    pub fn start(&mut self, table: &Table) {
        self.imports.insert(table.file());
        let table = self.under(table);
        (self.counts.views, self.counts.visitors) = table.site;
        for row @ (page, views, visitors) in &table.pages {
            if !self.pages.contains_key(page) && !self.adds(row) {
                continue;
            }
            let page = self.pages.entry(page.clone()).or_default();
            page.counts = PageCounts { views: *views, visitors: *visitors };
        }
    }

    /// The owner's export of `then` takes the place of everything.
    pub fn replace(&mut self, then: &Self, file: &str, now_ms: u64) {
        self.reset(now_ms);
        self.drops_query = then.drops_query;
        self.moves = then.moves.clone();
        self.counts.views = then.counts.views;
        self.counts.visitors = then.counts.visitors;
        self.shares = then.shares.clone();
        self.days = then.days.clone();
        let of_today = (then.counts.views_today, then.counts.visitors_today);
        if then.day.date >= self.day.date {
            (self.counts.views_today, self.counts.visitors_today) = of_today;
        } else if of_today.0 > 0 {
            self.days.insert(then.day.date, of_today);
        }
        let pages = then.pages.iter().map(|(key, page)| (key.clone(), Page { created: 0, ..page.clone() }));
        self.pages = pages.collect();
        self.imports.insert(file.to_owned());
    }

    /// Storage is gone; KV says this.
    pub fn restore(
        &mut self,
        main: Option<&MainDocument>,
        pages: &[PagesDocument],
        days: &[DaysDocument],
        day: Day,
        now_ms: u64,
    ) {
        *self = Self { day, ..Self::default() };
        let Some(main) = main else { return };
        self.drops_query = main.settings.query == QueryRule::Drop;
        self.moves = main.moves.iter().map(|(from, to)| (from.to_owned(), to.to_owned())).collect();
        self.stored_ms = now_ms.max(main.as_of_ms);
        self.counts.views = main.views;
        self.counts.visitors = main.visitors;
        self.shares = main.shares.clone();
        let listed = days.iter().filter(|document| main.accepts(document.generation));
        for ended in listed.flat_map(|document| &document.days) {
            self.days.insert(ended.date, (ended.views, ended.visitors));
        }
        if main.day.date == day.date {
            self.counts.views_today = main.views_today;
            self.counts.visitors_today = main.visitors_today;
        } else if main.views_today > 0 {
            self.days.insert(main.day.date, (main.views_today, main.visitors_today));
        }
        let bucketed = pages.iter().filter(|document| main.accepts(document.generation));
        let bucketed = bucketed.flat_map(|document| &document.pages);
        for (key, page) in main.pages.iter().flatten().chain(bucketed) {
            let counts = PageCounts { views: page.views, visitors: page.visitors };
            self.pages.insert(key.clone(), Page { counts, created: 0, shares: page.shares.clone() });
        }
    }

    /// Whether the site says the same.
    pub fn check(&self, site: &Site, now_ms: u64) -> Result<(), String> {
        let expected = SiteCounts { online: self.online(now_ms), ..self.counts };
        same("counts", &site.counts(), &expected)?;
        same("entries", &site.totals().seq, &self.seq)?;
        same("day", &site.totals().day, &self.day)?;
        same("shares", &site.totals().shares, &self.shares)?;
        same("query rule", &(site.totals().settings.query == QueryRule::Drop), &self.drops_query)?;
        let moves = site.totals().moves.iter().map(|(from, to)| (from.to_owned(), to.to_owned()));
        same("moves", &moves.collect(), &self.moves)?;
        let pages: BTreeMap<String, Page> = site
            .pages()
            .iter()
            .map(|(key, page)| {
                let page =
                    Page { counts: page.counts, created: page.created_seq, shares: page.shares.to_map() };
                (key.to_owned(), page)
            })
            .collect();
        same("pages", &pages, &self.pages)?;
        same("number of pages", &site.pages().len(), &self.pages.len())?;
        let days: BTreeMap<Date, (u64, u64)> =
            site.days().map(|day| (day.date, (day.views, day.visitors))).collect();
        same("days", &days, &self.days)?;
        same("periods", &site.periods(), &self.periods())
    }

    /// Sums over the model's days, each day asked anew which periods it lies in.
    fn periods(&self) -> Periods {
        let mut periods = Periods::default();
        let today = self.day.date;
        let (views, visitors) = (self.counts.views_today, self.counts.visitors_today);
        let finished = self.days.iter().filter(|(date, _)| **date < today);
        for (date, (views, visitors)) in finished.chain([(&today, &(views, visitors))]) {
            let following =
                |steps: usize| std::iter::successors(Some(*date), |date| Some(date.next())).nth(steps);
            let is_same_week =
                (0..7).any(|steps| following(steps) == Some(today)) && date.monday() == today.monday();
            for (period, is_in) in [
                (&mut periods.yesterday, following(1) == Some(today)),
                (&mut periods.week, is_same_week),
                (&mut periods.month, date.0 / 100 == today.0 / 100),
                (&mut periods.year, date.0 / 10_000 == today.0 / 10_000),
            ] {
                if is_in {
                    period.views += views;
                    period.visitors += visitors;
                }
            }
        }
        periods
    }

    /// Whether KV says the same, once everything has been published.
    pub fn check_published(
        &self,
        main: &MainDocument,
        pages: &[PagesDocument],
        days: &[DaysDocument],
    ) -> Result<(), String> {
        let mut read = Self::default();
        read.restore(Some(main), pages, days, main.day, main.as_of_ms);
        same("published counts", &read.counts, &self.counts)?;
        same("published moves", &read.moves, &self.moves)?;
        same("published query rule", &read.drops_query, &self.drops_query)?;
        same("published shares", &read.shares, &self.shares)?;
        same("published day", &main.day, &self.day)?;
        same("published periods", &main.periods, &self.periods())?;
        same("published days", &read.days, &self.days)?;
        let of = |model: &Self| -> BTreeMap<String, (PageCounts, BTreeMap<String, u64>)> {
            model.pages.iter().map(|(key, page)| (key.clone(), (page.counts, page.shares.clone()))).collect()
        };
        same("published pages", &of(&read), &of(self))
    }
}

/// An error that shows both, unless they are equal.
pub fn same<T: PartialEq + std::fmt::Debug>(what: &str, found: &T, expected: &T) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("{what}: {found:?}, but it must be {expected:?}")) }
}
