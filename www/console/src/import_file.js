// Imports a file: it is checked first, which shows what would change, then imported.
import { count } from "./format.js";
import { field, h, notice, once, row, section, table } from "../../page/dom.js";
import { explain, isCancelled } from "./explain.js";
import { numbersIn, sentenceOf } from "./number_file.js";
import { lineOf } from "./text_file.js";

/** What else a report counts, shown where there is any. */
const COUNTED = [
  ["pages_added", (words) => words.import.newPages],
  ["pages_changed", (words) => words.import.changedPages],
  ["pages_removed", (words) => words.import.removedPages],
  ["days", (words) => words.import.days],
  ["kept", (words) => words.import.kept],
  ["merged", (words) => words.import.merged],
];

export function importPart({ api, name, signal, onTrouble, changed }) {
  const file = h("input", { type: "file", accept: ".ndjson,.jsonl,.json,.csv,.zip,.gz,text/csv,application/x-ndjson", on: { change: forget } });
  const replace = h("input", { type: "checkbox", on: { change: forget } });
  const keep = h("input", { type: "checkbox", on: { change: forget } });
  const said = notice();
  const sending = progress();
  const result = h("div", {});
  const apply = h("button", { type: "button", hidden: true, on: { click: () => once(apply, () => run(false)) } }, (words) => words.import.apply);
  const check = h("button", { type: "submit" }, (words) => words.import.check);

  /** What was checked is no longer what would be imported. */
  function forget() {
    result.replaceChildren();
    apply.hidden = true;
    said.say(null);
  }
  function refuse(sentence) {
    said.say(sentence, { isTrouble: true });
    file.focus();
  }
  async function run(isDryRun) {
    forget();
    const chosen = file.files[0];
    if (!chosen) return refuse((words) => words.import.noFile);
    let numbers;
    try {
      numbers = await numbersIn(chosen, name);
      const options = { isDryRun, replaces: replace.checked, keepsLarger: keep.checked, ...sending.begin(numbers.body.size, isDryRun, signal) };
      show(await api.importFile(name, numbers.body, options), isDryRun, numbers.understood);
    } catch (error) {
      if (isCancelled(error)) return said.say(explain(error));
      if (error.line) await tellLine(error, numbers);
      if (!onTrouble(error)) refuse(sentenceOf(error) ?? explain(error));
    } finally {
      sending.end();
    }
  }
  function show(reply, isDryRun, understood) {
    if (reply.already_imported) return said.say((words) => words.import.already);
    said.say((words) => (isDryRun ? words.import.dryRun : words.import.applied)(reply.lines));
    result.replaceChildren(...(understood ? [understoodList(understood)] : []), summary(reply));
    apply.hidden = !isDryRun;
    if (isDryRun) apply.focus();
    else changed();
  }
  const ticks = [
    field((words) => words.import.keep, keep, (words) => words.import.keepHint),
    field((words) => words.import.replace, replace, (words) => words.import.replaceHint),
  ];
  return section(
    (words) => words.import.title,
    h(
      "form",
      { novalidate: true, on: { submit: (event) => (event.preventDefault(), once(check, () => run(true))) } },
      field((words) => words.import.file, file, (words) => words.import.fileHint),
      h("div", { class: "check" }, ...ticks),
      h("div", { class: "row" }, check, h("p", { class: "hint" }, (words) => words.import.checkHint)),
    ),
    sending.element,
    said.element,
    result,
    apply,
  );
}

/** Adds what the line says, and where it stands in the owner's own file. */
async function tellLine(error, { body, understood }) {
  error.text = await lineOf(body, error.line);
  error.line = understood?.placeOf(error.line)?.line ?? error.line;
}

/** What of another counter's file was understood, what was left out and why. */
function understoodList({ kind, pages, left, notes }) {
  const examples = (list) => (list.length ? ` (${list.join(", ")})` : "");
  return h(
    "ul",
    {},
    h("li", {}, (words) => words.import.understood(kind, pages)),
    ...left.map(({ reason, count: records, examples: list }) => h("li", {}, (words) => words.import.left[reason](records) + examples(list))),
    ...notes.map((note) => h("li", {}, (words) => words.import.notes[note])),
  );
}

/** How far the file is: sent bytes, then the counter's own work, which has no measure. */
function progress() {
  const bar = h("progress", { "aria-label": (words) => words.import.title });
  const told = h("p", { role: "status" });
  const cancel = h("button", { type: "button", class: "quiet" }, (words) => words.cancel);
  const element = h("div", { class: "progress", hidden: true }, bar, told, cancel);
  let controller;
  cancel.addEventListener("click", () => controller.abort());

  function onSent(sent, size, isDryRun) {
    const isSent = sent >= size;
    if (isSent) bar.removeAttribute("value");
    else bar.value = sent / size;
    // Once a file is there its numbers may be taken over any moment: cancelling would promise too much.
    cancel.hidden = isSent && !isDryRun;
    const waiting = (words) => (isDryRun ? words.import.checking : words.import.applying);
    told.replaceChildren(h("span", {}, isSent ? waiting : (words) => words.import.sending(sent, size)));
  }
  function begin(size, isDryRun, signal) {
    controller = new AbortController();
    signal.addEventListener("abort", () => controller.abort());
    element.hidden = false;
    onSent(0, size, isDryRun);
    return { signal: controller.signal, onSent: (sent) => onSent(sent, size, isDryRun) };
  }
  return { element, begin, end: () => (element.hidden = true) };
}

function summary(reply) {
  const { before, after } = reply;
  const headings = [{ title: (words) => words.import.what }, ...["before", "after"].map((key) => ({ title: (words) => words.import[key], isNumber: true }))];
  const change = (name) => row((words) => words[name], () => count(before[name]), () => count(after[name]));
  const only = ([name, title]) => reply[name] > 0 && h("tr", {}, h("th", { scope: "row" }, title), h("td", { class: "number", colspan: "2" }, () => count(reply[name])));
  return table((words) => words.import.summary, headings, [change("visitors"), change("views"), ...COUNTED.map(only).filter(Boolean)]);
}
