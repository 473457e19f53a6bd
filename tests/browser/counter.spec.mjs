// What the counter does to a page, and what it leaves alone: real Chromium, real Worker, pages of our own.
import { test, expect } from "@playwright/test";
import { createServer } from "node:http";
import { startWorker } from "../edge/worker.mjs";

// A page has another origin than the counter. It comes from a server, not from `route.fulfill`: a page
// without an address may not load anything from this machine unless it is on localhost.
const TAG = '<script async src="BASE/widget.js"></script>';
let worker, html;
const pages = createServer((_, response) => {
  response.setHeader("Content-Type", "text/html; charset=utf-8");
  response.end(html);
});
test.beforeAll(() => new Promise((done) => pages.listen(0, "127.0.0.1", done)));
test.afterAll(() => new Promise((done) => pages.close(done)));
test.beforeEach(async () => (worker = await startWorker({ dev: true })));
test.afterEach(() => worker.end());

/** Opens a page of this body as a new visitor, and waits until the counter has done what it does. */
async function open(browser, body, { host = "localhost", visitor = 1, tag = TAG, prepare = async () => {} } = {}) {
  // Not by a header of the context, which would make every request to the counter need a preflight.
  await worker.fetch("/_dev/visitor", { method: "POST", body: JSON.stringify({ visitor }) });
  const page = await (await browser.newContext()).newPage();
  const seen = { hits: [], warnings: [], notes: [], errors: [] };
  page.on("request", (request) => request.url().endsWith("/v1/hits") && seen.hits.push(request.postDataJSON()));
  page.on("console", (message) => {
    if (!message.text().startsWith("laifang:")) return;
    ({ warning: seen.warnings, info: seen.notes })[message.type()]?.push(message.text());
  });
  page.on("pageerror", (error) => seen.errors.push(String(error)));
  await page.addInitScript(() => {
    window.events = [];
    for (const name of ["laifang-counted", "laifang-error"]) {
      window.addEventListener(name, ({ detail }) => window.events.push({ name, detail }));
    }
  });
  html = `<!doctype html><html lang=zh><head><meta charset=utf-8><title>您是第 位訪客</title></head><body>${body}${tag}</body></html>`
    .replaceAll("BASE", `http://${host}:${worker.host.port}`);
  await prepare(page);
  await page.goto(`http://${host}:${pages.address().port}/old-page`);
  await expect.poll(() => page.evaluate(() => window.events.length)).toBeGreaterThan(0);
  return { page, seen };
}

const inner = (page, selector) => page.locator(selector).evaluate((element) => element.innerHTML);

/** What stood in a paragraph, and what stands there for the first visitor. */
const SENTENCES = [
  ["您是第 位來訪者", "您是第 1 位來訪者"],
  ["您是本站第 位访客", "您是本站第 1 位访客"],
  ["歡迎光臨，您是本站的第位貴賓！", "歡迎光臨，您是本站的第1位貴賓！"],
  ["你是第&nbsp;个游客", "你是第&nbsp;1&nbsp;个游客"],
  ["您是第\u3000名读者", "您是第\u30001\u3000名读者"],
  ["您是第____位訪客", "您是第1位訪客"],
  ['您是第 <font color="red"> </font> 位來訪者', '您是第 <font color="red">1</font> 位來訪者'],
  ["您是第<b></b>位访客", "您是第<b>1</b>位访客"],
  ["<b>您是第</b> 位<i>访客</i>", "<b>您是第</b> 1 位<i>访客</i>"],
  ["您是第 0 位访客", "您是第 1 位访客"],
  ["您是第 <b>0</b> 位访客", "您是第 <b>1</b> 位访客"],
];

for (const host of ["localhost", "demo.test"]) {
  test(`on ${host} every kind of sentence takes the number where its gap is`, async ({ browser }) => {
    for (const [before, after] of SENTENCES) {
      const { page, seen } = await open(browser, `<p id=it>${before}</p>`, { host });
      expect(await inner(page, "#it")).toBe(after);
      expect(seen).toMatchObject({ warnings: [], errors: [] });
      await page.context().close();
    }
  });
}

