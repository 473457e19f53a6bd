// The demo, an existing site with one line added, in real Chromium on real workerd.
import { test, expect } from "@playwright/test";
import AxeBuilder from "@axe-core/playwright";
import jsQR from "jsqr";
import pixelmatch from "pixelmatch";
import { PNG } from "pngjs";
import { readFile } from "node:fs/promises";
import { startWorker } from "../edge/worker.mjs";

const sentence = (page) => page.locator("font", { hasText: "您是第" }).innerText();
const as = (number) => ({ extraHTTPHeaders: { "CF-Connecting-IP": `10.1.0.${number}` } });

let worker;
test.beforeEach(async () => (worker = await startWorker({ dev: true })));
test.afterEach(() => worker.end());

async function visit(browser, number, base = worker.host.url) {
  const context = await browser.newContext(as(number));
  const page = await context.newPage();
  await open(page, `${base}/demo/`);
  return page;
}
async function open(page, url) {
  await page.goto(url);
  await page.evaluate(() => new Promise((done) => {
    const wait = () => (window.laifang ? window.laifang.ready.then(done, done) : setTimeout(wait, 20));
    wait();
  }));
}

for (const host of ["localhost", "demo.test"]) {
  test(`on ${host} the sentence says who one is, and a reload is a view`, async ({ browser }) => {
    const base = `http://${host}:${worker.host.port}`;
    const first = await visit(browser, 1, base);
    expect(await sentence(first)).toBe("您是第 1 位來訪者");
    const second = await visit(browser, 2, base);
    expect(await sentence(second)).toBe("您是第 2 位來訪者");
    await open(first, `${base}/demo/`);
    expect(await sentence(first)).toBe("您是第 1 位來訪者");
    const reply = await first.evaluate(() => window.laifang.ready);
    expect(reply.site).toMatchObject({ views: 3, visitors: 2 });
  });
}

test("after SIGKILL of workerd and a restart the numbers go on", async ({ browser }) => {
  await visit(browser, 1);
  await worker.kill();
  await worker.restart();
  expect(await sentence(await visit(browser, 1))).toBe("您是第 1 位來訪者");
  expect(await sentence(await visit(browser, 2))).toBe("您是第 2 位來訪者");
});

test("the page with the tag is the page without it, but for the one line and what keeps it from counting in a folder of a site", async () => {
  const read = async (name) => (await readFile(new URL(`../../www/demo/${name}`, import.meta.url), "utf8")).split("\n");
  const before = await read("before.html");
  const added = (await read("index.html")).filter((line) => !before.includes(line));
  expect(added).toEqual(['<script src="/demo/own_host.js"></script>', '<script async crossorigin src="/widget.js" data-share></script>']);
});

test("on screen nothing differs but the number and the share box", async ({ browser }) => {
  const page = await visit(browser, 1);
  await page.setViewportSize({ width: 1040, height: 1400 });
  await page.locator("laifang-share").evaluate((box) => box.setAttribute("hidden", ""));
  await page.evaluate(() => {
    const line = [...document.querySelectorAll("font")].find((font) => font.textContent.startsWith("您是第"));
    line.style.visibility = "hidden";
  });
  const shot = async () => PNG.sync.read(await page.screenshot({ fullPage: true }));
  const withTag = await shot();
  await page.goto(`${worker.host.url}/demo/before.html`);
  await page.evaluate(() => {
    const line = [...document.querySelectorAll("font")].find((font) => font.textContent.startsWith("您是第"));
    line.textContent = "您是第 1 位來訪者";
    line.style.visibility = "hidden";
  });
  const without = await shot();
  expect([withTag.width, withTag.height]).toEqual([without.width, without.height]);
  expect(pixelmatch(withTag.data, without.data, null, withTag.width, withTag.height)).toBe(0);
});

test("a page whose counter is gone stays as it was, with one warning", async ({ browser }) => {
  const context = await browser.newContext(as(1));
  const page = await context.newPage();
  const warnings = [];
  page.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));
  await page.route("**/v1/hits", (route) => route.abort());
  await page.goto(`${worker.host.url}/demo/`);
  await expect.poll(() => warnings.length).toBe(1);
  expect(warnings[0]).toContain("laifang");
  expect(await sentence(page)).toBe("您是第 位來訪者");
});

