// A file of numbers, as it is on disk: an export of ours (NDJSON), CSV `page,views,visitors`, GoatCounter's CSV
// export, or LeanCloud's class Counter (JSON lines), each plain or gzip. What it is is told by its first line, not by its name. Out of scope: reading
// it, which the counter does.
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { Failure } from "./failure.mjs";
import { t } from "./speech.mjs";

const CSV = "text/csv; charset=utf-8";
const NDJSON = "application/x-ndjson";
const BYTE_ORDER_MARK = "\ufeff";
/** Headings of a table and of GoatCounter's export (`2Path,…`), or a table without one. */
const TABLE = /^"?(\d,?)?(page|path)"?\s*,|^"?(\*|\/|https?:\/\/)[^,]*,\s*\d/i;
const LEANCLOUD_MARK = "#filetype:JSON-streaming";
const UNKNOWN = t`Four kinds are: an export of a Laifang site (NDJSON), CSV with the columns page,views,visitors, GoatCounter's CSV export, and LeanCloud's Counter.0.jsonl; each in UTF-8, plain or gzip.`;

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

/** A site's totals and its pages' views as a table. `pages` is of `[page, views]`; their visitors stay open. */
export function tableOf(site, pages) {
  const lines = ["page,views,visitors", `*,${site.views},${site.visitors}`];
  for (const [page, views] of pages) lines.push(`${quoted(page)},${views},`);
  return lines.join("\n") + "\n";
}

/** Text as something to import. */
export const tableImport = (text) => ({ type: CSV, bytes: () => [Buffer.from(text)] });

/** A file as something to import: `{type, bytes()}`. */
export async function readNumberFile(file) {
  try {
    const gzip = await isGzip(file);
    const head = await firstLine(file, gzip);
    const type = head.startsWith("{") || head.startsWith(LEANCLOUD_MARK) ? NDJSON : TABLE.test(head) ? CSV : undefined;
    if (type) return { type, bytes: () => Readable.from(stream(file, gzip)) };
    throw new Failure(t`${file} begins with “${head.slice(0, 60)}”, which is no kind of file that is known. ${UNKNOWN}`);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(t`${file} can't be read (${error.code ?? error.message}).`);
  }
}
