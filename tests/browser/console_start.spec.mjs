// From a page whose counter died with a number on it, to the owner's console, and back to the page's next visitor.
import { createServer } from "node:http";
import { eventually } from "../edge/worker.mjs";
import { test, expect, english, freshWorker, part, signIn, tile } from "./console_page.mjs";

const session = freshWorker();
const HOST = "demo.test";
const STANDS = 10_233;

/** An old site with a number that stands in its sentence; the tag was added. */
let site;
test.beforeEach(async () => {
  const html = `<!doctype html><html lang="zh-Hant"><head><meta charset="utf-8"><title>雲溪</title>
    <script async crossorigin src="${session.worker.host.url}/widget.js"></script></head>
    <body><p>您是第 <b>${STANDS}</b> 位來訪者</p></body></html>`;
  const server = createServer((request, response) => response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end(html));
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  site = { server, url: `http://${HOST}:${server.address().port}/old.html` };
});
test.afterEach(() => site.server.closeAllConnections() ?? site.server.close());

/** Somebody else each time: another browser is another visitor. */
async function visit(browser, release) {
  const context = await browser.newContext({ userAgent: `Mozilla/5.0 (X11; Linux x86_64; rv:${release}.0) Gecko/20100101 Firefox/${release}.0` });
  const page = await context.newPage();
  await page.goto(site.url);
  await page.waitForFunction(() => window.laifang);
  await page.evaluate(() => window.laifang.ready);
  return page;
}

/** From here on this machine's browsers have this address. */
const atAddress = (number) => session.worker.fetch("/_dev/visitor", { method: "POST", body: JSON.stringify({ visitor: number }) });
const sentence = (page) => page.getByText("您是第");
const proposed = async () => (await (await session.worker.owner("GET", { site: HOST })).json()).proposed_start;

test("a number that stands on a page is left alone, proposed to the owner, and counted on from once confirmed", async ({ page, browser }) => {
  const first = await visit(browser, 150);
  expect((await first.evaluate(() => window.laifang.ready)).visitor).toBe(1);
  await first.waitForTimeout(300);
  await expect(sentence(first)).toHaveText(`您是第 ${STANDS} 位來訪者`);
  expect(await proposed(), "nothing is told while the page is read").toBeNull();
  await first.goto("about:blank");
  await first.waitForTimeout(300);
  expect(await proposed(), "one address proposes nothing").toBeNull();
  await atAddress(2);
  const second = await visit(browser, 149);
  // What is told when the page is left is in a part that comes a moment after the numbers.
  await second.waitForTimeout(500);
  await second.goto("about:blank");
  await eventually(async () => expect(await proposed()).toEqual({ visitors: STANDS, page: "/old.html" }));
  await atAddress(1);

  await signIn(page, session, `en&site=${HOST}`);
  const start = part(page, english.start.title);
  await expect(start).toContainText(english.start.found(STANDS, "/old.html"));
  await expect(tile(page, "Visitors")).toHaveText("2");
  await start.getByRole("button", { name: english.start.submit(STANDS) }).press("Enter");
  await expect(page.locator(".proposal").getByRole("status")).toHaveText(english.start.done(STANDS));
  await expect(tile(page, "Visitors")).toHaveText("10,233");
  await expect(start).toHaveCount(0);

  await expect(sentence(await visit(browser, 151))).toHaveText(`您是第 ${STANDS + 1} 位來訪者`);
  await expect(sentence(await visit(browser, 152))).toHaveText(`您是第 ${STANDS + 2} 位來訪者`);
  // Who came before has a smaller number, which is not put in place of a larger one.
  await expect(sentence(await visit(browser, 150))).toHaveText(`您是第 ${STANDS} 位來訪者`);
});
