// What networks are called, where the name differs from language to language, or from its id.
export const NETWORK_NAMES = {
  en: {
    wechat: "WeChat", weibo: "Weibo", qq: "QQ", qzone: "Qzone", douban: "Douban", line: "LINE", facebook: "Facebook", x: "X",
    threads: "Threads", telegram: "Telegram", whatsapp: "WhatsApp", linkedin: "LinkedIn", reddit: "Reddit", mastodon: "Mastodon",
    bluesky: "Bluesky", hackernews: "Hacker News", pinterest: "Pinterest", tumblr: "Tumblr", vk: "VK", email: "Email",
    copy: "Copy link", print: "Print", native: "The device's own menu", more: "More",
  },
  "zh-Hans": {
    wechat: "微信", weibo: "微博", qq: "QQ好友", qzone: "QQ空间", douban: "豆瓣", email: "邮件", copy: "复制链接", print: "打印",
    native: "系统分享", more: "更多",
  },
  "zh-Hant": {
    wechat: "微信", weibo: "微博", qq: "QQ好友", qzone: "QQ空間", douban: "豆瓣", email: "電子郵件", copy: "複製連結", print: "列印",
    native: "系統分享", more: "更多",
  },
};

/** A network's name; one nobody knows is called by its id. */
export const networkName = (id, language) =>
  [NETWORK_NAMES[language], NETWORK_NAMES.en].find((names) => names && Object.hasOwn(names, id))?.[id] ?? id;
