// The Worker's module: instantiates the wasm that Rust was compiled to and hands it what arrives.
// Why by hand: the platform gives a compiled WebAssembly.Module, which wasm-bindgen's bundler output
// leaves to the bundler. Where the Worker stands before a site (`TAG_HOSTS`), pages and files are handed out from here
// (`pages.js`). Out of scope: every decision about counting.
import * as bindings from "laifang:bindgen";
import { JOB_ADDRESS, respond } from "./carry.js";
import { instantiate, orProblem, watch } from "./guard.js";
import { FOLDER, insideFolder, isTagged, passOn, withoutFolder } from "./pages.js";
import { isRobot } from "./readers.js";
import wasm from "./index.wasm";

globalThis.laifangIsBot = isRobot;

instantiate(wasm);

/** Whether a gateway stands before the Worker and this did not come by it (`edge/cli/gateway.mjs`): no visitor's address is believed. */
const isPastGateway = (request, { GATEWAY_KEY: key }) => key && request.headers.get("cf-laifang-gateway") !== key;

const isApi = (pathname) => pathname.startsWith("/v1/") || pathname === "/openapi.json";

const count = (request, env) => orProblem(() => respond(request, env));

/** The counter's own answer: the platform leaves files to the Worker where it stands before a site. */
async function answer(request, env) {
  if (!isApi(new URL(request.url).pathname)) {
    const file = await env.ASSETS.fetch(request);
    if (file.status !== 404) return file;
  }
  return count(request, env);
}

const watched = (Inner) =>
  class extends Inner {
    constructor(state, env) {
      super(state, env);
      // Otherwise Rust alone holds it, and what a fallen wasm held may be collected before the object is aborted.
      this.watchedState = state;
      watch(state);
    }
  };

export class SiteCounter extends watched(bindings.SiteCounter) {
  async fetch(request) {
    return request.url === JOB_ADDRESS ? this.perform(await request.text()) : super.fetch(request);
  }
}
export const WriteBudget = watched(bindings.WriteBudget);

export default {
  async fetch(request, env, context) {
    if (isPastGateway(request, env)) return new Response(null, { status: 403 });
    if (!env.TAG_HOSTS) return count(request, env);
    const url = new URL(request.url);
    if (!isTagged(env, url.hostname)) return answer(request, env);
    if (url.pathname.startsWith(FOLDER)) return insideFolder(await answer(withoutFolder(request, url), env));
    context.passThroughOnException();
    return passOn(request);
  },
};
