// Leads old addresses to new ones: one, or a table of them; first shown, then done.
import { field, h, once, section } from "../../page/dom.js";
import { steps } from "./moved_pages.js";
import { saveBlob } from "./save_file.js";

export function movesPart({ api, name, onTrouble, changed, stands }) {
  const address = () => h("input", { autocomplete: "off", spellcheck: "false", autocapitalize: "off", inputmode: "url", dir: "ltr", on: { input: () => moving.forget() } });
  const [from, to] = [address(), address()];
  const file = h("input", { type: "file", accept: ".csv,.txt,text/csv", on: { change: () => moving.forget() } });
  const check = h("button", { type: "submit" }, (words) => words.moves.check);

  function body() {
    if (file.files[0]) return file.files[0];
    if (from.value.trim() && to.value.trim()) return JSON.stringify({ from: from.value.trim(), to: to.value.trim() });
    moving.refuse((words) => words.moves.missing);
    (from.value.trim() ? to : from).focus();
    return null;
  }
  const moving = steps({
    ask: async (isDryRun) => {
      const sent = body();
      return sent && api.move(name, sent, { isDryRun });
    },
    apply: (words) => words.moves.apply,
    nothing: (words) => words.moves.nothing,
    done: ({ total, ended }) => (words) => words.moves.done(total + ended.length),
    explainer: (error) => error.kind === "badLine" && ((words) => (file.files[0] ? words.moves.badLine : words.moves.badPair)(error)),
    onTrouble,
    changed,
  });
  return section(
    (words) => words.moves.title,
    h("p", {}, (words) => words.moves.about),
    h(
      "form",
      { novalidate: true, on: { submit: (event) => (event.preventDefault(), once(check, moving.check)) } },
      field((words) => words.moves.from, from, (words) => words.moves.fromHint),
      field((words) => words.moves.to, to),
      field((words) => words.moves.file, file, (words) => words.moves.fileHint),
      check,
    ),
    moving.element,
    kept({ api, name, onTrouble, stands }),
  );
}

/** How many there are, and a file of all. */
function kept({ api, name, onTrouble, stands }) {
  const told = h("span", {});
  const save = h("button", { type: "button", class: "quiet", on: { click: () => once(save, download) } }, (words) => words.moves.save);
  const element = h("p", { class: "row", hidden: true }, told, save);
  let known = 0;
  stands(({ moves }) => {
    if (moves === known) return;
    known = moves;
    element.hidden = !moves;
    told.replaceChildren(h("span", {}, (words) => words.moves.kept(moves)));
  });
  async function download() {
    try {
      const { moves } = await api.moves(name);
      const lines = moves.map(({ from, to }) => `${quoted(from)},${quoted(to)}\n`);
      saveBlob(new Blob(["from,to\n", ...lines], { type: "text/csv" }), `${name}-moves.csv`);
    } catch (error) {
      if (!onTrouble(error)) throw error;
    }
  }
  return element;
}

const quoted = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
