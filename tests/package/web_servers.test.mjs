// The documented lines for web servers, in the servers themselves: they put the tag into pages, and the counter is at a
// folder of the site. Chromium is the visitor.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { chromium } from "@playwright/test";
import sax from "sax";
import { BROWSER, DIST, TOKEN, emptyFolder, newId, serve, standIn } from "./command.mjs";
import { snippetOf } from "./snippets.mjs";
import { apache, caddy, nginx } from "./web_servers.mjs";

const RELEASE = JSON.parse(readFileSync(join(DIST, "release.json"), "utf8"));
const NUMBERED = /^您是第 \d+ 位来访者$/;
const LARGE = 5_000_000;
const OWN_TAG = snippetOf("webserver", "caddy-tag");
const pageOf = ({ head = "", body = "", charset = "utf-8" } = {}) =>
  `<!DOCTYPE html>\n<html lang="zh">\n<head>\n<meta charset="${charset}">\n<title>古渡口</title>\n${head}\n</HEAD>\n<body>\n<div id="text"><h1>古渡口</h1><p>清江从山里出来。</p></div>\n<p id="sentence">您是第 位来访者</p>\n${body}\n</body>\n</html>\n`;
const inGb = (html) => execFileSync("iconv", ["-f", "utf-8", "-t", "gb18030"], { input: html });
const FILES = {
  "plain.html": pageOf(),
  "gb.html": inGb(pageOf({ charset: "gb18030" })),
  "line.html": pageOf().replaceAll("\n", "").replace("</HEAD>", "</head>"),
  "tagged.html": pageOf({ head: OWN_TAG }),
  "pinned.html": pageOf({ head: `<script async crossorigin src="/laifang${RELEASE.path}" integrity="${RELEASE.integrity}"></script>` }),
  "script.html": pageOf({ body: "<script>var made = '<head></head><body></body>'; window.length_of_made = made.length;</script>" }),
  "large.html": pageOf({ body: `<p>${"x".repeat(LARGE)}</p>` }),
  "headless.html": "<title>x</title><p>您是第 位来访者</p>",
  "text.txt": "</head>\n<head></head>\n",
};

let browser, counter, upstream, pages;
const asked = [];
const undos = [];
const context = { after: (undo) => undos.push(undo) };

before(async () => {
  counter = await serve(context, ["--site", "localhost", "--trusted-proxy", "127.0.0.1"], { cwd: await emptyFolder(context), env: { ADMIN_TOKEN: TOKEN } });
  // A program that makes pages and compresses them for whoever takes that.
  upstream = await standIn(context, (request, response) => {
    asked.push(request.headers["accept-encoding"] ?? "");
    const isPacked = /gzip/.test(request.headers["accept-encoding"] ?? "");
    const html = inGb(pageOf({ charset: "gb18030" }));
    response.writeHead(200, { "Content-Type": "text/html", ...(isPacked && { "Content-Encoding": "gzip" }) }).end(isPacked ? gzipSync(html) : html);
  });
  pages = join(await emptyFolder(context), "pages");
  mkdirSync(pages, { mode: 0o755 });
  execFileSync("chmod", ["755", join(pages, "..")]);
  for (const [name, content] of Object.entries(FILES)) writeFileSync(join(pages, name), content);
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-background-networking"] });
});
after(async () => {
  await browser?.close();
  for (const undo of undos.reverse()) await undo();
});

const toHere = (text) => text.replaceAll("127.0.0.1:8787", new URL(counter.url).host.replace("localhost", "127.0.0.1"));
const viewsOf = async () => (await (await fetch(`${counter.url}/v1/sites/localhost`, { headers: { Authorization: `Bearer ${TOKEN}` } })).json()).counts.views;

