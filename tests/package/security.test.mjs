// SECURITY.md names only tests that exist.
import { test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const FOLDERS = ["tests/browser", "tests/edge", "tests/lab", "tests/long", "tests/package", "tally/tests"];

const filesIn = (folder) => readdirSync(join(ROOT, folder), { recursive: true }).filter((name) => /\.((test|spec)\.mjs|rs)$/.test(name) && !name.includes("node_modules"));

test("each row of the threat table names a test that is run", () => {
  const rows = readFileSync(join(ROOT, "SECURITY.md"), "utf8").split("\n").filter((line) => /^\| (?!who|---)/.test(line));
  const sources = FOLDERS.flatMap((folder) => filesIn(folder).map((name) => readFileSync(join(ROOT, folder, name), "utf8"))).join("\n");
  assert.ok(rows.length >= 15);
  for (const row of rows) {
    const [, name] = /\| `([^`]+)` \|$/.exec(row) ?? assert.fail(`no test in: ${row}`);
    assert.ok(sources.includes(`test("${name}"`) || sources.includes(`fn ${name}()`), name);
  }
});
