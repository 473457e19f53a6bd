//! The Worker's variables, with their defaults.

use crate::visitor_address::TrustedProxies;
use laifang_tally::site::Settings;
use laifang_tally::sites::Sites;
use std::cell::OnceCell;
use std::rc::Rc;
use worker::Env;

thread_local! {
    /// What the isolate was started with: a deployment that is changed gets new ones.
    static READ: OnceCell<Rc<Config>> = const { OnceCell::new() };
}

/// What the owner configured.
pub struct Config {
    /// Who may count.
    pub sites: Sites,
    /// Whose word on the visitor's address is taken.
    pub trusted_proxies: TrustedProxies,
    /// IANA name of the zone a site's days follow.
    pub time_zone: String,
    /// KV writes the whole deployment may make in a day.
    pub kv_writes_per_day: u64,
    /// Pages kept per site.
    pub max_pages: usize,
    /// Hits an address may send in a minute.
    pub hits_per_minute: u64,
    /// Whether bots are counted too.
    pub count_bots: bool,
    /// Whether storage may fall back to an earlier state, as files on one machine can: then KV is asked at each wake.
    pub can_storage_fall_back: bool,
    /// The owner's secret; without one there are no owner routes.
    pub admin_token: Option<String>,
}

impl Config {
    /// The zone whose days a site follows: its own, if the owner chose one.
    pub fn zone_of<'a>(&'a self, settings: &'a Settings) -> &'a str {
        settings.time_zone.as_deref().unwrap_or(&self.time_zone)
    }

    /// The variables, read once for an isolate; what is missing or unreadable has its default.
    pub fn read(env: &Env) -> Rc<Self> {
        READ.with(|read| Rc::clone(read.get_or_init(|| Rc::new(Self::parse(env)))))
    }

    fn parse(env: &Env) -> Self {
        let text =
            |name: &str| env.var(name).ok().map(|value| value.to_string()).filter(|value| !value.is_empty());
        let number =
            |name: &str, default: u64| text(name).and_then(|value| value.parse().ok()).unwrap_or(default);
        let is_on = |name: &str| {
            text(name).is_some_and(|value| matches!(value.as_str(), "on" | "1" | "true" | "yes"))
        };
        Self {
            sites: Sites::parse(&text("SITES").unwrap_or_default()),
            trusted_proxies: TrustedProxies::parse(&text("TRUSTED_PROXIES").unwrap_or_default()),
            time_zone: text("TIME_ZONE").unwrap_or_else(|| "Asia/Shanghai".into()),
            kv_writes_per_day: number("KV_WRITES_PER_DAY", 1000),
            max_pages: usize::try_from(number("MAX_PAGES", 100_000)).unwrap_or(100_000),
            hits_per_minute: number("HITS_PER_MINUTE", 300),
            admin_token: env
                .secret("ADMIN_TOKEN")
                .ok()
                .map(|token| token.to_string())
                .filter(|token| !token.is_empty()),
            count_bots: is_on("COUNT_BOTS"),
            can_storage_fall_back: is_on("CHECK_STORAGE"),
        }
    }
}
