// What everybody may ask of a counter: does it answer, may the page read the answers, may the site count, what time is it.
import { t } from "../speech.mjs";
import { jsonOf, read } from "./read.mjs";
import { adviceOfServer } from "./web_server.mjs";

const CLOCKS_MAY_DIFFER_MS = 60_000;

/** Whether a page may read an answer from elsewhere. */
const isOpen = (value, origin) => value === "*" || value === origin;

/** The answer to /v1/health, with `now`, if the counter answers as one does. */
export async function checkCounter(base, page, report, isOfPublic) {
  const address = `${base}v1/health`;
  const answer = await read(address, { headers: { Accept: "application/json" }, isOfPublic });
  const health = answer.failure ? undefined : jsonOf(answer);
  if (answer.isPrivate) report.wrong(t`the counter ${base} is inside this machine or its network, where visitors can't reach it; it was not asked`, t`Write the counter's public address into the tag.`);
  else if (answer.failure) report.wrong(t`the counter ${base} can't be reached (${answer.failure})`, t`Is it running? Look at its log, at its certificate, and at the web server in front of it.`);
  else if (health?.status !== "ok") report.wrong(t`${address} answered ${answer.status}, and not as a counter does`, t`Is this the counter's address? Where it is a folder of the site, the web server has to hand on all below it, with the folder taken off.`, adviceOfServer(answer));
  else {
    report.good(t`the counter answers, release ${health.version}`);
    checkOpen(answer, base, page, report);
    return { at: answer.at, now: Date.parse(answer.headers.get("date")) };
  }
  return undefined;
}

function checkOpen({ headers }, base, page, report) {
  const { origin } = new URL(page.url);
  const allowed = headers.get("access-control-allow-origin");
  if (origin === new URL(base).origin || isOpen(allowed, origin)) return;
  report.wrong(
    t`browsers keep the counter's answers from the page: Access-Control-Allow-Origin is “${allowed ?? ""}”`,
    t`The counter sets it to * itself. Let the web server in front hand it on, and add none of its own.`,
  );
}

/** Whether pages of a host may count. */
export async function hasSite(base, host, report, isOfPublic) {
  const address = `${base}v1/counts?site=${encodeURIComponent(host)}`;
  const answer = await read(address, { headers: { Accept: "application/json" }, isOfPublic });
  if (answer.status === 200) return report.good(t`pages of ${host} may count`);
  if (answer.status === 403) report.wrong(t`the counter refuses pages of ${host}: its SITES do not have it`, t`On Cloudflare run npx laifang deploy again and add it to the sites. On your own server start with --site ${host} as well.`);
  else report.wrong(t`${address} answered ${answer.status ?? answer.failure}`, t`Look into the counter's log.`);
}

const shown = (ms) => new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");

/** Compares clocks: what the counter said at the time `at` of this machine. */
export function checkClock({ now, at }, report) {
  if (!Number.isFinite(now)) return;
  if (Math.abs(now - at) <= CLOCKS_MAY_DIFFER_MS) report.good(t`the counter's clock agrees with this machine's`);
  else report.wrong(t`the counter's clock says ${shown(now)}, this machine's ${shown(at)}`, t`Days begin and end by the counter's clock. Set the wrong one right, best by NTP (timedatectl set-ntp true).`);
}