test("look-alikes stay as they are, to the byte", async ({ browser }) => {
  const body = [
    "<p>您是第一次來訪</p><p>每一位來訪者</p><p>您是第 5 次访问</p><p>您是第 3 位点赞的用户</p><p>您是第 位</p>",
    '<pre>您是第 位访客</pre><code>您是第 位访客</code><textarea>您是第 位访客</textarea><p hidden="">您是第 位访客</p>',
    '<p contenteditable="">您是第 位访客</p><select><option>您是第 位访客</option></select><template>您是第 位访客</template>',
    '<p>您是第 <span hidden=""> </span> 位访客</p><p>您是第</p><p>位访客</p><!-- 您是第 位访客 -->',
    '<script>var sentence = "您是第 位访客"</script><style>/* 您是第 位访客 */</style><img alt="您是第 位访客">',
  ].join("");
  const { page, seen } = await open(browser, `<div id=it>${body}</div>`);
  expect(await inner(page, "#it")).toBe(body);
  expect(await page.title()).toBe("您是第 位訪客");
  expect(seen).toMatchObject({ warnings: [], errors: [] });
});

test("an explicit element keeps its own sentence from the rule for sentences, and no other", async ({ browser }) => {
  await (await open(browser, "", { visitor: 1 })).page.context().close();
  const body = `<p id=own>您是第 <span data-laifang="page.views"></span> 位访客</p>
    <p id=other>您是第 位访客，访客共 <span id="busuanzi_value_site_uv"></span> 人</p>
    <laifang-counter metric="visitor"></laifang-counter><b data-laifang="no.such"></b>`;
  const { page } = await open(browser, body, { visitor: 2 });
  await expect(page.locator("#own")).toHaveText("您是第 2 位访客");
  await expect(page.locator("#other")).toHaveText("您是第 2 位访客，访客共 2 人");
  await expect(page.locator("laifang-counter")).toHaveText("2");
  await expect(page.locator("[data-laifang='no.such']")).toBeEmpty();
});

test("counters of busuanzi and vercount are filled under each of their names", async ({ browser }) => {
  const names = ["site_pv", "site_uv", "page_pv", "page_uv", "today_pv", "today_uv"];
  const ids = names.flatMap((name) => [`busuanzi_value_${name}`, `busuanzi_${name}`, `vercount_value_${name}`]);
  const body = ids.map((id) => `<i id="${id}"></i>`).join("") +
    '<span id="busuanzi_container_page_pv" style="display:none">阅读</span>';
  const { page } = await open(browser, body);
  for (const id of ids) await expect(page.locator(`#${id}`)).toHaveText("1");
  await expect(page.locator("#busuanzi_container_page_pv")).toBeVisible();
});

test("a number that stands is never lowered, and one console line says what to do", async ({ browser }) => {
  const body = `<p id=it>您是第 12345 位访客</p><b data-laifang="site.views">500</b><i id="busuanzi_value_site_pv">900</i>`;
  const { page, seen } = await open(browser, body);
  expect(await inner(page, "#it")).toBe("您是第 12345 位访客");
  await expect(page.locator("[data-laifang]")).toHaveText("500");
  await expect(page.locator("#busuanzi_value_site_pv")).toHaveText("900");
  expect(seen.notes).toHaveLength(1);
  expect(seen.warnings).toEqual([]);
});

test("data-replace writes over a view count that stands", async ({ browser }) => {
  const tag = '<script async src="BASE/widget.js" data-replace></script>';
  const { page } = await open(browser, '<i id="busuanzi_value_site_pv">900</i>', { tag });
  await expect(page.locator("#busuanzi_value_site_pv")).toHaveText("1");
});

const CORS = { "Access-Control-Allow-Origin": "*" };
const FAILURES = {
  "the server is down": (page) => page.route("**/v1/hits", (route) => route.abort()),
  "the site is not allowed": (page) =>
    page.route("**/v1/hits", (route) => route.fulfill({ status: 403, headers: CORS, json: { code: "site-not-allowed" } })),
  "there are too many requests": (page) =>
    page.route("**/v1/hits", (route) => route.fulfill({ status: 429, headers: CORS, json: { code: "too-many-requests" } })),
  "the wasm can't be had": (page) => page.route("**/widget-*.wasm", (route) => route.abort()),
  "the counter's script can't be had": (page) => page.route("**/widget-*.js", (route) => route.abort()),
};
for (const [name, prepare] of Object.entries(FAILURES)) {
  test(`when ${name}, the page stays as it was, with one warning and one event`, async ({ browser }) => {
    const { page, seen } = await open(browser, "<p id=it>您是第 位访客</p>", { prepare });
    await page.waitForTimeout(1500);
    expect(await inner(page, "#it")).toBe("您是第 位访客");
    expect(seen.warnings).toHaveLength(1);
    expect(seen.errors).toEqual([]);
    expect(await page.evaluate(() => window.events.map(({ name }) => name))).toEqual(["laifang-error"]);
  });
}

