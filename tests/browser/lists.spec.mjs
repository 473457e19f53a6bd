// Counts of other pages, of periods and in formats, and the places of other counters: pages of our own with the real
// widget in Chromium, and a stand-in for the counter whose requests are asserted.
import { test, expect } from "@playwright/test";
import iconv from "iconv-lite";
import { startSite } from "../pages/site.mjs";

const SITE = { views: 20345, visitors: 10234, views_today: 301, visitors_today: 123 };
const PERIODS = {
  yesterday: { views: 288, visitors: 117 }, week: { views: 1542, visitors: 604 },
  month: { views: 4870, visitors: 1930 }, year: { views: 18021, visitors: 9120 },
};
// One view more today than was published.
const REPLY = { counted: true, visitor: 10235, site: { ...SITE, views: 20346, views_today: 302, online: 4 }, page: { views: 12, visitors: 9 } };
const BUILDS = { WebAssembly: {}, "plain JavaScript": { "Content-Security-Policy": "script-src http: 'unsafe-inline'" } };

/** `/2026/7.html` has 700 views; other pages are not known. */
const viewsOf = (page) => Number(/^\/2026\/(\d+)\.html$/.exec(page)?.[1] ?? 0) * 100;

let site, reads, served, waitBeforeRead;
test.beforeAll(async () => {
  site = await startSite({
    reply: () => REPLY,
    async counts(query) {
      const pages = query.getAll("page");
      reads.push(pages);
      await waitBeforeRead;
      return { site: SITE, periods: PERIODS, pages: Object.fromEntries(pages.map((page) => [page, { views: viewsOf(page), visitors: viewsOf(page) / 10, shares: {} }])), as_of: "2026-11-27T00:00:00Z" };
    },
    page: (path) => served(path),
  });
});
test.afterAll(() => site.end());

/** Opens a page with this body and waits until its own numbers have come; `before` runs in it before the widget does. */
async function open(browser, body, { path = "/", attributes = "", headers, head = "", encoding = "utf-8", before = "", lang = "zh-Hans" } = {}) {
  reads = [];
  waitBeforeRead = undefined;
  site.hits.length = 0;
  const html = `<!doctype html><html lang="${lang}"><head><meta charset="${encoding}"><title>x</title>${head}</head><body>${body}
<script>${before}; told = new Promise((done) => document.addEventListener("laifang-counted", done))</script>
<script async src="${site.widget()}" ${attributes}></script></body></html>`;
  served = (asked) => (asked === path ? { html: iconv.encode(html, encoding), headers: { "Content-Type": "text/html", ...headers } } : null);
  const page = await (await browser.newContext()).newPage();
  const warnings = [];
  page.on("console", (message) => message.text().startsWith("laifang:") && message.type() === "warning" && warnings.push(message.text()));
  page.on("pageerror", (error) => warnings.push(String(error)));
  await page.goto(site.url + path);
  await page.evaluate(() => told);
  return { page, warnings };
}

const entry = (number) => `<li data-page="/2026/${number}.html"><a href="/2026/${number}.html">第 ${number} 篇</a><i data-laifang="page.views"></i></li>`;
const entries = (from, to) => Array.from({ length: to - from }, (_, index) => entry(from + index)).join("");
const texts = (page, selector) => page.locator(selector).allTextContents();
const expected = (from, to) => Array.from({ length: to - from }, (_, index) => String((from + index) * 100));
/** Long enough for the widget to have done what it would do. */
const settle = (page) => page.waitForTimeout(400);

for (const [build, headers] of Object.entries(BUILDS)) {
  for (const encoding of ["utf-8", "gb18030"]) {
    test(`a list of 30 in ${encoding}, ${build}: one hit, one read, and no node is another`, async ({ browser }) => {
      const { page, warnings } = await open(browser, `<p>您是第 位访客</p><ul>${entries(1, 31)}</ul>`, {
        headers, encoding, before: 'nodes = [...document.querySelectorAll("ul, li, a, i")]; shape = nodes.map((node) => [node.parentNode, node.nextSibling])',
      });
      await expect.poll(() => texts(page, "li i")).toEqual(expected(1, 31));
      await expect(page.locator("p")).toHaveText("您是第 10235 位访客");
      await settle(page);
      expect(site.hits).toHaveLength(1);
      expect(reads).toEqual([Array.from({ length: 30 }, (_, index) => `/2026/${index + 1}.html`)]);
      const isSame = () => [...document.querySelectorAll("ul, li, a, i")].every((node, index) => node === nodes[index] && node.parentNode === shape[index][0] && node.nextSibling === shape[index][1]);
      expect(await page.evaluate(isSame)).toBe(true);
      expect(await page.locator("li a").first().textContent()).toBe("第 1 篇");
      expect(warnings).toEqual([]);
      await page.context().close();
    });
  }
}

