// The list of tracking parameters is the one of the locked npm package: `--write` takes in a newer one.
import { test } from "node:test";
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";

const file = new URL("../../tally/src/tracking/global.txt", import.meta.url);
const rules = createRequire(import.meta.url)("tidy-url/data/rules.js");
const { rules: names } = (rules.default ?? rules).find(({ name }) => name === "Global");
const list = [
  '# Tracking parameters of every site: the rule "Global" of npm tidy-url (MIT, DrKain/tidy-url).',
  "# Made by: node tests/edge/tracking.test.mjs --write",
  ...new Set(names.map((name) => name.toLowerCase()).sort()),
  "",
].join("\n");
if (process.argv.includes("--write")) await writeFile(file, list);

test("the list of tracking parameters is that of the locked package", async () => {
  assert.equal(await readFile(file, "utf8"), list);
});
