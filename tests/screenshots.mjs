// Makes the pictures of the README from the built Worker: the demo page before and with the tag.
//
// node tests/screenshots.mjs            writes www/images/before.png and after.png
// node tests/screenshots.mjs FOLDER     also writes the start page there, narrow and wide, light and dark
import { chromium } from "@playwright/test";
import { startHost } from "../edge/local/host.mjs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import config from "./playwright.config.mjs";

const images = fileURLToPath(new URL("../www/images/", import.meta.url));
const FOOTER_HEIGHT = 250;
const START_SIZES = [[320, 640], [360, 740], [768, 1024], [1280, 900]];

async function visit(browser, url, visitor) {
  const page = await browser.newPage({
    viewport: { width: 1000, height: 800 },
    extraHTTPHeaders: { "CF-Connecting-IP": `10.2.0.${visitor}` },
  });
  await page.goto(url);
  return page;
}

/** The end of the page: the last lines of the article, what stands after it, the footer. */
async function shootEnd(page, name) {
  const { height, width } = await page.evaluate(() => ({ height: document.body.scrollHeight, width: document.body.scrollWidth }));
  const shareHeight = await page.evaluate(() => document.querySelector("laifang-share")?.offsetHeight ?? 0);
  const end = FOOTER_HEIGHT + shareHeight;
  await page.screenshot({ path: join(images, name), fullPage: true, clip: { x: 0, y: height - end, width, height: end } });
}

async function shootDemo(browser, base) {
  await shootEnd(await visit(browser, `${base}/demo/before.html`, 1), "before.png");
  let page;
  for (let visitor = 1; visitor <= 3; visitor += 1) {
    await page?.close();
    page = await visit(browser, `${base}/demo/`, visitor);
    await page.getByText(`您是第 ${visitor} 位來訪者`).waitFor();
  }
  await page.locator("laifang-share").waitFor();
  await shootEnd(page, "after.png");
}

async function shootStart(browser, base, folder) {
  for (const [width, height] of START_SIZES) {
    for (const colorScheme of ["light", "dark"]) {
      const page = await browser.newPage({ viewport: { width, height }, colorScheme });
      await page.goto(`${base}/#en`);
      await page.locator("#visitor").filter({ hasText: /\d/ }).waitFor();
      await page.screenshot({ path: join(folder, `start-${width}-${colorScheme}.png`), fullPage: true });
      await page.close();
    }
  }
}

const host = await startHost({ dev: true });
const browser = await chromium.launch(config.use.launchOptions);
try {
  await shootDemo(browser, host.url);
  if (process.argv[2]) await shootStart(browser, host.url, process.argv[2]);
} finally {
  await browser.close();
  await host.stop();
}
