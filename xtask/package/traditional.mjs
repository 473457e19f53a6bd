// Traditional Chinese, made from the Simplified by OpenCC with Taiwan's words: the documentation's, and what the
// commands say.
//
// Each page holds one article a language; the Traditional one is put between the others. What is code, and what
// says of itself that it is in another language, stays as it is. A link to another page leads to its
// Traditional article.
//
// node xtask/package/traditional.mjs FOLDER
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Converter } from "opencc-js/cn2t";

const byOpenCc = Converter({ from: "cn", to: "twp" });
/** Forms that readers in Taiwan and Hong Kong both write. */
const COMMON_FORMS = [[/賬/g, "帳"], [/臺/g, "台"], [/佈/g, "布"], [/許可權/g, "權限"], [/釋出/g, "發布"], [/終端(?!機)/g, "終端機"], [/域名/g, "網域"], [/證書/g, "憑證"], [/“/g, "「"], [/”/g, "」"]];
/** Text without markup, in Traditional Chinese. */
export const convert = (text) => COMMON_FORMS.reduce((made, [from, to]) => made.replace(from, to), byOpenCc(text));
const UNTOUCHED = /<(pre|code)\b[^>]*>[\s\S]*?<\/\1>|<(\w+)\b[^>]* lang="(?!zh-Hans)[^>]*>[\s\S]*?<\/\2>|<[^>]*>/g;
const SIMPLIFIED = /<article id="zh-Hans" lang="zh-Hans">([\s\S]*?)<\/article>\n/;
const NAVIGATION = /<a href="#zh-Hans">中文<\/a>/;

/** An article's inside, in Traditional Chinese. */
export function traditional(html) {
  let made = "";
  let from = 0;
  for (const { 0: kept, index } of html.matchAll(UNTOUCHED)) {
    made += convert(html.slice(from, index)) + leadOn(kept);
    from = index + kept.length;
  }
  return made + convert(html.slice(from));
}

const leadOn = (tag) => tag.replace(/^(<a href="\/docs\/[\w-]*(?:\.html)?)(?:#zh-Hans)?"/, '$1#zh-Hant"');

/** A page with its third article, or as it was if it has no Simplified one. */
export function withTraditional(page) {
  const [article, inside] = SIMPLIFIED.exec(page) ?? [];
  if (!article) return page;
  return page
    .replace(article, `${article}<article id="zh-Hant" lang="zh-Hant">${traditional(inside)}</article>\n`)
    .replace(NAVIGATION, '<a href="#zh-Hans">简体</a> <a href="#zh-Hant" lang="zh-Hant">繁體</a>');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const name of readdirSync(process.argv[2]).filter((entry) => entry.endsWith(".html"))) {
    const file = join(process.argv[2], name);
    writeFileSync(file, withTraditional(readFileSync(file, "utf8")));
  }
}
