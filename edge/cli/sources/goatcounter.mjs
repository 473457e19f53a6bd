// GoatCounter's CSV export, one line a view, summed up to one line a page.
//
// A visitor of the site is a session, a visitor of a page a session's first visit of it. Bots and events are
// left out. Sessions last hours: this is visitors summed by day, which is what Laifang counts, too.
import csv from "csv-parser";
import { Failure } from "../failure.mjs";

/** The header of versions 1 and 2, to which the version is prefixed. */
export const HEADER = /^"?\d+,?Path\b/;
const KNOWN = /^[12],?Path$/;
const isTrue = (text) => text === "true" || text === "1";

function columnName({ header, index }) {
  if (index > 0) return header;
  if (KNOWN.test(header)) return "Path";
  throw new Failure(`this is a GoatCounter export of a version that is not known (${header}); versions 1 and 2 are.`);
}

/** Sums up a stream of the export: `{site: {views, visitors}, pages: Map(path, {views, visitors}), left}`. */
export async function sumUp(stream, onLine = () => {}) {
  const pages = new Map();
  const sessions = new Set();
  const site = { views: 0, visitors: 0 };
  let left = 0;
  for await (const line of stream.pipe(csv({ mapHeaders: columnName }))) {
    onLine();
    if (!line.Path?.startsWith("/") || isTrue(line.Event) || Number(line.Bot) > 0) {
      left += 1;
      continue;
    }
    const page = pages.get(line.Path) ?? { views: 0, visitors: 0 };
    pages.set(line.Path, page);
    page.views += 1;
    site.views += 1;
    if (isTrue(line.FirstVisit)) page.visitors += 1;
    if (line.Session) sessions.add(line.Session);
  }
  site.visitors = sessions.size;
  return { site, pages, left };
}
