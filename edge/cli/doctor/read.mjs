// Reads an address as a browser would: the same headers where servers decide by them, a bounded time and size.
import { VERSION } from "../release.mjs";

const TIMEOUT_MS = 20_000;
const MOST_BYTES = 20_000_000;
const AS_BROWSER = {
  "User-Agent": `Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0 (laifang doctor ${VERSION})`,
  Accept: "text/html,application/xhtml+xml,*/*;q=0.8",
};

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

/** `{status, url, headers, type, isHtml, bytes, text, at}`, `at` being when it was asked; or `{failure}`. */
export async function read(address, { headers, redirect = "follow" } = {}) {
  try {
    const askedAt = Date.now();
    const response = await fetch(address, { redirect, headers: { ...AS_BROWSER, ...headers }, signal: AbortSignal.timeout(TIMEOUT_MS) });
    const at = (askedAt + Date.now()) / 2;
    const bytes = await bytesOf(response.body);
    const type = typeOf(response.headers);
    return { status: response.status, url: response.url, headers: response.headers, type, isHtml: /^(text\/html|application\/xhtml\+xml)$/.test(type), bytes, text: bytes.toString(), at };
  } catch (error) {
    return { failure: error.cause?.code ?? error.cause?.message ?? error.message };
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
