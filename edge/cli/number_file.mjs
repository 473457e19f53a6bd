// A file of numbers, as it is on disk: an export of ours (NDJSON), CSV `page,views,visitors`, or GoatCounter's
// CSV export, each plain or gzip. What it is is told by its first line, not by its name.
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { Failure } from "./failure.mjs";
import { HEADER as GOATCOUNTER, sumUp } from "./sources/goatcounter.mjs";
import { progress } from "./terminal.mjs";

const CSV = "text/csv; charset=utf-8";
const NDJSON = "application/x-ndjson";
const BYTE_ORDER_MARK = "\ufeff";
const UNKNOWN =
  "Three kinds are: an export of a Laifang site (NDJSON), CSV with the columns page,views,visitors, and GoatCounter's CSV export; each in UTF-8, plain or gzip.";

async function isGzip(file) {
  const handle = await open(file);
  try {
    const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

function stream(file, gzip) {
  const bytes = createReadStream(file);
  return gzip ? bytes.pipe(createGunzip()) : bytes;
}

async function firstLine(file, gzip) {
  let text = "";
  for await (const chunk of stream(file, gzip).setEncoding("utf8")) {
    text += chunk;
    if (text.includes("\n") || text.length > 65_536) break;
  }
  return text.replace(BYTE_ORDER_MARK, "").split(/\r?\n/)[0].trim();
}

const quoted = (page) => (/[",\r\n]/.test(page) ? `"${page.replaceAll('"', '""')}"` : page);

/** Totals and pages as the CSV our import takes. `pages` is of `[page, {views, visitors}]`. */
export function csvOf(site, pages) {
  const lines = ["page,views,visitors", `*,${site.views},${site.visitors}`];
  for (const [page, { views, visitors }] of pages) lines.push(`${quoted(page)},${views},${visitors}`);
  return lines.join("\n") + "\n";
}

/** Text as something to import. */
export const csvImport = (text) => ({ type: CSV, bytes: () => [Buffer.from(text)] });

async function goatcounterImport(file, gzip) {
  const line = progress();
  let lines = 0;
  const { site, pages, left } = await sumUp(stream(file, gzip), () => line.show(`reading ${file}: ${++lines} views`));
  line.end(`${file} is a GoatCounter export: ${site.views} views, ${site.visitors} visitors, ${pages.size} pages; ${left} lines of bots, events or no page left out`);
  return csvImport(csvOf(site, pages));
}

/** A file as something to import: `{type, bytes()}`. */
export async function readNumberFile(file) {
  try {
    const gzip = await isGzip(file);
    const head = await firstLine(file, gzip);
    if (GOATCOUNTER.test(head)) return await goatcounterImport(file, gzip);
    const type = head.startsWith("{") ? NDJSON : /^"?page"?\s*,/i.test(head) ? CSV : undefined;
    if (type) return { type, bytes: () => Readable.from(stream(file, gzip)) };
    throw new Failure(`${file} begins with “${head.slice(0, 60)}”, which is no kind of file that is known. ${UNKNOWN}`);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(`${file} can't be read (${error.code ?? error.message}).`);
  }
}
