// What can be chosen for a page, how a choice stands in an address, and the lines that come of it.
// Pure: the form, the preview and the tests all read it here.

/** Networks in the order they are offered; the share box knows them by these names. */
export const NETWORKS = [
  "wechat", "weibo", "qq", "qzone", "copy", "douban", "line", "facebook", "threads", "x", "linkedin", "telegram", "whatsapp", "reddit",
  "mastodon", "bluesky", "hackernews", "pinterest", "tumblr", "vk", "email", "print", "native", "more",
];

/** What a counter can show, and the words around it. */
export const METRICS = [
  "visitor", "page.views", "page.visitors", "site.views", "site.visitors", "site.online",
  ...["today", "yesterday", "week", "month", "year"].flatMap((period) => [`site.views-${period}`, `site.visitors-${period}`]),
];

/** How a number is written, by the names of `data-format`. */
export const FORMATS = ["plain", "grouped", "short", "digits=6"];

/** Counters that work by themselves, which the tag may name to fill their places too. */
export const TAKEN_OVER = ["waline", "twikoo", "artalk"];

export const LANGUAGES = ["", "zh-Hans", "zh-Hant", "en"];
export const COUNTERS = ["sentence", "elements"];
export const SHARES = ["auto", "after", "own", "none"];

/** Looks of the share box: custom properties, none for that of the box itself. */
export const LOOKS = {
  plain: {},
  round: { "--laifang-share-radius": "99px" },
  bare: { "--laifang-share-border": "transparent", "--laifang-share-background": "transparent" },
  dark: { "--laifang-share-color": "#f1f5f9", "--laifang-share-background": "#1f2933", "--laifang-share-border": "#52606d" },
  own: {},
};

/** The colours one may choose oneself, with what they begin with. */
export const COLORS = { color: "#1d3557", background: "#ffffff", border: "#8d99ae" };

/** What a page has without choosing anything. */
export const STANDARD = {
  counter: "sentence", metrics: ["visitor"], format: "plain", list: false, takeover: [], canonical: false, share: "auto", after: "", networks: [], counts: false, look: "plain", colors: { ...COLORS },
  lang: "", site: "", spa: true, read: false, replace: false, picture: false, pinned: false,
};

const SWITCHES = { counts: false, list: false, spa: true, read: false, replace: false, canonical: false, picture: false, pinned: false };
const oneOf = (known, name, otherwise) => (known.includes(name) ? name : otherwise);
const someOf = (known, names) => [...new Set(names.split(/\s+/).filter((name) => known.includes(name)))];

