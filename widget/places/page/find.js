// Which elements are places, which count each shows, and of which page.
import { articlePage, elsewhere, leancloudPage } from "./page_of.js";

const PERIOD = /^site\.(views|visitors)-(yesterday|week|month|year)$/;
const FLUID = { "leancloud-site-pv": "site.views", "leancloud-site-uv": "site.visitors", "leancloud-page-views": "page.views" };
/** Places of counters that work by themselves: taken over only where the tag names them. */
const ASKED_FOR = {
  waline: [[".waline-pageview-count", "data-path"]],
  twikoo: [["#twikoo_visitors"]],
  artalk: [["#ArtalkPV"], [".artalk-pv-count", "data-page-key"]],
};

/** All places of the document: `{element, metric, page, period, container}`; `page` only where it is another one. Those whose page
 * is not to be found are left out. */
export function findPlaces(names) {
  const places = [];
  own(places);
  leancloud(places);
  for (const name of names) {
    for (const [selector, attribute] of ASKED_FOR[name] || []) {
      for (const element of document.querySelectorAll(selector)) {
        places.push({ element, metric: "page.views", page: elsewhere(attribute && element.getAttribute(attribute)) });
      }
    }
  }
  return places.filter(({ page }) => page !== null);
}

/** Ours; the counter fills those of this page and without a format itself, and filling twice changes nothing. */
function own(places) {
  for (const element of document.querySelectorAll("laifang-counter,[data-laifang]")) {
    const metric = element.getAttribute("metric") || element.getAttribute("data-laifang") || "";
    const page = /^page\./.test(metric) && namedPage(element);
    places.push({ element, metric, page, period: PERIOD.test(metric) });
  }
}

/** The page that `data-page` names; undefined for this one, null if none is found. */
function namedPage(element) {
  const owner = element.closest('[data-page*="/"],[data-page=""]');
  // Inertia keeps its page's data in an attribute of this name.
  if (!owner || /^\s*\{/.test(owner.getAttribute("data-page"))) return;
  const name = owner.getAttribute("data-page") || articlePage(element);
  return name ? elsewhere(name) : null;
}

function leancloud(places) {
  for (const element of document.querySelectorAll(".leancloud_visitors[id],.leancloud-visitors[id]")) {
    const target = element.querySelector(".leancloud-visitors-count") || (element.firstElementChild ? null : element);
    if (target) places.push({ element: target, metric: "page.views", page: leancloudPage(element) });
  }
  for (const id in FLUID) {
    const element = document.getElementById(id);
    if (element) places.push({ element, metric: FLUID[id], container: document.getElementById(id + "-container") });
  }
}
