// `laifang serve` where workerd can't start.
import { test } from "node:test";
import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { emptyFolder, laifang } from "./command.mjs";

test("a system whose C library is too old is told so in one sentence", async (t) => {
  const tools = await emptyFolder(t);
  const cwd = await emptyFolder(t);
  for (const [version, name] of [['"2.31"', "glibc 2.31"], ['"2.9"', "glibc 2.9"], ["undefined", "no glibc"]]) {
    const old = join(tools, "old.mjs");
    writeFileSync(old, `process.report.getReport = () => ({ header: { glibcVersionRuntime: ${version} } });`);
    const { code, stdout, stderr } = await laifang(["serve", "--port", "0"], { cwd, env: { NODE_OPTIONS: `--import=${old}` } });
    assert.deepEqual([code, stdout], [1, ""]);
    assert.equal(stderr.trimEnd().split("\n").length, 1);
    assert.ok(stderr.startsWith(`laifang: this system has ${name}; laifang serve needs glibc 2.35 or newer`), stderr);
  }
  assert.deepEqual(readdirSync(cwd), [], "nothing was written");
});
