// The share box's JavaScript side: starts the rules, puts boxes where the page asks for them and where dead
// ones stand, and registers the element.
import { start } from "laifang:start";
import { Box, show } from "./box.js";
import { placeBoxes } from "./place.js";
import { state } from "./state.js";

const NAME = "laifang-share";

function begin() {
  placeBoxes();
  if (!window.customElements) for (const box of document.querySelectorAll(NAME)) show(box);
  else if (!customElements.get(NAME)) customElements.define(NAME, Box);
}

// The counter asks for boxes again whenever the page has changed.
start(state.plain || fetch(state.file("share", "wasm"))).then(
  () => {
    state.box = placeBoxes;
    if (document.readyState == "loading") document.addEventListener("DOMContentLoaded", begin);
    else begin();
  },
  // If the counter can't be reached either, it says so itself.
  (error) => Promise.resolve(state.hit).then(() => state.fail("no share box: " + error.message), () => {}),
);
