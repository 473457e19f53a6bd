// Which days are looked at: so many up to today, or from one date to another.
import { dayAfter, daysFrom } from "./format.js";
import { field, h, newId } from "../../page/dom.js";

const LENGTHS = [7, 30, 365];
const DEFAULT_LENGTH = 30;
const OTHER = "other";
/** Ten years: what a table still shows at once. */
const MAX_DAYS = 3_660;

/** `range()` is `{from, to}`, or null while the dates make none; `changed()` is called when it may be another. */
export function rangeChoice(changed) {
  let today;
  let chosen = DEFAULT_LENGTH;
  const from = dateInput();
  const to = dateInput();
  const dates = h("div", { class: "row dates", hidden: true }, field((words) => words.days.from, from), field((words) => words.days.to, to));

  function dateInput() {
    return h("input", { type: "date", required: true, on: { change: () => changed() } });
  }
  function choose(length) {
    if (length === OTHER && chosen !== OTHER && today) ({ from: from.value, to: to.value } = range());
    chosen = length;
    dates.hidden = chosen !== OTHER;
    if (today) changed();
  }
  function range() {
    if (chosen !== OTHER) return { from: dayAfter(today, 1 - chosen), to: today };
    const isRange = from.value && to.value && from.value <= to.value && to.value <= today && daysFrom(from.value, to.value) <= MAX_DAYS;
    return isRange ? { from: from.value, to: to.value } : null;
  }
  return {
    element: h("div", {}, radios(chosen, choose), dates),
    range,
    setToday(date) {
      // Chosen before the site's day was known: the dates begin as the default ones.
      const isEmpty = !today && chosen === OTHER && !from.value && !to.value;
      today = date;
      from.max = to.max = date;
      if (isEmpty) [from.value, to.value] = [dayAfter(date, 1 - DEFAULT_LENGTH), date];
    },
    /** Puts the reader where the dates are wrong. */
    focus: () => (from.value ? to : from).focus(),
    isComplete: () => chosen !== OTHER || Boolean(from.value && to.value),
  };
}

function radios(chosen, choose) {
  const group = newId();
  const radio = (value, title) => {
    const input = h("input", { type: "radio", name: group, value, checked: value === chosen, on: { change: () => choose(value) } });
    return h("label", {}, input, h("span", {}, title));
  };
  const choices = [...LENGTHS.map((length) => radio(length, (words) => words.days.ranges(length))), radio(OTHER, (words) => words.days.other)];
  return h("fieldset", { class: "segments" }, h("legend", { class: "unseen" }, (words) => words.days.range), ...choices);
}
