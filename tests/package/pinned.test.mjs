// /v/VERSION/widget.js with the hash in the tag: it counts, and no part runs whose bytes are others than the release's.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { BROWSER, DIST, emptyFolder, serve, standIn } from "./command.mjs";

const RELEASE = JSON.parse(readFileSync(join(DIST, "release.json"), "utf8"));
const SENTENCE = "您是第 位來訪者";
const ANSWER_LIMIT_MS = 15_000;
const undos = [];
const context = { after: (undo) => undos.push(undo) };
let counter, site, browser, tag;

before(async () => {
  counter = await serve(context, ["--site", "localhost"], { cwd: await emptyFolder(context) });
  // Another origin than the counter's: a hash is checked by CORS's rules.
  site = (await standIn(context, (request, response) => {
    const policy = new URL(request.url, "http://x").searchParams.get("policy");
    const headers = policy && { "Content-Security-Policy": policy };
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", ...headers });
    response.end(`<!doctype html><html lang="zh"><title>x</title><body><div id="text"><h1>古渡口</h1><p>清江從山裏出來。</p></div><p id="sentence">${SENTENCE}</p>${tag}</body></html>`);
  })).replace("127.0.0.1", "localhost");
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-background-networking"] });
});
after(async () => {
  await browser?.close();
  for (const undo of undos.reverse()) await undo();
});

const tagOf = (integrity) => `<script async crossorigin src="${counter.url}${RELEASE.path}" integrity="${integrity}" data-share></script>`;

/** Opens the page; `change(route)` may answer instead of the counter. */
async function open({ policy = "", change, integrity = RELEASE.integrity } = {}) {
  tag = tagOf(integrity);
  const page = await browser.newPage({ userAgent: BROWSER["User-Agent"] });
  const seen = { asked: [], warnings: [] };
  page.on("request", (request) => seen.asked.push(new URL(request.url()).pathname));
  page.on("console", (message) => seen.warnings.push(message.text()));
  if (change) await page.route(/\/\w+-[0-9a-f]{10}\./, change);
  await page.goto(`${site}/?policy=${encodeURIComponent(policy)}`);
  return { page, seen };
}

const isFilled = (page) => page.waitForFunction(() => /\d/.test(document.querySelector("#sentence").textContent), undefined, { timeout: ANSWER_LIMIT_MS });

for (const [how, policy, ending] of [["as WebAssembly", "", "wasm"], ["without WebAssembly", "script-src http://localhost:*", "plain.js"]]) {
  test(`a tag with the release's hash counts, ${how}, and the share box draws its code`, async () => {
    const { page, seen } = await open({ policy });
    await isFilled(page);
    assert.ok(seen.asked.includes("/v1/hits"), "the API is at the counter's root");
    assert.ok(seen.asked.some((path) => path.startsWith("/widget-") && path.endsWith(ending)), seen.asked.join());
    await page.locator("laifang-share").getByRole("button", { name: "微信" }).click();
    await page.getByRole("dialog").getByRole("img").waitFor({ timeout: ANSWER_LIMIT_MS });
    assert.ok(seen.asked.some((path) => path.startsWith("/share-") && path.endsWith(ending)), seen.asked.join());
    assert.deepEqual(seen.warnings.filter((text) => /integrity|laifang/.test(text)), []);
    await page.close();
  });
}

for (const part of [/\/widget-\w+\.js$/, /\/widget-\w+\.wasm$/]) {
  test(`${part} with another byte in it does not run`, async () => {
    const change = async (route) => {
      if (!part.test(route.request().url())) return route.continue();
      const response = await route.fetch();
      return route.fulfill({ response, body: Buffer.concat([await response.body(), Buffer.from("\n")]) });
    };
    const { page, seen } = await open({ change });
    const told = () => seen.warnings.some((text) => /integrity/.test(text)) && seen.warnings.some((text) => text.startsWith("laifang:"));
    for (const until = Date.now() + ANSWER_LIMIT_MS; !told() && Date.now() < until; ) await page.waitForTimeout(100);
    assert.ok(told(), seen.warnings.join("\n"));
    assert.equal(await page.locator("#sentence").textContent(), SENTENCE);
    await page.close();
  });
}

test("another file than the one that was chosen is refused by the browser, and nothing is counted", async () => {
  const { page, seen } = await open({ integrity: RELEASE.integrity.replace(/.$/, (last) => (last === "A" ? "B" : "A")) });
  await page.waitForTimeout(1000);
  assert.ok(!seen.asked.includes("/v1/hits"));
  assert.ok(seen.warnings.some((text) => /integrity/.test(text)));
  await page.close();
});
