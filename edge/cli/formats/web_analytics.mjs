// CSV of Plausible and Umami.
//
// Plausible: the site's export (`imported_pages…csv`, `imported_visitors…csv`, a row a day) or the dashboard's
// (`pages.csv`, `visitors.csv`, at most 100 pages). Umami: a page table with `name,pageviews,visitors,…`, the website
// export's `pages.csv` (`x,y`: visitors of at most 500 pages), or the Cloud's table of events, a row an event.
import { FileProblem, shown } from "./file_problem.mjs";
import { rowsOf } from "./csv_records.mjs";
import { countIn, PageTable } from "./page_table.mjs";

const PLAUSIBLE_LIMIT = 100;
const UMAMI_LIMIT = 500;
const PAGE_VIEW = "1";
/** Columns of a table of days; other tables with a date name a browser, a country and the like, too. */
const TOTALS = new Set(["date", "visitors", "pageviews", "visits", "views_per_visit", "bounces", "bounce_rate", "visit_duration", "scroll_depth"]);

/** What kind of table a heading is of, or null. Each kind has its reader in `READERS`. */
export function tableKind(columns) {
  const has = (...names) => names.every((name) => columns.includes(name));
  if (has("date", "page", "visitors", "pageviews")) return "plausibleDays";
  if (has("date", "visitors", "pageviews") && columns.every((column) => TOTALS.has(column))) return "plausibleTotals";
  if (has("name", "pageviews", "visitors", "totaltime")) return "umamiPages";
  if (has("name", "pageviews", "visitors")) return "plausiblePages";
  if (columns.join() === "x,y") return "umamiVisitors";
  if (has("session_id", "url_path", "event_type", "created_at")) return "umamiEvents";
  return null;
}

/** Reads a table of pages; `totals` is the text of the table with the site's days, where there is one. */
export function readTable(kind, text, site, { file, totals } = {}) {
  const table = new PageTable(site);
  READERS[kind](rowsOf(text, file), table, file);
  if (totals) for (const { value, line } of rowsOf(totals.text, totals.file)) table.addTotal(countsOf(value, { line, file: totals.file }));
  else if (kind !== "umamiEvents") table.totalFromPages();
  const result = table.finish(kind.startsWith("umami") ? "umami" : "plausible");
  return { ...result, notes: notesOf(kind, result.pages, Boolean(totals)) };
}

function notesOf(kind, pages, hasTotals) {
  const notes = kind === "umamiVisitors" ? ["visitorsAsViews"] : [];
  if (kind === "plausiblePages" && pages >= PLAUSIBLE_LIMIT) notes.push("limited100");
  if (kind === "umamiVisitors" && pages >= UMAMI_LIMIT) notes.push("limited500");
  if (!hasTotals && kind.startsWith("plausible")) notes.push("totalFromPages");
  return [...notes, "noDays"];
}

const READERS = {
  plausibleDays: (rows, table, file) => {
    for (const { value, line } of rows) addPage(table, value.page, countsOf(value, { line, file }), { line, file });
  },
  plausiblePages: addNamed,
  umamiPages: addNamed,
  umamiVisitors: (rows, table, file) => {
    for (const { value, line } of rows) {
      const visitors = whole(value.y, { line, file });
      addPage(table, value.x, { views: visitors, visitors }, { line, file });
    }
  },
  umamiEvents: (rows, table, file) => new Events(table, file).read(rows),
};

function addNamed(rows, table, file) {
  for (const { value, line } of rows) addPage(table, value.name, countsOf(value, { line, file }), { line, file });
}

/** Browsers, countries and the like have the same columns as pages. */
function addPage(table, name, counts, place) {
  if (name.startsWith("/") || /^https?:/i.test(name)) table.add(name, counts, place);
  else table.leave("noPath", name);
}

const countsOf = ({ pageviews, visitors }, place) => ({ views: whole(pageviews, place), visitors: whole(visitors, place) });

function whole(text, place) {
  const number = countIn(text);
  if (number === undefined) throw new FileProblem("badCount", { ...place, text: shown(text) });
  return number;
}

/** Events of visitors: a visitor is a session on a day, as the days of a site are added up here, too. */
class Events {
  #table;
  #file;
  #known = new Set();

  constructor(table, file) {
    this.#table = table;
    this.#file = file;
  }

  read(rows) {
    for (const { value, line } of rows) this.#take(value, { line, file: this.#file });
  }

  #take({ url_path: path, session_id: session, event_type: type, created_at: at }, place) {
    if (type !== PAGE_VIEW) return this.#table.leave("event", path);
    const day = /^\d{4}-\d\d-\d\d/.exec(at)?.[0];
    if (!day) throw new FileProblem("badDate", { ...place, text: shown(at) });
    this.#table.addTotal({ views: 1, visitors: this.#isNew(`${session} ${day}`) });
    addPage(this.#table, path, { views: 1, visitors: this.#isNew(`${session} ${day} ${path}`) }, place);
  }

  #isNew(name) {
    if (this.#known.has(name)) return 0;
    this.#known.add(name);
    return 1;
  }
}
