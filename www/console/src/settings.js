// What an owner may choose for one site: the time zone its days follow, and what the query of an address means. Where
// that makes pages one that were counted apart, it offers to add them up.
import { field, h, notice, once, section } from "../../page/dom.js";
import { explain, isCancelled } from "./explain.js";
import { steps } from "./moved_pages.js";
import { queryRule } from "./query_rule.js";

/** Where a browser can't list them: zones in which most readers of Chinese live. */
const COMMON_ZONES = ["America/Los_Angeles", "America/New_York", "Asia/Hong_Kong", "Asia/Kuala_Lumpur", "Asia/Macau", "Asia/Shanghai", "Asia/Singapore", "Asia/Taipei", "Asia/Tokyo", "Australia/Sydney", "Europe/London", "UTC"];

export function settings({ api, name, onTrouble, stands, changed }) {
  const zone = zoneList();
  const hint = h("span", {});
  const said = notice();
  const submit = h("button", { type: "submit" }, (words) => words.settings.save);
  const query = queryRule();
  const merging = steps({
    ask: (isDryRun) => api.merges(name, { isDryRun }),
    apply: (words) => words.settings.query.merge,
    nothing: (words) => words.settings.saved,
    done: ({ total }) => (words) => words.settings.query.merged(total),
    onTrouble,
    changed,
  });
  let known;
  let rule;
  // What is chosen before the settings are there would be lost.
  const enable = (isKnown) => [zone, submit, ...query.controls].forEach((control) => (control.disabled = !isKnown));
  enable(false);
  stands((standing) => {
    if (known === undefined) enable(true);
    const now = standing.settings.time_zone ?? "";
    if (now !== known) choose(zone, now);
    known = now;
    const ruleNow = JSON.stringify(standing.settings.query);
    if (ruleNow !== rule) query.show(standing.settings.query);
    rule = ruleNow;
    hint.replaceChildren(h("span", {}, (words) => words.settings.zoneHint(standing.time_zone ?? now)));
  });
  async function save() {
    merging.forget();
    said.say(null);
    const asked = zone.value;
    const before = rule;
    try {
      const standing = await api.configure(name, { time_zone: asked || null, query: query.value() });
      known = asked;
      rule = JSON.stringify(standing.settings.query);
      query.show(standing.settings.query);
    } catch (error) {
      if (isCancelled(error) || onTrouble(error)) return;
      said.say(explain(error), { isTrouble: true });
      return error.detail.includes("`query`") ? query.focus() : zone.focus();
    }
    if (rule === before) return said.say((words) => words.settings.saved);
    await merging.check();
  }
  return section(
    (words) => words.settings.title,
    h(
      "form",
      { novalidate: true, on: { submit: (event) => (event.preventDefault(), once(submit, save)) } },
      field((words) => words.settings.zone, zone, hint),
      query.element,
      submit,
      said.element,
    ),
    merging.element,
  );
}

/** All zones by region; the first entry is the deployment's, which is no choice of the site's own. */
function zoneList() {
  const own = h("option", { value: "" }, (words) => words.settings.deployment);
  const regions = Map.groupBy ? Map.groupBy(zones(), regionOf) : new Map([["", zones()]]);
  const groups = [...regions].map(([region, names]) => h("optgroup", { label: region }, ...names.map(option)));
  return h("select", {}, own, ...groups);
}

const zones = () => Intl.supportedValuesOf?.("timeZone") ?? COMMON_ZONES;
const regionOf = (name) => name.split("/")[0];
const option = (value) => h("option", { value }, value.replaceAll("_", " "));

/** Chooses a zone; one that this browser does not list is added. */
function choose(list, value) {
  list.value = value;
  if (list.value === value) return;
  list.append(option(value));
  list.value = value;
}
