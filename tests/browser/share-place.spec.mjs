// Where `data-share` puts the box, and that it stands there whatever the page does.
import { expect, test } from "@playwright/test";
import { boxOf, open, serveBoxes } from "./share-page.mjs";

serveBoxes();

test("data-share places one box: after the article, or after the element it names, or nowhere with a warning", async ({ browser }) => {
  const body = "<main><article><p>正文</p></article><p id=here>此</p></main>";
  let { page, seen } = await open(browser, { body, attributes: "data-share" });
  await expect(page.locator("article + laifang-share")).toHaveCount(1);
  ({ page } = await open(browser, { body, attributes: 'data-share="#here"' }));
  await expect(page.locator("#here + laifang-share")).toHaveCount(1);
  for (const selector of ["#nowhere", "##"]) {
    ({ page, seen } = await open(browser, { body, attributes: `data-share="${selector}"`, wait: false }));
    await expect.poll(() => seen.warnings, { timeout: 35_000 }).toEqual([`laifang: data-share names no element: ${selector}`]);
    await expect(boxOf(page)).toHaveCount(0);
  }
  ({ page } = await open(browser, { body: "<table><tr><td class=content>正文</td></tr></table>", attributes: "data-share" }));
  await expect(page.locator("td > laifang-share")).toHaveCount(1);
});

const navigate = (page, html, path) =>
  page.evaluate(([html, path]) => {
    history.pushState(null, "", path);
    setTimeout(() => (document.querySelector("#app").innerHTML = html), 100);
  }, [html, path]);

for (const [kind, hasNavigation] of [["with", true], ["without", false]]) {
  test(`a placed box stands again after each in-page navigation, ${kind} the Navigation API, even long after the load`, async ({ browser }) => {
    const prepare = async (page) => {
      if (!hasNavigation) await page.addInitScript(() => Object.defineProperty(window, "navigation", { value: undefined }));
      await page.clock.install();
    };
    const { page, seen } = await open(browser, { body: "<div id=app><article><h1>一</h1></article></div>", attributes: "data-share", prepare });
    await expect(page.locator("article + laifang-share")).toHaveCount(1);
    await page.clock.fastForward(120_000);
    for (const path of ["/b", "/c", "/article"]) {
      await navigate(page, `<p>${path}</p><article><h1>${path}</h1></article><p>尾</p>`, path);
      await page.clock.runFor(1000);
      await expect(page.locator("article + laifang-share [part=box]"), path).toBeVisible();
      await expect(boxOf(page)).toHaveCount(1);
    }
    expect(seen.errors).toEqual([]);
  });
}

test("a placed box stands again though the counter's reply never comes", async ({ browser }) => {
  const prepare = (page, context) => context.route(/\/v1\/hits/, () => {});
  const { page } = await open(browser, { body: "<div id=app><article><h1>一</h1></article></div>", attributes: "data-share", prepare });
  await navigate(page, "<article><h1>二</h1></article>", "/b");
  await expect(page.locator("article + laifang-share [part=box]")).toBeVisible();
});

test("a placed box stands again after a hydration that throws it away, and is moved only if its place has moved", async ({ browser }) => {
  const { page } = await open(browser, { body: "<div id=app><article><h1>一</h1></article></div>", attributes: "data-share" });
  await page.waitForFunction(() => window.laifang?.ready);
  await page.evaluate(() => window.laifang.ready);
  await page.evaluate(() => (document.querySelector("#app").innerHTML = "<article><h1>一</h1></article>"));
  await expect(page.locator("article + laifang-share [part=box]")).toBeVisible();
  await page.evaluate(() => {
    window.box = document.querySelector("laifang-share");
    window.box.laifangMark = 1;
    document.querySelector("article").insertAdjacentHTML("afterend", "<p id=advert>广告</p>");
  });
  await page.waitForTimeout(500);
  await expect(page.locator("#advert + laifang-share")).toHaveCount(1);
  await page.evaluate(() => document.querySelector("#app").append(document.querySelector("article")));
  await expect(page.locator("article + laifang-share")).toHaveCount(1);
});

test("a place that comes late gets its box, without a warning", async ({ browser }) => {
  const { page, seen } = await open(browser, { body: "<div id=app></div>", attributes: 'data-share="#later"', wait: false });
  await page.waitForFunction(() => window.laifang?.ready);
  await page.evaluate(() => window.laifang.ready);
  await page.waitForTimeout(2000);
  await expect(boxOf(page)).toHaveCount(0);
  await page.evaluate(() => (document.querySelector("#app").innerHTML = "<p id=later>到</p>"));
  await expect(page.locator("#later + laifang-share [part=box]")).toBeVisible();
  expect(seen.warnings).toEqual([]);
});

const card = (name, inner = "") => `<article class=card><h2>${name}</h2>${inner}</article>`;
const LISTS = {
  "of articles": `<div id=grid>${card(1)}${card(2)}${card(3)}</div>`,
  "of articles in main": `<main id=grid>${card(1)}${card(2)}</main>`,
  "of articles of which one alone has a body": `<div id=grid>${card(1)}${card(2, "<div class=entry-content>全文</div>")}${card(3)}</div>`,
  "of contents": "<div id=grid><div><div class=post-content>1</div></div><div><div class=post-content>2</div></div></div>",
  "of whole articles, each with a heading": `<div id=grid>${card(1, "<h1>a</h1>")}${card(2, "<h1>b</h1>")}</div>`,
};
for (const [kind, body] of Object.entries(LISTS)) {
  test(`no box is put into a list ${kind}`, async ({ browser }) => {
    const { page } = await open(browser, { body, attributes: "data-share" });
    await expect(page.locator("#grid laifang-share")).toHaveCount(0);
    await expect(page.locator("#grid ~ laifang-share")).toHaveCount(1);
  });
}

test("the article is the one with the page's heading, not one of its neighbours, comments or asides", async ({ browser }) => {
  const body = `<aside>${card("旁")}</aside><main><article id=it><h1>题</h1>${card("评论")}</article><section>${card(1)}${card(2)}</section></main>`;
  const { page } = await open(browser, { body, attributes: "data-share" });
  await expect(page.locator("#it + laifang-share")).toHaveCount(1);
});

test("a box that stood after an article does not stay among the cards of a list", async ({ browser }) => {
  const { page } = await open(browser, { body: "<div id=app><article><h1>一</h1></article></div>", attributes: "data-share" });
  await page.evaluate((cards) => {
    history.pushState(null, "", "/");
    const app = document.querySelector("#app");
    app.querySelector("article").outerHTML = cards[0];
    app.insertAdjacentHTML("beforeend", cards[1] + cards[2]);
  }, [card(1), card(2), card(3)]);
  await expect(page.locator("#app laifang-share")).toHaveCount(0);
  await expect(boxOf(page)).toHaveCount(1);
});