/** Opens a page as a reader and waits for its number. Everything must come from the site itself. */
async function readCounted(url) {
  const page = await browser.newPage({ userAgent: BROWSER["User-Agent"] });
  const requests = [];
  const warnings = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => message.text().startsWith("laifang") && warnings.push(message.text()));
  await page.goto(url, { waitUntil: "domcontentloaded" });
  await page.waitForFunction(() => /\d/.test(document.querySelector("#sentence").textContent), undefined, { timeout: 15_000 });
  assert.match(await page.locator("#sentence").textContent(), NUMBERED);
  assert.deepEqual(requests.filter((address) => new URL(address).origin !== new URL(url).origin), [], "no other host");
  assert.ok(requests.some((address) => new URL(address).pathname === "/laifang/v1/hits"));
  assert.deepEqual(warnings, []);
  return page;
}

/** The answer's own bytes, unpacked if need be; from an address of this machine. */
function ask(base, path, { headers = {}, method = "GET", localAddress, body } = {}) {
  const { port } = new URL(base);
  return new Promise((done, fail) => {
    const request = httpRequest({ host: "127.0.0.1", port, path, method, localAddress, headers: { Host: `localhost:${port}`, ...headers } }, async (response) => {
      const chunks = [];
      for await (const chunk of response) chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      done({ status: response.statusCode, headers: response.headers, bytes: response.headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes });
    });
    request.on("error", fail).end(body);
  });
}

/** A visitor's number for the address a request comes from, whatever its headers claim. */
async function assertVisitorsAreToldApart(base) {
  const hit = async (localAddress, headers = {}) => {
    const body = JSON.stringify({ url: `${base}/a`, id: newId() });
    return JSON.parse((await ask(base, "/laifang/v1/hits", { method: "POST", localAddress, body, headers: { ...BROWSER, ...headers, "Content-Length": body.length } })).bytes).visitor;
  };
  const [first, second] = [await hit("127.0.0.2"), await hit("127.0.0.3")];
  assert.notEqual(first, second);
  for (const forged of [{ "X-Forwarded-For": "203.0.113.9" }, { "X-Real-IP": "203.0.113.9" }, { "CF-Connecting-IP": "203.0.113.9" }]) {
    assert.equal(await hit("127.0.0.3", forged), second, JSON.stringify(forged));
  }
}

/** The console works where it is, takes nothing from outside the counter's folder, and is no page of the site that counts. */
async function assertConsoleWorks(base) {
  const before = await viewsOf();
  const page = await browser.newPage({ userAgent: BROWSER["User-Agent"], locale: "en" });
  const requests = [];
  const faults = [];
  page.on("request", (request) => requests.push(new URL(request.url()).pathname));
  page.on("response", (response) => response.status() >= 400 && faults.push(`${response.status()} ${response.url()}`));
  page.on("pageerror", (error) => faults.push(error.message));
  await page.goto(`${base}/laifang/console`);
  await page.locator("input[type=password]").fill(TOKEN);
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "localhost" }).click();
  await page.getByRole("heading", { level: 1, name: "localhost" }).waitFor();
  await page.waitForFunction((views) => document.querySelector(".tiles")?.textContent.includes(views), String(before));
  assert.ok(requests.includes("/laifang/console/console.css") && requests.includes("/laifang/v1/sites/localhost"));
  assert.deepEqual([requests.filter((path) => !path.startsWith("/laifang/") || path.endsWith("/widget.js")), faults], [[], []]);
  for (const link of [page.locator("a.brand"), page.locator("header a[href$='docs/']")]) assert.match(await link.evaluate(({ href }) => href), /\/laifang\/(docs\/)?$/);
  await page.close();
  assert.equal(await viewsOf(), before);
  assert.doesNotMatch((await ask(base, "/laifang/console/")).bytes.toString(), /widget\.js/, "uncompressed it gets no tag either");
}

