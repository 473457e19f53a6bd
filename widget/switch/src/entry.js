// The switch's JavaScript side: starts the part, and asks.
import * as glue from "laifang:bindgen";
import { start } from "laifang:start";

const state = window[Symbol.for("laifang")];

start(state.plain || fetch(state.file("switch", "wasm")), glue).then(
  () => glue.ask(state.tag.getAttribute("data-lang") || undefined),
  (error) => console.warn(`laifang: the switch can't be asked (${error.message})`),
);
