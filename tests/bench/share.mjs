// Our share box beside share.js, shareon and Shariff, from npm, in one run in one browser: what a page
// fetches for five networks, whom it asks, what a keyboard and a screen reader find, whether the code reads.
//
// Bytes are those of brotli 11 for whatever packs, as they are for fonts. Third parties are requests to other
// hosts while the page loads and the code is shown. Found by keyboard: of the items shown, those that Tab
// reaches and that have a name. The code is that of a 200-byte Chinese address, read by jsQR from a screenshot.
import AxeBuilder from "@axe-core/playwright";
import { chromium } from "@playwright/test";
import jsQR from "jsqr";
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { brotliCompressSync } from "node:zlib";
import { PNG } from "pngjs";
import { startWorker } from "../edge/worker.mjs";
import config from "../playwright.config.mjs";

const PEERS = new URL("peers/node_modules/", import.meta.url);
const TYPES = { css: "text/css", js: "text/javascript", woff: "font/woff", woff2: "font/woff2", ttf: "font/ttf", svg: "image/svg+xml" };
const ADDRESS = "/articles/" + encodeURIComponent("清江古渡口修繕完工七十二歲的擺").padEnd(160, "7");
const networksOf = async (file, pattern) => new Set([...(await readFile(new URL(file, PEERS), "utf8")).matchAll(pattern)].map(([, name]) => name)).size;

const worker = await startWorker({ dev: true });
const counter = worker.host.url;
const ours = JSON.parse(await readFile(new URL("../../widget/share/networks.json", import.meta.url)));

