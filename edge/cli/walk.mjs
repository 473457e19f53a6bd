// Walks a site's pages past another counter, one at a time, and keeps what was learned in a file.
//
// A line a page is written as soon as it is known, so that a walk that is broken off, even by a power cut, goes
// on where it stopped. Another site, counter or endpoint needs another file. Out of scope: sending it anywhere.
import { appendFileSync, existsSync, readFileSync, truncateSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { Failure } from "./failure.mjs";
import { askPatiently } from "./patient_fetch.mjs";
import { t } from "./speech.mjs";

const FORMAT = 1;

/** The memory of a walk. */
export class WalkFile {
  pages = new Map();
  site = { views: 0, visitors: 0 };
  visitor;

  constructor(file, purpose) {
    this.file = file;
    if (existsSync(file)) this.#read(purpose);
    else this.#append({ laifang: FORMAT, ...purpose });
  }

  #read(purpose) {
    const text = readFileSync(this.file, "utf8");
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    // A torn last line was not known yet.
    if (whole.length < text.length) truncateSync(this.file, Buffer.byteLength(whole));
    const [head, ...records] = whole.split("\n").filter(Boolean).map((line) => this.#parse(line));
    if (!head) return this.#append({ laifang: FORMAT, ...purpose });
    for (const [name, value] of Object.entries({ laifang: FORMAT, ...purpose })) {
      if (head[name] !== value) throw new Failure(t`${this.file} is of another walk (${name}: ${head[name]}). Move it away, or name another file with --state.`);
    }
    for (const record of records) this.#keep(record);
  }

  #parse(line) {
    try {
      return JSON.parse(line);
    } catch {
      throw new Failure(t`${this.file} is damaged. Move it away to begin the walk anew, or name another file with --state.`);
    }
  }

  #append(record) {
    try {
      appendFileSync(this.file, JSON.stringify(record) + "\n");
    } catch (error) {
      throw new Failure(t`${this.file} can't be written (${error.code}). Name another file with --state.`);
    }
  }

  #keep({ page, views, siteViews, siteVisitors, visitor }) {
    this.visitor ??= visitor;
    this.pages.set(page, views);
    this.site = { views: siteViews, visitors: siteVisitors };
  }

  add(record) {
    this.#append(record);
    this.#keep(record);
  }
}

const isCount = (number) => Number.isSafeInteger(number) && number >= 0;

/** What is to be kept of an answer: without what asking added, up to this ask, the `asked`th. */
function recordOf(page, { pageViews, siteViews, siteVisitors }, source, asked) {
  if (![pageViews, siteViews, siteVisitors].every(isCount)) throw new Failure(t`the counter's answer about ${page} holds no counts. Is it the right kind of counter?`);
  const ours = source.countsEachAsk ? 1 : 0;
  return { page, views: Math.max(0, pageViews - ours), siteViews: Math.max(0, siteViews - ours * asked), siteVisitors, ...(asked === 1 && { visitor: source.visitor }) };
}

/** Asks about every page that the file does not have yet. */
export async function walk(pages, source, memory, { pauseMs, unitMs, onStep = () => {}, onWait = () => {} }) {
  const waiting = pages.filter((page) => !memory.pages.has(page));
  for (const [index, page] of waiting.entries()) {
    if (index > 0) await wait(pauseMs);
    const answer = await askPatiently(source.request(page), (response) => source.read(response), { unitMs, onWait }).catch((error) => {
      throw new Failure(t`the counter stopped answering at ${page} (${error.message}). ${memory.pages.size} of ${pages.length} pages are in ${memory.file}; run the same command again to go on from there.`);
    });
    memory.add(recordOf(page, answer, source, memory.pages.size + 1));
    onStep(memory.pages.size, waiting.length - index - 1);
  }
}
