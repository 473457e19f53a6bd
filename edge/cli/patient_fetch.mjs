// Asks a service that owes us nothing: says who asks, waits when told to, gives up after a few tries.
import { setTimeout as wait } from "node:timers/promises";
import { VERSION } from "./release.mjs";
import { Unreadable } from "./sources/unreadable.mjs";
import { t } from "./speech.mjs";

export const USER_AGENT = `Mozilla/5.0 (compatible; laifang/${VERSION}; the site's owner moves its counts)`;
const TRIES = 5;
const LONGEST_WAIT_MS = 5 * 60_000;
const TIMEOUT_MS = 20_000;

/** How long a refusal asks to wait, or a little longer each time. */
function pauseAfter(response, attempt, unitMs) {
  const seconds = Number(response?.headers.get("retry-after"));
  const asked = seconds > 0 ? seconds * 1000 : (response?.status === 429 ? 60 : 2 ** (attempt + 1)) * unitMs;
  return Math.min(asked, LONGEST_WAIT_MS);
}

/**
 * The result of `read(response)`. A refusal for now (429, 5xx), a broken connection or an answer without sense is
 * asked again; what remains is thrown. `unitMs` is a second, shorter in tests. `onWait` hears of each pause.
 */
export async function askPatiently([address, init], read, { unitMs = 1000, onWait = () => {} } = {}) {
  for (let attempt = 0; ; attempt++) {
    let response;
    let trouble;
    try {
      const headers = { "User-Agent": USER_AGENT, ...init.headers };
      response = await fetch(address, { ...init, headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
      if (response.ok) return await read(response);
      trouble = new Error(t`it answered ${response.status}`);
      if (response.status < 500 && response.status !== 429) throw Object.assign(trouble, { isFinal: true });
    } catch (error) {
      if (error.isFinal) throw error;
      trouble ??= error instanceof Unreadable ? error : new Error(error.cause?.code ?? error.message);
    }
    if (attempt + 1 === TRIES) throw trouble;
    const pauseMs = pauseAfter(response, attempt, unitMs);
    onWait(pauseMs, trouble.message);
    await wait(pauseMs);
  }
}
