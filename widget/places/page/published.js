// Published counts, as `GET /v1/counts` tells them: of pages by the hundred, and of the site's periods.

/** Most pages of one request, and most characters of its address: servers refuse long ones. */
const MAX_PAGES = 100, MAX_CHARACTERS = 8000;

export class Published {
  constructor(state) {
    this.state = state;
    this.pages = new Map();
    this.asked = new Set();
  }

  /** Asks for what was not asked before; `done` is called after each reply. */
  ask(pages, needsPeriods, done) {
    const news = [...new Set(pages)].filter((page) => !this.asked.has(page));
    needsPeriods = needsPeriods && !this.hasAskedPeriods;
    this.hasAskedPeriods = this.hasAskedPeriods || needsPeriods;
    const base = `${this.state.base}v1/counts?site=${encodeURIComponent(this.state.tag.getAttribute("data-site") || location.hostname)}`;
    let query = "", count = 0;
    const send = () => {
      if (count || needsPeriods) this.read(base + query, done);
      needsPeriods = query = "";
      count = 0;
    };
    for (const page of news) {
      this.asked.add(page);
      const more = "&page=" + encodeURIComponent(page);
      if (count == MAX_PAGES || query.length + more.length > MAX_CHARACTERS) send();
      query += more;
      count++;
    }
    send();
  }

  async read(address, done) {
    try {
      const response = await fetch(address);
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      const { pages, periods, site } = await response.json();
      for (const page in pages) this.pages.set(page, pages[page]);
      // The first reply's; the others are of the same moment.
      this.periods = this.periods || periods;
      this.site = this.site || site;
      done();
    } catch (error) {
      this.state.fail(`the list's counts can't be read (${error.message}); the page stays as it was`);
    }
  }

  page(page) {
    return this.pages.get(page);
  }

  /** A period's count, or -1. What was counted today since it was published is added, so that no month is below today. */
  period(metric, counts) {
    const [, what, period] = /^site\.(\w+)-(\w+)$/.exec(metric);
    if (!this.periods) return -1;
    const published = this.periods[period][what], today = counts[what == "views" ? 3 : 4], then = this.site[what + "_today"];
    return period == "yesterday" ? published : published + Math.max(today - then, 0);
  }
}
