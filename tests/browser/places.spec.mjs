// Elements that name another page, a period or a format, and the places of other counters: real Chromium, real Worker.
import { test, expect } from "@playwright/test";
import { createServer } from "node:http";
import { eventually, startWorker } from "../edge/worker.mjs";

const SITE = "demo.test";
const BUILDS = { WebAssembly: {}, "plain JavaScript": { "Content-Security-Policy": "script-src http: 'unsafe-inline'" } };
let worker, html, headers;
const pages = createServer((_, response) => {
  response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", ...headers });
  response.end(html);
});

// A page of number n has 1000 + n views and 100 + n visitors.
const STARTS = Array.from({ length: 260 }, (_, number) => `/post/${number}.html,${1000 + number},${100 + number}`);
const CHINESE = ["/2026/%E4%BD%A0%E5%A5%BD/,777,77", "/blog/2026/with-root/,888,88"];

test.beforeAll(async () => {
  await new Promise((done) => pages.listen(0, "127.0.0.1", done));
  worker = await startWorker({ dev: true });
  const file = ["page,views,visitors", "*,50000,20000", ...STARTS, ...CHINESE].join("\n");
  expect((await worker.import(file, "", { site: SITE })).status).toBe(200);
  await eventually(async () => expect((await worker.counts(`site=${SITE}&page=/post/259.html`)).pages["/post/259.html"].views).toBe(1259), 60_000);
});
test.afterAll(async () => {
  await worker.end();
  pages.close();
});

/** Opens a page; `requests` are those the counter got for hits and counts. */
async function open(browser, body, { path = "/", tag = "", prepare = async () => {}, lang = "zh", build = "WebAssembly" } = {}) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const seen = { requests: [], errors: [] };
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith("/v1/")) seen.requests.push(`${request.method()} ${pathname}`);
  });
  page.on("pageerror", (error) => seen.errors.push(String(error)));
  await page.addInitScript(() => {
    window.counted = new Promise((done) => document.addEventListener("laifang-counted", ({ detail }) => done(detail)));
    window.shifts = 0;
    new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => (window.shifts += value))).observe({ type: "layout-shift", buffered: true });
  });
  headers = BUILDS[build];
  html = `<!doctype html><html lang=${lang}><head><meta charset=utf-8><title>t</title></head><body>${body}<script async src="http://${SITE}:${worker.host.port}/widget.js" ${tag}></script></body></html>`;
  await prepare(page);
  await page.goto(`http://${SITE}:${pages.address().port}${path}`);
  await page.evaluate(() => window.counted);
  return { page, seen, close: () => context.close() };
}

const texts = (page, selector) => page.locator(selector).allTextContents();
const settled = (page) => page.waitForTimeout(600);
const list = (from, to) => Array.from({ length: to - from }, (_, index) => `<li><a href="/post/${from + index}.html">t</a> <i class=n data-laifang=page.views data-page="/post/${from + index}.html"></i></li>`).join("");

for (const build of Object.keys(BUILDS)) {
  test(`a list is filled with one read, in the build as ${build}`, async ({ browser }) => {
    const { page, seen, close } = await open(browser, `<ul>${list(0, 30)}</ul><p data-laifang=site.views id=site></p>`, { build });
    await expect.poll(() => texts(page, ".n")).toEqual(STARTS.slice(0, 30).map((_, number) => String(1000 + number)));
    await settled(page);
    expect(seen.requests).toEqual(["POST /v1/hits", "GET /v1/counts"]);
    expect(Number(await page.locator("#site").textContent())).toBeGreaterThan(50_000);
    expect(seen.errors).toEqual([]);
    await close();
  });
}

test("a list of 250 takes three reads, is filled at once, shifts nothing, and goes on with more", async ({ browser }) => {
  const style = "<style>.n{display:inline-block;width:4em}</style>";
  const { page, seen, close } = await open(browser, `${style}<ul id=list>${list(0, 250)}</ul>`);
  const filledMs = await page.evaluate(async () => {
    await window.counted;
    const began = performance.now();
    while ([...document.querySelectorAll(".n")].some((element) => !element.textContent)) await new Promise(requestAnimationFrame);
    return performance.now() - began;
  });
  expect(filledMs).toBeLessThan(500);
  await settled(page);
  expect(seen.requests).toEqual(["POST /v1/hits", ...Array(3).fill("GET /v1/counts")]);
  expect(await page.evaluate(() => window.shifts)).toBeLessThan(0.001);
  await page.evaluate((more) => document.getElementById("list").insertAdjacentHTML("beforeend", more), list(245, 255));
  await expect.poll(() => texts(page, "#list li:nth-last-child(-n+10) .n")).toEqual(Array.from({ length: 10 }, (_, index) => String(1245 + index)));
  await settled(page);
  expect(seen.requests.length).toBe(5, "one read for the five that are new");
  await close();
});

