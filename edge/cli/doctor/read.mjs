// Reads an address as a browser would: the same headers where servers decide by them, a bounded time and size.
import { isPrivate } from "../private_address.mjs";
import { VERSION } from "../release.mjs";

const TIMEOUT_MS = 20_000;
const MOST_REDIRECTS = 5;
/** A page beyond that is read so far: parsing takes a hundred times its bytes of memory. */
const MOST_BYTES = 5_000_000;
const AS_BROWSER = {
  "User-Agent": `Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0 (laifang doctor ${VERSION})`,
  Accept: "text/html,application/xhtml+xml,*/*;q=0.8",
};

class PrivateAddress extends Error {}

async function bytesOf(body) {
  const pieces = [];
  let bytes = 0;
  for await (const piece of body ?? []) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes > MOST_BYTES) break;
  }
  return Buffer.concat(pieces);
}

/** The media type of an answer, in lower case. */
const typeOf = (headers) => (headers.get("content-type") ?? "").split(";")[0].trim().toLowerCase();

/** Follows redirects as a browser does; what a public page names leads to no private network. */
async function open(address, { init, isOfPublic, redirects }) {
  if (isOfPublic && (await isPrivate(address))) throw new PrivateAddress(address);
  const response = await fetch(address, { ...init, redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) });
  const location = response.status >= 300 && response.status < 400 ? response.headers.get("location") : null;
  if (!location || !redirects || !URL.canParse(location, address)) return response;
  await response.body?.cancel();
  return open(new URL(location, address).href, { init, isOfPublic, redirects: redirects - 1 });
}

/**
 * `{status, url, headers, type, isHtml, bytes, text, at}`, `at` being when it was asked; or `{failure}`, with `isPrivate`
 * where that is why. `isOfPublic`: the address, or what it redirects to, was named by somebody on a public page.
 */
export async function read(address, { headers, redirects = MOST_REDIRECTS, isOfPublic = false } = {}) {
  try {
    const askedAt = Date.now();
    const response = await open(address, { init: { headers: { ...AS_BROWSER, ...headers } }, isOfPublic, redirects });
    const at = (askedAt + Date.now()) / 2;
    const bytes = await bytesOf(response.body);
    const type = typeOf(response.headers);
    return { status: response.status, url: response.url, headers: response.headers, type, isHtml: /^(text\/html|application\/xhtml\+xml)$/.test(type), bytes, text: bytes.toString(), at };
  } catch (error) {
    return { failure: error.cause?.code ?? error.cause?.message ?? error.message, isPrivate: error instanceof PrivateAddress };
  }
}

/** The JSON of an answer; undefined where it is none. */
export function jsonOf({ text }) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
