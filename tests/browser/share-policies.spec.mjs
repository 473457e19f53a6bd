// Pages with strict policies, and browsers that lack what the box is built on.
import { expect, test } from "@playwright/test";
import { network, open, outcomes, serveBoxes } from "./share-page.mjs";

serveBoxes();

const STRICT = "default-src 'none'; script-src COUNTER 'wasm-unsafe-eval'; connect-src COUNTER; require-trusted-types-for 'script'; trusted-types laifang; base-uri 'none'";
const WITHOUT_WASM = STRICT.replace(" 'wasm-unsafe-eval'", "");
const PHONE = { userAgent: "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36 MicroMessenger/8.0.50" };
const isDressed = (page) => network(page, "weibo").evaluate((link) => getComputedStyle(link).borderTopStyle === "solid");

for (const [kind, policy] of Object.entries({ "a strict policy": STRICT, "one that forbids WebAssembly": WITHOUT_WASM })) {
  test(`under ${kind}, with Trusted Types, the box looks and works as elsewhere`, async ({ browser }) => {
    const violations = [];
    const { page, seen } = await open(browser, { policy, body: '<laifang-share networks="wechat weibo copy more"></laifang-share>', prepare: async (page) => {
      await page.exposeFunction("violated", (text) => violations.push(text));
      await page.addInitScript(() => addEventListener("securitypolicyviolation", (event) => window.violated(event.violatedDirective + " " + event.blockedURI)));
    } });
    await expect.poll(() => isDressed(page)).toBe(true);
    await network(page, "wechat").click();
    await expect(page.getByRole("dialog").getByRole("img")).toBeVisible();
    await page.keyboard.press("Escape");
    await network(page, "copy").click();
    await expect.poll(() => outcomes(page)).toContain("laifang-shared copy copied");
    const popup = page.context().waitForEvent("page");
    await network(page, "weibo").click();
    await popup;
    await expect.poll(() => seen.shares.map(({ network }) => network)).toEqual(["wechat", "copy", "weibo"]);
    expect(seen.errors).toEqual([]);
    expect(violations.filter((text) => !/wasm/.test(text))).toEqual([]);
    expect(seen.requests.some((url) => url.includes(".plain.js"))).toBe(policy === WITHOUT_WASM);
  });
}

test("where a policy forbids pictures made here, the code inside WeChat stays a canvas", async ({ browser }) => {
  const { page } = await open(browser, { policy: STRICT, options: PHONE });
  await network(page, "wechat").click();
  await page.waitForTimeout(300);
  await expect(page.getByRole("dialog").locator("canvas")).toBeVisible();
  await expect(page.getByRole("dialog").locator("img")).toHaveCount(0);
});

const OLDER = {
  "without adopted style sheets": () => (window.CSSStyleSheet.prototype.replaceSync = undefined),
  "without shadow trees": () => delete Element.prototype.attachShadow,
  "without custom elements": () => {
    Object.defineProperty(window, "customElements", { value: undefined });
    delete Element.prototype.attachShadow;
  },
};
for (const [kind, remove] of Object.entries(OLDER)) {
  test(`a browser ${kind} shows the same box`, async ({ browser }) => {
    const { page, seen } = await open(browser, { prepare: (page) => page.addInitScript(remove) });
    await expect.poll(() => isDressed(page)).toBe(true);
    expect(await page.locator("laifang-share [data-network]").allInnerTexts()).toEqual(["微信", "微博", "QQ好友", "QQ空间", "复制链接"]);
    await network(page, "wechat").click();
    await expect(page.getByRole("dialog").getByRole("img")).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await network(page, "copy").click();
    await expect(page.locator("laifang-share").getByRole("status")).toHaveText("链接已复制");
    expect(seen.errors).toEqual([]);
  });
}

test("without adopted style sheets and under a strict policy the box is plain, and works", async ({ browser }) => {
  const { page, seen } = await open(browser, { policy: STRICT, prepare: (page) => page.addInitScript(OLDER["without adopted style sheets"]) });
  expect((await network(page, "weibo").locator("svg").boundingBox()).width).toBe(20);
  await network(page, "copy").click();
  await expect.poll(() => outcomes(page)).toContain("laifang-shared copy copied");
  expect(seen.errors).toEqual([]);
});

