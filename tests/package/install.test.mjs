// The packed tarball, in an empty folder, with Node alone.
import { test } from "node:test";
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { BROWSER, emptyFolder, serve } from "./command.mjs";

const run = promisify(execFile);
const TARBALL = process.env.LAIFANG_PACKAGE;
const NEEDED = [
  "package.json", "README.md", "LICENSE", "wrangler.json", "cli/main.mjs", "cli/sources/busuanzi.mjs", "local/host.mjs",
  "worker/index.js", "worker/index.wasm", "assets/_headers", "sbom.cdx.json", "THIRD-PARTY-LICENSES.txt", "assets/widget.js", "assets/demo/index.html",
];
const EXPECTED = /^(package\.json|README\.md|LICENSE|wrangler\.json|release\.json|sbom\.cdx\.json|THIRD-PARTY-LICENSES\.txt|cli\/.*\.mjs|local\/(host|headers)\.mjs|worker\/index\.(js|wasm)|assets\/.*)$/;

test("the tarball holds everything needed and nothing else", async () => {
  const { stdout } = await run("tar", ["-tzf", TARBALL]);
  const files = stdout.trim().split("\n").map((name) => name.replace(/^package\//, ""));
  for (const file of NEEDED) assert.ok(files.includes(file), `${file} is missing`);
  assert.deepEqual(files.filter((file) => !EXPECTED.test(file)), []);
});

/** Opens the demo as a reader does, and gives the number in its sentence. */
async function numberOnDemo(url) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-background-networking"] });
  try {
    const page = await browser.newPage({ userAgent: BROWSER["User-Agent"] });
    await page.goto(`${url}/demo/`);
    const filled = page.getByText(/您是第 ?\d+ ?位來訪者/).first();
    await filled.waitFor({ timeout: 10_000 });
    const { site } = await page.evaluate(() => window.laifang.ready);
    return { sentence: await filled.textContent(), views: site.views };
  } finally {
    await browser.close();
  }
}

test("from an empty folder to a counted hit on the demo page takes less than a minute, and a restart goes on", async (t) => {
  const folder = await emptyFolder(t);
  const began = Date.now();
  await run("npm", ["install", "--no-audit", "--no-fund", TARBALL], { cwd: folder });
  const program = ["npx", "--no-install", "laifang"];
  const first = await serve(t, [], { cwd: folder, program });
  assert.deepEqual(await numberOnDemo(first.url), { sentence: "您是第 1 位來訪者", views: 1 });
  const tookMs = Date.now() - began;
  t.diagnostic(`npm install to the number on the page: ${(tookMs / 1000).toFixed(1)} s`);
  assert.ok(tookMs < 60_000);
  await first.stop();
  assert.ok(existsSync(join(folder, "laifang-data")));

  const again = await serve(t, [], { cwd: folder, program });
  assert.equal((await numberOnDemo(again.url)).views, 2);
});
