// Cloudflare's own tool, fetched when it is needed: runs its commands and turns its failures into what to do.
//
// `LAIFANG_WRANGLER` names another program to run in its place; the tests use it.
import { spawn } from "node:child_process";
import { Failure } from "./failure.mjs";
import { t } from "./speech.mjs";

/** Pinned: the last that runs on Node 20. */
const WRANGLER = "wrangler@4.86.0";
const ENVIRONMENT = { WRANGLER_SEND_METRICS: "false", WRANGLER_SEND_ERROR_REPORTS: "false", WRANGLER_HIDE_BANNER: "true" };
const LOG_IN = t`Log in with  npx ${WRANGLER} login  or set the variable CLOUDFLARE_API_TOKEN to a token that may edit Workers, then run this again.`;

/** What wrangler says, and what to do about it. */
const REMEDIES = [
  [/not authenticated|not logged in|Authentication error|Invalid access token|code: (10000|10001|9109|9106)\b/i, LOG_IN],
  [/More than one account|CLOUDFLARE_ACCOUNT_ID/i, t`Your login has several accounts: set the variable CLOUDFLARE_ACCOUNT_ID to the one to use, then run this again.`],
  [/could not find zone|zone .*not found|code: (7003|10082|1001)\b/i, t`The domain is not on this Cloudflare account: add its zone at https://dash.cloudflare.com/ and let its name servers point there, or name another domain with --domain.`],
  [/already has (externally managed )?DNS records|code: 100117\b/i, t`That name has DNS records already: delete them in the zone, or choose another name with --domain.`],
  [/workers\.dev subdomain|code: 10063\b/i, t`This account has no workers.dev name yet: open Workers once at https://dash.cloudflare.com/, or name a domain of yours with --domain.`],
  [/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|fetch failed|network/i, t`Cloudflare or the npm registry could not be reached: look at this machine's network (and HTTPS_PROXY), then run this again.`],
];
const OTHERWISE = t`What wrangler said stands above. Once that is mended run this again: it goes on where it stopped, nothing is done twice.`;

/** The command as a person would type it. */
export const typed = (words) => ["npx", "--yes", WRANGLER, ...words].map(quoted).join(" ");
const quoted = (word) => (/^[\w./:@-]+$/.test(word) ? word : `"${word}"`);

function start(words, stdio) {
  const [program, first] = process.env.LAIFANG_WRANGLER ? [process.env.LAIFANG_WRANGLER, []] : ["npx", ["--yes", WRANGLER]];
  return spawn(program, [...first, ...words], { stdio, env: { ...process.env, ...ENVIRONMENT }, shell: process.platform === "win32" });
}

/**
 * Runs a command of wrangler's and gives what it printed. `purpose` begins the sentence if it fails; `input` goes
 * to its standard input; `shown` lets its output through as it comes.
 */
export async function wrangler(words, { purpose, input = "", shown = false }) {
  const child = start(words, ["pipe", "pipe", "pipe"]);
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"]) {
    child[name].setEncoding("utf8").on("data", (text) => {
      output[name] += text;
      if (shown) process.stderr.write(text);
    });
  }
  child.stdin.on("error", () => {}).end(input);
  const code = await ended(child);
  if (code === 0) return output.stdout;
  const said = output.stderr + output.stdout;
  if (!shown) process.stderr.write(said);
  throw new Failure(t`${purpose} failed. ${REMEDIES.find(([sign]) => sign.test(said))?.[1] ?? OTHERWISE}`);
}

const ended = (child) =>
  new Promise((done, fail) => {
    child.once("close", done);
    child.once("error", ({ code }) => fail(new Failure(t`wrangler could not be started (${code}). It comes with npm's npx: install Node.js with npm, then run this again.`)));
  });

/** Whether somebody is logged in. */
export async function isLoggedIn() {
  const child = start(["whoami"], ["ignore", "pipe", "pipe"]);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (said += text));
  return (await ended(child)) === 0 && !/not authenticated|not logged in/i.test(said);
}

/** Lets a person log in, in their browser. */
export async function logIn() {
  if ((await ended(start(["login"], "inherit"))) !== 0) throw new Failure(t`the login did not come about. ${LOG_IN}`);
}

export { LOG_IN };

/** The JSON that stands in an output, whatever is printed around it. */
export function jsonIn(output, purpose) {
  try {
    return JSON.parse(output.slice(output.indexOf("["), output.lastIndexOf("]") + 1));
  } catch {
    throw new Failure(t`${purpose} gave an answer that is not understood:\n${output}`);
  }
}
