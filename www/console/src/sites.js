// All sites of the deployment, with the counts that are published.
import { count, moment } from "./format.js";
import { h, notice, row, table } from "../../page/dom.js";
import { explain, isCancelled } from "./explain.js";
import { installation } from "./installation.js";
import { viewLink } from "./view_link.js";

export function sites({ api, signal, onTrouble }) {
  const said = notice();
  const place = h("div", {}, h("p", {}, (words) => words.loading));
  const retry = h("button", { type: "button", hidden: true, on: { click: () => load() } }, (words) => words.retry);
  async function load() {
    said.say(null);
    retry.hidden = true;
    try {
      const { sites: listed, patterns } = await api.sites(signal);
      place.replaceChildren(...(listed.length ? list(listed) : [h("p", {}, empty(patterns))]));
    } catch (error) {
      if (isCancelled(error) || onTrouble(error)) return;
      place.replaceChildren();
      said.say(explain(error), { isTrouble: true });
      retry.hidden = false;
    }
  }
  load();
  return [h("h1", { tabindex: "-1" }, (words) => words.sites.title), installation({ api, signal }), said.element, retry, place];
}

/** Hosts that only a pattern allows are known once they have counted. */
const empty = (patterns) => (words) => (patterns.length ? words.sites.waiting(patterns.join(" ")) : words.sites.none);

function list(listed) {
  const headings = [
    { title: (words) => words.sites.site },
    { title: (words) => words.visitors, isNumber: true },
    { title: (words) => words.views, isNumber: true },
    { title: (words) => words.visitorsToday, isNumber: true },
    { title: (words) => words.sites.asOf, isNumber: true },
  ];
  const rows = listed.map(({ site, counts, as_of: asOf }) => {
    const numbers = [counts?.visitors, counts?.views, counts?.visitors_today].map((number) => () => (number == null ? "–" : count(number)));
    return row(viewLink(site, site), ...numbers, (words) => (asOf ? moment(asOf) : words.sites.never));
  });
  return [table((words) => words.sites.caption, headings, rows), h("p", { class: "hint" }, (words) => words.sites.stored)];
}