test("a list of 250: three reads of at most 100 pages, filled within 500 ms of the reply, and nothing shifts", async ({ browser }) => {
  const { page } = await open(browser, `<style>li { height: 24px }</style><ul>${entries(1, 251)}</ul>`, {
    before: `tops = () => [...document.querySelectorAll("li")].map((item) => item.getBoundingClientRect().top + scrollY); first = tops();
      shifts = 0; new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => (shifts += value))).observe({ type: "layout-shift", buffered: true });
      document.addEventListener("laifang-counted", () => {
        const begin = performance.now();
        new MutationObserver(() => (took = performance.now() - begin)).observe(document.querySelector("ul"), { childList: true, characterData: true, subtree: true });
      })`,
  });
  await expect.poll(() => texts(page, "li i")).toEqual(expected(1, 251));
  expect(reads.map((pages) => pages.length)).toEqual([100, 100, 50]);
  expect(new Set(reads.flat()).size).toBe(250);
  expect(site.hits).toHaveLength(1);
  expect(await page.evaluate(() => took)).toBeLessThan(500);
  expect(await page.evaluate(() => [shifts, JSON.stringify(tops()) === JSON.stringify(first)])).toEqual([0, true]);
  await page.context().close();
});

test("what “load more” adds is read as it comes, once, and what is there is not read again", async ({ browser }) => {
  const { page } = await open(browser, `<ul>${entries(1, 11)}</ul>`);
  await expect.poll(() => texts(page, "li i")).toEqual(expected(1, 11));
  await page.evaluate((html) => document.querySelector("ul").insertAdjacentHTML("beforeend", html), entries(6, 16));
  await expect.poll(() => texts(page, "li i")).toEqual([...expected(1, 11), ...expected(6, 16)]);
  await settle(page);
  expect(reads.map((pages) => pages.length)).toEqual([10, 5]);
  expect(site.hits).toHaveLength(1);
  await page.context().close();
});

test("a page without such places reads nothing and fetches no part for them", async ({ browser }) => {
  site.requests.length = 0;
  const { page } = await open(browser, '<p>您是第 位访客</p><b data-laifang="site.views"></b><i id="busuanzi_value_page_pv"></i><div data-page="home"></div>');
  await expect(page.locator("b")).toHaveText("20346");
  await settle(page);
  expect(reads).toEqual([]);
  expect(site.requests.filter((path) => path.includes("places"))).toEqual([]);
  await page.context().close();
});

test("data-page: on the element, on an ancestor, empty for the article's own link, or this page", async ({ browser }) => {
  const { page } = await open(browser, `
    <b id=own data-laifang="page.views" data-page="/2026/3.html"></b>
    <section data-page="/2026/4.html"><div><laifang-counter id=around metric="page.visitors"></laifang-counter></div></section>
    <article><h2><a href="/2026/5.html">标题</a></h2><p><a href="/tags/x">标签</a><span><b id=linked data-laifang="page.views" data-page=""></b></span></p></article>
    <article><h2>没有链接</h2><b id=lost data-laifang="page.views" data-page=""></b></article>
    <b id=here data-laifang="page.views" data-page="/index.html"></b><b id=unknown data-laifang="page.views" data-page="/new.html"></b>
    <div data-page="/2026/6.html"><b id=site data-laifang="site.views"></b></div>`);
  await expect(page.locator("#own")).toHaveText("300");
  await expect(page.locator("#around")).toHaveText("40");
  await expect(page.locator("#linked")).toHaveText("500");
  await expect(page.locator("#unknown")).toHaveText("0");
  await expect(page.locator("#here")).toHaveText("12");
  await expect(page.locator("#site")).toHaveText("20346");
  await expect(page.locator("#lost")).toBeEmpty();
  expect(reads.flat().sort()).toEqual(["/2026/3.html", "/2026/4.html", "/2026/5.html", "/new.html"]);
  await page.context().close();
});

test("in a list a smaller number is raised, a larger one stands, and an unknown page lowers nothing", async ({ browser }) => {
  const place = (path, text) => `<li data-page="${path}"><i data-laifang="page.views">${text}</i></li>`;
  const { page } = await open(browser, `<ul>${place("/2026/1.html", "99")}${place("/2026/2.html", "201")}${place("/2026/3.html", "-")}${place("/x", "5")}${place("/y", "")}${place("/z", "0")}</ul>`);
  await expect.poll(() => texts(page, "li i")).toEqual(["100", "201", "300", "5", "0", "0"]);
  await page.context().close();
});

const leancloud = (id, inside = '<span class="leancloud-visitors-count"></span>') => `<span id="${id}" class="leancloud_visitors" data-flag-title="标题">阅读 ${inside} 次</span>`;

