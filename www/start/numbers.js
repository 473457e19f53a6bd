// The demo's numbers as they rise, its two frames, and, in dev, being another visitor. Where the counter is in a folder of a site, the
// numbers are those published of that site, and nothing is counted.
import { BASE, IS_IN_FOLDER } from "../page/base.js";
import { h } from "../page/dom.js";

const PUBLISHED_EVERY_MS = 5000;
const byId = (id) => document.getElementById(id);
const frame = byId("after");

// What everybody else is told stands in KV; it follows within seconds.
async function readPublished() {
  const response = await fetch(`${BASE}v1/counts?site=${location.hostname}`, { cache: "no-store" }).catch(() => null);
  if (!response?.ok) return;
  const { site } = await response.json();
  if (IS_IN_FOLDER) return show({ site });
  byId("published").replaceChildren(h("span", {}, (words) => words.published(site.views, site.visitors)));
}

function show(reply) {
  const { site, visitor } = reply;
  const numbers = { visitor, views: site.views, visitors: site.visitors, today: site.visitors_today, online: site.online };
  for (const [id, number] of Object.entries(numbers)) byId(id).textContent = number ?? "–";
}
function listen() {
  frame.contentDocument.addEventListener("laifang-counted", (event) => show(event.detail));
  frame.contentWindow.laifang?.ready.then(show, () => {});
}

// The sentence stands at the foot of the page: each frame is kept where it can be read, also once the share
// box has come. (`scrollIntoView` would move the start page, too.)
function showSentence({ contentDocument, contentWindow: view }) {
  const line = [...contentDocument.querySelectorAll("font")].find((font) => font.textContent.startsWith("您是第"));
  if (!line) return;
  const { left, right, bottom } = line.getBoundingClientRect();
  view.scrollTo((left + right - view.innerWidth) / 2 + view.scrollX, bottom + 40 - view.innerHeight + view.scrollY);
}
function opened(shown) {
  // The preview shows itself; no page reaches into it, and the demo that gave way to it has no body.
  if (!shown.contentDocument?.body) return;
  if (shown === frame) listen();
  new ResizeObserver(() => showSentence(shown)).observe(shown.contentDocument.body);
}

function watchFrames() {
  for (const shown of document.querySelectorAll(".pages iframe")) {
    shown.addEventListener("load", () => opened(shown));
    const { readyState, URL: address } = shown.contentDocument ?? {};
    if (readyState === "complete" && address !== "about:blank") opened(shown);
  }
}

const reload = () => frame.contentWindow.location.reload();

// Only the dev server lets one be somebody else.
async function beAnother() {
  const current = await fetch(`${BASE}_dev/visitor`).then((response) => (response.ok ? response.json() : null)).catch(() => null);
  if (!current) return;
  let { visitor } = current;
  byId("another").hidden = false;
  byId("another").addEventListener("click", async () => {
    visitor += 1;
    await fetch(`${BASE}_dev/visitor`, { method: "POST", body: JSON.stringify({ visitor }) });
    reload();
  });
}

/** In a folder nobody has a number here, and a reload is no view. */
function tellFolder() {
  byId("visitor").parentElement.hidden = true;
  byId("reload").hidden = true;
  byId("published").replaceChildren(h("span", {}, (words) => words.inFolder(location.hostname)));
}

/** Begins to show them. */
export function showNumbers() {
  if (IS_IN_FOLDER) tellFolder();
  else beAnother();
  watchFrames();
  byId("reload").addEventListener("click", reload);
  // A tab nobody looks at asks nothing.
  setInterval(() => document.hidden || readPublished(), PUBLISHED_EVERY_MS);
  readPublished();
}
