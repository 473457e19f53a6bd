// The Worker's variables, checked before it starts or is deployed: the Worker itself replaces one that it can't
// understand by its default. Out of scope: SITES and ADMIN_TOKEN, which have options and checks of their own.
import { Failure } from "./failure.mjs";
import { hostOf, listOf } from "./options.mjs";
import { t } from "./speech.mjs";
import { TrustedProxies } from "./trusted_proxies.mjs";

const MOST = Number.MAX_SAFE_INTEGER;
/** The smallest and the largest value of each number. */
const NUMBERS = {
  KV_WRITES_PER_DAY: [0, MOST],
  MAX_PAGES: [1, 1_000_000],
  HITS_PER_MINUTE: [1, MOST],
};
const SWITCH_WORDS = ["on", "1", "true", "yes", "off", "0", "false", "no"];
/** Zones that many people expect and IANA does not have. */
const LIKELY_ZONES = [
  [/beijing|peking|guangzhou|shenzhen|xi.?an|china|^cst$|^[+-]0?8(:?00)?$|^(utc|gmt)\+8$/i, "Asia/Shanghai"],
  [/taiwan|kaohsiung/i, "Asia/Taipei"],
  [/hong.?kong|^hkt$/i, "Asia/Hong_Kong"],
  [/osaka|kyoto|japan|^jst$/i, "Asia/Tokyo"],
  [/korea|busan|^kst$/i, "Asia/Seoul"],
];

function isZone(name) {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return /^[a-z]/i.test(name);
  } catch {
    return false;
  }
}

const zoneMeantBy = (name) => LIKELY_ZONES.find(([pattern]) => pattern.test(name))?.[1] ?? "Asia/Shanghai";

function areProxies(value) {
  try {
    return Boolean(new TrustedProxies(listOf(value)));
  } catch {
    return false;
  }
}

/** A host as a page's address has it: with its `www.`. */
const isHost = (text) => hostOf(text) !== undefined && new URL(`http://${text}`).host === text;

function messageFor(name, value) {
  if (value === "") return undefined;
  if (name === "TIME_ZONE" && !isZone(value)) return t`TIME_ZONE=${value} is not a time zone of the IANA list. Write one such as ${zoneMeantBy(value)}.`;
  if (name === "COUNT_BOTS" && !SWITCH_WORDS.includes(value)) return t`COUNT_BOTS=${value} is not understood. Write COUNT_BOTS=on or COUNT_BOTS=off.`;
  if (name === "TRUSTED_PROXIES" && !areProxies(value)) return t`TRUSTED_PROXIES=${value} is not understood. Write addresses such as 203.0.113.7 or networks such as 203.0.113.0/24.`;
  if (name === "TAG_HOSTS" && !listOf(value).every(isHost)) return t`TAG_HOSTS=${value} is not understood. Write hosts such as www.example.cn, separated by spaces.`;
  const [least, most] = NUMBERS[name] ?? [];
  if (least === undefined || (/^\d+$/.test(value) && value >= least && value <= most)) return undefined;
  return t`${name}=${value} is not understood. Write a whole number from ${least} to ${most}, such as ${name}=1000.`;
}

/** Throws a message that names the first variable that can't be understood, and a right value. */
export function checkVariables(variables = {}) {
  for (const [name, value] of Object.entries(variables)) {
    const message = messageFor(name, String(value));
    if (message) throw new Failure(message);
  }
  return variables;
}
