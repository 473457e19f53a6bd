// Pages with their counts, gathered from another counter's records, and as the table `page,views,visitors` that
// the counter imports. What is left out is counted by its reason, with a few examples. Which addresses are one
// page is the counter's to say; here only records in the very same words are added up.
import { FileProblem, shown } from "./file_problem.mjs";

const MAX_COUNT = Number.MAX_SAFE_INTEGER;
/** The counter takes no longer key; what isn't ASCII has three bytes for each of its own there. */
const MAX_PATH_BYTES = 1024;
const EXAMPLES = 3;
const HEADING = "page,views,visitors";

/** A page's name as a cell of CSV. */
export const quoted = (page) => (/[",\r\n]/.test(page) ? `"${page.replaceAll('"', '""')}"` : page);
const sum = (one, other) => (one === undefined && other === undefined ? undefined : Math.min((one ?? 0) + (other ?? 0), MAX_COUNT));
const keyBytes = (name) => new TextEncoder().encode(name).reduce((bytes, byte) => bytes + (byte < 0x21 || byte > 0x7e ? 3 : 1), 0);
const withoutWww = (host) => host.replace(/^www\./, "");

/** A count as another counter wrote it, or undefined if it is none. */
export function countIn(value) {
  const number = typeof value === "string" && /^\d+$/.test(value.trim()) ? Number(value) : value;
  return Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

export class PageTable {
  #site;
  #pages = new Map();
  #left = new Map();
  total = {};

  /** `site` is the host whose pages are taken. */
  constructor(site) {
    this.#site = site;
  }

  /** Takes a record of a page; `place` is where it was read: `{line, file}`. */
  add(name, { views, visitors }, place) {
    const text = String(name ?? "").trim();
    const reason = this.#reasonAgainst(text);
    if (reason) return this.leave(reason, text);
    const known = this.#pages.get(text) ?? { place };
    this.#pages.set(text, { ...known, views: sum(known.views, views), visitors: sum(known.visitors, visitors) });
  }

  /** Adds to the counts of the whole site. */
  addTotal({ views, visitors }) {
    this.total = { views: sum(this.total.views, views), visitors: sum(this.total.visitors, visitors) };
  }

  /** The views of all pages as those of the site, for counters whose total is just that. */
  totalFromPages() {
    for (const { views } of this.#pages.values()) this.addTotal({ views });
  }

  /** Notes a record that is left out: `reason` is one of `noPath`, `otherSite`, `tooLong`, `noViews`, `event`. */
  leave(reason, name) {
    const { count = 0, examples = [] } = this.#left.get(reason) ?? {};
    const more = examples.length < EXAMPLES && name ? [...examples, shown(name)] : examples;
    this.#left.set(reason, { count: count + 1, examples: more });
  }

  #reasonAgainst(name) {
    if (/^https?:\/\//i.test(name)) {
      if (!URL.canParse(name)) return "noPath";
      if (withoutWww(new URL(name).hostname) !== withoutWww(this.#site)) return "otherSite";
    } else if (!name.startsWith("/") && !/\/|\.html?$/i.test(name)) return "noPath";
    return keyBytes(name) > MAX_PATH_BYTES ? "tooLong" : null;
  }

  /** What is to be imported, and what is told of it. `notes` name what the numbers are not. */
  finish(kind, notes = []) {
    if (!this.#pages.size) throw new FileProblem("noPages", { kind, names: [...this.#left.values()].flatMap(({ examples }) => examples).join(", ") });
    const cell = (count) => count ?? "";
    const rows = [];
    const places = [];
    const add = (name, { views, visitors }, place) => {
      rows.push(`${quoted(name)},${cell(views)},${cell(visitors)}`);
      places.push(place);
    };
    if (this.total.views !== undefined || this.total.visitors !== undefined) add("*", this.total, null);
    for (const [page, counts] of this.#pages) add(page.startsWith("/") || /^https?:/i.test(page) ? page : `/${page}`, counts, counts.place);
    return {
      kind,
      text: `${HEADING}\n${rows.join("\n")}\n`,
      pages: this.#pages.size,
      left: [...this.#left].map(([reason, { count, examples }]) => ({ reason, count, examples })),
      notes,
      /** Where in the file the record stands that became this line of the table; null if it is a sum. */
      placeOf: (line) => places[line - 2] ?? null,
    };
  }
}