test("if the box can't be fetched its children stay, and one warning says why", async ({ browser }) => {
  for (const [file, body] of [["share-*.wasm", ""], ["share-*.js", ""], ["networks-*.js", "vk"]]) {
    const { page, seen } = await open(browser, { wait: false, body: `<laifang-share networks="${body}"><a href="/mail">用邮件分享</a></laifang-share>`, prepare: (page) => page.route(`**/${file}`, (route) => route.abort()) });
    await expect.poll(() => seen.warnings.length, file).toBe(1);
    expect(seen.warnings[0]).toContain("laifang:");
    await expect(page.getByRole("link", { name: "用邮件分享" })).toBeVisible();
    expect(seen.errors).toEqual([]);
  }
});

const ABORTED = (...files) => async (page) => {
  for (const file of files) await page.route(`**/${file}`, (route) => route.abort());
};
const shown = (page) => page.locator("laifang-share [part~=network]").allInnerTexts();

test("if the second part can't be fetched, the box shows what it has without it, and works", async ({ browser }) => {
  const { page, seen } = await open(browser, { body: '<laifang-share networks="vk weibo wechat copy" with-counts></laifang-share>', prepare: ABORTED("networks-*.js") });
  expect(await shown(page)).toEqual(["微博", "微信", "复制链接"]);
  await network(page, "copy").click();
  await expect(page.locator("laifang-share").getByRole("status")).toHaveText("链接已复制");
  expect(seen.warnings).toHaveLength(1);
  expect(seen.errors).toEqual([]);
});

test("if the second part can't be fetched, an old browser has a plain box, and its dialog opens and shuts", async ({ browser }) => {
  const { page, seen } = await open(browser, { prepare: async (page) => {
    await ABORTED("networks-*.js")(page);
    await page.addInitScript(OLDER["without adopted style sheets"]);
    await page.addInitScript(() => {
      for (const name of ["showModal", "close", "show"]) delete HTMLDialogElement.prototype[name];
    });
  } });
  await network(page, "wechat").click();
  await expect(page.locator("laifang-share dialog")).toHaveCount(1);
  await page.locator("laifang-share dialog button").last().dispatchEvent("click");
  await expect(page.locator("laifang-share dialog")).toHaveCount(0);
  expect(seen.errors).toEqual([]);
});

test("if the second part can't be fetched, a dead box stays, and the page gets the one it asks for", async ({ browser }) => {
  const { page, seen } = await open(browser, { body: '<article>正文</article><div class="jiathis_style">分享到：</div>', attributes: "data-share", prepare: ABORTED("networks-*.js") });
  await expect(page.locator(".jiathis_style")).toHaveText("分享到：");
  await expect(page.locator("article + laifang-share")).toHaveCount(1);
  expect(seen.warnings).toHaveLength(1);
  expect(seen.errors).toEqual([]);
});

test("whatever fails at once, counter and box together, there is one warning", async ({ browser }) => {
  const { page, seen } = await open(browser, { wait: false, body: '<article>您是第 位访客</article><laifang-share networks="vk"></laifang-share>', attributes: 'data-share="#nowhere"', prepare: ABORTED("v1/*", "share-*.wasm", "widget-*.wasm", "networks-*.js") });
  await expect.poll(() => seen.warnings.length).toBe(1);
  await page.waitForTimeout(1500);
  expect(seen.warnings).toHaveLength(1);
  expect(seen.errors).toEqual([]);
});

test("if nothing can be reached the one warning is the counter's, though the box knows first", async ({ browser }) => {
  const { page, seen } = await open(browser, { wait: false, body: "<article>您是第 位访客</article>", attributes: "data-share", prepare: async (page) => {
    await ABORTED("v1/*", "*.wasm")(page);
    await page.route("**/widget-*.js", async (route) => {
      await new Promise((done) => setTimeout(done, 1000));
      await route.continue();
    });
  } });
  await expect.poll(() => seen.warnings).toEqual(["laifang: the counter can't be reached"]);
  await page.waitForTimeout(500);
  expect(seen.warnings).toHaveLength(1);
  expect(seen.errors).toEqual([]);
});

test("a counter that can't be reached and a box that names no element are one warning", async ({ browser }) => {
  const { page, seen } = await open(browser, { wait: false, attributes: 'data-share="#nowhere"', body: "<article>您是第 位访客</article>", prepare: ABORTED("v1/*") });
  await expect.poll(() => seen.warnings.length).toBe(1);
  await page.evaluate(() => document.body.append(document.createElement("p")));
  await page.waitForTimeout(1500);
  expect(seen.warnings).toHaveLength(1);
});
