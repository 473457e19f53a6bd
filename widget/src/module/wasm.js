// Starts a part as WebAssembly, from a response that is on its way. `imports` is the glue, where the part calls out.
import { __wbg_set_wasm } from "laifang:bindgen";

export async function start(arriving, imports) {
  const response = await arriving;
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  const { instance } = await WebAssembly.instantiate(await response.arrayBuffer(), { "./index_bg.js": imports });
  __wbg_set_wasm(instance.exports);
  return instance.exports;
}
