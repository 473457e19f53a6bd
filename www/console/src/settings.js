// What an owner may choose for one site: the time zone its days follow.
import { field, h, newId, notice, once, section } from "../../page/dom.js";
import { explain, isCancelled } from "./explain.js";

const zones = () => Intl.supportedValuesOf?.("timeZone") ?? [];

export function settings({ api, name, onTrouble, stands }) {
  const listId = newId();
  const zone = h("input", { list: listId, autocomplete: "off", spellcheck: "false", autocapitalize: "off" });
  const options = h("datalist", { id: listId }, ...zones().map((value) => h("option", { value })));
  const hint = h("span", {});
  const said = notice();
  const submit = h("button", { type: "submit" }, (words) => words.settings.save);
  let known;
  stands((standing) => {
    const now = standing.settings.time_zone ?? "";
    if (now !== known) zone.value = now;
    known = now;
    hint.replaceChildren(h("span", {}, (words) => words.settings.zoneHint(standing.time_zone ?? now)));
  });
  async function save() {
    const asked = zone.value.trim();
    if (asked && !isZone(asked)) return refuse((words) => words.settings.unknownZone(asked));
    try {
      await api.configure(name, { time_zone: asked || null });
      known = asked;
      said.say((words) => words.settings.saved);
    } catch (error) {
      if (!isCancelled(error) && !onTrouble(error)) refuse(explain(error));
    }
  }
  function refuse(sentence) {
    said.say(sentence, { isTrouble: true });
    zone.focus();
  }
  return section(
    (words) => words.settings.title,
    h(
      "form",
      { novalidate: true, on: { submit: (event) => (event.preventDefault(), once(submit, save)) } },
      field((words) => words.settings.zone, zone, hint),
      options,
      submit,
      said.element,
    ),
  );
}

function isZone(name) {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
}
