// What the query of an address means for a site, as a choice: every parameter, none, or those with these names.
import { field, h } from "../../page/dom.js";

/** `element`, its `controls`, `show(rule)` as the counter has it, `value()` as it takes it. */
export function queryRule() {
  const option = (value) => h("option", { value }, (words) => words.settings.query[value]);
  const choice = h("select", { on: { change: () => toggle() } }, option("keep"), option("drop"), option("names"));
  const names = h("input", { autocomplete: "off", spellcheck: "false", autocapitalize: "off", dir: "ltr" });
  const named = field((words) => words.settings.query.list, names, (words) => words.settings.query.listHint);
  const toggle = () => (named.hidden = choice.value !== "names");
  toggle();
  return {
    element: h("div", {}, field((words) => words.settings.query.label, choice, (words) => words.settings.query.hint), named),
    controls: [choice, names],
    show(rule) {
      choice.value = Array.isArray(rule) ? "names" : rule;
      names.value = Array.isArray(rule) ? rule.map(decoded).join(" ") : "";
      toggle();
    },
    value: () => (choice.value === "names" ? names.value.split(/[\s,，、]+/).filter(Boolean) : choice.value),
    focus: () => (choice.value === "names" ? names : choice).focus(),
  };
}

/** A name as people write it; one that is not UTF-8 stays escaped. */
function decoded(name) {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
