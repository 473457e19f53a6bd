// `data-page-address="canonical"`: which page is counted, shared and read where the canonical link says another one.
import { test, expect } from "@playwright/test";
import { startSite } from "../pages/site.mjs";

const REPLY = { counted: true, visitor: 7, site: { views: 70, visitors: 7, views_today: 7, visitors_today: 7, online: 1 }, page: { views: 3, visitors: 2 } };
const CANONICAL = 'data-page-address="canonical"';
let site, html;
test.beforeAll(async () => (site = await startSite({ reply: () => REPLY, page: () => ({ html }) })));
test.afterAll(() => site.end());

/** Opens `/a.html?print=1` with this head; the tag stands before it, as in many pages. Resolves to the addresses of the hits. */
async function hitsOf(browser, head, attributes = CANONICAL, act = async () => {}) {
  site.hits.length = 0;
  html = `<!doctype html><html lang=zh><head><meta charset=utf-8><script async src="${site.widget()}" ${attributes}></script>${head}</head><body><p>您是第 位访客</p></body></html>`;
  const page = await (await browser.newContext()).newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.goto(`${site.url}/a.html?print=1`);
  await expect(page.locator("p")).toHaveText("您是第 7 位访客");
  await act(page);
  expect(errors).toEqual([]);
  await page.context().close();
  return site.hits.map(({ url }) => url.replace(site.url, ""));
}

const link = (href) => `<link rel="canonical" href="${href}">`;

test("the page that the canonical link names is counted, where the tag asks for it", async ({ browser }) => {
  expect(await hitsOf(browser, link("/article/1"))).toEqual(["/article/1"]);
  expect(await hitsOf(browser, link(`${site.url}/article/1?id=7#top`))).toEqual(["/article/1?id=7"]);
  expect(await hitsOf(browser, link("/article/1"), "")).toEqual(["/a.html?print=1"]);
});

test("a canonical link of another host, none, or one that is no address leaves the page's own", async ({ browser }) => {
  for (const head of ["", link("https://elsewhere.example/article/1"), link("http://[/"), '<link rel="canonical">']) {
    expect(await hitsOf(browser, head), head).toEqual(["/a.html?print=1"]);
  }
});

test("after an in-page navigation a link that still names the page that was loaded is not believed", async ({ browser }) => {
  const hits = await hitsOf(browser, link("/article/1"), CANONICAL, async (page) => {
    const go = async (path, canonical) => {
      const before = site.hits.length;
      await page.evaluate(([path, canonical]) => {
        if (canonical) document.querySelector("link").href = canonical;
        history.pushState(null, "", path);
      }, [path, canonical]);
      await expect.poll(() => site.hits.length).toBe(before + 1);
    };
    await go("/b.html");
    await go("/c.html", "/article/3");
  });
  expect(hits).toEqual(["/article/1", "/b.html", "/article/3"]);
});

test("counts are read by the same address", async ({ browser }) => {
  let asked;
  html = `<!doctype html><html><head><meta charset=utf-8>${link("/article/1")}</head><body><b data-laifang="page.views"></b><script async src="${site.widget()}" ${CANONICAL} data-mode="read"></script></body></html>`;
  const page = await (await browser.newContext()).newPage();
  page.on("request", (request) => {
    const address = new URL(request.url());
    if (address.pathname === "/v1/counts") asked = address.searchParams.getAll("page");
  });
  await page.goto(`${site.url}/a.html`);
  await expect.poll(() => asked).toEqual(["/article/1"]);
  await page.context().close();
});
