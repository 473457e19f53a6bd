// ZIP files of other counters: which of their files are read, and by whom.
import { unzipSync } from "fflate";
import { FileProblem } from "./file_problem.mjs";
import { goatcounter } from "./goatcounter.mjs";
import { recordsOf } from "./csv_records.mjs";
import { readTable, tableKind } from "./web_analytics.mjs";

/** Most bytes of another counter's file once unpacked. */
export const MAX_UNPACKED_BYTES = 400_000_000;
const READ = /(^|\/)(info\.json|paths\.jsonl|hit_stats\.jsonl|pages\.csv|visitors\.csv|imported_pages[^/]*\.csv|imported_visitors[^/]*\.csv|website_event[^/]*\.csv)$/;
const SPREADSHEET = /^(xl|word|ppt)\//;
const LISTED = 8;

/** Reads an archive as the export of whichever counter made it. */
export function readArchive(bytes, site) {
  const { files, names } = unpacked(bytes);
  if (files["hit_stats.jsonl"] || files["paths.jsonl"]) return goatcounter(files, site);
  const find = (pattern) => Object.keys(files).find((name) => pattern.test(name));
  const pages = find(/^imported_pages/) ?? find(/^pages\.csv$/) ?? find(/^website_event/);
  if (!pages) {
    if (names.some((name) => SPREADSHEET.test(name))) throw new FileProblem("spreadsheet");
    throw new FileProblem("zipWithout", { names: names.slice(0, LISTED).join(", ") });
  }
  const totals = pages.startsWith("imported_") ? find(/^imported_visitors/) : find(/^visitors\.csv$/);
  const kind = kindOf(files[pages]);
  if (!kind || kind === "plausibleTotals") throw new FileProblem("zipWithout", { names: names.slice(0, LISTED).join(", ") });
  return readTable(kind, files[pages], site, { file: pages, totals: totals && { text: files[totals], file: totals } });
}

/** The kind of table that a CSV text is of. */
export function kindOf(text) {
  const { value } = recordsOf(text).next();
  return value ? tableKind(value.cells.map((cell) => cell.toLowerCase())) : null;
}

function unpacked(bytes) {
  const names = [];
  let size = 0;
  const isRead = ({ name, originalSize }) => {
    names.push(name);
    if (!READ.test(name)) return false;
    size += originalSize;
    if (size > MAX_UNPACKED_BYTES) throw new FileProblem("tooLarge");
    return true;
  };
  try {
    const found = unzipSync(bytes, { filter: isRead });
    const text = (content) => new TextDecoder("utf-8").decode(content);
    return { names, files: Object.fromEntries(Object.entries(found).map(([name, content]) => [name.split("/").at(-1), text(content)])) };
  } catch (error) {
    if (error instanceof FileProblem) throw error;
    throw new FileProblem("brokenZip");
  }
}
