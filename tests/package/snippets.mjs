// The snippets of the documentation: each `<pre>`, with the page and language it stands in and how it is to be
// run (`data-run`; without it, it is HTML for a page).
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const DOCS = fileURLToPath(new URL("../../www/docs", import.meta.url));
const PRE = /<pre(?: data-run="([\w-]+)")?><code>([\s\S]*?)<\/code><\/pre>/g;
const ENTITIES = { lt: "<", gt: ">", amp: "&", quot: '"' };
const unescaped = (html) => html.replace(/&(lt|gt|amp|quot);/g, (_, name) => ENTITIES[name]);

/** Shown by the share box's own browser tests, which know what each looks like. */
const RUN_ELSEWHERE = ["share"];

/** Names of the pages, without `.html`. */
export const PAGES = readdirSync(DOCS).filter((name) => name.endsWith(".html")).map((name) => name.replace(".html", ""));

/** Those whose snippets are run here. */
export const RUN_PAGES = PAGES.filter((page) => !RUN_ELSEWHERE.includes(page));

export const sourceOf = (page) => readFileSync(join(DOCS, `${page}.html`), "utf8");

/** `{language: [{run, text}]}` of a page. */
export function snippetsOf(page) {
  const articles = [...sourceOf(page).matchAll(/<article id="([\w-]+)"[\s\S]*?<\/article>/g)];
  return Object.fromEntries(
    articles.map(([html, language]) => {
      const found = [...html.matchAll(PRE)].map(([, run = "html", text]) => ({ run, text: unescaped(text) }));
      if (found.length !== html.split("<pre").length - 1) throw new Error(`${page} has a <pre> that is not of the known form`);
      return [language, found];
    }),
  );
}

/** Each distinct snippet once: `{page, run, text}`. */
export function allSnippets() {
  const all = RUN_PAGES.flatMap((page) => Object.values(snippetsOf(page)).flat().map((snippet) => ({ page, ...snippet })));
  return [...new Map(all.map((snippet) => [snippet.run + snippet.text, snippet])).values()];
}

/** The one snippet of a kind that a page has, the same in all languages. */
export function snippetOf(page, kind) {
  const found = new Set(Object.values(snippetsOf(page)).flat().filter(({ run }) => run === kind).map(({ text }) => text));
  if (found.size !== 1) throw new Error(`${kind} is not the same in all languages of ${page}`);
  return [...found][0];
}
