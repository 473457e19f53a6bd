// Starts a part as plain JavaScript: the same wasm, translated when the bundle was built.
import { __wbg_set_wasm } from "laifang:bindgen";
import * as translated from "laifang:translated";

export async function start() {
  __wbg_set_wasm(translated);
  return translated;
}
