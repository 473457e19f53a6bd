// What comment servers export, as far as they count views: Waline's whole database (`waline.json`, its table
// `Counter`), Twikoo's counter (`twikoo-counter.json`), and LeanCloud's records without their first line or in the
// older form `{"results": […]}`. Comments, addresses and password hashes in these files are read by nobody.
import { FileProblem } from "./file_problem.mjs";
import { linesOf, objectsIn } from "./json_records.mjs";
import { countIn, PageTable } from "./page_table.mjs";

/** Neither counts the site as a whole, nor visitors. */
const NOTES = ["noTotal"];
/** As many records as Tencent's database gives at once, by default and at most: Twikoo there asks once. */
const CUT_AT = [100, 1000];
const TOTALS = { "site-pv": "views", "site-uv": "visitors" };

const isInCounter = (keys) => keys.at(-1) === "Counter" && keys.includes("data");

export function waline(text, site) {
  return gather("waline", objectsIn(text, isInCounter), site);
}

export function twikoo(text, site) {
  return gather("twikoo", objectsIn(text, (keys) => keys.length === 0), site);
}

export function leancloudResults(text, site) {
  return gather("leancloud", objectsIn(text, (keys) => keys.join() === "results"), site);
}

export function leancloudLines(text, site) {
  return gather("leancloud", linesOf(text), site);
}

function gather(kind, records, site) {
  const table = new PageTable(site);
  let read = 0;
  for (const { value, line, lineOf = () => line } of records) {
    read += 1;
    const page = value.target ?? value.url ?? value.path;
    if (value.time === null || value.time === undefined) {
      table.leave("noViews", page);
      continue;
    }
    const views = countIn(value.time);
    if (views === undefined) throw new FileProblem("badCount", { line: lineOf("time"), text: JSON.stringify(value.time) });
    if (TOTALS[value.target]) table.addTotal({ [TOTALS[value.target]]: views });
    else table.add(page, { views }, { line });
  }
  const notes = table.total.views === undefined ? [...NOTES] : [];
  if (kind === "twikoo" && CUT_AT.includes(read)) notes.push("maybeCut");
  return table.finish(kind, notes);
}