test("LeanCloud's places on an index page show the page their id names, encoded or not, with the root path or without", async ({ browser }) => {
  const { page } = await open(browser, [
    leancloud("/2026/1.html"),
    `<article><h2><a href="/2026/2.html">二</a></h2>${leancloud("2026/2.html")}</article>`,
    leancloud("/2026/%E6%B8%A1/"),
    leancloud("/2026/渡/"),
    `<article><h2><a href="/blog/2026/3.html">三</a></h2>${leancloud("/2026/3.html")}</article>`,
    '<span id="/2026/4.html" class="leancloud-visitors"><i class="leancloud-visitors-count"></i></span>',
    leancloud("/2026/5.html", '<span class="leancloud-visitors-count">9000</span>'),
  ].join(""));
  await expect(page.locator(".leancloud-visitors-count").first()).toHaveText("100");
  await expect.poll(() => texts(page, ".leancloud-visitors-count")).toEqual(["100", "200", "0", "0", "0", "400", "9000"]);
  // A page under another root path is asked by its link.
  expect(reads.flat()).toContain("/blog/2026/3.html");
  expect(site.hits).toHaveLength(1);
  await page.context().close();
});

for (const id of ["/2026/渡/", "/2026/%E6%B8%A1/", "2026/渡"]) {
  test(`on an article's page LeanCloud's place ${id} shows the number of the reply, without a read`, async ({ browser }) => {
    const { page } = await open(browser, leancloud(id), { path: "/2026/%E6%B8%A1/" });
    await expect(page.locator(".leancloud-visitors-count")).toHaveText("12");
    await settle(page);
    expect(reads).toEqual([]);
    await page.context().close();
  });
}

test("Fluid's places are filled and their hidden containers shown", async ({ browser }) => {
  const fluid = (name) => `<span id="leancloud-${name}-container" style="display: none">数 <span id="leancloud-${name}"></span></span>`;
  const { page } = await open(browser, ["site-pv", "site-uv", "page-views"].map(fluid).join(""));
  for (const [name, text] of [["site-pv", "20346"], ["site-uv", "10234"], ["page-views", "12"]]) {
    await expect(page.locator(`#leancloud-${name}`)).toHaveText(text);
    await expect(page.locator(`#leancloud-${name}-container`)).toBeVisible();
  }
  await page.context().close();
});

const WORKING = `<span class="waline-pageview-count" data-path="/2026/1.html"></span><span class="waline-pageview-count"></span>
  <span id="twikoo_visitors"></span><span id="ArtalkPV"></span><span class="artalk-pv-count" data-page-key="/2026/2.html"></span>`;

test("counters that work by themselves are touched only where the tag names them", async ({ browser }) => {
  for (const [attributes, filled] of [
    ["", ["", "", "", "", ""]],
    ["data-replace", ["", "", "", "", ""]],
    ['data-replace="twikoo"', ["", "", "12", "", ""]],
    ['data-replace="waline artalk"', ["100", "12", "", "12", "200"]],
  ]) {
    const { page, warnings } = await open(browser, WORKING, { attributes });
    await expect.poll(() => texts(page, "span"), attributes).toEqual(filled);
    await settle(page);
    expect(await texts(page, "span"), attributes).toEqual(filled);
    expect(warnings).toEqual([]);
    await page.context().close();
  }
});

test("periods: as they were read, today's with what has been counted since", async ({ browser }) => {
  const names = ["yesterday", "week", "month", "year"];
  const body = names.map((name) => `<b data-laifang="site.views-${name}"></b><i><laifang-counter metric="site.visitors-${name}"></laifang-counter></i>`).join("");
  const { page } = await open(browser, body);
  await expect.poll(() => texts(page, "b")).toEqual(["288", "1543", "4871", "18022"]);
  await expect.poll(() => texts(page, "i")).toEqual(["117", "604", "1930", "9120"]);
  expect(reads).toHaveLength(1);
  expect(site.hits).toHaveLength(1);
  await page.context().close();
});

test("formats: grouped, short by language, digits; what we wrote is read back and written again", async ({ browser }) => {
  const short = (lang) => `<b lang="${lang}" data-laifang="site.views" data-format="short"></b>`;
  const { page } = await open(browser, `
    <b data-laifang="site.views" data-format="plain"></b><laifang-counter metric="site.views" data-format="grouped"></laifang-counter>
    ${short("zh-Hans")}${short("zh-Hant")}${short("en")}<b data-laifang="visitor" data-format="digits=7"></b><b data-laifang="page.views" data-format="digits=6">3</b>
    <b data-laifang="site.views" data-format="no such">1</b><b data-laifang="site.views" data-format="grouped">30,000</b>
    <b data-laifang="site.views-year" data-format="grouped"></b><b data-laifang="page.views" data-page="/2026/123.html" data-format="grouped"></b>`);
  const all = ["20346", "20,346", "2万", "2萬", "20.3k", "0010235", "000012", "20346", "30,000", "18,022", "12,300"];
  await expect.poll(() => texts(page, "b, laifang-counter")).toEqual(all);
  await page.evaluate(() => window.laifang.refresh());
  await settle(page);
  expect(await texts(page, "b, laifang-counter")).toEqual(all);
  await page.context().close();
});

test("a page that is read only shows its list and counts nothing", async ({ browser }) => {
  const { page } = await open(browser, `<b data-laifang="site.views"></b><ul>${entries(1, 4)}</ul>`, { attributes: 'data-mode="read"' });
  await expect.poll(() => texts(page, "li i")).toEqual(expected(1, 4));
  expect(site.hits).toEqual([]);
  await page.context().close();
});
