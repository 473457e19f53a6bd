// The Containerfile without a container: what it copies, and what it installs of that. No image is built here.
import { test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { emptyFolder } from "./command.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const LINES = readFileSync(join(ROOT, "Containerfile"), "utf8").replace(/\\\n/g, "").split("\n");
const of = (word) => LINES.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1).trim());

test("several packages may be copied, and the newest is installed", async (t) => {
  const [copy] = of("COPY");
  assert.match(copy, /^target\/package\/laifang-\*\.tgz \/opt\/laifang\/packages\/$/, "several files need a folder, whose name ends with a slash");
  assert.match(readFileSync(join(ROOT, ".dockerignore"), "utf8"), /^!target\/package\/laifang-\*\.tgz$/m);
  const folder = await emptyFolder(t);
  const tools = join(folder, "tools");
  for (const made of [tools, join(folder, "packages")]) mkdirSync(made);
  for (const version of ["0.9.0", "0.10.0", "0.1.0"]) writeFileSync(join(folder, `packages/laifang-${version}.tgz`), version);
  // What the line runs: npm tells what it is given; install would need the image's users.
  for (const [name, script] of [["npm", 'cat "$(eval echo \\${$#})" > installed'], ["install", "true"]]) {
    writeFileSync(join(tools, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(tools, name), 0o755);
  }
  execFileSync("sh", ["-ec", of("RUN")[0]], { cwd: folder, env: { PATH: `${tools}:${process.env.PATH}` } });
  assert.equal(readFileSync(join(folder, "installed"), "utf8"), "0.10.0");
});
