// The reply of a hit. A hit that failed is sent again with the same id, which counts once, for at most five minutes.

const RETRY_MS = [1000, 4000, 15000, 60000, 180000];
const UNREACHABLE = "the counter can't be reached";
const state = window[Symbol.for("laifang")];

// The page may have another Promise.
const NativePromise = (async () => {})().constructor;
const wait = (ms) => new NativePromise((done) => setTimeout(done, ms));

// What a reader without the right to count is shown has the shape of a hit's reply.
const asReply = (body) => (body.pages ? { counted: false, visitor: null, site: body.site, page: Object.values(body.pages)[0] } : body);

/** Asks until there is an answer; `attempt` is one that is under way. */
export async function reply(send, attempt) {
  for (let failures = 0; ; failures++) {
    let response;
    try {
      response = await (attempt || send());
    } catch (error) {}
    attempt = null;
    if (response && response.ok) return asReply(await response.json());
    if (response && response.status != 503) throw new Error((await response.json().catch(String)).detail || "HTTP " + response.status);
    state.fail(UNREACHABLE);
    if (failures == RETRY_MS.length) throw new Error(UNREACHABLE);
    await wait(RETRY_MS[failures]);
  }
}
