// What only the owner may ask: how far published counts are behind, and whom the counter takes visitors for.
import { t } from "../speech.mjs";
import { plainAddress } from "../trusted_proxies.mjs";
import { checkClock } from "./counter.mjs";
import { asNeighbour } from "./neighbour.mjs";
import { checkVisitors } from "./visitors.mjs";
import { jsonOf, read } from "./read.mjs";

/** With a day's budget of writes nearly used up a site is published every few minutes. */
const MAY_BE_BEHIND_MS = 10 * 60_000;

const ADVICE = {
  401: t`The owner's token is another one: it is the ADMIN_TOKEN of that deployment.`,
  403: t`Give --counter the address of the counter that this site counts with.`,
  404: t`Is --counter the counter's own address, and has the deployment an owner's token (ADMIN_TOKEN)?`,
  429: t`Wait a minute, then run this again.`,
};

const headersOf = (token, headers) => ({ Accept: "application/json", Authorization: `Bearer ${token}`, ...headers });

/** Asks one deployment with the token, which goes nowhere else. */
const requesting = (base, token) => (path, headers = {}) => read(base + path, { redirects: 0, headers: headersOf(token, headers) });

/** Checks the site as its owner. `tagged` is the counter that the page's tag leads to, if it has one. */
export async function checkOwner({ base, tagged, site, token, report }) {
  const request = requesting(base, token);
  const path = `v1/sites/${encodeURIComponent(site)}`;
  const answer = await request(path);
  const standing = answer.failure ? undefined : jsonOf(answer);
  if (standing?.damaged) report.wrong(t`what is stored of ${site} can't be read, so it counts nothing`, t`Open the console: it restores the published counts, or resets the site, after which an export can be imported.`);
  else if (answer.status !== 200 || !standing) return report.wrong(t`${base + path} answered ${answer.status ?? answer.failure}`, ADVICE[answer.status] ?? t`Look into the counter's log.`);
  else await checkPublished({ base, site, standing, report });
  await checkRequests({ request, base, tagged, report, asNeighbour: () => asNeighbour(`${base}v1/visitor`, headersOf(token)) });
}

async function checkPublished({ base, site, standing, report }) {
  if (standing.checkpoints_failing) report.wrong(t`the counter can't write its checkpoints; with 65,536 hits waiting it would refuse more (now ${standing.checkpoint_backlog})`, t`Look into its log. On your own server the disk may be full.`);
  const published = await read(`${base}v1/counts?site=${encodeURIComponent(site)}`, { headers: { Accept: "application/json" } });
  const asOf = published.failure ? NaN : Date.parse(jsonOf(published)?.as_of);
  const behindMs = standing.unpublished > 0 ? published.at - asOf : 0;
  if (!(behindMs > MAY_BE_BEHIND_MS)) return report.good(t`published counts are up to date`);
  report.wrong(
    t`published counts are ${Math.round(behindMs / 60_000)} minutes behind; documents waiting: ${standing.unpublished}`,
    t`The day's writes to KV may be used up. On Cloudflare raise the variable KV_WRITES_PER_DAY if your plan allows more; on your own server start laifang serve with --var KV_WRITES_PER_DAY=10000. If that is not it, the counter's log says why they fail.`,
  );
}

/** What is text in an answer. */
const textsOf = (fields) => Object.fromEntries(Object.entries(fields ?? {}).filter(([, value]) => typeof value === "string"));

async function checkRequests({ request, report, ...rest }) {
  const answer = await request("v1/visitor");
  const { now, ...seen } = (answer.status === 200 && textsOf(jsonOf(answer))) || {};
  if (!plainAddress(seen.address)) return report.skipped(t`the counter is of an older release and does not say whom it takes visitors for: update it`);
  checkClock({ now: Date.parse(now), at: answer.at }, report);
  await checkVisitors({ request, seen, report, ...rest });
}
