// What a move or a merge changes, as a list; and the two steps of both: first shown, then done.
import { count, page as readable } from "./format.js";
import { h, notice, once, row, table } from "../../page/dom.js";
import { explain, isCancelled } from "./explain.js";

/**
 * `ask(isDryRun)` gives the counter's report, or null where something was missing and was said; `explainer(error)` a
 * sentence of its own, if there is one. `check()` shows what would change and offers to do it.
 */
export function steps({ ask, apply: label, nothing, done, explainer = () => null, onTrouble, changed }) {
  const said = notice();
  const result = h("div", {});
  const apply = h("button", { type: "button", hidden: true, on: { click: () => once(apply, () => run(false)) } }, label);

  function forget() {
    result.replaceChildren();
    apply.hidden = true;
    said.say(null);
  }
  async function run(isDryRun) {
    forget();
    let report;
    try {
      report = await ask(isDryRun);
    } catch (error) {
      if (isCancelled(error) || onTrouble(error)) return;
      return refuse(explainer(error) ?? explain(error));
    }
    if (!report) return;
    const isNothing = !report.total && !report.ended.length;
    said.say(isNothing ? nothing : isDryRun ? (words) => words.moves.dryRun : done(report));
    if (isNothing) return;
    result.replaceChildren(...lists(report));
    apply.hidden = !isDryRun;
    if (isDryRun) apply.focus();
    else changed();
  }
  const refuse = (sentence) => said.say(sentence, { isTrouble: true });
  return { element: h("div", {}, said.element, result, apply), check: () => run(true), forget, refuse };
}

const address = (key) => h("span", { class: "key", dir: "ltr" }, readable(key));

function lists({ lines, total, ended, pages_before: before, pages_after: after }) {
  const headings = [
    { title: (words) => words.moves.from },
    { title: (words) => words.moves.to },
    { title: (words) => words.moves.adds, isNumber: true },
    { title: (words) => words.moves.after, isNumber: true },
  ];
  const rows = lines.map((line) => row(address(line.from), address(line.to), () => count(line.adds.views), () => count(line.after.views)));
  return [
    rows.length > 0 && table((words) => words.moves.caption, headings, rows),
    total > lines.length && h("p", { class: "hint" }, (words) => words.moves.more(total - lines.length)),
    ...ended.map((key) => h("p", {}, (words) => words.moves.ended(readable(key)))),
    h("p", { class: "hint" }, (words) => words.moves.pages(before, after)),
  ].filter(Boolean);
}
