// Lists, periods and other counters' places where the counter's answers matter: the real widget in Chromium, a stand-in for the
// counter. With the real Worker they are in `places.spec.mjs`.
import { test, expect } from "@playwright/test";
import iconv from "iconv-lite";
import { startSite } from "../pages/site.mjs";

const SITE = { views: 20345, visitors: 10234, views_today: 301, visitors_today: 123 };
const PERIODS = {
  yesterday: { views: 288, visitors: 117 }, week: { views: 1542, visitors: 604 },
  month: { views: 4870, visitors: 1930 }, year: { views: 18021, visitors: 9120 },
};
// One view more today than was published.
const REPLY = { counted: true, visitor: 10235, site: { ...SITE, views_today: 302, online: 4 }, page: { views: 12, visitors: 9 } };
const BUILDS = { WebAssembly: {}, "plain JavaScript": { "Content-Security-Policy": "script-src http: 'unsafe-inline'" } };

/** `/2026/7.html` has 700 views; other pages are not known. */
const viewsOf = (page) => Number(/^\/2026\/(\d+)\.html$/.exec(page)?.[1] ?? 0) * 100;

let site, reads, served, isFailing;
test.beforeAll(async () => {
  site = await startSite({
    reply: () => REPLY,
    async counts(query) {
      const pages = query.getAll("page");
      reads.push(pages);
      if (isFailing) return { status: 503 };
      return { site: SITE, periods: PERIODS, pages: Object.fromEntries(pages.map((page) => [page, { views: viewsOf(page), visitors: viewsOf(page) / 10, shares: {} }])), as_of: "2026-11-27T00:00:00Z" };
    },
    page: (path) => served(path),
  });
});
test.afterAll(() => site.end());

/** Opens a page with this body and waits until its own numbers have come; `before` runs in it before the widget does. */
async function open(browser, body, { path = "/", attributes = "", headers, head = "", encoding = "utf-8", before = "", lang = "zh-Hans", isFailing: fails = false } = {}) {
  reads = [];
  isFailing = fails;
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
const pathsOf = (from, to) => Array.from({ length: to - from }, (_, index) => `/2026/${from + index}.html`);
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
      expect(reads).toEqual([pathsOf(1, 31)]);
      const isSame = () => [...document.querySelectorAll("ul, li, a, i")].every((node, index) => node === nodes[index] && node.parentNode === shape[index][0] && node.nextSibling === shape[index][1]);
      expect(await page.evaluate(isSame)).toBe(true);
      expect(await page.locator("li a").first().textContent()).toBe("第 1 篇");
      expect(warnings).toEqual([]);
      await page.context().close();
    });
  }
}

test("what “load more” adds is read as it comes, once, and what is there is not read again", async ({ browser }) => {
  const { page } = await open(browser, `<ul>${entries(1, 11)}</ul>`);
  await expect.poll(() => texts(page, "li i")).toEqual(expected(1, 11));
  await page.evaluate((html) => document.querySelector("ul").insertAdjacentHTML("beforeend", html), entries(6, 16));
  await expect.poll(() => texts(page, "li i")).toEqual([...expected(1, 11), ...expected(6, 16)]);
  await settle(page);
  expect(reads).toEqual([pathsOf(1, 11), pathsOf(11, 16)]);
  expect(site.hits).toHaveLength(1);
  await page.context().close();
});

test("periods are those that were read, with the views that have been counted since", async ({ browser }) => {
  const names = ["yesterday", "week", "month", "year"];
  const body = names.map((name) => `<b data-laifang="site.views-${name}"></b><i><laifang-counter metric="site.visitors-${name}"></laifang-counter></i>`).join("");
  const { page } = await open(browser, body);
  await expect.poll(() => texts(page, "b")).toEqual(["288", "1543", "4871", "18022"]);
  await expect.poll(() => texts(page, "i")).toEqual(["117", "604", "1930", "9120"]);
  expect(reads).toEqual([[]]);
  await page.context().close();
});

