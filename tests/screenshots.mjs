// Makes the README's pictures: the foot of the demo page before and after, from the real thing.
import { chromium } from "@playwright/test";
import { mkdir } from "node:fs/promises";
import { startWorker } from "./edge/worker.mjs";
import config from "./playwright.config.mjs";

const worker = await startWorker({ dev: true });
const browser = await chromium.launch(config.use.launchOptions);
const page = await browser.newPage({ viewport: { width: 1000, height: 900 } });
await mkdir("www/images", { recursive: true });
for (const [name, path] of [["before", "/demo/before.html"], ["after", "/demo/"]]) {
  await page.goto(worker.host.url + path);
  if (name === "after") await page.waitForFunction(() => window.laifang?.ready);
  await page.waitForTimeout(800);
  const { height } = await page.evaluate(() => ({ height: document.documentElement.scrollHeight }));
  await page.screenshot({ path: `www/images/${name}.png`, fullPage: true, clip: { x: 0, y: height - 360, width: 1000, height: 360 } });
}
await page.goto(worker.host.url + "/");
await page.waitForTimeout(1500);
await page.screenshot({ path: process.argv[2] ?? "tests/results/start.png", fullPage: true });
await browser.close();
await worker.end();
