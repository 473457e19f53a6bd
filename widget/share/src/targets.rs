//! Where an article can be shared: one row a network.
//!
//! An address is a base and parameters, each filled with one fact; empty ones are left out, every value is
//! encoded. Sources: the networks' own share pages.

/// A fact of the article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fact {
    /// Its canonical address.
    Url,
    /// Its title.
    Title,
    /// Its summary.
    Summary,
    /// Its picture's address.
    Image,
    /// Title and address in one text.
    TitleAndUrl,
}

/// What a click does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Shows the QR code.
    Qr,
    /// Copies the address.
    Copy,
    /// Opens the network's own share page.
    Open {
        /// The address up to the first parameter.
        base: &'static str,
        /// Parameters and what fills them.
        parameters: &'static [(&'static str, Fact)],
    },
}

/// One network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// Its name in `networks`, in events and in counts.
    pub id: &'static str,
    /// What it is called in Simplified Chinese, Traditional Chinese and English.
    pub names: [&'static str; 3],
    /// What a click does.
    pub action: Action,
}

use Fact::{Image, Summary, Title, TitleAndUrl, Url};

const fn open(base: &'static str, parameters: &'static [(&'static str, Fact)]) -> Action {
    Action::Open { base, parameters }
}

/// All networks.
pub const TARGETS: &[Target] = &[
    Target { id: "wechat", names: ["微信", "微信", "WeChat"], action: Action::Qr },
    Target {
        id: "weibo",
        names: ["微博", "微博", "Weibo"],
        action: open(
            "https://service.weibo.com/share/share.php",
            &[("url", Url), ("title", Title), ("pic", Image)],
        ),
    },
    Target {
        id: "qq",
        names: ["QQ好友", "QQ好友", "QQ"],
        action: open(
            "https://connect.qq.com/widget/shareqq/index.html",
            &[("url", Url), ("title", Title), ("summary", Summary), ("pics", Image)],
        ),
    },
    Target {
        id: "qzone",
        names: ["QQ空间", "QQ空間", "Qzone"],
        action: open(
            "https://sns.qzone.qq.com/cgi-bin/qzshare/cgi_qzshare_onekey",
            &[("url", Url), ("title", Title), ("summary", Summary), ("pics", Image)],
        ),
    },
    Target {
        id: "douban",
        names: ["豆瓣", "豆瓣", "Douban"],
        action: open(
            "https://www.douban.com/share/service",
            &[("href", Url), ("name", Title), ("text", Summary), ("image", Image)],
        ),
    },
    Target {
        id: "line",
        names: ["LINE", "LINE", "LINE"],
        action: open("https://social-plugins.line.me/lineit/share", &[("url", Url), ("text", Title)]),
    },
    Target {
        id: "facebook",
        names: ["Facebook", "Facebook", "Facebook"],
        action: open("https://www.facebook.com/sharer/sharer.php", &[("u", Url)]),
    },
    Target {
        id: "x",
        names: ["X", "X", "X"],
        action: open("https://x.com/intent/post", &[("url", Url), ("text", Title)]),
    },
    Target {
        id: "threads",
        names: ["Threads", "Threads", "Threads"],
        action: open("https://www.threads.com/intent/post", &[("url", Url), ("text", Title)]),
    },
    Target {
        id: "telegram",
        names: ["Telegram", "Telegram", "Telegram"],
        action: open("https://t.me/share/url", &[("url", Url), ("text", Title)]),
    },
    Target {
        id: "whatsapp",
        names: ["WhatsApp", "WhatsApp", "WhatsApp"],
        action: open("https://api.whatsapp.com/send", &[("text", TitleAndUrl)]),
    },
    Target {
        id: "linkedin",
        names: ["LinkedIn", "LinkedIn", "LinkedIn"],
        action: open("https://www.linkedin.com/sharing/share-offsite/", &[("url", Url)]),
    },
    Target {
        id: "email",
        names: ["电子邮件", "電子郵件", "Email"],
        action: open("mailto:", &[("subject", Title), ("body", TitleAndUrl)]),
    },
    Target { id: "copy", names: ["复制链接", "複製連結", "Copy link"], action: Action::Copy },
];

/// What stands in a box whose `networks` is not set, by language (Simplified, Traditional, other).
pub const DEFAULTS: [&str; 3] =
    ["wechat weibo qq qzone copy", "wechat weibo line facebook copy", "facebook x linkedin email copy"];

/// The networks named, in that order; unknown names are passed over.
pub fn named(names: &str) -> impl Iterator<Item = &'static Target> {
    names.split_whitespace().filter_map(|name| TARGETS.iter().find(|target| target.id == name))
}

/// The facts of an article.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Article {
    /// Canonical address.
    pub url: String,
    /// Title.
    pub title: String,
    /// Summary.
    pub summary: String,
    /// Picture.
    pub image: String,
}