const BOXES = [
  {
    name: "Laifang, with its counter",
    networks: ours.filter(({ id }) => id !== "more").length,
    html: `<laifang-share></laifang-share><script async crossorigin src="${counter}/widget.js"></script>`,
    items: "laifang-share [data-network]",
    wechat: "laifang-share [data-network=wechat]",
    isPart: (url) => /\/share-/.test(url),
  },
  {
    name: "share.js 1.0.16",
    networks: 1 + (await networksOf("social-share.js/dist/js/social-share.min.js", /(\w+):"https?:\/\/[^"]*\{\{/g)),
    html: '<link rel="stylesheet" href="/peers/social-share.js/dist/css/share.min.css"><div class="social-share" data-sites="wechat,weibo,qq,qzone,douban"></div><script src="/peers/social-share.js/dist/js/social-share.min.js"></script>',
    items: ".social-share-icon",
    wechat: ".icon-wechat",
  },
  {
    name: "shareon 2.8.1",
    networks: await networksOf("shareon/dist/shareon.es.js", /^\t(\w+): \(e\) => `/gm),
    html: '<link rel="stylesheet" href="/peers/shareon/dist/shareon.min.css"><div class="shareon"><a class="facebook"></a><a class="twitter"></a><a class="linkedin"></a><a class="email"></a><a class="copy-url"></a></div><script src="/peers/shareon/dist/shareon.iife.js" init></script>',
    items: ".shareon > *",
  },
  {
    name: "Shariff 3.3.0",
    networks: await networksOf("shariff/dist/shariff.min.js", /name:"([a-z][a-z-]+)",(?:popup|title|share|faName|faPrefix)/g),
    html: '<link rel="stylesheet" href="/peers/shariff/dist/shariff.complete.css"><div class="shariff" data-lang="zh" data-services="[&quot;weibo&quot;,&quot;qzone&quot;,&quot;facebook&quot;,&quot;twitter&quot;,&quot;mail&quot;]"></div><script src="/peers/shariff/dist/shariff.complete.js"></script>',
    items: ".shariff li a",
  },
];

let html;
const server = createServer(async (request, response) => {
  const file = /^\/peers\/([^?#]*)/.exec(request.url)?.[1];
  if (!file) return response.setHeader("Content-Type", "text/html; charset=utf-8").end(html);
  const body = await readFile(new URL(file, PEERS)).catch(() => null);
  response.writeHead(body ? 200 : 404, { "Content-Type": TYPES[file.split(".").pop()] ?? "application/octet-stream" }).end(body);
});
await new Promise((done) => server.listen(0, "localhost", done));
const site = `http://localhost:${server.address().port}`;

const packed = (url, body) => (/\.(woff2?|png|jpe?g)(\?|$)/.test(url) ? body.length : brotliCompressSync(body).length);

/** Of the items shown, how many Tab reaches and a screen reader has a name for. */
async function byKeyboard(page, items) {
  const count = await items.count();
  let found = 0;
  await page.locator("h1").click();
  const reached = new Set();
  for (let times = 0; times < count + 3; times++) {
    await page.keyboard.press("Tab");
    for (let index = 0; index < count; index++)
      if (await items.nth(index).evaluate((item) => item === item.getRootNode().activeElement)) reached.add(index);
  }
  for (const index of reached) {
    const name = (await items.nth(index).ariaSnapshot()).match(/^- (?:link|button)(?: "([^"]+)"| '.*?"([^"]+)".*?')?/);
    // A character of an icon font is no name.
    if (/\p{L}/u.test(name?.[1] ?? name?.[2] ?? "")) found++;
  }
  return `${found}/${count}`;
}

async function readsCode(page, wechat) {
  if (!wechat) return "none";
  await page.locator(wechat).first().click();
  await page.locator(wechat).first().hover({ force: true, timeout: 2000 }).catch(() => {});
  await page.waitForTimeout(500);
  const { data, width, height } = PNG.sync.read(await page.screenshot());
  return jsQR(new Uint8ClampedArray(data), width, height)?.data === page.url().replace(/#$/, "") ? "reads" : "unreadable";
}

async function measure(browser, box) {
  html = `<!doctype html><html lang="zh-Hans"><head><meta charset=utf-8><title>古渡口修好了</title></head><body><main><h1>古渡口修好了</h1>${box.html}</main></body></html>`;
  const page = await (await browser.newContext({ viewport: { width: 1100, height: 800 } })).newPage();
  const files = [], others = new Set();
  await page.route((url) => !["localhost", "127.0.0.1"].includes(url.hostname), (route) => (others.add(new URL(route.request().url()).host), route.abort()));
  page.on("response", (response) => /\.(js|css|wasm|woff2?|ttf|svg)(\?|$)/.test(response.url()) && files.push(response));
  await page.goto(site + ADDRESS);
  const items = page.locator(box.items);
  await items.first().waitFor();
  await page.waitForTimeout(1000);
  let bytes = 0, part = 0;
  for (const response of files) {
    const size = packed(response.url(), await response.body());
    bytes += size;
    if (box.isPart?.(response.url())) part += size;
  }
  const requests = files.length;
  const { violations } = await new AxeBuilder({ page }).include("main").analyze();
  const keyboard = await byKeyboard(page, items);
  const code = await readsCode(page, box.wechat);
  await page.context().close();
  return { box: box.name, bytes: part ? `${bytes} (box ${part})` : bytes, requests, "third parties": others.size, networks: box.networks, "WeChat code": code, keyboard, axe: violations.map(({ id, nodes }) => `${id} ×${nodes.length}`).join(", ") || "nothing" };
}

const browser = await chromium.launch(config.use.launchOptions);
const rows = [];
try {
  for (const box of BOXES) rows.push(await measure(browser, box));
} finally {
  await browser.close();
  server.close();
  await worker.end();
}
const columns = Object.keys(rows[0]);
const widths = columns.map((column) => Math.max(column.length, ...rows.map((row) => String(row[column]).length)));
for (const row of [Object.fromEntries(columns.map((column) => [column, column])), ...rows]) {
  console.log(columns.map((column, index) => String(row[column]).padEnd(widths[index])).join("  ").trimEnd());
}
