// The pages with the most views, and a search among all of them.
import { count, page as readable } from "./format.js";
import { field, h, notice, row, section, table } from "../../page/dom.js";
import { explain, isCancelled } from "./explain.js";

const LIMIT = 100;
const PAUSE_MS = 300;

export function pages({ api, name, signal, onTrouble, stands, isChanged }) {
  const search = h("input", { type: "search", autocomplete: "off", spellcheck: "false", on: { input: () => wait() } });
  const said = notice();
  const shown = h("p", { role: "status", class: "hint" });
  const place = h("div", {});
  let today;
  let timer;
  function wait() {
    clearTimeout(timer);
    timer = setTimeout(load, PAUSE_MS);
  }
  async function load() {
    const asked = search.value.trim();
    try {
      const query = { from: today, to: today, limit: LIMIT, ...(asked && { search: asked }) };
      const { pages: found, pages_total: all } = await api.stats(name, query, signal);
      if (asked !== search.value.trim()) return;
      place.replaceChildren(...(found.length ? [list(found)] : []));
      said.say(null);
      shown.replaceChildren(h("span", {}, sentence(found.length, all, asked)));
    } catch (error) {
      if (isCancelled(error) || onTrouble(error)) return;
      said.say(explain(error), { isTrouble: true });
    }
  }
  stands((standing) => {
    if (today) return;
    today = standing.day;
    load();
  });
  isChanged(() => today && load());
  signal.addEventListener("abort", () => clearTimeout(timer));
  return section((words) => words.pages.title, field((words) => words.pages.search, search, (words) => words.pages.searchHint), said.element, shown, place);
}

function sentence(shown, all, asked) {
  if (shown) return (words) => words.pages.shown(shown, all);
  return (words) => (asked ? words.pages.noMatch(asked) : words.pages.none);
}

function list(found) {
  const headings = [
    { title: (words) => words.pages.page },
    { title: (words) => words.views, isNumber: true },
    { title: (words) => words.visitors, isNumber: true },
    { title: (words) => words.pages.shares, isNumber: true },
  ];
  const rows = found.map(({ page, views, visitors, shares = {} }) => {
    const shared = Object.values(shares).reduce((sum, one) => sum + one, 0);
    return row(h("span", { class: "key", dir: "ltr" }, readable(page)), () => count(views), () => count(visitors), () => count(shared));
  });
  return table((words) => words.pages.caption, headings, rows);
}
