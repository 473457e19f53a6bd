// Sends numbers and moves to a deployment's owner's routes, and says in words what they answer.
import { Readable } from "node:stream";
import { Failure } from "./failure.mjs";
import { VERSION } from "./release.mjs";
import { t } from "./speech.mjs";
import { progress } from "./terminal.mjs";

const MEGABYTE = 1_000_000;

const ADVICE = {
  401: t`The owner's token is another one: it is the ADMIN_TOKEN of that deployment.`,
  403: t`Add the site to the deployment's SITES (laifang deploy, or --site of laifang serve), then run this again.`,
  404: t`Is --to the counter's own address, and has the deployment an owner's token (ADMIN_TOKEN)?`,
  409: t`Numbers that were given are never lowered: --keep-higher keeps what is higher already; --replace lets an export replace what is there.`,
  413: t`Split the file.`,
  429: t`Wait a minute, then run this again.`,
};

/** Where the counter's own sentence says all there is to do. */
const SAYS_ENOUGH = { 400: "", 409: "", 413: t`Split the file.` };

/** One deployment's site, as its owner. */
export class OwnerOf {
  constructor({ base, site, token }) {
    this.base = base;
    this.site = site;
    this.address = `${base}/v1/sites/${site}`;
    this.headers = { Authorization: `Bearer ${token}`, "User-Agent": `laifang/${VERSION}` };
  }

  async #ask(address, { placeOf, advice: own = {}, ...init } = {}) {
    const response = await fetch(address, { ...init, headers: { ...this.headers, ...init.headers } }).catch((error) => {
      throw new Failure(t`${this.base} can't be reached (${error.cause?.code ?? error.message}). Look at the address and at this machine's network; running this again is safe.`);
    });
    const text = await response.text();
    if (response.ok) return text ? JSON.parse(text) : {};
    const advice = own[response.status] ?? ADVICE[response.status] ?? t`Run this again; importing twice is the same as once.`;
    throw new Failure(t`${address.split("?")[0]} answered ${response.status}: ${detailIn(text, placeOf)} ${advice}`.trimEnd());
  }

  /** How the site stands; a Failure if the token or the site is not known there. */
  standing() {
    return this.#ask(this.address);
  }

  /** Leads old addresses to new ones, as `body` has them: a pair in JSON, or a table. */
  move(body, { dryRun }) {
    return this.#ask(`${this.address}/moves${dryRun ? "?dry_run=1" : ""}`, { method: "POST", body, advice: SAYS_ENOUGH });
  }

  /** Merges the pages that the setting `query` made one. */
  merge({ dryRun }) {
    return this.#ask(`${this.address}/merges`, { method: dryRun ? "GET" : "POST", advice: SAYS_ENOUGH });
  }

  /** Imports `{bytes(): iterable of chunks, type}`; only tells what would change if it is a dry run. */
  async import({ bytes, type, placeOf }, { dryRun = false, replace = false, keepHigher = false }) {
    const query = new URLSearchParams({ ...(dryRun && { dry_run: "1" }), ...(replace && { replace: "1" }), ...(keepHigher && { lower: "keep" }) });
    const line = progress();
    let sent = 0;
    const counted = (async function* () {
      for await (const chunk of bytes()) {
        sent += chunk.length;
        const megabytes = (sent / MEGABYTE).toFixed(1);
        line.show(dryRun ? t`checking: ${megabytes} MB sent` : t`importing: ${megabytes} MB sent`);
        yield chunk;
      }
    })();
    return this.#ask(`${this.address}/import?${query}`, {
      method: "POST",
      headers: { "Content-Type": type },
      body: Readable.toWeb(Readable.from(counted)),
      duplex: "half",
      placeOf,
    });
  }
}

/** What a problem document says. `placeOf` leads from a line of what was sent to the line of the owner's file. */
function detailIn(text, placeOf) {
  try {
    const problem = JSON.parse(text);
    const said = problem.detail ?? problem.title ?? text;
    if (!placeOf || !problem.line) return said;
    const place = placeOf(problem.line);
    return said.replace(/^Line \d+: /, place ? `Line ${place.line}: ` : "");
  } catch {
    return text.slice(0, 200);
  }
}
