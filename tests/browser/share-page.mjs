// Pages with a share box, for the tests of the box: one Worker, one server of pages, and a world outside
// that only answers what was opened. `open` waits until the box stands.
import { expect, test } from "@playwright/test";
import { createServer } from "node:http";
import { startWorker } from "../edge/worker.mjs";

const OUTSIDE = /^https?:\/\/(?!localhost[:/]|127\.0\.0\.1[:/]|demo\.test[:/])/;
const picture = (width, height) => `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#48a"/></svg>`;
const PICTURES = { "/picture-small": picture(64, 64), "/picture-wide": picture(640, 60) };
export const TITLE = "古渡口修好了";

let worker, document_, headers;
const server = createServer((request, response) => {
  if (request.url.startsWith("/picture")) return response.setHeader("Content-Type", "image/svg+xml").end(PICTURES[request.url] ?? picture(640, 360));
  response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", ...headers });
  response.end(document_);
});

/** Starts the Worker and the server of pages for a file's tests. */
export function serveBoxes() {
  test.beforeAll(async () => {
    worker = await startWorker({ dev: true });
    await new Promise((done) => server.listen(0, "127.0.0.1", done));
  });
  test.afterAll(async () => {
    await new Promise((done) => server.close(done));
    await worker.end();
  });
}

export const theWorker = () => worker;
export const pageUrl = (path = "/article", host = "localhost") => `http://${host}:${server.address().port}${path}`;
export const boxOf = (page) => page.locator("laifang-share");

/**
 * Opens a page. `body` holds the box; `lang` and `head` are the page's; `options` are the browser context's;
 * `wait: false` leaves the box to the test. `seen` lists outside requests, reports of shares and warnings.
 */
export async function open(browser, { body = "<laifang-share></laifang-share>", lang = "zh-Hans", head = "", attributes = "", path, host = "localhost", policy, options, prepare, wait = true } = {}) {
  const context = await browser.newContext(options);
  const seen = { outside: [], shares: [], warnings: [], errors: [], requests: [] };
  await context.route(OUTSIDE, (route) => {
    seen.outside.push(route.request().url());
    return route.fulfill({ contentType: "text/html", body: "<title>outside</title>" });
  });
  const page = await context.newPage();
  page.on("console", (message) => message.type() === "warning" && seen.warnings.push(message.text()));
  page.on("pageerror", (error) => seen.errors.push(String(error)));
  page.on("request", (request) => {
    seen.requests.push(request.url());
    if (request.url().endsWith("/v1/shares") && request.method() === "POST") seen.shares.push(JSON.parse(request.postData()));
  });
  await page.addInitScript(() => {
    window.told = [];
    for (const name of ["laifang-share", "laifang-shared"]) window.addEventListener(name, ({ detail }) => window.told.push({ name, ...detail }));
  });
  headers = policy ? { "Content-Security-Policy": policy.replaceAll("COUNTER", `http://${host}:${worker.host.port}`) } : {};
  document_ = `<!doctype html><html${lang ? ` lang="${lang}"` : ""}><head><meta charset=utf-8><meta name=viewport content="width=device-width">${head.includes("<title>") ? head : `<title>${TITLE}</title>${head}`}</head>
<body>${body}<script async crossorigin src="http://${host}:${worker.host.port}/widget.js" ${attributes}></script></body></html>`;
  await prepare?.(page, context);
  await page.goto(pageUrl(path, host));
  if (wait) await expect(page.locator("laifang-share [part=box]").first()).toBeVisible();
  return { page, context, seen, box: boxOf(page) };
}

/** A network's link or button. */
export const network = (page, id) => page.locator(`laifang-share [data-network="${id}"]`);

/** What the page was told, without the addresses. */
export const outcomes = (page) => page.evaluate(() => window.told.map(({ name, network, outcome }) => [name, network, outcome].filter(Boolean).join(" ")));
