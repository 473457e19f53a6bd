// Builds elements. A function among children or attributes is a text in the language of the moment.
import { speak, text } from "./speech.js";

/** `h("button", {type: "button", on: {click}}, (words) => words.save)`. Null and false children are left out. */
export function h(name, { on = {}, ...attributes } = {}, ...children) {
  const element = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) setAttribute(element, attribute, value);
  for (const [event, listener] of Object.entries(on)) element.addEventListener(event, listener);
  element.append(...children.flat().filter((child) => child != null && child !== false).map(asNode));
  return element;
}

function setAttribute(element, name, value) {
  if (typeof value === "function") speak(element, (words) => element.setAttribute(name, value(words)));
  else if (value === true) element.setAttribute(name, "");
  else if (value != null && value !== false) element.setAttribute(name, value);
}

const asNode = (child) => (typeof child === "function" ? text(child) : child);

let ids = 0;
/** An id nothing else on the page has. */
export const newId = () => `n${++ids}`;

/** A part of the page under a heading of its own. */
export function section(title, ...children) {
  const id = newId();
  return h("section", { "aria-labelledby": id }, h("h2", { id }, title), ...children);
}

/** A place where outcomes are announced; `say(null)` clears it, `isTrouble` makes it urgent. */
export function notice() {
  const polite = h("p", { role: "status", class: "notice" });
  const urgent = h("p", { role: "alert", class: "notice trouble" });
  const say = (said, { isTrouble = false } = {}) => {
    polite.replaceChildren(...(said && !isTrouble ? [asNode(said)] : []));
    urgent.replaceChildren(...(said && isTrouble ? [asNode(said)] : []));
  };
  return { element: h("div", {}, polite, urgent), say };
}

/** A label and its control, with a hint below where there is one. */
export function field(label, control, hint) {
  control.id ||= newId();
  const hintId = newId();
  if (hint) control.setAttribute("aria-describedby", hintId);
  return h("div", { class: "field" }, h("label", { for: control.id }, label), control, hint && h("p", { id: hintId, class: "hint" }, hint));
}

/** A table in a box that scrolls, by keyboard too. */
export function table(caption, headings, rows) {
  const head = headings.map(({ title, isNumber }) => h("th", { scope: "col", class: isNumber && "number" }, title));
  return h(
    "div",
    { class: "scroll", role: "region", tabindex: "0", "aria-label": caption },
    h("table", {}, h("caption", {}, caption), h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...rows)),
  );
}

/** A row: its heading, then its cells. */
export function row(heading, ...cells) {
  return h("tr", {}, h("th", { scope: "row" }, heading), ...cells.map((cell) => h("td", { class: "number" }, cell)));
}

/** Runs `work` unless it is running, and shows on its button that it is. */
export async function once(button, work) {
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  try {
    await work();
  } finally {
    button.removeAttribute("aria-disabled");
  }
}
