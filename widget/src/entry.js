// The counter's JavaScript side: waits for the reply and the wasm, and tells the page how it went.
// What is filled, and where, is decided in Rust. A hit that failed is sent again with the same id, which
// counts once, for at most five minutes.
import init, { fill } from "laifang:bindgen";

const RETRY_MS = [1000, 4000, 15000, 60000, 180000];
const state = window[Symbol.for("laifang")];

const event = (name, detail) =>
  document.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }));

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

// What a reader without the right to count is shown has the shape of a hit's reply.
const asReply = (body) => (state.read ? { counted: false, visitor: null, site: body.site, page: Object.values(body.pages)[0] } : body);

async function reply(first) {
  let attempt = first;
  for (const pause of [...RETRY_MS, 0]) {
    const response = await attempt.catch(() => null);
    if (response && response.ok) return asReply(await response.json());
    if (response && response.status !== 503) throw new Error((await response.json().catch(() => ({}))).detail || `HTTP ${response.status}`);
    if (!pause) break;
    if (!warned) warn("the counter can't be reached; the page stays as it was");
    await wait(pause);
    attempt = state.send();
  }
  throw new Error("the counter can't be reached; the page stays as it was");
}

let warned = false;
function warn(message) {
  if (!warned) console.warn(`laifang: ${message}`);
  warned = true;
}

const ready = Promise.all([reply(state.hit), state.wasm.then((response) => init({ module_or_path: response }))]).then(([counts]) => {
  fill(counts, state.tag.hasAttribute("data-replace"));
  event("laifang-counted", counts);
  return counts;
});
ready.catch((error) => {
  warn(error.message);
  event("laifang-error", { message: error.message });
});

// An element named `laifang` answers for window.laifang unless a property is defined.
Object.defineProperty(window, "laifang", {
  configurable: true,
  value: {
    version: state.version,
    ready,
    async refresh() {
      state.read = true;
      const counts = await reply(state.send());
      fill(counts, false);
      return counts;
    },
  },
});
