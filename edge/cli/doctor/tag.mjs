// Finds the tag in a page, and looks whether browsers run what it leads to.
//
// Other programs have a `/widget.js`, too: ours is told by what it loads. The address of the counter is found as the
// loader finds it (`widget/src/loader.js`).
import { createHash } from "node:crypto";
import { isPrivate } from "../private_address.mjs";
import { t } from "../speech.mjs";
import { read } from "./read.mjs";
import { adviceOfServer, adviceOnPages } from "./web_server.mjs";

const NAMED_LIKE_OURS = /\/widget\.js([?#]|$)/;
const MOST_TRIED = 5;
const RUN_BY_BROWSERS = /^$|^module$|^(text|application)\/(x-)?(java|ecma)script$/i;

/** Where the API is, for a tag at `src`. */
function baseOf(src, counter, baseUrl) {
  if (counter !== undefined) return new URL(`${counter}/`.replace(/\/*[^/]*([?#].*)?$/, "/"), baseUrl).href;
  return src.replace(/\/*[^/]*([?#].*)?$/, "/").replace(/v\/[^/]+\/$/, "");
}

function candidatesOf({ scripts, baseUrl }) {
  const isLikeOurs = ({ src, "data-counter": counter }) => counter !== undefined || NAMED_LIKE_OURS.test(new URL(src, baseUrl).href);
  return scripts.filter(({ src }) => src && URL.canParse(src, baseUrl)).filter(isLikeOurs).slice(0, MOST_TRIED);
}

/** Why a browser does not run what was loaded; undefined where it does. */
function whyNot(answer) {
  if (answer.isPrivate) return t`it is inside this machine or its network, where visitors can't reach it; it was not opened`;
  if (answer.failure) return answer.failure;
  if (answer.status !== 200) return t`it answered ${answer.status}`;
  return answer.isHtml ? t`a page came in place of a script` : undefined;
}

const isOurs = ({ text }) => text.includes("laifang");

/** Whether one of the hashes is that of the bytes; browsers look at the strongest kind alone. */
function isWhole(integrity, bytes) {
  const hashes = integrity.trim().split(/\s+/).map((hash) => /^(sha256|sha384|sha512)-([^?]+)/.exec(hash)).filter(Boolean);
  const strongest = hashes.map(([, kind]) => kind).sort().at(-1);
  const wanted = hashes.filter(([, kind]) => kind === strongest);
  return !hashes.length || wanted.some(([, kind, hash]) => createHash(kind).update(bytes).digest("base64") === hash);
}

function checkIntegrity({ attributes, url, base }, answer, pageUrl, report) {
  const { integrity, crossorigin } = attributes;
  if (!integrity) return;
  if (!isWhole(integrity, answer.bytes)) report.wrong(t`the tag's integrity is not that of ${url}, so browsers refuse the script`, t`Copy the tag again from ${base}. A hash belongs to an address that names a release, such as /v/1.0.0/widget.js.`);
  if (crossorigin === undefined && new URL(url).origin !== new URL(pageUrl).origin) report.wrong(t`the tag has integrity and no crossorigin, so browsers refuse the script`, t`Write crossorigin into the tag.`);
}

/** The tag: `{url, base, site, nonce, integrity, attributes}`; undefined where the page has none that loads. `counter` is the one its owner named. */
export async function checkTag(page, report, counter) {
  const candidates = candidatesOf(page);
  const failed = [];
  const isPublic = !(await isPrivate(page.url));
  for (const attributes of candidates) {
    const url = new URL(attributes.src, page.baseUrl).href;
    const answer = await read(url, { headers: { Accept: "*/*" }, isOfPublic: isPublic && !(counter && url.startsWith(counter)) });
    const why = whyNot(answer);
    if (why) failed.push([url, why, adviceOfServer(answer)]);
    else if (isOurs(answer)) return found({ attributes, url, answer, page, report });
  }
  for (const [url, why, advice] of failed) report.wrong(t`the tag's script ${url} can't be loaded: ${why}`, t`Open that address in a browser. It has to be the counter's own widget.js.`, advice);
  if (!failed.length) report.wrong(t`there is no tag in the page as its server sends it`, t`Paste the line into the page, generate the site anew, empty the CDN's cache. What a script of the page adds can't be seen from here: then name the counter with --counter.`, adviceOnPages(page));
  return undefined;
}

function found({ attributes, url, answer, page, report }) {
  const base = baseOf(url, attributes["data-counter"], page.baseUrl);
  const tag = { url, base, site: attributes["data-site"] || undefined, nonce: attributes.nonce, integrity: attributes.integrity, attributes };
  report.good(t`the tag is in the page; the counter is ${base}`);
  if (!RUN_BY_BROWSERS.test(attributes.type ?? "")) report.wrong(t`browsers don't run the tag: its type is “${attributes.type}”`, t`Take the type away. If Cloudflare's Rocket Loader or a consent banner writes it, have it leave this script alone (data-cfasync="false").`);
  if (page.url.startsWith("https:") && (url.startsWith("http:") || base.startsWith("http:"))) report.wrong(t`the page is encrypted and the counter is not, so browsers load nothing from it`, t`Give the counter a certificate and write https:// into the tag.`);
  if (attributes["data-mode"] === "read") report.note(t`The tag says data-mode="read": numbers are shown, and nothing is counted.`);
  checkIntegrity(tag, answer, page.url, report);
  return tag;
}
