// One site: its parts, and what they tell each other.
import { damage } from "./damage.js";
import { days } from "./days.js";
import { exportPart } from "./export_file.js";
import { h } from "../../page/dom.js";
import { importPart } from "./import_file.js";
import { live } from "./live.js";
import { movesPart } from "./moves.js";
import { pages } from "./pages.js";
import { proposal } from "./proposal.js";
import { resetPart } from "./reset.js";
import { settings } from "./settings.js";
import { shares } from "./shares.js";
import { viewLink } from "./view_link.js";

/**
 * `parts` share: `api`, `name` of the site, `signal` (the view is left), `onTrouble`, and three kinds of news:
 * `stands(listener)` for each new standing, `isDamaged(listener)` where there is none because stored counts can't be read,
 * `changed()` when counts were imported, reset or restored.
 */
export function site({ api, name, signal, onTrouble }) {
  const news = new EventTarget();
  const on = (kind, listener) => news.addEventListener(kind, ({ detail }) => listener(detail), { signal });
  const parts = {
    api, name, signal, onTrouble,
    stands: (listener) => on("standing", listener),
    isDamaged: (listener) => on("damaged", listener),
    isChanged: (listener) => on("changed", listener),
    tell: (standing) => news.dispatchEvent(new CustomEvent("standing", { detail: standing })),
    tellDamage: () => news.dispatchEvent(new CustomEvent("damaged")),
    changed: () => news.dispatchEvent(new CustomEvent("changed")),
  };
  return [
    h("p", { class: "back" }, viewLink(null, (words) => words.site.back)),
    h("h1", { tabindex: "-1" }, (words) => words.site.title(name)),
    warnings(parts),
    damage(parts),
    proposal(parts),
    live(parts),
    days(parts),
    h("div", { class: "pair" }, pages(parts), shares(parts)),
    h("div", { class: "pair" }, h("div", {}, importPart(parts), movesPart(parts)), h("div", {}, exportPart(parts), settings(parts), resetPart(parts))),
  ];
}

/** What an owner ought to know about how the site stands; what can't wait is an alert. */
function warnings({ stands }) {
  const box = h("div", { role: "status" });
  const alarm = h("div", { role: "alert" });
  let isFailing = false;
  stands(({ checkpoints_failing: now }) => {
    if (now === isFailing) return;
    isFailing = now;
    alarm.replaceChildren(...(now ? [h("p", { class: "alarm" }, h("strong", {}, (words) => words.site.failing), h("span", {}, (words) => words.site.failingAdvice))] : []));
  });
  let known = "";
  stands((standing) => {
    const now = `${standing.restored_at} ${standing.page_visitors_frozen}`;
    if (now === known) return;
    known = now;
    box.replaceChildren(
      ...[
        standing.restored_at && h("p", { class: "notice" }, (words) => words.site.restored(standing.restored_at)),
        standing.page_visitors_frozen && h("p", { class: "notice" }, (words) => words.site.frozen),
      ].filter(Boolean),
    );
  });
  return h("div", {}, alarm, box);
}
