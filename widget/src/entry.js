// The counter's JavaScript side: each view's reply is awaited, the page is filled with it, and told how it went.
//
// What is written where is decided in Rust. Out of scope: sending the first hit, which `loader.js` has done.
import { DEAD } from "./dead_boxes.js";
import { start } from "laifang:start";
import { attach, fill, fillElement, standing } from "./fill.js";
import { reply } from "./reply.js";
import { watchRoutes } from "./routes.js";
import { watch } from "./watch.js";

const state = window[Symbol.for("laifang")];
// Empty: counts that stand are written over. Or the names of counters that are taken over though they work.
const replace = state.tag.getAttribute("data-replace");
// In the order of `metric.rs`; -1 is not known.
const counts = new Float64Array(16).fill(-1);
const PAGE = 6, PERIODS = 8;
let newest = 0, learned, places;

/** Sends a hit, again if need be; what is read only, and `send()`, reads the counts of the page that is shown. */
function send(body) {
  if (body && !state.read) return state.send(body);
  const site = state.tag.getAttribute("data-site") || location.hostname, page = state.clean(location.href).slice(location.origin.length);
  return fetch(`${state.base}v1/counts?site=${encodeURIComponent(site)}&page=${encodeURIComponent(page)}`);
}

// What other parts work with: the share box takes over what stands in the dead ones, `places` fills more elements.
Object.assign(state, { dead: DEAD, counts, standing, show, place: fillElement });

/** Reads the page, and writes what is known. Elements that need more have a part of their own, fetched once. */
function fillPage() {
  const isNeeded = fill(counts, show) || replace;
  if (state.places) state.places();
  else places = places || (isNeeded && state.load("places"));
}

function show() {
  if (learned) fillPage();
}

function look() {
  show();
  box();
}
const keepLooking = watch(look);

/** Fetches the share box, or has it look again, where the tag asks for it and where the page has a place for one or a dead one of others. */
function box() {
  if (state.tag.hasAttribute("data-share") || document.querySelector("laifang-share," + DEAD)) state.box();
}

function learn({ visitor, site, page }) {
  const p = page || {};
  const values = [visitor, site.views, site.visitors, site.views_today, site.visitors_today, site.online, p.views, p.visitors];
  for (let metric = 0; metric < 8; metric++) if (values[metric] != null) counts[metric] = values[metric];
  learned = true;
  show();
}

const started = begin();
async function begin() {
  attach(await start(state.wasm), replace);
}
// While the answer is awaited a rehearsal, in which nothing is known and so nothing written: the page is read and
// the code compiled by the time the numbers come. Whoever awaits `started` is told of its failure.
started.then(() => setTimeout(() => learned || fillPage())).catch(() => {});

/** Awaits a view's reply and fills the page with it, unless another page is shown by then. */
async function view(body, attempt) {
  const turn = ++newest;
  try {
    const answer = await reply(() => send(body), attempt);
    await started;
    // Whoever is not counted (a bot) has no counts: the page stays as it is.
    if (turn == newest && answer.site) {
      learn(answer);
      keepLooking();
    }
    document.dispatchEvent(new CustomEvent("laifang-counted", { detail: answer, bubbles: true, composed: true }));
    return answer;
  } catch (error) {
    state.fail(error.message);
    throw error;
  }
}

async function again(kind) {
  if (kind == "route") counts.fill(-1, PAGE, PERIODS);
  // The box does not wait for the reply.
  keepLooking();
  box();
  try {
    await view(state.body(kind));
  } catch (error) {}
}

const ready = view(state.first, state.hit);
ready.catch(() => {});
if (document.readyState == "loading") document.addEventListener("DOMContentLoaded", look);
box();
// A page that comes back out of the browser's memory is looked at again.
addEventListener("pageshow", ({ persisted }) => persisted && again("load"));
if (state.tag.getAttribute("data-spa") != "off") watchRoutes(() => again("route"));
const openSwitch = () => /^#laifang-o/.test(location.hash) && state.load("switch");
openSwitch();
addEventListener("hashchange", openSwitch);

// (Browsers of 2017 may not know custom elements: there the page is only looked at as a whole.)
try {
  customElements.define("laifang-counter", class extends HTMLElement {
    connectedCallback() {
      show();
    }
  });
} catch (error) {}

// An element named `laifang` answers for window.laifang unless a property is defined. Where the page has a
// variable of that name, it keeps it.
try {
  Object.defineProperty(window, "laifang", {
    configurable: true,
    value: {
      version: __LAIFANG_VERSION__,
      ready,
      async refresh() {
        const answer = await reply(() => send());
        await started;
        learn(answer);
        return answer;
      },
    },
  });
} catch (error) {}
