// The controls of the snippet builder. Each changes one thing of the choice and says so by `changed`.
import { h, field, newId } from "../page/dom.js";
import { networkName } from "../page/networks.js";
import { currentLanguage } from "../page/speech.js";
import { COLORS, LANGUAGES, METRICS, NETWORKS, TAKEN_OVER } from "./choice.js";
import { AROUND } from "./around.js";

/** A group of radio buttons for `choice[name]`. */
export function radios({ choice, changed }, name, options, title, label) {
  const group = newId();
  const entries = options.map((option) => {
    const radio = h("input", { type: "radio", name: group, value: option, checked: choice[name] === option, on: { change: () => ((choice[name] = option), changed()) } });
    return h("label", { class: "option" }, radio, label(option));
  });
  return h("fieldset", {}, h("legend", {}, title), ...entries);
}

/** A box to tick for `choice[name]`. */
export function tick({ choice, changed }, name, label) {
  const box = h("input", { type: "checkbox", checked: choice[name], on: { change: () => ((choice[name] = box.checked), changed()) } });
  return h("label", { class: "option" }, box, label);
}

/** A line of text for `choice[name]`. */
export function line({ choice, changed }, name, label, hint) {
  const input = h("input", { autocomplete: "off", spellcheck: "false", autocapitalize: "off", value: choice[name], on: { input: () => ((choice[name] = input.value.trim()), changed()) } });
  return field(label, input, hint);
}

/** Boxes to tick for the names in `choice[name]`, which keep the order of `known`. */
function ticks({ choice, changed }, name, known, title, label) {
  const entries = known.map((one) => {
    const box = h("input", { type: "checkbox", checked: choice[name].includes(one), on: { change: toggled } });
    function toggled() {
      choice[name] = known.filter((other) => (other === one ? box.checked : choice[name].includes(other)));
      changed();
    }
    return h("label", { class: "option" }, box, label(one));
  });
  return h("fieldset", {}, h("legend", {}, title), ...entries);
}

/** Which numbers to show. */
export const metrics = (state) =>
  ticks(state, "metrics", METRICS, (words) => words.builder.metrics, (metric) => () => AROUND[currentLanguage()][metric].join("N"));

/** Which other counters' places to fill. */
export const takeover = (state) =>
  ticks(state, "takeover", TAKEN_OVER, (words) => words.builder.takeover, (name) => name[0].toUpperCase() + name.slice(1));

/** Which networks, in which order: those chosen stand first and can be moved. */
export function networks({ choice, changed }) {
  const list = h("ol", { class: "networks" });
  const ordered = () => [...choice.networks, ...NETWORKS.filter((id) => !choice.networks.includes(id))];
  function draw(focus) {
    list.replaceChildren(...ordered().map((id) => entry(id)));
    if (focus) list.querySelector(focus)?.focus();
  }
  function entry(id) {
    const name = () => networkName(id, currentLanguage());
    const place = choice.networks.indexOf(id);
    const box = h("input", { type: "checkbox", value: id, checked: place >= 0, on: { change: () => toggle(id, box.checked) } });
    const arrow = (kind, step, sign) => {
      const isEnd = place + step < 0 || place + step >= choice.networks.length;
      const label = (words) => words.builder[kind](name());
      return h("button", { type: "button", class: "arrow", "aria-label": label, "aria-disabled": isEnd && "true", "data-step": `${id} ${kind}`, on: { click: () => isEnd || move(id, step, kind) } }, sign);
    };
    return h("li", {}, h("label", { class: "option" }, box, name), place >= 0 && [arrow("up", -1, "↑"), arrow("down", 1, "↓")]);
  }
  function toggle(id, isChosen) {
    choice.networks = isChosen ? [...choice.networks, id] : choice.networks.filter((one) => one !== id);
    changed();
    draw(`input[value="${id}"]`);
  }
  function move(id, step, kind) {
    const from = choice.networks.indexOf(id);
    const moved = choice.networks.filter((one) => one !== id);
    moved.splice(from + step, 0, id);
    choice.networks = moved;
    changed();
    draw(`[data-step="${id} ${kind}"]`);
  }
  draw();
  return h("fieldset", {}, h("legend", {}, (words) => words.builder.networks), h("p", { class: "hint" }, (words) => words.builder.networksHint), list);
}

/** The box's colours, one's own. */
export function colors({ choice, changed }) {
  const inputs = Object.keys(COLORS).map((name) => {
    const input = h("input", { type: "color", value: choice.colors[name], on: { input: () => ((choice.colors[name] = input.value), changed()) } });
    return h("label", { class: "option" }, input, (words) => words.builder.colors[name]);
  });
  return h("div", { class: "colors" }, ...inputs);
}

/** The language of number and box. */
export function languages({ choice, changed }) {
  const options = LANGUAGES.map((lang) => h("option", { value: lang, selected: choice.lang === lang }, (words) => words.builder.langs[lang]));
  const select = h("select", { on: { change: () => ((choice.lang = select.value), changed()) } }, ...options);
  return field((words) => words.builder.lang, select);
}
