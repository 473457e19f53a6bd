// The networks and words a box is made of. The default set is here; the rest is fetched once, when needed.
import { NETWORKS, WORDS } from "laifang:base";
import { state } from "./state.js";

/** What a box whose `networks` is not set holds, by language: Simplified and Traditional Chinese, English, Japanese. */
const DEFAULTS = ["wechat weibo qq qzone copy", "line facebook threads x copy"];
const ELSEWHERE = "native facebook x linkedin email copy";

const words = [WORDS], waiting = [];
let networks = NETWORKS, hasTried;

const find = (id) => networks.find(([ids]) => (" " + ids + " ").includes(" " + id + " "));

/** The words of a language, if they are here: see `words.json` for their order. */
export const wordsOf = (language) => words[language];

/** A network by its id, or by its name in a dead box. */
export function networkOf(id, language) {
  const row = find(id);
  if (!row) return;
  const [ids, names, limit, template, colour, icon] = row, each = names.split("|");
  return { id: ids.split(" ")[0], name: each[language] || names, limit, template, colour, icon };
}

/** Ids of a box, each once: what was asked for, or the defaults of its language. `own` are the page's own networks. */
export function choose(asked, own, language, isMainland, isPhone) {
  if (!asked.trim()) asked = (isPhone ? "native " : "") + (language == 1 && isMainland ? "wechat weibo " : "") + (DEFAULTS[language] || ELSEWHERE);
  const isWhole = / all /.test(` ${asked} `);
  if (isWhole) asked += " " + networks.map(([ids]) => ids.split(" ")[0]).join(" ");
  const ids = [];
  for (const word of (asked + " " + own).split(/[\s,]+/)) {
    const row = find(word), id = row ? row[0].split(" ")[0] : word;
    if (id && ids.indexOf(id) < 0 && (id != "native" || navigator.share) && (id != "more" || !isWhole)) ids.push(id);
  }
  return ids;
}

/** Fetches the rest and calls back, whether it came or not; false if that has been tried. */
export function fetchMore(then) {
  if (hasTried) return false;
  if (!waiting[0]) state.load("networks").addEventListener("error", goOn);
  waiting.push(then);
  return true;
}

function goOn() {
  hasTried = true;
  waiting.forEach((then) => then());
}

state.more = (rest) => {
  networks = NETWORKS.map(([ids, , ...row], index) => [ids, rest.names[index], ...row]).concat(rest.networks);
  words.push(...rest.words);
  goOn();
};
