// Who is counted where nothing says that bots are (COUNT_BOTS off, as everywhere but in tests): real Chromium under the names of
// people's browsers, apps and crawlers, real Worker.
import { expect, test } from "@playwright/test";
import { createServer } from "node:http";
import { PEOPLE, ROBOTS } from "../edge/agents.mjs";
import { startWorker } from "../edge/worker.mjs";

const HOST = "demo.test";
const BODY = '<p>您是第 位来访者</p><p>总访问量：<b>0</b> 次</p><p><i class="busuanzi_value_page_pv"></i> 次阅读</p><p>今日访客：<span></span></p>';
let worker, sent;
const pages = createServer((_, response) => {
  response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" });
  response.end(`<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>渡口</title></head><body><div id="it">${BODY}</div>
<script>told = new Promise((done) => document.addEventListener("laifang-counted", ({ detail }) => done(detail)))</script><script async src="http://${HOST}:${worker.host.port}/widget.js"></script></body></html>`);
});

test.beforeAll(async () => {
  worker = await startWorker({ vars: { COUNT_BOTS: "off" } });
  await new Promise((done) => pages.listen(0, "127.0.0.1", done));
  sent = 0;
});
test.afterAll(async () => {
  pages.close();
  await worker.end();
});

/** What a reader under this name is told, and what stands on the page then. */
async function visit(browser, userAgent) {
  const context = await browser.newContext({ userAgent }), page = await context.newPage();
  await page.goto(`http://${HOST}:${pages.address().port}/a`);
  const reply = await page.evaluate(() => told);
  await page.waitForTimeout(100);
  const seen = { reply, html: await page.locator("#it").innerHTML(), said: await page.locator("#it").innerText() };
  await context.close();
  return seen;
}

test(`${PEOPLE.length} kinds of readers are counted, and read their number`, async ({ browser }) => {
  test.setTimeout(180_000);
  for (const [name, userAgent] of PEOPLE) {
    const { reply, said } = await visit(browser, userAgent);
    sent++;
    expect(reply, name).toMatchObject({ counted: true, visitor: sent, page: { views: sent } });
    expect(said, name).toMatch(new RegExp(`^您是第 ${sent} 位来访者\\s+总访问量：${sent} 次\\s+${sent} 次阅读\\s+今日访客：${sent}$`));
  }
});

test(`${ROBOTS.length} kinds of robots are not, and the page stays as it was`, async ({ browser }) => {
  test.setTimeout(180_000);
  for (const [name, userAgent] of ROBOTS) {
    const { reply, html } = await visit(browser, userAgent);
    expect(reply, name).toEqual({ counted: false, reason: "bot" });
    expect(html, name).toBe(BODY);
  }
  const { reply } = await visit(browser, PEOPLE[0][1]);
  expect(reply.site.views).toBe(sent + 1);
});
