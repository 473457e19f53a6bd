// The Worker's module: instantiates the wasm that Rust was compiled to and hands it what arrives.
// Why by hand: the platform gives a compiled WebAssembly.Module, which wasm-bindgen's bundler output
// leaves to the bundler. Out of scope: every decision.
import * as bindings from "laifang:bindgen";
import { isRobot } from "./readers.js";
import wasm from "./index.wasm";

globalThis.laifangIsBot = isRobot;

const instance = new WebAssembly.Instance(wasm, { "./index_bg.js": bindings });
bindings.__wbg_set_wasm(instance.exports);
instance.exports.__wbindgen_start?.();

export const { SiteCounter, WriteBudget } = bindings;
export default {
  fetch(request, env, context) {
    return bindings.fetch(request, env, context);
  },
};
