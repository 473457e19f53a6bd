// Where pages were shared to: a table, with a bar in each row.
import { count, percent } from "./format.js";
import { h, row, section, table } from "../../page/dom.js";
import { networkName } from "../../page/networks.js";
import { currentLanguage } from "../../page/speech.js";

export function shares({ stands }) {
  const place = h("div", {});
  let known;
  stands((standing) => {
    const now = JSON.stringify(standing.shares);
    if (now === known) return;
    known = now;
    const counted = Object.entries(standing.shares).sort(([, one], [, other]) => other - one);
    place.replaceChildren(counted.length ? list(counted) : h("p", {}, (words) => words.shares.none));
  });
  return section((words) => words.shares.title, place);
}

const nameOf = (network) => () => networkName(network, currentLanguage());

function list(counted) {
  const total = counted.reduce((sum, [, number]) => sum + number, 0);
  const headings = [
    { title: (words) => words.shares.network },
    { title: (words) => words.pages.shares, isNumber: true },
    { title: (words) => words.shares.part, isNumber: true },
  ];
  const rows = counted.map(([network, number]) => {
    const bar = h("span", { class: "bar", "aria-hidden": "true" });
    bar.style.inlineSize = `${(100 * number) / counted[0][1]}%`;
    return row(h("span", { class: "barred" }, h("span", {}, nameOf(network)), bar), () => count(number), () => percent(number, total));
  });
  return table((words) => words.shares.caption, headings, rows);
}
