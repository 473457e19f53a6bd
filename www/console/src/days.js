// Views and visitors day by day, beside the same number of days before: sums, a chart, a table with the same
// numbers, and the table as a file.
import { chart } from "./chart.js";
import { change, count, day, dayAfter, daysFrom } from "./format.js";
import { h, notice, row, section, table } from "../../page/dom.js";
import { explain, isCancelled } from "./explain.js";
import { rangeChoice } from "./range.js";
import { saveBlob } from "./save_file.js";

export function days({ api, name, signal, onTrouble, stands, isChanged }) {
  let today;
  let shown;
  const said = notice();
  const place = h("div", {});
  const zone = h("p", { class: "hint" });
  const choice = rangeChoice(load);
  const save = h("button", { type: "button", class: "quiet", on: { click: () => saveBlob(csv(shown.days), `${name}-${shown.from}-${shown.to}.csv`) } }, (words) => words.days.csv);

  async function load() {
    const range = choice.range();
    if (!range) return choice.isComplete() && said.say((words) => words.days.noRange(day(today)), { isTrouble: true });
    const length = daysFrom(range.from, range.to);
    const asked = JSON.stringify(range);
    try {
      const first = dayAfter(range.from, -length);
      const { days: known } = await api.stats(name, { from: first, to: range.to, limit: 1 }, signal);
      if (asked !== JSON.stringify(choice.range())) return;
      said.say(null);
      shown = { ...range, days: filled(known, range.from, length), before: filled(known, first, length) };
      place.replaceChildren(totals(shown, today), ...drawn(shown, today, signal), save);
    } catch (error) {
      if (isCancelled(error) || onTrouble(error)) return;
      said.say(explain(error), { isTrouble: true });
    }
  }
  // Today comes from the site, whose day is not the reader's; a new day, or a change, is loaded anew.
  stands((standing) => {
    if (standing.time_zone) zone.replaceChildren(h("span", {}, (words) => words.days.zone(standing.time_zone)));
    if (standing.day === today) return;
    today = standing.day;
    choice.setToday(today);
    load();
  });
  isChanged(() => today && load());
  return section((words) => words.days.title, choice.element, said.element, place, zone);
}

/** So many days from `first` on, with zeros where nobody came. */
function filled(known, first, length) {
  const byDate = new Map(known.map((one) => [one.date, one]));
  return Array.from({ length }, (_, index) => {
    const date = dayAfter(first, index);
    return byDate.get(date) ?? { date, views: 0, visitors: 0 };
  });
}

const sum = (list, key) => list.reduce((total, one) => total + one[key], 0);

/** What the days come to, and what as many days before came to. */
function totals({ days: list, before, to }, today) {
  const line = (key) => {
    const [now, then] = [sum(list, key), sum(before, key)];
    return h("li", {}, (words) => words.days.totals[key](count(now), list.length, count(then), change(now, then)));
  };
  return h("ul", { class: "totals" }, line("views"), line("visitors"), to === today && h("li", {}, (words) => words.days.unfinished));
}

function drawn({ days: list, before, to }, today, signal) {
  const headings = [
    { title: (words) => words.days.date },
    { title: (words) => words.views, isNumber: true },
    { title: (words) => words.visitors, isNumber: true },
    { title: (words) => words.days.viewsBefore, isNumber: true },
  ];
  const rows = list.map(({ date, views, visitors }, index) => {
    const name = (words) => (date === today ? words.days.today(day(date)) : day(date));
    return row(name, () => count(views), () => count(visitors), () => count(before[index].views));
  });
  const numbers = table((words) => words.days.caption(list.length), headings, rows.reverse());
  return [h("div", { class: "chart-and-table" }, chart(list, before, signal), numbers)];
}

function csv(list) {
  const rows = list.map(({ date, views, visitors }) => `${date},${views},${visitors}\n`);
  return new Blob(["date,views,visitors\n", ...rows], { type: "text/csv" });
}
