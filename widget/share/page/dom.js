// Elements made without a word of HTML, and the style sheet they wear.
import { RULES } from "laifang:base";
import { state } from "./state.js";
import { fetchMore } from "./tables.js";

let sheet;

function fill(element, attributes, children) {
  for (const key of Object.keys(attributes)) element.setAttribute(key, attributes[key]);
  element.append(...children.filter(Boolean));
  return element;
}

/** A new element with attributes and children, which are elements or texts. */
export const make = (name, attributes, ...children) => fill(document.createElement(name), attributes, children);

const draw = (name, attributes, ...children) => fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);

/** An icon from its path on the grid of `tables.mjs`. */
export const icon = (drawing, colour) =>
  draw("svg", { part: "icon", viewBox: "0 0 120 120", width: 20, height: 20, fill: colour || "currentColor", "aria-hidden": true }, draw("path", { d: drawing }));

/** Dresses a shadow tree; browsers before 2023 are helped by `older.js`. */
export function dress(root) {
  try {
    root.adoptedStyleSheets.length;
    if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(RULES.join(""));
    root.adoptedStyleSheets = [sheet];
  } catch (error) {
    const byHand = () => state.dress && state.dress(root, RULES);
    if (!fetchMore(byHand)) byHand();
  }
}
