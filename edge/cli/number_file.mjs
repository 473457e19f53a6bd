// A file of numbers, as it is on disk, plain or gzip: what the counter reads goes there as it is (an export of ours,
// CSV `page,views,visitors`, GoatCounter's CSV, LeanCloud's `Counter.0.jsonl`), other counters' files are turned into
// such a table first. What it is is told by its first bytes, not by its name. Out of scope: what the formats are
// (`formats/`).
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { Failure } from "./failure.mjs";
import { sentenceOf } from "./file_sentences.mjs";
import { MAX_UNPACKED_BYTES } from "./formats/archive.mjs";
import { FileProblem } from "./formats/file_problem.mjs";
import { quoted } from "./formats/page_table.mjs";
import { HEAD_BYTES, recognise } from "./formats/recognise.mjs";
import { t } from "./speech.mjs";

const CSV = "text/csv; charset=utf-8";
const TYPES = { csv: CSV, ndjson: "application/x-ndjson" };

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

/** The file's bytes, or as many of its first as are asked for at least. */
async function bytesOf(file, gzip, least = MAX_UNPACKED_BYTES + 1) {
  const chunks = [];
  let size = 0;
  for await (const chunk of stream(file, gzip)) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= least) break;
  }
  if (size > MAX_UNPACKED_BYTES) throw new FileProblem("tooLarge");
  return Buffer.concat(chunks);
}

/** A site's totals and its pages' views as a table. `pages` is of `[page, views]`; their visitors stay open. */
export function tableOf(site, pages) {
  const lines = ["page,views,visitors", `*,${site.views},${site.visitors}`];
  for (const [page, views] of pages) lines.push(`${quoted(page)},${views},`);
  return lines.join("\n") + "\n";
}

/** Text as something to import. */
export const tableImport = (text) => ({ type: CSV, bytes: () => [Buffer.from(text)] });

/** A file as something to import: `{type, bytes()}`; of another counter's file also `understood` and `placeOf(line)`. */
export async function readNumberFile(file, site) {
  try {
    const gzip = await isGzip(file);
    const { own, read } = recognise((await bytesOf(file, gzip, HEAD_BYTES)).subarray(0, HEAD_BYTES));
    if (own) return { type: TYPES[own], bytes: () => Readable.from(stream(file, gzip)) };
    const understood = read(await bytesOf(file, gzip), site);
    return { ...tableImport(understood.text), understood, placeOf: understood.placeOf };
  } catch (error) {
    if (error instanceof FileProblem) throw new Failure(sentenceOf(file, error));
    throw new Failure(t`${file} can't be read (${error.code ?? error.message}).`);
  }
}
