//! What pictures say: the metrics' names and the visitor's sentence, in four languages.
//!
//! Out of scope: the words of the page's own parts, which the widget has.

use crate::periods::Period;

/// A language that pictures speak.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Language {
    /// 简体中文, where nothing else is asked for.
    #[default]
    SimplifiedChinese,
    /// 繁體中文.
    TraditionalChinese,
    /// English.
    English,
    /// 日本語.
    Japanese,
}

impl Language {
    /// The language of a BCP 47 tag; Simplified Chinese for those we don't have.
    #[must_use]
    pub fn of_tag(tag: &str) -> Self {
        let tag = tag.to_ascii_lowercase().replace('_', "-");
        let mut parts = tag.split('-');
        match parts.next() {
            Some("en") => Self::English,
            Some("ja") => Self::Japanese,
            Some("zh" | "yue") if !tag.contains("-hans") => {
                let is_traditional = |part: &str| matches!(part, "hant" | "tw" | "hk" | "mo");
                if parts.any(is_traditional) { Self::TraditionalChinese } else { Self::SimplifiedChinese }
            }
            _ => Self::SimplifiedChinese,
        }
    }

    /// Its tag, which chooses the shapes of the characters.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::SimplifiedChinese => "zh-Hans",
            Self::TraditionalChinese => "zh-Hant",
            Self::English => "en",
            Self::Japanese => "ja",
        }
    }

    /// A count as it is written: in groups of three in English, without groups elsewhere.
    #[must_use]
    pub fn number(self, count: u64) -> String {
        let digits = count.to_string();
        if self != Self::English {
            return digits;
        }
        let mut grouped = String::new();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && digits.len().saturating_sub(index).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        grouped
    }

    /// What the visitor with this number is told.
    #[must_use]
    pub fn visitor_sentence(self, visitor: u64) -> String {
        let number = self.number(visitor);
        match self {
            Self::SimplifiedChinese => format!("您是第 {number} 位访客"),
            Self::TraditionalChinese => format!("您是第 {number} 位訪客"),
            Self::English => format!("You are visitor number {number}"),
            Self::Japanese => format!("あなたは {number} 人目の訪問者です"),
        }
    }

    /// What is true of the site for whoever was not counted.
    #[must_use]
    pub fn views_sentence(self, views: u64) -> String {
        let number = self.number(views);
        match self {
            Self::SimplifiedChinese => format!("本站总访问量 {number} 次"),
            Self::TraditionalChinese => format!("本站瀏覽人次 {number}"),
            Self::English if views == 1 => format!("{number} view"),
            Self::English => format!("{number} views"),
            Self::Japanese => format!("総閲覧数 {number}"),
        }
    }
}

/// A published count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// The site's views of all time.
    SiteViews,
    /// The site's visitors of all time.
    SiteVisitors,
    /// The site's views today.
    SiteViewsToday,
    /// The site's visitors today.
    SiteVisitorsToday,
    /// The site's views of a period.
    SiteViewsIn(Period),
    /// The site's visitors of a period, summed over its days.
    SiteVisitorsIn(Period),
    /// The page's views.
    PageViews,
    /// The page's visitors.
    PageVisitors,
}

impl Metric {
    /// All of them, with their names.
    pub const ALL: [(&'static str, Self); 14] = [
        ("site.views", Self::SiteViews),
        ("site.visitors", Self::SiteVisitors),
        ("site.views-today", Self::SiteViewsToday),
        ("site.visitors-today", Self::SiteVisitorsToday),
        ("site.views-yesterday", Self::SiteViewsIn(Period::Yesterday)),
        ("site.visitors-yesterday", Self::SiteVisitorsIn(Period::Yesterday)),
        ("site.views-week", Self::SiteViewsIn(Period::Week)),
        ("site.visitors-week", Self::SiteVisitorsIn(Period::Week)),
        ("site.views-month", Self::SiteViewsIn(Period::Month)),
        ("site.visitors-month", Self::SiteVisitorsIn(Period::Month)),
        ("site.views-year", Self::SiteViewsIn(Period::Year)),
        ("site.visitors-year", Self::SiteVisitorsIn(Period::Year)),
        ("page.views", Self::PageViews),
        ("page.visitors", Self::PageVisitors),
    ];

    /// The metric of this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == name).map(|(_, metric)| metric)
    }

