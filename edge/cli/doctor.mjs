// `laifang doctor`: what is wrong with an installation, and what to do about it.
//
// Reads a page as the site's server gives it to a browser, and what its tag leads to; runs no script and sends no hit, so
// that it counts nothing. The owner's token goes to the counter that its owner names, never to one that a page names.
// Out of scope: what a script of the page adds, and mending anything.
import { hasSite, checkClock, checkCounter } from "./doctor/counter.mjs";
import { checkOwner } from "./doctor/owner.mjs";
import { pageOf } from "./doctor/page.mjs";
import { checkPolicies } from "./doctor/policy_check.mjs";
import { read } from "./doctor/read.mjs";
import { Report } from "./doctor/report.mjs";
import { checkTag } from "./doctor/tag.mjs";
import { Failure } from "./failure.mjs";
import { baseOf, hostOf, isReadable, readOptions } from "./options.mjs";
import { givenToken } from "./owner_token.mjs";
import { isPrivate } from "./private_address.mjs";
import { helpOf, t } from "./speech.mjs";

export const HELP = helpOf("doctor");

const OPTIONS = {
  counter: { type: "string" },
  "token-file": { type: "string" },
};

function settingsOf(words) {
  const options = readOptions(words, OPTIONS, { takesFile: true });
  const [page] = options.files;
  if (options.files.length !== 1) throw new Failure(t`name one page of yours, such as https://www.example.cn/.`);
  const address = /^https?:\/\//i.test(page) ? page : `https://${page}`;
  if (!URL.canParse(address)) throw new Failure(t`“${page}” is not the address of a page.`);
  const counter = options.counter === undefined ? undefined : `${baseOf(options.counter, "--counter")}/`;
  const token = givenToken(options["token-file"]);
  if (token && counter && isReadable(counter)) throw new Failure(t`${counter} is not encrypted: the owner's token could be read on the way. Use https://, or run this on the machine that serves, with --counter localhost:8787.`);
  return { address, counter, token };
}

/** The page, read; undefined where there is none. */
async function readPage(address, report) {
  const answer = await read(address);
  if (answer.failure) report.wrong(t`${address} can't be reached (${answer.failure})`, t`Look at the address. If a browser opens it from here, the server or its firewall refuses programs.`);
  else if (answer.status !== 200) report.wrong(t`${address} answered ${answer.status}`, t`Name a page that a browser shows without signing in.`);
  else if (!answer.isHtml) report.wrong(t`${address} is no page, but ${answer.type}`, t`Name a page that a browser shows.`);
  else {
    report.good(t`read ${answer.url}`);
    return pageOf(answer);
  }
  return undefined;
}

/** What is missing for what only the owner may ask. */
function toSeeMore({ counter, token }) {
  if (counter) return t`To see that, give the owner's token (ADMIN_TOKEN or --token-file).`;
  if (token) return t`To see that, name the counter with --counter: the owner's token goes to no address that only a page names.`;
  return t`To see that, name the counter with --counter and give the owner's token (ADMIN_TOKEN or --token-file).`;
}

/** What is looked at once a counter is known: its base, and the tag that led to it, if one did. */
async function checkInstallation({ page, tag, base, report, settings }) {
  if (tag) checkPolicies(page, tag, report);
  // Named by the page, not by its owner: it may not lead a public page's reader into a private network.
  const isOfPublic = base !== settings.counter && !(await isPrivate(page.url));
  const health = await checkCounter(base, page, report, isOfPublic);
  if (!health) return;
  const site = tag?.site ?? hostOf(page.url);
  const hosts = [...new Set([hostOf(page.url), site])];
  for (const host of hosts) await hasSite(base, host, report, isOfPublic);
  if (settings.token && settings.counter) return checkOwner({ base: settings.counter, tagged: tag?.base, site, token: settings.token, report });
  checkClock(health, report);
  report.skipped(t`not looked at: whether published counts are behind, and whether the web server in front is believed. ${toSeeMore(settings)}`);
}

/** Looks, says what it finds, and ends with 1 where anything is wrong. */
export async function run(words) {
  const settings = settingsOf(words);
  const report = new Report();
  const page = await readPage(settings.address, report);
  if (page) {
    const tag = await checkTag(page, report, settings.counter);
    const base = tag?.base ?? settings.counter;
    if (tag && settings.counter && settings.counter !== tag.base) report.note(t`The tag leads to ${tag.base}; what only the owner may ask is asked at ${settings.counter}.`);
    if (base) await checkInstallation({ page, tag, base, report, settings });
  }
  report.end();
}
