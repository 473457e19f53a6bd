// Options of the command line, with errors that name what is wrong.
import { parseArgs } from "node:util";
import { Failure } from "./failure.mjs";
import { t } from "./speech.mjs";

const TOKEN_ON_COMMAND_LINE = t`the owner's token does not belong on the command line: your shell keeps it in its history and every user of this machine can read it. Put it into the variable ADMIN_TOKEN or into a file named with --token-file, or type it when asked.`;

/** Reads `words`: the values of `options` (as `util.parseArgs` has them), and what stands alone. */
export function readOptions(words, options, { takesFile = false } = {}) {
  if (words.some((word) => word === "--token" || word.startsWith("--token="))) throw new Failure(TOKEN_ON_COMMAND_LINE);
  try {
    const { values, positionals } = parseArgs({ args: words, options, allowPositionals: takesFile });
    return { ...values, files: positionals };
  } catch (error) {
    throw new Failure(t`${error.message.replace(/\.? To specify a positional.*$/s, "")}. Add --help to see what there is.`);
  }
}

/** The values of an option that may be given several times, or hold several separated by commas or spaces. */
export const listOf = (values = []) => [values].flat().flatMap((value) => value.split(/[\s,]+/)).filter(Boolean);

/** A whole number within bounds. */
export function numberOf(text, name, { least, most }) {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least && number <= most) return number;
  throw new Failure(t`${name} takes a whole number from ${least} to ${most}, not “${text}”.`);
}

/** `NAME=VALUE` pairs as an object. */
export function variablesOf(pairs = []) {
  const split = (pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)];
  const wrong = pairs.find((pair) => !/^[A-Z_]+=/.test(pair));
  if (wrong) throw new Failure(t`--var takes NAME=VALUE, such as TIME_ZONE=Asia/Taipei, not “${wrong}”.`);
  return Object.fromEntries(pairs.map(split));
}

/** Hosts that may count, as `SITES` has them: lower case, without scheme, path or `www.`. */
export function sitesOf(values) {
  return listOf(values).map((given) => {
    const wildcard = given.startsWith("*.") ? "*." : "";
    const host = hostOf(given.slice(wildcard.length));
    if (host) return wildcard + host;
    throw new Failure(t`“${given}” is not the name of a site. Write its host alone, such as example.cn, or *.example.cn for all below it.`);
  });
}

/** A host in lower case and punycode without `www.`, of a host or an address; undefined if it is neither. */
export function hostOf(text) {
  const address = /^https?:\/\//i.test(text) ? text : `http://${text}`;
  if (!URL.canParse(address)) return undefined;
  const { hostname } = new URL(address);
  return /^[a-z0-9.-]+$/.test(hostname) && !hostname.startsWith(".") ? hostname.replace(/^www\./, "") : undefined;
}

/** This machine, which needs no encryption to be reached. */
const LOCAL = /^(localhost|127\.0\.0\.1|\[::1\])(:|\/|$)/i;

/** Whether what is sent there can be read on the way. */
export const isReadable = (base) => base.startsWith("http://") && !LOCAL.test(base.slice("http://".length));

/** The base address of a deployment, without its final slash. */
export function addressOf(text, name) {
  const address = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `${LOCAL.test(text) ? "http" : "https"}://${text}`;
  if (!URL.canParse(address) || !/^https?:/i.test(address)) throw new Failure(t`${name} takes an address such as https://count.example.org, not “${text}”.`);
  return new URL(address).origin;
}

/** The same with the folder that the counter may be in; its console's address is as good. */
export function baseOf(text, name) {
  const origin = addressOf(text, name);
  const { pathname } = new URL(text.includes("://") ? text : `http://${text}`);
  return origin + pathname.replace(/\/*(console\/?)?$/, "");
}