const SERVERS = {
  nginx: async (t) => nginx(t, { folder: await emptyFolder(t), pages, upstream, site: toHere(snippetOf("nginx", "nginx-page")), app: snippetOf("nginx", "nginx-app") }),
  Apache: async (t) => {
    const [command, ...modules] = snippetOf("webserver", "apache-modules").split(" ");
    assert.equal(command, "a2enmod");
    return apache(t, { folder: await emptyFolder(t), pages, upstream, modules, site: toHere(snippetOf("webserver", "apache-page")), app: snippetOf("webserver", "apache-app") });
  },
};

for (const [name, start] of Object.entries(SERVERS)) {
  test(`${name} puts the tag into pages, and the counter is at a folder of the site`, async (t) => {
    const base = await start(t);
    for (const path of ["plain.html", "gb.html", "line.html", "large.html", "app/x"]) {
      const page = await readCounted(`${base}/${path}`);
      await page.locator("laifang-share").first().waitFor({ state: "attached" });
      await page.close();
    }
    assert.deepEqual(asked.splice(0), [""], "pages of other programs come uncompressed");
    const script = await readCounted(`${base}/script.html`);
    assert.equal(await script.evaluate(() => window.length_of_made), 26, "a script that holds </head> is as it was");
    await script.close();
    await assertVisitorsAreToldApart(base);
    await assertConsoleWorks(base);
  });

  test(`${name}: a page that has the tag already is counted once and has one box`, async (t) => {
    const base = await start(t);
    const before = await viewsOf();
    const page = await readCounted(`${base}/tagged.html`);
    await page.waitForTimeout(1000);
    assert.equal(await page.locator("laifang-share").count(), 1);
    await page.close();
    assert.equal(await viewsOf(), before + 1);
  });

  test(`${name} adds one tag and nothing else, and leaves what is no page alone`, async (t) => {
    const base = await start(t);
    const tag = /<script[^>]*\/laifang\/widget\.js[^>]*><\/script>/g;
    for (const path of ["gb.html", "line.html", "script.html", "large.html"]) {
      for (const headers of [{}, { "Accept-Encoding": "gzip" }]) {
        const { status, bytes } = await ask(base, `/${path}`, { headers });
        assert.equal(status, 200);
        const text = bytes.toString("latin1");
        assert.equal(text.match(tag)?.length, 1, path);
        assert.equal(text.replace(tag, "").toLowerCase(), Buffer.from(FILES[path]).toString("latin1").toLowerCase(), path);
      }
    }
    for (const path of ["headless.html", "text.txt"]) assert.deepEqual((await ask(base, `/${path}`)).bytes, Buffer.from(FILES[path]), path);
    assert.equal((await ask(base, "/gb.html", { method: "HEAD" })).bytes.length, 0);
    assert.equal((await ask(base, "/none.html")).status, 404);
  });
}

test("behind Caddy the pasted tag counts at a folder of the site, a pinned one too", async (t) => {
  const base = await caddy(t, { folder: await emptyFolder(t), pages, site: toHere(snippetOf("webserver", "caddy-page")) });
  for (const path of ["tagged.html", "pinned.html"]) await (await readCounted(`${base}/${path}`)).close();
  await assertVisitorsAreToldApart(base);
  await assertConsoleWorks(base);
});

test("what is documented for IIS is well formed, and its pattern finds the first </head>", () => {
  const parser = sax.parser(true);
  const tags = [];
  parser.onopentag = (tag) => tags.push(tag);
  parser.onerror = (error) => assert.fail(error);
  parser.write(snippetOf("webserver", "iis")).close();
  const rule = tags.findIndex(({ name, attributes }) => name === "rule" && attributes.preCondition);
  const [{ attributes: match }, { attributes: action }] = tags.slice(rule + 1);
  const page = FILES["script.html"];
  const changed = page.replace(new RegExp(match.pattern, "i"), action.value.replace("{R:1}", "$1"));
  assert.equal(changed.toLowerCase(), page.toLowerCase().replace("</head>", `${OWN_TAG}</head>`));
});