test("data-page stands on the element, on an ancestor, or is the article's own link", async ({ browser }) => {
  const { page, close } = await open(
    browser,
    `<article data-page="/post/1.html"><h2>x</h2><b data-laifang=page.views></b> <b data-laifang=page.visitors></b> <b data-laifang=site.visitors></b></article>
     <article><h2><a href="/post/2.html">x</a></h2><b data-laifang=page.views data-page></b></article>
     <article data-page=""><h3><a href="/post/3.html#more">x</a></h3><p><b data-laifang=page.views></b></p></article>
     <div><b data-laifang=page.views data-page></b></div>
     <b data-laifang=page.views data-page="http://${SITE}/post/4.html"></b>
     <laifang-counter metric=page.views data-page="/never.html"></laifang-counter>
     <div data-page='{"component":"a/b"}'><b data-laifang=page.views></b></div>`,
  );
  await settled(page);
  const [views, visitors, site, ...others] = await texts(page, "b,laifang-counter");
  expect([views, visitors]).toEqual(["1001", "101"]);
  expect(Number(site)).toBeGreaterThan(20_000);
  expect(others.slice(0, 5)).toEqual(["1002", "1003", "", "1004", "0"]);
  expect(Number(others[5])).toBeGreaterThan(0);
  await close();
});

test("what stands in a list is raised, never lowered, and what is no number stays", async ({ browser }) => {
  const place = (number, text) => `<b data-laifang=page.views data-page="/post/${number}.html">${text}</b>`;
  const { page, close } = await open(browser, place(1, "7") + place(2, "99999") + place(3, "…") + `<b data-laifang=page.views data-page=/never.html>12</b>`);
  await settled(page);
  expect(await texts(page, "b")).toEqual(["1001", "99999", "1003", "12"]);
  await close();
});

const lean = (id, inner = '<span class="leancloud-visitors-count"></span>') =>
  `<span id="${id}" class="post-meta-item leancloud_visitors" data-flag-title="t" title="阅读次数"><span class="post-meta-item-text">阅读次数：</span>${inner}</span>`;

test("LeanCloud's places show the page their id names, encoded or not, with the site's root path or without", async ({ browser }) => {
  const { page, seen, close } = await open(
    browser,
    [
      lean("/post/1.html"),
      lean("/2026/你好/"),
      lean("/2026/%E4%BD%A0%E5%A5%BD/"),
      `<article><a class=title href="/blog/2026/with-root/">t</a>${lean("/2026/with-root/", '<i class="leancloud-visitors-count">5</i>')}</article>`,
      lean("/post/2.html", '<em class="post-meta-item-text">阅读量 </em><i class="leancloud-visitors-count">99999</i>'),
    ].join("<hr>"),
  );
  await settled(page);
  expect(await texts(page, ".leancloud-visitors-count")).toEqual(["1001", "777", "777", "888", "99999"]);
  expect(await texts(page, ".post-meta-item-text")).toEqual([...Array(5).fill("阅读次数："), "阅读量 "]);
  expect(seen.requests).toEqual(["POST /v1/hits", "GET /v1/counts"]);
  await close();
});

test("on an article's own page LeanCloud's place shows the number of the hit, and nothing is read", async ({ browser }) => {
  for (const [path, id] of [["/2026/own/", "/2026/own/"], ["/blog/2026/own/index.html", "/2026/own/"]]) {
    const { page, seen, close } = await open(browser, lean(id), { path });
    await settled(page);
    const { page: counts } = await page.evaluate(() => window.counted);
    expect(await texts(page, ".leancloud-visitors-count")).toEqual([String(counts.views)]);
    expect(seen.requests).toEqual(["POST /v1/hits"]);
    await close();
  }
});

test("Fluid's places are filled and their containers shown", async ({ browser }) => {
  const place = (id) => `<span id="${id}-container" style="display: none">共 <span id="${id}"></span> 次</span>`;
  const { page, close } = await open(browser, ["leancloud-site-pv", "leancloud-site-uv", "leancloud-page-views"].map(place).join(""), { path: "/fluid/" });
  await settled(page);
  const { site, page: counts } = await page.evaluate(() => window.counted);
  expect(await page.locator("body > span").allInnerTexts()).toEqual([site.views, site.visitors, counts.views].map((count) => `共 ${count} 次`));
  await close();
});

