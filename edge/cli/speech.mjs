// What the commands say, in the reader's language: English stands in the code as t`…`, others in a table each.
//
// The language is that of the environment. Out of scope: what other programs and the counter itself say, and
// `ready http://…`, which scripts wait for.
import { HELP } from "./words/en.mjs";

const TABLES = { "zh-Hans": "./words/zh_hans.mjs", "zh-Hant": "./words/zh_hant.mjs" };

/** The language of an environment: what its variables name, or else the system. */
export function languageOf(environment, system = Intl.DateTimeFormat().resolvedOptions().locale) {
  const named = environment.LC_ALL || environment.LC_MESSAGES || environment.LANG || system;
  if (!/^zh\b|^zh_/i.test(named)) return "en";
  return /hant|[_-](tw|hk|mo)\b/i.test(named) ? "zh-Hant" : "zh-Hans";
}

const language = languageOf(process.env);
const spoken = TABLES[language] ? await import(TABLES[language]) : { HELP, MESSAGES: {} };

/** A message's English, with its values as {0}, {1}, …: the name it has in the tables. */
export const nameOf = (parts) => parts.reduce((name, part, index) => `${name}{${index - 1}}${part}`);

/** A message. */
export function t(parts, ...values) {
  const name = nameOf(parts);
  return (spoken.MESSAGES[name] ?? name).replace(/\{(\d+)\}/g, (_, index) => values[index]);
}

/** What `--help` of a command says. */
export const helpOf = (command) => spoken.HELP[command];
