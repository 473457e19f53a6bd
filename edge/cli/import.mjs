// `laifang import`: brings numbers to a site: from a file, or from busuanzi or vercount by walking a sitemap.
//
// First a dry run that says what would change, then, with a person's yes or --yes, the import. Importing twice
// is the same as once; numbers given today stay; a start lower than what is counted already is refused.
import { writeFileSync } from "node:fs";
import { Failure } from "./failure.mjs";
import { understoodLines } from "./file_sentences.mjs";
import { readNumberFile, tableImport, tableOf } from "./number_file.mjs";
import { hostOf, numberOf, readOptions } from "./options.mjs";
import { OWNER_OPTIONS, checkOwnerOptions, ownerOf } from "./owner.mjs";
import { pagesOf } from "./sitemap.mjs";
import { Busuanzi, WARNING as BUSUANZI_COUNTS } from "./sources/busuanzi.mjs";
import { Vercount } from "./sources/vercount.mjs";
import { helpOf, t } from "./speech.mjs";
import { confirm, isAttended, progress } from "./terminal.mjs";
import { walk, WalkFile } from "./walk.mjs";

export const HELP = helpOf("import");

const OPTIONS = {
  ...OWNER_OPTIONS,
  replace: { type: "boolean", default: false },
  "keep-higher": { type: "boolean", default: false },
  from: { type: "string" },
  sitemap: { type: "string" },
  state: { type: "string" },
  "pause-ms": { type: "string", default: "1000" },
  endpoint: { type: "string" },
};
const SOURCES = { busuanzi: Busuanzi, vercount: Vercount };
const SHORTEST_PAUSE_MS = 100;

function checkOptions({ from, sitemap, files, ...options }) {
  checkOwnerOptions(options);
  if (from && !SOURCES[from]) throw new Failure(t`--from takes busuanzi or vercount, not “${from}”.`);
  if (from && !sitemap) throw new Failure(t`name the site's sitemap with --sitemap https://example.cn/sitemap.xml.`);
  if (!from && files.length !== 1) throw new Failure(t`name one file to import, or another counter with --from. Add --help to see more.`);
  if (from && files.length) throw new Failure(t`either a file or --from, not both.`);
}

/** The site's own pages of a sitemap; what else stands there is said. */
async function ownPages(sitemap, site) {
  const line = progress();
  const listed = await pagesOf(addressOfSitemap(sitemap), (address) => line.show(t`reading ${address}`));
  const pages = listed.filter((page) => URL.canParse(page) && hostOf(page) === site);
  const others = listed.length - pages.length;
  line.end(t`${pages.length} pages of ${site} in the sitemap; addresses of other sites left out: ${others}`);
  if (!pages.length) throw new Failure(t`the sitemap names no page of ${site}. Look at --site and --sitemap.`);
  return pages;
}

function addressOfSitemap(text) {
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) return text;
  throw new Failure(t`--sitemap takes an address such as https://example.cn/sitemap.xml, not “${text}”.`);
}

const minutes = (ms) => (ms < 90_000 ? t`${Math.ceil(ms / 1000)} s` : t`${Math.ceil(ms / 60_000)} min`);

async function walkedImport(options, site) {
  const pauseMs = numberOf(options["pause-ms"], "--pause-ms", { least: SHORTEST_PAUSE_MS, most: 600_000 });
  const pages = await ownPages(options.sitemap, site);
  const memory = new WalkFile(options.state ?? `laifang-${site}-${options.from}.ndjson`, { from: options.from, site, ...(options.endpoint && { endpoint: options.endpoint }) });
  if (options.from === "busuanzi") console.log(BUSUANZI_COUNTS);
  if (memory.pages.size) console.log(t`${memory.pages.size} pages are in ${memory.file} already`);
  const line = progress();
  const began = Date.now();
  let asked = 0;
  await walk(pages, new SOURCES[options.from](options.endpoint, memory.visitor), memory, {
    pauseMs,
    onStep: (done, left) => line.show(t`${done} of ${done + left} pages, ${minutes(((Date.now() - began) / ++asked) * left)} left`),
    onWait: (ms, why) => line.end(t`${why}; waiting ${minutes(ms)}`),
  });
  line.end(t`${memory.pages.size} pages read from ${options.from}`);
  const text = tableOf(memory.site, [...memory.pages].map(([page, views]) => [pathOf(page), views]));
  const file = memory.file.replace(/\.ndjson$/, "") + ".csv";
  writeFileSync(file, text);
  console.log(t`wrote ${file}: look it over, change it if you like; it can be imported again as a file`);
  return tableImport(text);
}

function pathOf(page) {
  const { pathname, search } = new URL(page);
  return pathname + search;
}

/** What the import route says, for people. */
function describe({ before, after, ...reply }) {
  if (reply.already_imported) console.log(t`  This was imported before: nothing changes.`);
  console.log(t`  views     ${before.views} → ${after.views}`);
  console.log(t`  visitors  ${before.visitors} → ${after.visitors}`);
  console.log(t`  pages     ${reply.pages_added} new, ${reply.pages_changed} changed, ${reply.pages_removed} removed`);
  if (reply.days) console.log(t`  days      ${reply.days}`);
  if (reply.merged) console.log(t`  ${reply.merged} lines name a page that another line names differently (/a/ and /a); their counts were added up`);
  if (reply.kept) console.log(t`  ${reply.kept} counts were higher already and stay`);
}

/** Imports. */
export async function run(words) {
  const options = readOptions(words, OPTIONS, { takesFile: true });
  checkOptions(options);
  const site = hostOf(options.site);
  const owner = await ownerOf(options);
  const numbers = options.from ? await walkedImport(options, site) : await readNumberFile(options.files[0], site);
  if (numbers.understood) console.log(understoodLines(numbers.understood).join("\n"));
  console.log(t`\nWhat would change at ${owner.base}:`);
  const how = { replace: options.replace, keepHigher: options["keep-higher"] };
  describe(await owner.import(numbers, { ...how, dryRun: true }));
  if (!options.yes && !(isAttended() && (await confirm(t`Import it?`)))) {
    console.log(t`Nothing was changed. Add --yes to import it.`);
    return;
  }
  const reply = await owner.import(numbers, how);
  console.log(t`\nImported to ${owner.base}:`);
  describe(reply);
}