test("yesterday, week, month and year are read, with what was counted since", async ({ browser }) => {
  const names = ["views-yesterday", "views-week", "views-month", "views-year", "visitors-yesterday", "visitors-month"];
  const { page, seen, close } = await open(browser, names.map((name) => `<b data-laifang="site.${name}"></b>`).join(" "));
  await settled(page);
  const [yesterday, week, month, year, visitorsYesterday, visitorsMonth] = (await texts(page, "b")).map(Number);
  const { site } = await page.evaluate(() => window.counted);
  expect([yesterday, visitorsYesterday]).toEqual([0, 0]);
  expect([week, month, year]).toEqual(Array(3).fill(site.views_today), "the site began today");
  expect(visitorsMonth).toBe(site.visitors_today);
  expect(seen.requests).toEqual(["POST /v1/hits", "GET /v1/counts"]);
  await close();
});

test("data-format groups, shortens by language, and fills up with zeros", async ({ browser }) => {
  const place = (format, lang = "zh-CN") => `<b lang=${lang} data-laifang=site.visitors data-format="${format}"></b>`;
  const { page, close } = await open(browser, place("plain") + place("grouped") + place("short") + place("short", "zh-TW") + place("short", "en") + place("digits=8") + place("nonsense") + place("grouped", "not_a_tag") + place("digits=9999999999"));
  await settled(page);
  const found = await texts(page, "b"), number = found[0];
  expect(number).toMatch(/^200\d\d$/);
  expect(found.slice(1)).toEqual([`20,0${number.slice(3)}`, "2万", "2萬", "20k", number.padStart(8, "0"), number, `20,0${number.slice(3)}`, number]);
  // Filled again, what we wrote is known as ours.
  await page.evaluate(() => window.laifang.refresh());
  await settled(page);
  expect((await texts(page, "b"))[2]).toBe("2万");
  await close();
});

// (The list's entry has the part fetched, whatever the tag says.)
const WORKING = '<b data-laifang=page.views data-page="/post/3.html"></b><i class="waline-pageview-count" data-path="/post/1.html"></i><i class="waline-pageview-count"></i><i id="twikoo_visitors"></i><i id="ArtalkPV"></i><i class="artalk-pv-count" data-page-key="/post/2.html"></i>';

test("counters that work by themselves are taken over only where the tag names them", async ({ browser }) => {
  for (const [tag, expected] of [["", ["", "", "", "", ""]], ["data-replace", ["", "", "", "", ""]], ['data-replace="waline"', ["1001", "own", "", "", ""]], ['data-replace="waline twikoo artalk"', ["1001", "own", "own", "own", "1002"]]]) {
    const { page, close } = await open(browser, WORKING, { tag, path: "/working/" });
    await settled(page);
    const { page: own } = await page.evaluate(() => window.counted);
    expect(await texts(page, "b")).toEqual(["1003"]);
    expect(await texts(page, "i")).toEqual(expected.map((text) => (text === "own" ? String(own.views) : text)));
    await close();
  }
});

test("without such places nothing more is fetched", async ({ browser }) => {
  const { page, seen, close } = await open(browser, "<p>您是第 位访客</p><b data-laifang=page.views></b><p data-page=home>x</p>");
  const parts = [];
  page.on("request", (request) => parts.push(request.url()));
  await settled(page);
  expect(seen.requests).toEqual(["POST /v1/hits"]);
  expect(await page.locator('script[src*="/places-"]').count()).toBe(0);
  await close();
});

test("filling a list adds, moves and removes no node of the page", async ({ browser }) => {
  const { page, close } = await open(browser, `<ul>${list(0, 20)}</ul>${lean("/post/1.html")}`, {
    prepare: (page) =>
      page.addInitScript(() =>
        addEventListener("DOMContentLoaded", () => {
          const all = () => [...document.body.querySelectorAll("*")];
          window.before = all();
          window.isKept = () => JSON.stringify(all().map((node) => window.before.indexOf(node)));
        }),
      ),
  });
  await settled(page);
  const order = JSON.parse(await page.evaluate(() => window.isKept()));
  expect(order).toEqual(order.map((_, index) => index));
  await close();
});
