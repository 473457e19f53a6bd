// Writes measurements into the documentation: what stands between `<!-- measured NAME LANGUAGE -->` and `<!-- end -->` is made
// from the kept results, and nothing else. `node tests/bench/report/pages.mjs` says which pages do not agree with
// `tests/bench/results.json`, and fails; with `--write` it makes them agree.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { plot } from "./plot.mjs";
import { REGIONS } from "./tables.mjs";
import { LANGUAGES } from "./words.mjs";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
export const DOCS = here("../../../www/docs");
const PLOT = "growth.svg";
const REGION = /(<!-- measured ([\w-]+) ([\w-]+) -->\n)([\s\S]*?)(<!-- end -->)/g;

/** A page with its regions made anew. */
export function withMeasured(page, results) {
  return page.replace(REGION, (all, begin, name, language, inside, end) => {
    if (!REGIONS[name] || !LANGUAGES[language]) throw new Error(`there is no region ${name} in ${language}`);
    const made = REGIONS[name](results, LANGUAGES[language]);
    return made === undefined ? all : `${begin}${made}\n${end}`;
  });
}

/** Files of the documentation that differ from what the results make of them: name and text. */
export function outdated(results, docs = DOCS) {
  const changed = [];
  for (const name of readdirSync(docs).filter((file) => file.endsWith(".html"))) {
    const page = readFileSync(join(docs, name), "utf8");
    const made = withMeasured(page, results);
    if (made !== page) changed.push([name, made]);
  }
  const drawn = plot(results);
  if (drawn !== undefined && readIfThere(join(docs, PLOT)) !== drawn) changed.push([PLOT, drawn]);
  return changed;
}

function readIfThere(file) {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Writes the pages that differ into `folder`; their names. */
export function writePages(results, folder = DOCS) {
  mkdirSync(folder, { recursive: true });
  const changed = outdated(results);
  for (const [name, text] of changed) writeFileSync(join(folder, name), text);
  return changed.map(([name]) => name);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const results = JSON.parse(readFileSync(here("../results.json"), "utf8"));
  if (process.argv.includes("--write")) console.log(writePages(results).join("\n"));
  else {
    const names = outdated(results).map(([name]) => name);
    if (names.length) {
      console.error(`${names.join(", ")}: not what tests/bench/results.json says. node tests/bench/report/pages.mjs --write`);
      process.exitCode = 1;
    }
  }
}
