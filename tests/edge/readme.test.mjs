// The README's example does what the README says.
import { test } from "node:test";
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { startWorker } from "./worker.mjs";

test("the curl example of the README counts a view", async () => {
  const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
  const [line] = readme.match(/^curl -d .*$/m);
  const worker = await startWorker({ dev: true });
  try {
    const command = line.replaceAll("localhost:8787", `localhost:${worker.host.port}`);
    const { stdout } = await promisify(execFile)("bash", ["-c", command]);
    assert.equal(JSON.parse(stdout).counted, true);
  } finally {
    await worker.end();
  }
});
