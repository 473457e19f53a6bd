// What happens when the wasm falls: a panic, or an exception that passed through it.
//
// Rust's state is then as it was in the middle of something: tasks that never go on, cells that stay borrowed. So the
// wasm is instantiated anew, all objects of this isolate are aborted, and the platform makes them again from their
// storage; whoever waits gets 503 at once, and a retry with the same id counts once. Out of scope: errors, which Rust
// returns.
import * as bindings from "laifang:bindgen";

const objects = new Set();
const waiting = new Set();
const PRUNE_EVERY = 256;

/** Notes an object's state, to be aborted if the wasm falls. */
export function watch(state) {
  objects.add(new WeakRef(state));
  if (objects.size % PRUNE_EVERY) return;
  for (const object of objects) if (!object.deref()) objects.delete(object);
}

/**
 * Instantiates the wasm. wasm-bindgen's glue can do it again, and refuses callbacks of an instance that is gone; it
 * takes what it needs for that by these names from its surroundings.
 */
export function instantiate(wasmModule) {
  const imports = { "./index_bg.js": bindings };
  let instance;
  Object.defineProperties(globalThis, {
    wasmModule: { value: wasmModule },
    __wbg_get_imports: { value: () => imports },
    wasmInstance: {
      get: () => instance,
      set: ({ exports }) => (instance = { exports: guardExports(exports) }),
    },
  });
  globalThis.wasmInstance = new WebAssembly.Instance(wasmModule, imports);
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
}

const scheduleReinit = Object.entries(bindings).find(([name]) => name.startsWith("__wbg___wbindgen_reinit"))[1];

function instantiateAnew() {
  scheduleReinit();
  // Any call does it; this one does nothing else.
  bindings.__worker_init_state();
}

function fall(error) {
  console.error(`the counter fell and begins anew: ${error?.stack ?? error}`);
  instantiateAnew();
  for (const fail of waiting) fail();
  waiting.clear();
  const fallen = [...objects];
  objects.clear();
  fallen.forEach(abort);
}

function abort(object) {
  try {
    object.deref()?.abort("the counter fell");
  } catch {
    // It throws to end whatever called it; the others are to be aborted, too.
  }
}

const guarded = (call) => (...words) => {
  try {
    return call(...words);
  } catch (error) {
    fall(error);
    throw error;
  }
};

/** Ways into wasm that are not called from inside it: requests, and the callbacks of microtasks and promises. */
const isWayIn = (name) => /^fetch$|_fetch$|_perform$|_alarm$|closures.*invoke/.test(name);

/** The exports of the wasm, those that are ways in guarded. */
const guardExports = (exports) =>
  Object.fromEntries(Object.entries(exports).map(([name, value]) => [name, isWayIn(name) ? guarded(value) : value]));

const problem = () =>
  Response.json(
    { type: "about:blank", title: "Service Unavailable", status: 503, code: "unavailable", detail: "The counter fell and begins anew. A retry with the same id is safe." },
    { status: 503, headers: { "Content-Type": "application/problem+json", "Access-Control-Allow-Origin": "*", "Retry-After": "2" } },
  );

/** The response of `respond()`; 503 as soon as the wasm falls, for then the response never comes. */
export async function orProblem(respond) {
  let fail;
  try {
    // The one that falls may be another request: a response is made by the one that waits.
    const response = await new Promise((done, refuse) => {
      waiting.add((fail = () => done(undefined)));
      respond().then(done, refuse);
    });
    return response ?? problem();
  } catch (error) {
    if (waiting.has(fail)) throw error;
    return problem();
  } finally {
    waiting.delete(fail);
  }
}