impl Article {
    fn fact(&self, fact: Fact) -> String {
        match fact {
            Url => self.url.clone(),
            Title => self.title.clone(),
            Summary => self.summary.clone(),
            Image => self.image.clone(),
            TitleAndUrl => [self.title.as_str(), self.url.as_str()].join(" ").trim().to_owned(),
        }
    }

    /// The address of a network's share page. `encode` is `encodeURIComponent`.
    pub fn address(
        &self,
        base: &str,
        parameters: &[(&str, Fact)],
        encode: impl Fn(&str) -> String,
    ) -> String {
        let mut address = base.to_owned();
        let mut separator = '?';
        for (name, fact) in parameters {
            let value = self.fact(*fact);
            if !value.is_empty() {
                address.push(separator);
                address.push_str(name);
                address.push('=');
                address.push_str(&encode(&value));
                separator = '&';
            }
        }
        address
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `encodeURIComponent` does.
    fn encode(text: &str) -> String {
        text.bytes()
            .map(|byte| match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => char::from(byte).to_string(),
                byte if b"-_.!~*'()".contains(&byte) => char::from(byte).to_string(),
                byte => format!("%{byte:02X}"),
            })
            .collect()
    }

    fn address(id: &str, article: &Article) -> String {
        let target = TARGETS.iter().find(|target| target.id == id).unwrap();
        let Action::Open { base, parameters } = target.action else { panic!("{id} opens nothing") };
        article.address(base, parameters, encode)
    }

    #[test]
    fn a_hostile_title_stays_one_parameter() {
        let article = Article {
            url: "https://example.cn/a?b=1&c=2".into(),
            title: "A & B # 100% \"x\" <y> 你好\n😀".into(),
            ..Article::default()
        };
        let weibo = address("weibo", &article);
        assert_eq!(weibo.matches('&').count(), 1);
        assert!(!weibo.contains(['#', '"', '<', '\n', ' ']));
        assert!(weibo.starts_with("https://service.weibo.com/share/share.php?url=https%3A%2F%2Fexample.cn%2Fa%3Fb%3D1%26c%3D2&title="));
    }

    #[test]
    fn empty_facts_are_left_out() {
        let article = Article { url: "https://example.cn/".into(), ..Article::default() };
        assert_eq!(
            address("qq", &article),
            "https://connect.qq.com/widget/shareqq/index.html?url=https%3A%2F%2Fexample.cn%2F"
        );
        assert_eq!(
            address("whatsapp", &article),
            "https://api.whatsapp.com/send?text=https%3A%2F%2Fexample.cn%2F"
        );
    }

    #[test]
    fn every_default_is_a_network() {
        for names in DEFAULTS {
            assert_eq!(named(names).count(), names.split(' ').count());
        }
        assert_eq!(
            named("copy nothing wechat").map(|target| target.id).collect::<Vec<_>>(),
            ["copy", "wechat"]
        );
    }
}
