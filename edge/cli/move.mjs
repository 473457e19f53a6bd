// `laifang move`: leads old addresses of a site to new ones, or merges pages that the setting `query` made one.
//
// First a dry run that says what would change, then, with a person's yes or --yes, the move. Counts are added up;
// the old address leads to the new one from then on. Said twice it is the same as once.
import { readFileSync } from "node:fs";
import { Failure } from "./failure.mjs";
import { readOptions } from "./options.mjs";
import { OWNER_OPTIONS, checkOwnerOptions, ownerOf } from "./owner.mjs";
import { helpOf, t } from "./speech.mjs";
import { confirm, isAttended, plain } from "./terminal.mjs";

export const HELP = helpOf("move");

const OPTIONS = { ...OWNER_OPTIONS, merge: { type: "boolean", default: false } };
/** Lines that are shown; the console shows a hundred, the file holds all. */
const MOST_LINES = 20;

function checkOptions({ files, merge, ...options }) {
  checkOwnerOptions(options);
  if (merge && files.length) throw new Failure(t`either --merge or addresses, not both.`);
  if (!merge && (files.length < 1 || files.length > 2)) throw new Failure(t`name an old address and its new one, or a CSV file of such pairs. Add --help to see more.`);
}

/** A pair as JSON, a file as it is. */
function bodyOf([from, to]) {
  if (to !== undefined) return JSON.stringify({ from, to });
  try {
    return readFileSync(from);
  } catch (error) {
    throw new Failure(t`${from} can't be read (${error.code ?? error.message}).`);
  }
}

/** What the route says, for people. */
function describe({ lines, total, ended, ...report }) {
  for (const { from, to, adds, after } of lines.slice(0, MOST_LINES)) {
    console.log(plain(`  ${from} → ${to}`));
    console.log(t`      adds ${adds.views} views and ${adds.visitors} visitors, which makes ${after.views} and ${after.visitors}`);
  }
  if (total > MOST_LINES) console.log(t`  … and ${total - Math.min(lines.length, MOST_LINES)} more`);
  for (const address of ended.slice(0, MOST_LINES)) console.log(plain(t`  ${address} is a page of its own again and begins at zero`));
  console.log(t`  pages     ${report.pages_before} → ${report.pages_after}`);
}

/** Moves or merges. */
export async function run(words) {
  const options = readOptions(words, OPTIONS, { takesFile: true });
  checkOptions(options);
  const body = options.merge ? undefined : bodyOf(options.files);
  const owner = await ownerOf(options);
  const change = (dryRun) => (options.merge ? owner.merge({ dryRun }) : owner.move(body, { dryRun }));
  const report = await change(true);
  if (!report.total && !report.ended.length) return console.log(t`There is nothing to change at ${owner.base}.`);
  console.log(t`What would change at ${owner.base}, for good:`);
  describe(report);
  if (!options.yes && !(isAttended() && (await confirm(t`Do it?`)))) {
    console.log(t`Nothing was changed. Add --yes to do it.`);
    return;
  }
  console.log(t`\nDone at ${owner.base}:`);
  describe(await change(false));
}
