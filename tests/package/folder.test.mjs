// Our own pages where the counter is in a folder of a site, put there by the documented lines: everything they lead to is in
// that folder, and opening them counts nothing for the site. Chromium is the visitor.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { BROWSER, DIST, TOKEN, emptyFolder, serve, standIn } from "./command.mjs";
import { snippetOf } from "./snippets.mjs";
import { apache, nginx } from "./web_servers.mjs";

const FOLDER = "/laifang/";
const PUBLISHED = readdirSync(join(DIST, "assets"), { recursive: true }).filter((name) => name.endsWith(".html"));
const SITE_PAGE = '<!DOCTYPE html>\n<html lang="zh">\n<head>\n<meta charset="utf-8">\n<title>x</title>\n</head>\n<body><p id="sentence">您是第 位来访者</p></body>\n</html>\n';
const LANGUAGES = ["zh-Hans", "zh-Hant", "en"];

let browser, counter, pages;
const undos = [];
const context = { after: (undo) => undos.push(undo) };

before(async () => {
  counter = await serve(context, ["--site", "localhost", "--trusted-proxy", "127.0.0.1"], { cwd: await emptyFolder(context), env: { ADMIN_TOKEN: TOKEN } });
  pages = join(await emptyFolder(context), "pages");
  mkdirSync(pages, { mode: 0o755 });
  execFileSync("chmod", ["755", join(pages, "..")]);
  writeFileSync(join(pages, "index.html"), SITE_PAGE);
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-background-networking"] });
});
after(async () => {
  await browser?.close();
  for (const undo of undos.reverse()) await undo();
});

const toHere = (text) => text.replaceAll("127.0.0.1:8787", new URL(counter.url).host.replace("localhost", "127.0.0.1"));
const standing = async () => (await (await fetch(`${counter.url}/v1/sites/localhost`, { headers: { Authorization: `Bearer ${TOKEN}` } })).json()).counts;

const SERVERS = {
  nginx: async (t, rest) => nginx(t, { ...rest, site: toHere(snippetOf("nginx", "nginx-page")), app: "" }),
  Apache: async (t, rest) => {
    const [, ...modules] = snippetOf("webserver", "apache-modules").split(" ");
    return apache(t, { ...rest, modules, site: toHere(snippetOf("webserver", "apache-page")), app: "" });
  },
};

/** Starts a web server with the documented lines for a site at its root and the counter in its folder. */
async function siteBehind(t, name) {
  const upstream = await standIn(t, (request, response) => response.writeHead(404).end());
  return SERVERS[name](t, { folder: await emptyFolder(t), pages, upstream });
}

/** A page of a reader's, with what it asked for and what went wrong. */
async function reader(base, options = {}) {
  const page = await browser.newPage({ userAgent: BROWSER["User-Agent"], ...options });
  const seen = { asked: new Set(), faults: [], hits: 0 };
  page.on("request", (request) => {
    const { origin, pathname } = new URL(request.url());
    seen.asked.add(pathname);
    if (origin !== base || !pathname.startsWith(FOLDER)) seen.faults.push(`asks for ${request.url()}`);
    if (pathname.endsWith("/v1/hits") || pathname.endsWith("/v1/shares")) seen.hits++;
  });
  page.on("response", (response) => response.status() >= 400 && seen.faults.push(`${response.status()} ${response.url()}`));
  page.on("pageerror", (error) => seen.faults.push(error.message));
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && seen.faults.push(message.text()));
  return { page, seen };
}

const addressesIn = (page) => page.evaluate(() => [...document.querySelectorAll("[href], [src]")].map((element) => element.href || element.src).filter((address) => address.startsWith("http")));

/** What leads from a page to this host stays in the folder; each such address once. */
async function assertLinksStay(page, base, known) {
  for (const address of await addressesIn(page)) {
    const { origin, pathname } = new URL(address);
    if (origin !== base) continue;
    assert.ok(pathname.startsWith(FOLDER), `${page.url()} leads to ${address}`);
    known.add(base + pathname);
  }
}

