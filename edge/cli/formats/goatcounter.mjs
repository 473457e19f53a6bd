// GoatCounter's JSON export: a ZIP with `paths.jsonl` and `hit_stats.jsonl`, whose counts are visits by path, hour and
// referrer. A visit of a path is its first view in a session; later views are not in the file.
import { FileProblem } from "./file_problem.mjs";
import { linesOf } from "./json_records.mjs";
import { countIn, PageTable } from "./page_table.mjs";

const MAJOR_VERSION = "1";

/** `files` by their names without folders. */
export function goatcounter(files, site) {
  const version = files["info.json"] && linesOfWhole(files["info.json"]).export_version;
  if (version && String(version).split(".")[0] !== MAJOR_VERSION) throw new FileProblem("newerVersion", { text: String(version) });
  if (!files["hit_stats.jsonl"] || !files["paths.jsonl"]) throw new FileProblem("zipWithout", { names: Object.keys(files).join(", ") });
  const paths = new Map();
  for (const { value } of linesOf(files["paths.jsonl"], "paths.jsonl")) paths.set(value.id, value);
  const table = new PageTable(site);
  for (const { value, line } of linesOf(files["hit_stats.jsonl"], "hit_stats.jsonl")) {
    const place = { line, file: "hit_stats.jsonl" };
    const path = paths.get(value.path_id);
    const visits = countIn(value.count);
    if (visits === undefined) throw new FileProblem("badCount", { ...place, text: JSON.stringify(value.count ?? null) });
    if (!path) throw new FileProblem("unknownPath", { ...place, text: JSON.stringify(value.path_id ?? null) });
    if (path.event) table.leave("event", path.path);
    else table.add(path.path, { views: visits, visitors: visits }, place);
  }
  table.totalFromPages();
  return table.finish("goatcounter", ["visitsAsViews", "noDays"]);
}

function linesOfWhole(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new FileProblem("damaged", { line: 1, file: "info.json" });
  }
}
