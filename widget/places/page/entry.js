// Fills elements that need more than a hit's reply: counts of other pages (lists), of periods, in a format of their own,
// and the places of LeanCloud, Valine and, where the tag asks for them, Waline, Twikoo and Artalk.
//
// Fetched by the counter when a page has such elements. What a number that stands becomes is decided in Rust by the
// counter (`state.place`); lists are read from published counts and count nothing. Out of scope: the page's sentences.
import { followCanonical } from "./canonical.js";
import { findPlaces } from "./find.js";
import { readShort, spelledAs } from "./format.js";
import { PERIODS, report } from "./standing.js";
import { Published } from "./published.js";

const state = window[Symbol.for("laifang")];
const published = new Published(state);
// In the order of `metric.rs`.
const SITE_VIEWS = 1, VIEWS_TODAY = 3, PAGE_VIEWS = 6, PAGE_VISITORS = 7;
const NAMES = ["visitor", "site.views", "site.visitors", "site.views-today", "site.visitors-today", "site.online", "page.views", "page.visitors"];
const PERIOD_NAMES = ["yesterday", "week", "month", "year"].map((period) => ["site.views-" + period, "site.visitors-" + period]);
const FIRST_PAUSE_MS = 100, LAST_PAUSE_MS = 2000, GROWTH = 1.4;

let hasLabels;

/** Fills what is known, and asks for what is not. Nothing happens before the page's own numbers are there: whoever is not
 * counted is shown none. */
function run() {
  if (!state.counts || !(state.counts[SITE_VIEWS] >= 0)) return;
  hasLabels = report(state) || hasLabels;
  const places = findPlaces((state.tag.getAttribute("data-replace") || "").split(/\s+/));
  const pages = places.map(({ page }) => page).filter(Boolean);
  published.ask(pages, hasLabels || places.some(({ period }) => period), run);
  places.forEach(fill);
  let isNews;
  [].concat(...PERIOD_NAMES).forEach((name, index) => {
    const count = published.period(name, state.counts);
    isNews = isNews || count != state.counts[PERIODS + index];
    state.counts[PERIODS + index] = count;
  });
  // The counter fills the labels of periods once their counts are known.
  if (hasLabels && isNews) state.show();
  // What we wrote ourselves is no news.
  observer.takeRecords();
}

function fill({ element, metric, page, period, container }) {
  const counts = Float64Array.from(state.counts);
  let name = metric;
  if (period) {
    // A period's count begins anew like today's, so the same rules hold for a number that stands.
    name = NAMES[metric.startsWith("site.views") ? VIEWS_TODAY : VIEWS_TODAY + 1];
    counts[NAMES.indexOf(name)] = published.period(metric, state.counts);
  } else if (page) {
    const known = published.page(page);
    counts[PAGE_VIEWS] = known ? known.views : -1;
    counts[PAGE_VISITORS] = known ? known.visitors : -1;
  }
  const count = counts[NAMES.indexOf(name)];
  // Rust reads numbers of digits. (Nothing above a period's count stands, and what we wrote is ours to lower.)
  if (!NAMES.includes(name) || (!period && readShort(element.textContent) > count && element.textContent != element.getAttribute("data-laifang-shown"))) return;
  state.place(element, name, counts, spelledAs(element, state.tag));
  if (container && count >= 0 && getComputedStyle(container).display == "none") container.style.display = "inline";
}

let timer, last = 0, pause = FIRST_PAUSE_MS;
const observer = new MutationObserver(() => {
  if (timer) return;
  const rest = last + pause - performance.now();
  // Less and less often where the page never stands still.
  pause = rest > 0 ? Math.min(pause * GROWTH, LAST_PAUSE_MS) : FIRST_PAUSE_MS;
  timer = setTimeout(() => {
    timer = 0;
    last = performance.now();
    run();
  }, Math.max(rest, FIRST_PAUSE_MS));
});
// A list that goes on when it is scrolled to its end does so long after the load.
observer.observe(document, { childList: true, subtree: true });
state.places = run;
// Fetched by the loader, then: nothing has been sent yet.
if (!state.first) followCanonical(state);
run();