test("a hit that failed is sent again with the same id and counts once", async ({ browser }) => {
  let failures = 1;
  const prepare = (page) =>
    page.route("**/v1/hits", (route) =>
      failures-- > 0 ? route.fulfill({ status: 503, headers: CORS, json: { code: "unavailable" } }) : route.continue());
  const { page, seen } = await open(browser, "<p id=it>您是第 位访客</p>", { prepare });
  await expect(page.locator("#it")).toHaveText("您是第 1 位访客");
  expect(seen.hits).toHaveLength(2);
  expect(seen.hits[1]).toEqual(seen.hits[0]);
  expect((await page.evaluate(() => window.laifang.ready)).site.views).toBe(1);
});

test("two tags send one hit, and elements named like our globals break nothing", async ({ browser }) => {
  const body = "<i id=laifang></i><img name=laifang><img name=currentScript src=/of-a-comment/widget.js><p id=it>您是第 位访客</p>";
  const { page, seen } = await open(browser, body, { tag: TAG + TAG });
  await expect(page.locator("#it")).toHaveText("您是第 1 位访客");
  expect(seen.hits).toHaveLength(1);
  expect(seen).toMatchObject({ warnings: [], errors: [] });
  expect(await page.evaluate(() => typeof window.laifang.refresh)).toBe("function");
});

test("a page's own variable laifang is kept, and the sentence is filled", async ({ browser }) => {
  const { page, seen } = await open(browser, "<script>var laifang = 7</script><p id=it>您是第 位访客</p>");
  await expect(page.locator("#it")).toHaveText("您是第 1 位访客");
  expect(await page.evaluate(() => window.laifang)).toBe(7);
  expect(seen.errors).toEqual([]);
});

test("refresh reads and does not count, even before the hit is answered", async ({ browser }) => {
  const prepare = (page) =>
    page.route("**/v1/hits", async (route) => {
      await new Promise((done) => setTimeout(done, 800));
      await route.continue();
    });
  const { page, seen } = await open(browser, '<p id=it>您是第 位访客</p><script>addEventListener("load", function again() { window.laifang ? laifang.refresh() : setTimeout(again, 10) })</script>', { prepare });
  await expect(page.locator("#it")).toHaveText("您是第 1 位访客");
  await page.evaluate(() => window.laifang.refresh());
  expect(seen.hits).toHaveLength(1);
  expect(seen).toMatchObject({ warnings: [], errors: [] });
});

test("data-mode=read shows numbers, sends no hit and leaves the sentence", async ({ browser }) => {
  await (await open(browser, "", { visitor: 1 })).page.context().close();
  const tag = '<script async src="BASE/widget.js" data-mode="read"></script>';
  const { page, seen } = await open(browser, '<p id=it>您是第 位访客</p><b data-laifang="site.views">-</b>', { visitor: 2, tag });
  await expect(page.locator("[data-laifang]")).toHaveText(/^\d+$/);
  expect(await inner(page, "#it")).toBe("您是第 位访客");
  expect(seen.hits).toEqual([]);
});

test("a sentence that arrives after the reply is filled when the page has been parsed", async ({ browser }) => {
  const slow = '<script src="/slow.js"></script><p id=it>您是第 位访客</p>';
  const { page } = await open(browser, TAG + slow, {
    tag: "",
    prepare: (page) => page.route("**/slow.js", async (route) => {
      await new Promise((done) => setTimeout(done, 1000));
      await route.fulfill({ body: "", contentType: "text/javascript" });
    }),
  });
  await expect(page.locator("#it")).toHaveText("您是第 1 位访客");
});