test("explicit elements, replaced counters and look-alikes", async ({ browser }) => {
  const context = await browser.newContext(as(1));
  const page = await context.newPage();
  const body = `<!doctype html><meta charset=utf-8><body><i id=laifang></i><img name=currentScript>
    <laifang-counter metric="page.views"></laifang-counter><b data-laifang="site.online"></b>
    <span id="busuanzi_container_site_pv" style="display:none">共 <em id="busuanzi_value_site_pv"></em></span><u id="vercount_value_page_uv"></u>
    <p id=look>您是第一次来吗？您是第 3 位点赞的用户</p><script>var t = "您是第 位访客"</script>
    <p id=inline>您是本站第<font color=red> </font>位访客</p>
    <script async src="/widget.js"></script><script async src="/widget.js"></script>`;
  await page.route("**/old-page", (route) => route.fulfill({ body, contentType: "text/html" }));
  const hits = [];
  page.on("request", (request) => request.url().endsWith("/v1/hits") && hits.push(request));
  await page.goto(`${worker.host.url}/old-page`);
  await expect(page.locator("laifang-counter")).toHaveText("1");
  await expect(page.locator("[data-laifang]").first()).toHaveText("1");
  await expect(page.locator("#busuanzi_container_site_pv")).toBeVisible();
  await expect(page.locator("#vercount_value_page_uv")).toHaveText("1");
  expect(await page.locator("#look").innerHTML()).toBe("您是第一次来吗？您是第 3 位点赞的用户");
  expect(await page.locator("#inline").innerHTML()).toBe('您是本站第<font color="red">1</font>位访客');
  expect(hits).toHaveLength(1);
  expect(await page.evaluate(() => typeof window.laifang.refresh)).toBe("function");
});

test("the share box works by keyboard, and its code can be read", async ({ browser }) => {
  const page = await visit(browser, 1);
  const events = page.evaluate(() => new Promise((done) => {
    const seen = [];
    document.addEventListener("laifang-shared", (event) => { seen.push(event.detail); done(seen); });
  }));
  const wechat = page.getByRole("button", { name: "微信" });
  await wechat.focus();
  await page.keyboard.press("Enter");
  const code = page.getByRole("img", { name: /微信/ });
  await expect(code).toBeVisible();
  expect((await events)[0]).toMatchObject({ network: "wechat", outcome: "opened" });
  const { data, width, height } = PNG.sync.read(await code.screenshot());
  expect(jsQR(new Uint8ClampedArray(data), width, height)?.data).toBe(page.url());
  await page.keyboard.press("Escape");
  await expect(code).toHaveCount(0);
  expect(await page.evaluate(() => document.querySelector("laifang-share").shadowRoot.activeElement?.textContent)).toBe("微信");
  const weibo = page.getByRole("link", { name: "微博" });
  await weibo.evaluate((link) => link.addEventListener("click", (event) => event.preventDefault()));
  await weibo.click();
  const address = new URL(await weibo.evaluate((link) => link.href));
  expect(address.searchParams.get("url")).toBe(page.url());
  expect(address.searchParams.get("title")).toContain("古渡口");
  await page.getByRole("button", { name: /链接|連結/ }).click();
  await expect(page.getByRole("status")).not.toBeEmpty();
});

test("the start page shows numbers rising and lets one be another visitor", async ({ page }) => {
  await page.goto(`${worker.host.url}/`);
  await expect(page.locator("#visitor")).toHaveText("1");
  await page.getByRole("button", { name: "换一位访客" }).click();
  await expect(page.locator("#visitor")).toHaveText("2");
  await expect(page.locator("#views")).toHaveText("2");
  await expect(page.locator("#tag")).toContainText(`src="${worker.host.url}/widget.js"`);
  await page.locator("#after").scrollIntoViewIfNeeded();
  const shown = page.frameLocator("#after").getByText("您是第 2 位來訪者");
  await expect(shown).toBeInViewport();
  const found = await new AxeBuilder({ page }).exclude("iframe").analyze();
  expect(found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
});

for (const [locale, language, heading] of [["zh-CN", "zh-Hans", "此刻的数字"], ["zh-TW", "zh-Hant", "此刻的數字"], ["fr-FR", "en", "Right now"]]) {
  test(`whoever reads ${locale} is greeted in ${language}, and every link leads on in it`, async ({ browser }) => {
    const context = await browser.newContext({ locale });
    const page = await context.newPage();
    await page.goto(`${worker.host.url}/`);
    await expect(page.locator("#numbers-title")).toHaveText(heading);
    await expect(page.locator("html")).toHaveAttribute("lang", language);
    const links = await page.locator(".links a").evaluateAll((all) => all.map(({ hash }) => hash));
    expect(new Set(links)).toEqual(new Set([`#${language}`]));
    await page.getByRole("link", { name: "繁體" }).click();
    await expect(page.locator("html")).toHaveAttribute("lang", "zh-Hant");
    await context.close();
  });
}
