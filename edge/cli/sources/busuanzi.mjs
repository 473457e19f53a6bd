// busuanzi's public endpoint, or one that speaks like it. It knows the page from the Referer, and has no way
// to read: each ask is a view more. What asking added is taken off again.
import { t } from "../speech.mjs";
import { Unreadable } from "./unreadable.mjs";

const ENDPOINT = "https://busuanzi.ibruce.info/busuanzi";
const CALLBACK = "BusuanziCallback_1";

export const WARNING = t`busuanzi can't be read without counting: each page asked about gains one view there. The imported numbers leave those out.`;

/** The counts in an answer such as `try{BusuanziCallback_1({"site_uv":1,"page_pv":2,"site_pv":3});}catch(e){}`. */
export function countsIn(text) {
  const [, json] = /\((\{[^{}]*\})\)/.exec(text) ?? [];
  if (!json) throw new Unreadable(t`busuanzi's answer is not understood: ${text.slice(0, 100)}`);
  const { site_pv: siteViews, site_uv: siteVisitors, page_pv: pageViews } = JSON.parse(json);
  return { siteViews, siteVisitors, pageViews };
}

/** Asks about pages one after the other. */
export class Busuanzi {
  countsEachAsk = true;
  #endpoint;
  #cookie;

  /** `visitor` is what a walk before this one was known by. */
  constructor(endpoint = ENDPOINT, visitor = undefined) {
    this.#endpoint = `${endpoint}?jsonpCallback=${CALLBACK}`;
    this.#cookie = visitor;
  }

  /** The cookie we are known by, so that all of a walk is one visitor. */
  get visitor() {
    return this.#cookie;
  }

  /** The request about a page. */
  request(page) {
    return [this.#endpoint, { headers: { Referer: page, ...(this.#cookie && { Cookie: this.#cookie }) } }];
  }

  async read(response) {
    this.#cookie ??= response.headers.getSetCookie()[0]?.split(";")[0];
    return countsIn(await response.text());
  }
}
