// The owner API, as functions. The token lives in this object and nowhere else: not in storage, not in an
// address. What fails becomes a `Trouble`, which `explain.js` turns into a sentence.

import { BASE } from "../../page/base.js";

const ANSWER_WITHIN_MS = 30_000;

/** The bare reason in what the API says of a line; what to do is said in the reader's language. */
const reasonIn = (detail) => detail.replace(/^Line \d+: /, "").replace(/ (Take the line out|Nothing was (imported|moved)).*$/s, "").replace(/\.$/, "");

/** What went wrong: `kind` is one of `troubles` in the words; `text` is for what the bad line says. */
export class Trouble extends Error {
  constructor(kind, { status = 0, detail = "", line = null } = {}) {
    super(detail || kind);
    Object.assign(this, { kind, status, detail, line, reason: reasonIn(detail), text: "" });
  }
}

const KIND_OF_CODE = {
  "bad-line": "badLine", "not-empty": "notEmpty", "lower-start": "lowerStart", "too-many-pages": "tooManyPages", "names-too-long": "namesTooLong", "reset-meanwhile": "resetMeanwhile", "not-damaged": "notDamaged", "not-published": "notPublished", "site-not-allowed": "notListed", "too-many-moves": "tooManyMoves",
};
const KIND_OF_STATUS = { 401: "wrongToken", 404: "noToken", 409: "conflict", 413: "tooLarge", 429: "tooManyGuesses", 503: "busy" };

function troubleOf(status, body) {
  let problem = {};
  try {
    problem = JSON.parse(body);
  } catch {
    // Whatever answered was not the Worker: a page of the platform, or of something in between.
  }
  const { code, detail, line, damaged } = problem;
  const kind = (damaged ? "damaged" : code && (KIND_OF_CODE[code] ?? KIND_OF_STATUS[status])) ?? (status >= 400 && status < 500 && code ? "refused" : "down");
  return new Trouble(kind, { status, detail, line });
}

/** The deployment, as its owner may ask and change it. */
export class Api {
  #token;

  constructor(token) {
    this.#token = token;
  }

  sites(signal) {
    return this.#json(`${BASE}v1/sites`, { signal });
  }

  /** As whom this request is seen. */
  visitor(signal) {
    return this.#json(`${BASE}v1/visitor`, { signal });
  }

  site(site, signal) {
    return this.#json(pathOf(site), { signal });
  }

  configure(site, settings) {
    return this.#json(pathOf(site), { method: "PUT", body: JSON.stringify(settings) });
  }

  reset(site) {
    return this.#json(pathOf(site), { method: "DELETE" });
  }

  /** A damaged site goes on from what was published. */
  restore(site) {
    return this.#json(`${pathOf(site)}/restore`, { method: "POST" });
  }

  /** `query`: `{from, to, search, limit}`. */
  stats(site, query, signal) {
    return this.#json(`${pathOf(site)}/stats?${new URLSearchParams(query)}`, { signal });
  }

  /** Addresses that lead to others. */
  moves(site) {
    return this.#json(`${pathOf(site)}/moves`, {});
  }

  /** Leads old addresses to new ones: `body` is a pair in JSON, or a file with a table of them. */
  move(site, body, { isDryRun }) {
    return this.#json(`${pathOf(site)}/moves${isDryRun ? "?dry_run=1" : ""}`, { method: "POST", body });
  }

  /** Adds up the pages that the setting `query` made one. */
  merges(site, { isDryRun }) {
    return this.#json(`${pathOf(site)}/merges`, { method: isDryRun ? "GET" : "POST" });
  }

  /** The response whose body is the export. It may take as long as it takes. */
  exportOf(site, signal) {
    return this.#fetch(`${pathOf(site)}/export`, { signal });
  }

  /**
   * Sends a file. `onSent(bytes)` tells how far it is; fetch cannot say that of a request, XMLHttpRequest can.
   */
  importFile(site, file, { isDryRun, replaces, keepsLarger, signal, onSent = () => {} }) {
    const query = new URLSearchParams({ ...(isDryRun && { dry_run: 1 }), ...(replaces && { replace: 1 }), ...(keepsLarger && { lower: "keep" }) });
    return new Promise((done, fail) => {
      const request = new XMLHttpRequest();
      request.open("POST", `${pathOf(site)}/import?${query}`);
      request.setRequestHeader("Authorization", `Bearer ${this.#token}`);
      request.upload.onprogress = ({ loaded }) => onSent(loaded);
      request.onload = () => (request.status === 200 ? done(JSON.parse(request.responseText)) : fail(troubleOf(request.status, request.responseText)));
      request.onerror = () => fail(new Trouble("brokenOff"));
      request.onabort = () => fail(new Trouble("cancelled"));
      signal?.addEventListener("abort", () => request.abort());
      request.send(file);
    });
  }

  async #json(path, { signal, ...init }) {
    const limit = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const response = await this.#fetch(path, { ...init, signal: signal ? AbortSignal.any([signal, limit]) : limit });
    return response.json().catch(() => {
      throw new Trouble("down", { status: response.status });
    });
  }

  async #fetch(path, init) {
    const headers = { Authorization: `Bearer ${this.#token}` };
    const response = await fetch(path, { ...init, headers, cache: "no-store", credentials: "omit" }).catch(() => {
      throw new Trouble(init.signal?.aborted && init.signal.reason?.name !== "TimeoutError" ? "cancelled" : "unreachable");
    });
    if (!response.ok) throw troubleOf(response.status, await response.text().catch(() => ""));
    return response;
  }
}

const pathOf = (site) => `${BASE}v1/sites/${encodeURIComponent(site)}`;
