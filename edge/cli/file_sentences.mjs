// What is said of a file: why it can't be imported, and what of another counter's file was understood.
import { SOURCES } from "./formats/sources.mjs";
import { t } from "./speech.mjs";

const KINDS = t`An export of a Laifang site, CSV with the columns page,views,visitors, and the exports of LeanCloud, Waline, Twikoo, GoatCounter, Plausible and Umami can be imported.`;

/** By a problem's code: of the file's name and the problem's values. */
const PROBLEMS = {
  empty: (file) => t`${file} is empty.`,
  utf16: (file) => t`${file} is UTF-16. Save it as “CSV UTF-8”.`,
  notUtf8: (file) => t`${file} is not UTF-8 (perhaps GBK or Big5). Save it as “CSV UTF-8”.`,
  binary: (file) => t`${file} is not a text file (perhaps a picture or a document). ${KINDS}`,
  database: (file) => t`${file} is a SQLite database. Export the numbers from the counter that made it, then import that file.`,
  html: (file) => t`${file} is a web page, perhaps a sign-in page that was saved in place of the export. Download the export again.`,
  xml: (file) => t`${file} is XML, such as the export of WordPress or Disqus: it holds articles and comments, no views. ${KINDS}`,
  comments: (file) => t`${file} holds comments, no views. Export the view counts: in Twikoo “Export counter” (some versions 2.0 export comments there: update Twikoo first), in Waline the whole database, in LeanCloud the class Counter.`,
  spreadsheet: (file) => t`${file} is a spreadsheet. Save the sheet as “CSV UTF-8”.`,
  partOfGoatcounter: (file) => t`${file} is a part of GoatCounter's export. Name the ZIP file itself.`,
  totalsAlone: (file) => t`${file} has the site's days and no pages. Name the ZIP file it was in, or the file with the pages.`,
  otherTable: (file, { text }) => t`${file} is a table with the columns “${text}”, which are not known. ${KINDS}`,
  unknownJson: (file, { text }) => t`${file} is an unknown kind of JSON: “${text}”. ${KINDS}`,
  unknown: (file, { text }) => t`${file} begins with “${text}”, which is an unknown kind of file. ${KINDS}`,
  brokenZip: (file) => t`${file} is a ZIP file that can't be opened: it is damaged, or has a password. Download it again.`,
  zipWithout: (file, { names }) => t`${file} is a ZIP file without known page counts. It contains: ${names}. ${KINDS}`,
  tooLarge: (file) => t`${file} is too large once unpacked. Unpack it and name the file with the pages.`,
  newerVersion: (file, { text }) => t`${file} is a GoatCounter export of version ${text}, which this version of Laifang does not know. Update Laifang, or export CSV there.`,
  noPages: (file, { names }) => (names ? t`${file} was read, but none of its records is of a page of this site, such as “${names}”. Look at --site and at the file.` : t`${file} was read, but it has no view counts. Look at whether the counter was exported.`),
  damaged: (file, { line }) => t`${file}: line ${line} is damaged. Nothing was imported. Export again, or fix the line.`,
  cutShort: (file, { line }) => t`${file} ends in line ${line}, so it is incomplete. Nothing was imported. Export again.`,
  badCount: (file, { line, text }) => t`${file}: line ${line} has “${text}” where a count should be. Nothing was imported. Fix the line, or export again.`,
  badDate: (file, { line, text }) => t`${file}: line ${line} has “${text}” where a time should be. Nothing was imported. Fix the line, or export again.`,
  otherWidth: (file, { line, cells, columns }) => t`${file}: line ${line} has ${cells} columns, the heading has ${columns}. Nothing was imported. Fix the line, or export again.`,
  unknownPath: (file, { line, text }) => t`${file}: line ${line} counts a path (${text}) that paths.jsonl does not name. Nothing was imported. Export again.`,
};

/** Why a file can't be imported. */
export function sentenceOf(file, { code, values }) {
  return PROBLEMS[code](values.file ? `${file} (${values.file})` : file, values);
}

const LEFT = {
  noPath: (count) => t`${count} records name no page's path`,
  otherSite: (count) => t`${count} records are of another site`,
  tooLong: (count) => t`${count} paths are too long`,
  noViews: (count) => t`${count} records have no count of views`,
  event: (count) => t`${count} records are events, not page views`,
};
const NOTES = {
  noTotal: () => t`It has no count of the whole site and no visitors: those stay as they are. Import a CSV file with the line * to set them.`,
  visitsAsViews: () => t`It has visits: the first view of a page in a session. They are imported as views and as visitors of the page.`,
  visitorsAsViews: () => t`It has the visitors of pages: each is also imported as one view.`,
  totalFromPages: () => t`The site's views are the sum of its pages; its visitors stay as they are.`,
  maybeCut: () => t`The file has exactly 100 or 1,000 records: Twikoo on Tencent CloudBase exports no more at once. Look at whether pages are missing.`,
  limited100: () => t`Such a file has at most 100 pages. The export in Plausible's site settings has all.`,
  limited500: () => t`Such a file has at most 500 pages.`,
  noDays: () => t`Days are not imported, only totals.`,
};

/** Lines that tell what of a file was understood, what was left out and why. */
export function understoodLines({ kind, pages, left, notes }) {
  return [
    t`Understood: ${SOURCES[kind]}, ${pages} pages`,
    ...left.map(({ reason, count, examples }) => t`Left out:   ${LEFT[reason](count)}` + (examples.length ? ` (${examples.join(", ")})` : "")),
    ...notes.map((note) => NOTES[note]()),
  ];
}
