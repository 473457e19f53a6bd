// Views and visitors day by day: a chart, and a table with the same numbers.
import { chart } from "./chart.js";
import { count, day, dayAfter } from "./format.js";
import { h, newId, notice, row, section, table } from "../../page/dom.js";
import { explain, isCancelled } from "./explain.js";

const RANGES = [7, 30, 365];

export function days({ api, name, signal, onTrouble, stands, isChanged }) {
  let range = 30;
  let today;
  const said = notice();
  const place = h("div", { class: "chart-and-table" });
  const zone = h("p", { class: "hint" });

  async function load() {
    const asked = range;
    try {
      const { days: known } = await api.stats(name, { from: dayAfter(today, 1 - asked), to: today, limit: 1 }, signal);
      if (asked !== range) return;
      said.say(null);
      place.replaceChildren(...drawn(filled(known, today, asked), signal));
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
    load();
  });
  isChanged(() => today && load());
  const choose = (days) => {
    range = days;
    if (today) load();
  };
  return section((words) => words.days.title, ranges(range, choose), said.element, place, zone);
}

function ranges(chosen, choose) {
  const group = newId();
  const radios = RANGES.map((days) => {
    const radio = h("input", { type: "radio", name: group, value: days, checked: days === chosen, on: { change: () => choose(days) } });
    return h("label", {}, radio, h("span", {}, (words) => words.days.ranges(days)));
  });
  return h("fieldset", { class: "segments" }, h("legend", { class: "unseen" }, (words) => words.days.range), ...radios);
}

/** All days up to `today`, with zeros where nobody came. */
function filled(known, today, range) {
  const byDate = new Map(known.map((day) => [day.date, day]));
  return Array.from({ length: range }, (_, index) => {
    const date = dayAfter(today, index + 1 - range);
    return byDate.get(date) ?? { date, views: 0, visitors: 0 };
  });
}

function drawn(all, signal) {
  const headings = [
    { title: (words) => words.days.date },
    { title: (words) => words.views, isNumber: true },
    { title: (words) => words.visitors, isNumber: true },
  ];
  const last = all.length - 1;
  const rows = all.map(({ date, views, visitors }, index) => {
    const name = (words) => (index === last ? words.days.today(day(date)) : day(date));
    return row(name, () => count(views), () => count(visitors));
  });
  return [chart(all, signal), table((words) => words.days.caption(all.length), headings, rows.reverse())];
}
