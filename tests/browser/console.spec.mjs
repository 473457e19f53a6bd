// The owner's console in real Chromium on the real Worker.
import { test, expect } from "@playwright/test";
import AxeBuilder from "@axe-core/playwright";
import { readFile } from "node:fs/promises";
import { TOKEN, SITE, startWorker, visitor, eventually } from "../edge/worker.mjs";
import english from "../../www/console/src/words/en.js";
import simplified from "../../www/console/src/words/zh_hans.js";
import traditional from "../../www/console/src/words/zh_hant.js";

const WORDS = { "zh-Hans": simplified, "zh-Hant": traditional, en: english };

let worker;
let troubles;
test.beforeEach(async ({ page }) => {
  worker = await startWorker({ dev: true });
  troubles = [];
  page.on("console", (message) => /Content Security|Trusted/i.test(message.text()) && troubles.push(message.text()));
  page.on("pageerror", (error) => troubles.push(error.message));
});
test.afterEach(async () => {
  expect(troubles).toEqual([]);
  await worker.end();
});

const open = (page, hash = "en") => page.goto(`${worker.host.url}/console/#${hash}`);
async function signIn(page, hash = "en", token = TOKEN) {
  await open(page, hash);
  await page.locator("input[type=password]").fill(token);
  await page.keyboard.press("Enter");
}
const openSite = (page, language = "en") => signIn(page, `${language}&site=${SITE}`);
const tile = (page, name) => page.locator(".tiles div", { has: page.locator("dt", { hasText: new RegExp(`^${name}$`) }) }).locator("dd");
const part = (page, name) => page.getByRole("region", { name, exact: true });
const axe = async (page) => (await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
const isWide = (page) => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);

/** Three visitors, four views of two pages, two shares. */
async function makeCounts() {
  for (const [number, page] of [[1, "/a"], [2, "/a"], [3, "/%E4%B8%AD/b"], [3, "/a"]]) {
    expect((await worker.hit({ url: `https://${SITE}${page}` }, visitor(number))).status).toBe(200);
  }
  for (const network of ["weibo", "wechat"]) {
    const id = `share-of-the-tests-${network}`;
    await worker.fetch("/v1/shares", { method: "POST", body: JSON.stringify({ url: `https://${SITE}/a`, network, id }), headers: visitor(1) });
  }
}
const fileOf = (text, name = "numbers.csv") => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });

/** Presses Tab until the element has the focus. */
async function tabTo(page, locator) {
  for (let presses = 0; presses < 120; presses++) {
    if (await locator.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error("no way there by Tab");
}

test.describe("what it is made of", () => {
  const shapeOf = (value) => (typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)])) : typeof value);

  test("every language has every word", () => {
    for (const words of Object.values(WORDS)) expect(shapeOf(words)).toEqual(shapeOf(english));
  });

  test("it has no inline script or style, may not be framed, and takes no HTML", async ({ page }) => {
    const response = await open(page);
    const policy = response.headers()["content-security-policy"];
    for (const rule of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"]) {
      expect(policy.split("; ")).toContain(rule);
    }
    expect(response.headers()["access-control-allow-origin"]).toBeUndefined();
    const html = await readFile(new URL("../../www/console/index.html", import.meta.url), "utf8");
    expect(html).not.toMatch(/<style|style=|<script(?![^>]*src=)|\son\w+=/);
    const refused = await page.evaluate(() => {
      try {
        document.body.innerHTML = "<b>x</b>";
        return false;
      } catch {
        return true;
      }
    });
    expect(refused).toBe(true);
    troubles.length = 0;
  });

  test("/console leads there, and the first language is the browser's", async ({ browser }) => {
    for (const [locale, language] of [["zh-TW", "zh-Hant"], ["zh-CN", "zh-Hans"], ["fr-FR", "en"]]) {
      const context = await browser.newContext({ locale });
      const page = await context.newPage();
      await page.goto(`${worker.host.url}/console`);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(WORDS[language].signIn.title);
      expect(await page.locator("html").getAttribute("lang")).toBe(language);
      expect(await page.title()).toBe(WORDS[language].title);
      await context.close();
    }
  });
});
