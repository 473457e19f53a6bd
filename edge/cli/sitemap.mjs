// The pages a sitemap lists: sitemaps of sitemaps, gzip and plain lists of addresses included.
import { createGunzip } from "node:zlib";
import { Readable } from "node:stream";
import sax from "sax";
import { Failure } from "./failure.mjs";
import { USER_AGENT } from "./patient_fetch.mjs";
import { isPrivate } from "./private_address.mjs";
import { t } from "./speech.mjs";

const DEEPEST = 3;
const MOST_REDIRECTS = 5;
const localName = (name) => name.slice(name.indexOf(":") + 1).toLowerCase();

/** The bytes of a stream, unpacked if they are gzip, whatever their name or headers say. */
async function* unpacked(stream) {
  const chunks = stream[Symbol.asyncIterator]();
  const { value: first, done } = await chunks.next();
  if (done) return;
  const whole = Readable.from(
    (async function* () {
      yield first;
      yield* { [Symbol.asyncIterator]: () => chunks };
    })(),
  );
  yield* first[0] === 0x1f && first[1] === 0x8b ? whole.pipe(createGunzip()) : whole;
}

/** What `<loc>` says in `<url>` and `<sitemap>`, and nowhere else (images have their own). */
export async function locationsIn(stream) {
  const found = { pages: [], sitemaps: [] };
  const parser = sax.parser(false, { lowercase: true, trim: true });
  const open = [];
  let text = "";
  let plain = "";
  parser.onopentag = ({ name }) => {
    open.push(localName(name));
    text = "";
  };
  parser.ontext = parser.oncdata = (piece) => (text += piece);
  parser.onclosetag = () => {
    const list = { url: found.pages, sitemap: found.sitemaps }[open.at(-2)];
    if (open.pop() === "loc" && list) list.push(text.trim());
  };
  parser.onerror = () => parser.resume();
  const decoder = new TextDecoder();
  let isPlain;
  for await (const chunk of unpacked(stream)) {
    const piece = decoder.decode(chunk, { stream: true });
    isPlain ??= !piece.trimStart().startsWith("<");
    if (isPlain) plain += piece;
    else parser.write(piece);
  }
  if (!isPlain) parser.close();
  found.pages.push(...plain.split(/\s+/).filter(Boolean));
  return found;
}

/** Where a redirect leads; undefined if it is none. */
const redirectOf = (response, address) => {
  const location = response.status >= 300 && response.status < 400 ? response.headers.get("location") : null;
  return location && URL.canParse(location, address) ? new URL(location, address).href : undefined;
};

/** Opens a sitemap. One that a public sitemap names, or redirects to, may not be of a private network. */
async function open(address, isPublic, redirects = 0) {
  if (isPublic && (await isPrivate(address))) throw new Failure(t`the sitemap leads to ${address}, which is inside this machine or its network; it was not opened. If that is meant, name it with --sitemap.`);
  const response = await fetch(address, { redirect: "manual", headers: { "User-Agent": USER_AGENT }, signal: AbortSignal.timeout(60_000) }).catch((error) => {
    throw new Failure(t`the sitemap ${address} can't be reached (${error.cause?.code ?? error.message}). Look at its address and at this machine's network.`);
  });
  const next = redirectOf(response, address);
  if (next && redirects < MOST_REDIRECTS) return open(next, isPublic, redirects + 1);
  if (!response.ok) throw new Failure(t`the sitemap ${address} can't be read (${response.status}). Open it in a browser; robots.txt often names the right one.`);
  return response.body;
}

/** Every page of a sitemap, once, in order. `onSitemap` hears of each file as it is opened. */
export async function pagesOf(address, onSitemap = () => {}) {
  const isPublic = !(await isPrivate(address));
  return [...new Set(await pagesBelow(address, { onSitemap, isPublic, seen: new Set() }, 0))];
}

async function pagesBelow(address, walk, depth) {
  if (walk.seen.has(address)) return [];
  walk.seen.add(address);
  walk.onSitemap(address);
  const { pages, sitemaps } = await locationsIn(await open(address, walk.isPublic)).catch((error) => {
    if (error instanceof Failure) throw error;
    throw new Failure(t`the sitemap ${address} is broken (${error.message}).`);
  });
  if (depth < DEEPEST) {
    for (const below of sitemaps) for (const page of await pagesBelow(below, walk, depth + 1)) pages.push(page);
  }
  return pages;
}