for (const name of Object.keys(SERVERS)) {
  test(`behind ${name} all that is published works in a folder of the site, and is no page of the site`, async (t) => {
    const base = await siteBehind(t, name);
    const before = await standing();
    const known = new Set();
    assert.ok(PUBLISHED.length > 25);
    for (const file of PUBLISHED) {
      const address = base + FOLDER + file.replace(/(^|\/)index\.html$/, "$1");
      // Web servers change what is not compressed.
      const plain = await fetch(address, { headers: { "Accept-Encoding": "identity" } });
      assert.doesNotMatch(await plain.text(), /<script[^>]*\/laifang\/widget\.js/, `${file} has the site's tag`);
      const { page, seen } = await reader(base);
      await page.goto(address, { waitUntil: "networkidle" });
      await assertLinksStay(page, base, known);
      assert.deepEqual([seen.faults, seen.hits], [[], 0], file);
      assert.ok(seen.asked.size > 1 || file.startsWith("demo/"), `${file} has its style`);
      await page.close();
    }
    for (const address of known) assert.equal((await fetch(address)).status, 200, address);
    assert.deepEqual(await standing(), before, "no view was counted");
  });
}

test("in a folder each page speaks each language, and its links lead on in it", async (t) => {
  const base = await siteBehind(t, "nginx");
  const { page, seen } = await reader(base, { locale: "en" });
  await page.goto(base + FOLDER);
  for (const language of LANGUAGES) {
    await page.locator(`nav a[href*="#${language}"]`).click();
    await page.locator(`html[lang="${language}"]`).waitFor({ state: "attached" });
    await page.locator(".links a").first().click();
    await page.waitForURL(`${base}${FOLDER}docs/#${language}`);
    assert.deepEqual(await page.locator("article:visible").evaluateAll((all) => all.map(({ id }) => id)), [language]);
    await page.locator("article:visible a[href*=nginx]").click();
    await page.waitForURL(/docs\/nginx/);
    for (const other of LANGUAGES) {
      await page.locator(`nav a[href="#${other}"]`).click();
      assert.deepEqual(await page.locator("article:visible").evaluateAll((all) => all.map(({ id }) => id)), [other]);
    }
    await page.locator("nav a").first().click();
    await page.waitForURL(base + FOLDER);
  }
  assert.deepEqual(seen.faults, []);
  await page.close();
});

test("in a folder the start page shows the site's own numbers, a demo that counts nothing, and lines with the folder in them", async (t) => {
  const base = await siteBehind(t, "nginx");
  await counter.hit({ url: "http://localhost/a" }, { "X-Forwarded-For": "203.0.113.5" });
  const before = await standing();
  const { page, seen } = await reader(base, { locale: "en" });
  await page.goto(base + FOLDER);
  await page.waitForFunction((views) => document.querySelector("#views").textContent === views, String(before.views));
  assert.equal(await page.locator("#visitor").isVisible(), false, "nobody has a number here");
  assert.equal(await page.getByRole("button", { name: "Reload the page" }).isVisible(), false);
  for (const frame of ["#after", "#preview"]) {
    const shown = page.frameLocator(frame);
    await shown.getByText(/您是第 10234 位/).waitFor({ state: "attached" });
    await shown.locator("laifang-share").waitFor({ state: "attached" });
  }
  assert.ok((await page.locator("#tag").textContent()).includes(`src="${base}${FOLDER}widget.js"`));
  await page.getByRole("checkbox", { name: /this version/ }).check();
  assert.match(await page.locator("#tag").textContent(), new RegExp(`src="${base}${FOLDER}v/[\\d.]+/widget\\.js"`));
  assert.deepEqual([seen.faults, seen.hits], [[], 0]);
  await page.close();
  assert.deepEqual(await standing(), before);
});

test("a page of the site itself counts, as before", async (t) => {
  const base = await siteBehind(t, "nginx");
  const { views } = await standing();
  const page = await browser.newPage({ userAgent: BROWSER["User-Agent"] });
  await page.goto(`${base}/`);
  await page.waitForFunction(() => /\d/.test(document.querySelector("#sentence").textContent));
  await page.close();
  assert.equal((await standing()).views, views + 1);
});
