// vercount's public endpoint: a GET reads, only a POST counts. It takes 80 requests a minute.
import { t } from "../speech.mjs";
import { Unreadable } from "./unreadable.mjs";

const ENDPOINT = "https://events.vercount.one/api/v2/log";

/** Asks about pages one after the other. */
export class Vercount {
  countsEachAsk = false;
  #endpoint;

  constructor(endpoint = ENDPOINT) {
    this.#endpoint = endpoint;
  }

  request(page) {
    return [`${this.#endpoint}?url=${encodeURIComponent(page)}`, {}];
  }

  async read(response) {
    const text = await response.text();
    try {
      const answer = JSON.parse(text);
      const { site_pv: siteViews, site_uv: siteVisitors, page_pv: pageViews } = answer.data ?? answer;
      return { siteViews, siteVisitors, pageViews };
    } catch {
      throw new Unreadable(t`vercount's answer is not understood: ${text.slice(0, 100)}`);
    }
  }
}
