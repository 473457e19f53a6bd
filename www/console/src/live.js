// The numbers of the moment, asked for every ten seconds while somebody looks.
import { count } from "./format.js";
import { h, notice, section } from "../../page/dom.js";
import { explain, isCancelled } from "./explain.js";

const EVERY_MS = 10_000;
const TILES = [
  ["online", (words) => words.online],
  ["visitors_today", (words) => words.visitorsToday],
  ["views_today", (words) => words.viewsToday],
  ["visitors", (words) => words.visitors],
  ["views", (words) => words.views],
];

export function live({ api, name, signal, onTrouble, tell, tellDamage, isChanged }) {
  const tiles = new Map(TILES.map(([key]) => [key, h("dd", {}, "–")]));
  const said = notice();
  const updated = h("p", { class: "hint" });
  let isPaused = false;
  let isReading = false;
  let readAt;

  function say() {
    if (readAt) updated.replaceChildren(h("span", {}, (words) => (isPaused ? words.live.paused(readAt) : words.live.updated(readAt))));
  }
  function show(standing) {
    readAt = Date.now();
    for (const [key, tile] of tiles) tile.replaceChildren(h("span", {}, () => count(standing.counts[key])));
    said.say(null);
    say();
    tell(standing);
  }
  async function read() {
    isReading = true;
    try {
      show(await api.site(name, signal));
    } catch (error) {
      if (isCancelled(error) || onTrouble(error)) return;
      if (error.kind === "damaged") tellDamage();
      const sentence = explain(error);
      said.say(readAt ? (words) => words.live.lost(sentence(words)) : sentence, { isTrouble: true });
    } finally {
      isReading = false;
    }
  }
  const pause = h("button", { type: "button", class: "quiet", "aria-pressed": "false", on: { click: toggle } }, (words) => words.live.pause);
  function toggle() {
    isPaused = !isPaused;
    pause.setAttribute("aria-pressed", String(isPaused));
    say();
    if (!isPaused) read();
  }
  whileSeen(read, () => isPaused || isReading, signal);
  isChanged(read);
  const shown = TILES.map(([key, title]) => h("div", {}, h("dt", {}, title), tiles.get(key)));
  return section((words) => words.live.title, h("dl", { class: "tiles" }, ...shown), said.element, h("div", { class: "row" }, updated, pause));
}

/** Runs `read` now and every ten seconds, but not while the page is hidden or `mayNot()`; at once when it is seen again. */
function whileSeen(read, mayNot, signal) {
  const readIfSeen = () => document.hidden || mayNot() || read();
  const timer = setInterval(readIfSeen, EVERY_MS);
  signal.addEventListener("abort", () => clearInterval(timer));
  document.addEventListener("visibilitychange", readIfSeen, { signal });
  read();
}
