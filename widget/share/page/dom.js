// Elements made without a word of HTML, and the style sheet they wear.
import { RULES } from "laifang:base";
import { state } from "./state.js";
import { fetchMore } from "./tables.js";

let sheet;

/** A new element with attributes and children, which are elements or texts. */
export function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const key of Object.keys(attributes)) element.setAttribute(key, attributes[key]);
  element.append(...children.filter(Boolean));
  return element;
}

export function icon(drawing, colour) {
  const [svg, path] = ["svg", "path"].map((name) => document.createElementNS("http://www.w3.org/2000/svg", name));
  const set = (element, attributes) => Object.keys(attributes).forEach((key) => element.setAttribute(key, attributes[key]));
  set(svg, { part: "icon", viewBox: "0 0 120 120", width: 20, height: 20, fill: colour || "currentColor", "aria-hidden": true });
  set(path, { d: drawing });
  svg.append(path);
  return svg;
}

/** Dresses a shadow tree; browsers before 2023 are helped by `older.js`. */
export function dress(root) {
  try {
    root.adoptedStyleSheets.length;
    if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(RULES.join(""));
    root.adoptedStyleSheets = [sheet];
  } catch (error) {
    const byHand = () => state.dress(root, RULES);
    if (!fetchMore(byHand)) byHand();
  }
}