    /// Whether it is about one page.
    #[must_use]
    pub fn is_of_page(self) -> bool {
        matches!(self, Self::PageViews | Self::PageVisitors)
    }

    /// What it is called.
    #[must_use]
    pub fn label(self, language: Language) -> &'static str {
        let [hans, hant, english, japanese] = match self {
            Self::SiteViews => ["本站总访问量", "本站瀏覽人次", "views", "総閲覧数"],
            Self::SiteVisitors => ["本站访客数", "本站訪客數", "visitors", "総訪問者数"],
            Self::SiteViewsToday => ["今日访问量", "今日瀏覽人次", "views today", "今日の閲覧数"],
            Self::SiteVisitorsToday => ["今日访客数", "今日訪客數", "visitors today", "今日の訪問者数"],
            Self::SiteViewsIn(period) => views_label(period),
            Self::SiteVisitorsIn(period) => visitors_label(period),
            Self::PageViews => ["本文阅读量", "本文瀏覽人次", "page views", "このページの閲覧数"],
            Self::PageVisitors => ["本文访客数", "本文訪客數", "page visitors", "このページの訪問者数"],
        };
        match language {
            Language::SimplifiedChinese => hans,
            Language::TraditionalChinese => hant,
            Language::English => english,
            Language::Japanese => japanese,
        }
    }
}

/// In the order of [`Language`].
fn views_label(period: Period) -> [&'static str; 4] {
    match period {
        Period::Yesterday => ["昨日访问量", "昨日瀏覽人次", "views yesterday", "昨日の閲覧数"],
        Period::Week => ["本周访问量", "本週瀏覽人次", "views this week", "今週の閲覧数"],
        Period::Month => ["本月访问量", "本月瀏覽人次", "views this month", "今月の閲覧数"],
        Period::Year => ["今年访问量", "今年瀏覽人次", "views this year", "今年の閲覧数"],
    }
}

/// In the order of [`Language`]. Visitors of more than a day are named for what they are.
fn visitors_label(period: Period) -> [&'static str; 4] {
    match period {
        Period::Yesterday => ["昨日访客数", "昨日訪客數", "visitors yesterday", "昨日の訪問者数"],
        Period::Week => [
            "本周每日访客合计",
            "本週每日訪客合計",
            "daily visitors this week",
            "今週の一日ごとの訪問者の合計",
        ],
        Period::Month => [
            "本月每日访客合计",
            "本月每日訪客合計",
            "daily visitors this month",
            "今月の一日ごとの訪問者の合計",
        ],
        Period::Year => [
            "今年每日访客合计",
            "今年每日訪客合計",
            "daily visitors this year",
            "今年の一日ごとの訪問者の合計",
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_names_its_script_or_its_region_does() {
        for (tag, expected) in [
            ("zh", "zh-Hans"),
            ("zh-CN", "zh-Hans"),
            ("zh-TW", "zh-Hant"),
            ("zh_HK", "zh-Hant"),
            ("zh-Hant-CN", "zh-Hant"),
            ("zh-Hans-HK", "zh-Hans"),
            ("en-GB", "en"),
            ("ja", "ja"),
            ("fr", "zh-Hans"),
            ("", "zh-Hans"),
        ] {
            assert_eq!(Language::of_tag(tag).tag(), expected, "{tag}");
        }
    }

    #[test]
    fn only_english_groups_digits() {
        assert_eq!(Language::English.number(1_234_567), "1,234,567");
        assert_eq!(Language::English.number(123), "123");
        assert_eq!(Language::Japanese.number(1_234_567), "1234567");
    }

    #[test]
    fn the_sentence_is_the_page_s_own() {
        assert_eq!(Language::TraditionalChinese.visitor_sentence(10_234), "您是第 10234 位訪客");
        assert_eq!(Language::SimplifiedChinese.visitor_sentence(1), "您是第 1 位访客");
        assert_eq!(Language::English.visitor_sentence(10_234), "You are visitor number 10,234");
        assert_eq!(Language::English.views_sentence(1), "1 view");
    }

    #[test]
    fn metrics_are_known_by_name() {
        assert_eq!(Metric::of_name("page.visitors"), Some(Metric::PageVisitors));
        assert_eq!(Metric::of_name("site.online"), None);
    }
}
