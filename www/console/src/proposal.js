// "Start from the number that stands on the page": the widget met a number larger than what is counted and
// left it alone; the owner may take it as the start. It is brought in as a table of one line.
import { field, h, notice, once, section } from "../../page/dom.js";
import { explain, isCancelled } from "./explain.js";
import { page as readable } from "./format.js";
import { oddityOf } from "./odd_number.js";

const LINE = (visitors, views) => `page,views,visitors\n*,${views},${visitors}\n`;

export function proposal({ api, name, onTrouble, stands, changed }) {
  const place = h("div", {});
  const said = notice();
  let proposed;
  stands(({ counts, proposed_start: start }) => {
    const number = start && start.visitors > counts.visitors ? start.visitors : null;
    if (number === proposed) return;
    proposed = number;
    place.replaceChildren(...(number ? [form(start, counts)] : []));
  });

  async function accept(visitors, views) {
    try {
      await api.importFile(name, new Blob([LINE(visitors, views)], { type: "text/csv" }), {});
      said.say((words) => words.start.done(visitors));
      changed();
    } catch (error) {
      if (isCancelled(error) || onTrouble(error)) return;
      said.say(explain(error), { isTrouble: true });
    }
  }

  function form(start, counts) {
    const least = { visitors: counts.visitors + 1, views: counts.views };
    const visitors = numberInput(start.visitors);
    const views = numberInput(Math.max(counts.views, start.visitors));
    const submit = h("button", { type: "submit" });
    const label = () => submit.replaceChildren(h("span", {}, (words) => words.start.submit(wholeNumber(visitors) ?? start.visitors)));
    label();
    visitors.addEventListener("input", label);
    const check = () => {
      for (const [input, smallest] of [[visitors, least.visitors], [views, Math.max(least.views, wholeNumber(visitors) ?? 0)]]) {
        if ((wholeNumber(input) ?? -1) >= smallest) continue;
        said.say((words) => words.start.atLeast(smallest), { isTrouble: true });
        return input.focus();
      }
      return accept(wholeNumber(visitors), wholeNumber(views));
    };
    const page = start.page && readable(start.page);
    const oddity = oddityOf(start.visitors);
    return section(
      (words) => words.start.title,
      h("p", {}, (words) => words.start.found(start.visitors, page)),
      oddity && h("p", { class: "notice trouble" }, (words) => words.start.odd[oddity]),
      h(
        "form",
        { class: "row", novalidate: true, on: { submit: (event) => (event.preventDefault(), once(submit, async () => check())) } },
        field((words) => words.start.visitors, visitors),
        field((words) => words.start.views, views, (words) => words.start.viewsHint),
        submit,
      ),
    );
  }
  return h("div", { class: "proposal" }, place, said.element);
}

function numberInput(number) {
  const input = h("input", { inputmode: "numeric", autocomplete: "off", size: "12" });
  input.value = number;
  return input;
}

/** What was typed, if it is a count; 10,233 and 10 233 are. */
function wholeNumber(input) {
  const digits = input.value.replace(/[\s,，]/g, "");
  const number = Number(digits);
  return /^\d+$/.test(digits) && Number.isSafeInteger(number) ? number : null;
}
