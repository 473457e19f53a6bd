// What a file is, by its beginning: one that the counter reads itself, one of another counter that is turned into a
// table here, or none that can be imported, which gets the code of a sentence that says what it seems to be.
//
// Shared by the command and the console. Out of scope: reading what the counter reads, gzip, other encodings.
import { kindOf, readArchive } from "./archive.mjs";
import { leancloudLines, leancloudResults, twikoo, waline } from "./comment_servers.mjs";
import { FileProblem, shown } from "./file_problem.mjs";
import { readTable } from "./web_analytics.mjs";

/** So much of a file's beginning is enough. */
export const HEAD_BYTES = 65_536;

const LEANCLOUD_MARK = "#filetype:JSON-streaming";
/** Headings of a table and of GoatCounter's CSV export (`2Path,…`), or a table without one. */
const OWN_TABLE = /^"?(\d,?)?(page|path)"?\s*,|^"?(\*|\/|https?:\/\/)[^,]*,\s*\d/i;

const ZIP_MARK = [0x50, 0x4b, 3, 4];
const UTF16_MARKS = [[0xff, 0xfe], [0xfe, 0xff]];
const NEVER_IN_TEXT = /[\0-\x08\x0e-\x1a]/;
const startsWith = (bytes, start) => start.every((byte, index) => bytes[index] === byte);

/** `{own: "csv" | "ndjson"}` for what the counter reads; else `{read(bytes, site)}`; a FileProblem for neither. */
export function recognise(head) {
  if (!head.length) throw new FileProblem("empty");
  if (startsWith(head, ZIP_MARK)) return { read: readArchive };
  const text = textOf(head);
  const begin = text.trimStart();
  const first = begin.split(/\r?\n/)[0].trim();
  if (first.startsWith(LEANCLOUD_MARK)) return { own: "ndjson" };
  if (begin.startsWith("{")) return json(begin, first);
  if (begin.startsWith("[")) return list(begin);
  if (begin.startsWith("<")) throw new FileProblem(/^<\?xml/i.test(begin) && !/<html/i.test(begin) ? "xml" : "html");
  if (OWN_TABLE.test(first)) return { own: "csv" };
  return csv(begin, first);
}

/** The beginning as text; its last character may be cut in two. */
function textOf(head) {
  if (UTF16_MARKS.some((mark) => startsWith(head, mark))) throw new FileProblem("utf16");
  const ascii = new TextDecoder("latin1").decode(head);
  if (ascii.startsWith("SQLite format 3")) throw new FileProblem("database");
  if (NEVER_IN_TEXT.test(ascii) || ascii.startsWith("%PDF")) throw new FileProblem("binary");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
  } catch {
    throw new FileProblem("notUtf8");
  }
}

const reader = (read) => ({ read: (bytes, site) => read(new TextDecoder("utf-8").decode(bytes), site) });

function json(begin, first) {
  if (/"type"\s*:\s*"waline"/.test(begin)) return reader(waline);
  if (/^\{\s*"results"\s*:/.test(begin)) return reader(leancloudResults);
  const keys = keysOf(first);
  if (keys.has("laifang")) return { own: "ndjson" };
  if (/"export_version"\s*:/.test(begin) || keys.has("path_id") || (keys.has("id") && keys.has("path"))) throw new FileProblem("partOfGoatcounter");
  if (keys.has("time") && (keys.has("url") || keys.has("target"))) return reader(leancloudLines);
  if (isComment(keys)) throw new FileProblem("comments");
  throw new FileProblem("unknownJson", { text: shown(first) });
}

function list(begin) {
  const keys = keysOf(begin.slice(1, begin.indexOf("}") + 1 || undefined));
  if (isComment(keys)) throw new FileProblem("comments");
  if (/^\[\s*\]/.test(begin)) throw new FileProblem("empty");
  if (keys.has("url") && keys.has("time")) return reader(twikoo);
  throw new FileProblem("unknownJson", { text: shown(begin) });
}

const isComment = (keys) => ["comment", "content", "page_key", "mail"].some((key) => keys.has(key));

/** The names in an object's text, which may be cut off. */
const keysOf = (text) => new Set([...text.matchAll(/"([\w-]+)"\s*:/g)].map(([, key]) => key));

function csv(begin, first) {
  const kind = kindOf(`${first}\n`);
  if (kind === "plausibleTotals") throw new FileProblem("totalsAlone");
  if (kind) return reader((text, site) => readTable(kind, text, site));
  if (first.includes(",")) throw new FileProblem("otherTable", { text: shown(first) });
  throw new FileProblem("unknown", { text: shown(begin) });
}