/** The choice an address names; whatever it does not know is as standard. */
export function readChoice(query) {
  const text = (name) => query.get(name) ?? "";
  const switches = Object.fromEntries(Object.entries(SWITCHES).map(([name, standard]) => [name, query.has(name) ? !standard : standard]));
  const color = ([name, standard]) => [name, /^#[0-9a-f]{6}$/.test(text(name)) ? text(name) : standard];
  return {
    counter: oneOf(COUNTERS, text("counter"), STANDARD.counter),
    metrics: query.has("metrics") ? someOf(METRICS, text("metrics")) : STANDARD.metrics,
    format: oneOf(FORMATS, text("format"), STANDARD.format),
    takeover: someOf(TAKEN_OVER, text("takeover")),
    share: oneOf(SHARES, text("share"), STANDARD.share),
    after: text("after"),
    networks: someOf(NETWORKS, text("networks")),
    look: oneOf(Object.keys(LOOKS), text("look"), STANDARD.look),
    colors: Object.fromEntries(Object.entries(COLORS).map(color)),
    lang: oneOf(LANGUAGES, text("lang"), ""),
    site: text("site"),
    ...switches,
  };
}

/** The shortest query that names a choice. */
export function writeChoice(choice) {
  const query = new URLSearchParams();
  for (const name of ["counter", "format", "share", "after", "look", "lang", "site"]) if (choice[name] !== STANDARD[name]) query.set(name, choice[name]);
  for (const name of ["metrics", "takeover", "networks"]) if (choice[name].join() !== STANDARD[name].join()) query.set(name, choice[name].join(" "));
  for (const [name, color] of Object.entries(choice.colors)) if (color !== COLORS[name]) query.set(name, color);
  for (const [name, standard] of Object.entries(SWITCHES)) if (choice[name] !== standard) query.set(name, "1");
  return query;
}

/** The script's address, and the hash of one that never changes. `counter` ends without a slash, `release` is `{path, integrity}`. */
export const scriptOf = (choice, counter, release) =>
  choice.pinned ? { src: counter + release.path, integrity: release.integrity } : { src: `${counter}/widget.js` };

/** Attributes of the script tag: name and value, null for one that has none. */
export function tagAttributes(choice, script) {
  return {
    async: null, crossorigin: null, ...script,
    ...(choice.site && { "data-site": choice.site }),
    ...(choice.lang && { "data-lang": choice.lang }),
    ...(!choice.spa && { "data-spa": "off" }),
    ...(choice.read && { "data-mode": "read" }),
    ...((choice.replace || choice.takeover.length) && { "data-replace": choice.takeover.join(" ") || null }),
    ...(choice.canonical && { "data-page-address": "canonical" }),
    ...(choice.share === "auto" && { "data-share": null }),
    ...(choice.share === "after" && { "data-share": choice.after || null }),
  };
}

/** The text of the picture that counts visitors whose scripts are off; empty where it is not wanted. */
export function pictureText(choice, counter, { language, alt }) {
  if (!choice.picture || choice.read) return "";
  const page = `https://${encodeURIComponent(choice.site || "example.cn")}/a.html`;
  const lang = language === "zh-Hans" ? "" : `&lang=${language}`;
  return `<noscript><img${attributes({ src: `${counter}/v1/hit.svg?url=${page}${lang}`, alt, referrerpolicy: "origin" })}></noscript>`;
}

/** Attributes of a box one puts oneself; null where there is none. */
export function boxAttributes(choice) {
  if (choice.share !== "own") return null;
  return {
    ...(choice.networks.length && { networks: choice.networks.join(" ") }),
    ...(choice.counts && { "with-counts": null }),
    ...(choice.lang && { lang: choice.lang }),
  };
}

/** Custom properties of the box; empty for its own look. */
export function lookOf(choice) {
  if (choice.share === "none") return {};
  if (choice.look !== "own") return LOOKS[choice.look];
  return Object.fromEntries(Object.entries(choice.colors).map(([name, color]) => [`--laifang-share-${name}`, color]));
}

const escaped = (value) => value.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
const attributes = (all) => Object.entries(all).map(([name, value]) => (value === null ? ` ${name}` : ` ${name}="${escaped(value)}"`)).join("");

/** The text of the script tag. */
export const tagText = (choice, script) => `<script${attributes(tagAttributes(choice, script))}></script>`;

/** The text of one's own box; empty where there is none. */
export const boxText = (choice) => (choice.share === "own" ? `<laifang-share${attributes(boxAttributes(choice))}></laifang-share>` : "");

/** The style sheet of the look; empty for the box's own. */
export function lookText(choice) {
  const rules = Object.entries(lookOf(choice)).map(([name, value]) => `  ${name}: ${value};\n`);
  return rules.length ? `<style>\nlaifang-share {\n${rules.join("")}}\n</style>` : "";
}

const formatOf = (choice) => choice.format !== STANDARD.format && { "data-format": choice.format };

/** `[{before, attributes, after}]` of the counters one puts oneself; `around` says what stands around each metric. */
export function counters(choice, around) {
  if (choice.counter !== "elements") return [];
  return choice.metrics.map((metric) => ({ before: around[metric][0], attributes: { metric, ...formatOf(choice) }, after: around[metric][1] }));
}

/** The text of the counters one puts oneself, one a line. */
export const countersText = (choice, around) =>
  counters(choice, around).map(({ before, attributes: own, after }) => `<p>${before}<laifang-counter${attributes(own)}></laifang-counter>${after}</p>`).join("\n");

/** The text of an article's count in a list; empty where it is not wanted. */
export function listText(choice, around) {
  if (!choice.list) return "";
  const [before, after] = around["list.views"];
  return `<span>${before}<span${attributes({ "data-laifang": "page.views", "data-page": "", ...formatOf(choice) })}></span>${after}</span>`;
}
