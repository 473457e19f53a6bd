// The counter's JavaScript side: waits for the reply and the wasm, and tells the page how it went.
// What is filled, and where, is decided in Rust. A hit that failed is sent again with the same id, which
// counts once, for at most five minutes.
import { initSync, fill } from "laifang:bindgen";

const RETRY_MS = [1000, 4000, 15000, 60000, 180000];
const state = window[Symbol.for("laifang")];

const UNREACHABLE = "the counter can't be reached; the page stays as it was";

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

// What a reader without the right to count is shown has the shape of a hit's reply.
const asReply = (body) => (body.pages ? { counted: false, visitor: null, site: body.site, page: Object.values(body.pages)[0] } : body);

async function reply(send, first) {
  let attempt = first || send();
  for (const pause of [...RETRY_MS, 0]) {
    const response = await attempt.catch(() => null);
    if (response && response.ok) return asReply(await response.json());
    if (response && response.status !== 503) throw new Error((await response.json().catch(() => ({}))).detail || `HTTP ${response.status}`);
    if (!pause) break;
    state.fail(UNREACHABLE);
    await wait(pause);
    attempt = send();
  }
  throw new Error(UNREACHABLE);
}

async function start() {
  const response = await state.wasm;
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  initSync({ module: await WebAssembly.compile(await response.arrayBuffer()) });
}

const ready = Promise.all([reply(state.send, state.hit), start()]).then(([counts]) => {
  const show = () => fill(document, counts, state.tag.hasAttribute("data-replace"));
  show();
  if (document.readyState == "loading") document.addEventListener("DOMContentLoaded", show);
  document.dispatchEvent(new CustomEvent("laifang-counted", { bubbles: true, composed: true, detail: counts }));
  return counts;
});
ready.catch((error) => state.fail(error.message));

// An element named `laifang` answers for window.laifang unless a property is defined. Where the page has a
// variable of that name, it keeps it.
try {
  Object.defineProperty(window, "laifang", {
    configurable: true,
    value: {
      version: state.version,
      ready,
      async refresh() {
        const counts = await reply(() => state.send(true));
        await ready.catch(() => {});
        fill(document, counts, false);
        return counts;
      },
    },
  });
} catch (error) {}
