// The README's example does what the README says, in both languages.
import { test } from "node:test";
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { startWorker } from "./worker.mjs";

for (const name of ["README.md", "README.zh-CN.md"]) {
  test(`the curl example of ${name} counts a view`, async () => {
    const readme = await readFile(new URL(`../../${name}`, import.meta.url), "utf8");
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
}
