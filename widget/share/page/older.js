// What browsers since 2017 lack and newer ones have built in: adopted style sheets, shadow trees, dialogs.
import { state } from "./state.js";

/** A dialog that no browser lays over the page by itself. */
const MODAL = ":host [role=dialog]{display:block;position:fixed;z-index:2147483647;top:3vh;left:0;right:0;width:24em;max-width:92vw;max-height:94vh;overflow:auto;box-sizing:border-box;margin:auto;background:#fff;color:#222}";

/** Dresses a shadow tree, or, in browsers without them, the page. A policy that forbids style elements leaves the box plain. */
export function dress(root, rules) {
  const style = document.createElement("style");
  style.nonce = state.tag.nonce;
  root.append(style);
  for (const rule of rules.concat(MODAL)) {
    try {
      style.sheet.insertRule(root.host ? rule : rule.replace(/:host(\((.*?)\))?/g, "laifang-share$2"));
    } catch (error) {
      // A rule this browser can't read, or no style sheet at all.
    }
  }
}

/** Shows a dialog as showModal does: focus moves in and stays, Escape shuts it. */
export function modal(dialog, shut) {
  dialog.setAttribute("open", "");
  dialog.setAttribute("role", "dialog");
  dialog.setAttribute("aria-modal", true);
  const stops = dialog.querySelectorAll("a,button");
  dialog.onkeydown = (event) => {
    const edge = event.shiftKey ? 0 : stops.length - 1;
    if (event.key == "Escape") shut();
    if (event.key == "Tab" && event.target == stops[edge]) {
      event.preventDefault();
      stops[stops.length - 1 - edge].focus();
    }
  };
  stops[0].focus();
}
