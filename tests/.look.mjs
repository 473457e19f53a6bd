import { chromium } from "@playwright/test";
import { startHost } from "../edge/local/host.mjs";
import config from "./playwright.config.mjs";
const host = await startHost({ dist: "/tmp/mydist", dev: true });
const browser = await chromium.launch(config.use.launchOptions);
for (const [w, scheme, hash] of [[360,"light","#zh-Hans"],[768,"dark","#zh-Hant"],[1280,"light","#en"],[1280,"dark","#zh-Hans"]]) {
  const page = await browser.newPage({ viewport: { width: w, height: 900 }, colorScheme: scheme });
  page.on("console", m => m.type()!=="log" && console.log(w, m.text()));
  await page.goto(host.url + "/" + hash); await page.waitForTimeout(1200);
  await page.screenshot({ path: `/tmp/shots/${w}-${scheme}.png`, fullPage: true });
  console.log(w, await page.evaluate(() => document.documentElement.scrollWidth));
  await page.close();
}
await browser.close(); await host.stop();