test("a number in a format is never lowered, and a smaller one is raised", async ({ browser }) => {
  const place = (text, format, lang = "zh-Hans") => `<b lang="${lang}" data-laifang="site.views" data-format="${format}">${text}</b>`;
  const { page } = await open(browser, [
    place("30,000", "grouped"), place("20,000", "grouped"), place("3万", "short"), place("1.9万", "short"), place("2.5萬", "short", "zh-Hant"), place("20.4k", "short", "en"),
    place("1.2M", "short", "en"), place("9.9k", "short", "en"), place("1亿", "short"), place("0030000", "digits=7"), place("0000007", "digits=7"),
  ].join(""));
  const shown = ["30,000", "20,345", "3万", "2万", "2.5萬", "20.4k", "1.2M", "20.3k", "1亿", "0030000", "0020345"];
  await expect.poll(() => texts(page, "b")).toEqual(shown);
  await page.evaluate(() => window.laifang.refresh());
  await settle(page);
  expect(await texts(page, "b")).toEqual(shown);
  await page.context().close();
});

test("names in data-replace take over their counters and no other number that stands", async ({ browser }) => {
  const body = '<p>总访问量：70000</p><p><i id="busuanzi_value_site_pv">70000</i></p><p><b data-laifang="site.views">70000</b></p><p class="waline-pageview-count">70000</p><p class="waline-pageview-count"></p>';
  for (const [attributes, sentence, page12] of [['data-replace="waline"', "总访问量：70000", "12"], ["data-replace", "总访问量：20345", ""]]) {
    const { page } = await open(browser, body, { attributes });
    await settle(page);
    expect(await texts(page, "p"), attributes).toEqual([sentence, sentence.slice(5), "70000", "70000", page12]);
    await page.context().close();
  }
});

test("names of pages that are no addresses, and pages of other sites, are left alone and stop nothing else", async ({ browser }) => {
  const bad = ["http://", "//[", "https://elsewhere.example/2026/1.html", "a/b"];
  const { page, warnings } = await open(browser, `${bad.map((name) => `<b data-laifang="page.views" data-page="${name}"></b><u class="waline-pageview-count" data-path="${name}"></u>`).join("")}
    <span id="//[" class="leancloud_visitors"><s class="leancloud-visitors-count"></s></span><ul>${entries(1, 3)}</ul>`, { attributes: 'data-replace="waline"' });
  await expect.poll(() => texts(page, "li i")).toEqual(expected(1, 3));
  await settle(page);
  expect((await texts(page, "b")).slice(0, 3)).toEqual(["", "", ""]);
  expect((await texts(page, "u")).slice(0, 3)).toEqual(["", "", ""]);
  expect(warnings).toEqual([]);
  await page.context().close();
});

test("a list whose read fails stays as it was, with one warning, and the page's own numbers are there", async ({ browser }) => {
  const { page, warnings } = await open(browser, `<p>您是第 位访客</p><ul>${entries(1, 3)}</ul>`, { isFailing: true });
  await expect.poll(() => warnings).toHaveLength(1);
  await expect(page.locator("p")).toHaveText("您是第 10235 位访客");
  expect(await texts(page, "li i")).toEqual(["", ""]);
  expect(reads).toHaveLength(1);
  await page.context().close();
});

test("a page that never stands still is looked at less and less often", async ({ browser }) => {
  const { page } = await open(browser, `<ul>${entries(1, 3)}</ul><p></p>`);
  await expect.poll(() => texts(page, "li i")).toEqual(expected(1, 3));
  const looks = await page.evaluate(async () => {
    const find = document.getElementById;
    let looks = 0;
    document.getElementById = function (id) {
      if (id === "leancloud-site-pv") looks++;
      return find.call(document, id);
    };
    const restless = setInterval(() => document.querySelector("p").replaceChildren("x"), 10);
    await new Promise((done) => setTimeout(done, 6000));
    clearInterval(restless);
    return looks;
  });
  expect(looks).toBeGreaterThan(1);
  // Once every 100 ms would be 60 times.
  expect(looks).toBeLessThan(30);
  await page.context().close();
});

test("a page that is read only shows its list and counts nothing", async ({ browser }) => {
  const { page } = await open(browser, `<b data-laifang="site.views"></b><ul>${entries(1, 4)}</ul>`, { attributes: 'data-mode="read"' });
  await expect.poll(() => texts(page, "li i")).toEqual(expected(1, 4));
  expect(site.hits).toEqual([]);
  await page.context().close();
});
