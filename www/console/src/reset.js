// Resets a site: a dialog that asks for the site's name to be typed, since nothing brings the counts back.
import { field, h, newId, notice, once, section } from "../../page/dom.js";
import { explain, isCancelled } from "./explain.js";

export function resetPart({ api, name, onTrouble, changed }) {
  const said = notice();
  const open = h("button", { type: "button", class: "danger", on: { click: () => ask.show() } }, (words) => words.reset.open);
  const ask = dialog(name, async () => {
    await api.reset(name);
    ask.close();
    said.say((words) => words.reset.done);
    changed();
  }, onTrouble);
  return section((words) => words.reset.title, h("p", {}, (words) => words.reset.about), open, ask.element, said.element);
}

function dialog(name, reset, onTrouble) {
  const typed = h("input", { autocomplete: "off", spellcheck: "false", autocapitalize: "off" });
  const said = notice();
  const submit = h("button", { type: "submit", class: "danger" }, (words) => words.reset.submit);
  const cancel = h("button", { type: "button", class: "quiet", on: { click: () => element.close() } }, (words) => words.cancel);
  const refuse = (sentence) => {
    said.say(sentence, { isTrouble: true });
    typed.focus();
  };
  async function confirm() {
    if (typed.value.trim() !== name) return refuse((words) => words.reset.mismatch(name));
    try {
      await reset();
    } catch (error) {
      if (!isCancelled(error) && !onTrouble(error)) refuse(explain(error));
    }
  }
  const title = newId();
  const element = h(
    "dialog",
    { "aria-labelledby": title },
    h("h2", { id: title }, (words) => words.reset.question(name)),
    h("p", {}, (words) => words.reset.warning),
    h(
      "form",
      { novalidate: true, on: { submit: (event) => (event.preventDefault(), once(submit, confirm)) } },
      field((words) => words.reset.confirm(name), typed),
      said.element,
      h("div", { class: "row" }, submit, cancel),
    ),
  );
  const show = () => {
    typed.value = "";
    said.say(null);
    element.showModal();
    typed.focus();
  };
  return { element, show, close: () => element.close() };
}
