// The preview: the demo article with the tag as it was chosen, the real widget, and numbers made up here.
//
// The frame is sandboxed, its origin opaque: it could not count if it tried. So the API is answered in this
// page and nothing is asked of the counter. The choice stands in the page's own query; it becomes elements
// and attributes, never HTML.
import { BASE } from "../page/base.js";
import { AROUND } from "./around.js";
import { boxAttributes, counters, lookOf, readChoice, tagAttributes } from "./choice.js";

const SITE = { views: 20345, visitors: 10234, views_today: 301, visitors_today: 123, online: 4 };
const PERIODS = {
  yesterday: { views: 288, visitors: 117 }, week: { views: 1542, visitors: 604 },
  month: { views: 4870, visitors: 1930 }, year: { views: 18021, visitors: 9120 },
};
const PAGE = { views: 1288, visitors: 964 };
const SHARES = { wechat: 51, weibo: 30, copy: 7, qq: 5, line: 3 };
const WIDEST = 1000;
const NARROWEST_ZOOM = 0.6;
const MARGIN = 8;

const query = new URLSearchParams(location.search);
const choice = readChoice(query);

const ANSWERS = {
  "v1/hits": () => ({ counted: true, visitor: SITE.visitors, site: SITE, page: PAGE }),
  "v1/shares": () => ({ shares: SHARES, total: 96 }),
  "v1/counts": (asked) => ({
    site: SITE,
    periods: PERIODS,
    pages: Object.fromEntries(asked.getAll("page").map((page) => [page, { ...PAGE, shares: SHARES }])),
    as_of: new Date().toISOString(),
  }),
};
// Where an origin is opaque the widget shows without counting, and has no visitor number to show. Here it is
// to show what it will on the page.
window.origin = location.origin;
const ask = window.fetch;
window.fetch = (resource, init) => {
  const address = new URL(resource.url ?? resource, location.href);
  const answer = ANSWERS[(address.origin + address.pathname).replace(BASE, "")];
  return answer ? Promise.resolve(Response.json(answer(address.searchParams))) : ask(resource, init);
};

const policy = window.trustedTypes?.createPolicy("preview", { createScriptURL: (address) => address });
/** The page's policy takes no plain text for a script's address. */
const scriptAddress = (address) => policy?.createScriptURL(address) ?? address;

function element(name, attributes) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, attribute === "src" ? scriptAddress(value) : (value ?? ""));
  return made;
}

/** The old page is 1,000 pixels wide; a narrower frame shows it smaller. */
function fit() {
  document.documentElement.style.zoom = Math.max(NARROWEST_ZOOM, Math.min(1, innerWidth / WIDEST));
}

/** What was chosen stands at the foot of the article, from its left edge on. */
function scrollToChosen() {
  const { left } = document.querySelector("#content").getBoundingClientRect();
  scrollTo(left + scrollX - MARGIN, document.documentElement.scrollHeight);
}

function putCounters() {
  const lines = counters(choice, AROUND[choice.lang || query.get("words")] ?? AROUND["zh-Hans"]);
  const sentence = [...document.querySelectorAll("font")].find((font) => font.textContent.startsWith("您是第"));
  if (!lines.length) return;
  sentence.replaceChildren();
  for (const { before, attributes, after } of lines) {
    const line = element("div", {});
    line.append(before, element("laifang-counter", attributes), after);
    sentence.append(line);
  }
}

function putBox() {
  const attributes = boxAttributes(choice);
  if (attributes) document.querySelector("#content").append(element("laifang-share", attributes));
}

function putLook() {
  const sheet = new CSSStyleSheet();
  const rules = Object.entries(lookOf(choice)).map(([name, value]) => `${name}: ${value};`);
  sheet.replaceSync(`laifang-share { ${rules.join(" ")} }`);
  document.adoptedStyleSheets = [sheet];
}

fit();
addEventListener("resize", fit);
putCounters();
putBox();
putLook();
document.head.append(element("script", tagAttributes(choice, { src: `${BASE}widget.js` })));
// Also once the share box has come.
new ResizeObserver(scrollToChosen).observe(document.body);
