// The page on LeanCloud, step 4 and 5, with the real themes and the real Valine: the places for the numbers are in the
// pages that Hexo makes, the theme's own script is out, and Valine counts no more.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { BROWSER, TOKEN, emptyFolder, serve } from "./command.mjs";
import { hexoHome, makeSite } from "./hexo_site.mjs";
import { allSnippets } from "./snippets.mjs";

const SNIPPETS = allSnippets();
function only(kind) {
  const found = SNIPPETS.filter((snippet) => snippet.run === kind);
  assert.equal(found.length, 1, `${kind} is the same in all languages`);
  return found[0].text;
}

const COUNTER = "https://count.example.org/widget.js";
/** Notes which scripts a page had before the documented lines are run. */
const RECORDER = `hexo.extend.filter.register('after_render:html', (html) =>
  html + '<!-- scripts: ' + [...html.matchAll(/<script[^>]*src="([^"]*)"/g)].map(([, source]) => source).join(' ') + ' -->', 1);\n`;
const POSTS = { a: "古渡口", "中文": "中文" };

let browser, page;
before(async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-background-networking"] });
  page = await browser.newPage({ javaScriptEnabled: false });
  await page.route(/^http/, (route) => route.abort());
});
after(() => browser?.close());

/** A page as Hexo made it: its scripts before and after the documented lines, and its elements. */
async function read(folder, path) {
  const html = readFileSync(join(folder, path, "index.html"), "utf8");
  await page.setContent(html, { waitUntil: "domcontentloaded" });
  const attributes = (selector, name) => page.locator(selector).evaluateAll((found, attribute) => found.map((element) => element.getAttribute(attribute)), name);
  return {
    before: /<!-- scripts: ([^>]*) -->/.exec(html)[1].split(" "),
    scripts: await attributes("script[src]", "src"),
    count: (selector) => page.locator(selector).count(),
    attributes,
  };
}

/** The site of a theme with the lines of step 4 and these of step 5. */
const siteOf = (theme, configuration, files = {}) =>
  makeSite(theme, { url: "https://example.cn", configuration, script: only("hexo-leancloud"), files: { "scripts/0-recorder.js": RECORDER, ...files }, posts: POSTS });

/** The theme's own counter was in the page, the documented lines took it out, and ours is there once. */
function assertSwitched({ before: had, scripts }, own) {
  assert.ok(had.some((source) => own.test(source)), `${own} among ${had}`);
  assert.deepEqual(scripts.filter((source) => own.test(source)), []);
  assert.deepEqual(scripts.filter((source) => source === COUNTER), [COUNTER]);
  assert.deepEqual(had.filter((source) => !own.test(source) && !scripts.includes(source)), [], "no other script is taken out");
}

const NUMBERS = "*,1000,500\n/,40,20\n/a/,70,7\n/中文/,50,5\n";

/** A reader of the site in a browser with scripts, and a counter that has the old numbers. `see(path, selector)` gives
 * what stands there in the end, and what the page asked the counter for. */
async function readerOf(t, folder) {
  const served = await serve(t, ["--site", "example.cn"], { cwd: await emptyFolder(t), env: { ADMIN_TOKEN: TOKEN } });
  const imported = await fetch(`${served.url}/v1/sites/example.cn/import`, { method: "POST", headers: { Authorization: `Bearer ${TOKEN}`, "Content-Type": "text/csv" }, body: NUMBERS });
  assert.equal(imported.status, 200);
  const published = async () => (await (await fetch(`${served.url}/v1/counts?site=example.cn&page=/a/`)).json()).pages?.["/a/"]?.views;
  while ((await published()) !== 70) await new Promise((next) => setTimeout(next, 200));
  const context = await browser.newContext({ userAgent: BROWSER["User-Agent"] });
  t.after(() => context.close());
  return async (path, selector, wanted) => {
    const asked = [];
    const reader = await context.newPage();
    await reader.route(/^http/, async (route) => {
      const { host, pathname, search } = new URL(route.request().url());
      if (host === "count.example.org") {
        asked.push(`${route.request().method()} ${pathname}`);
        return route.fulfill({ response: await route.fetch({ url: served.url + pathname + search }) });
      }
      const file = join(folder, decodeURIComponent(pathname), pathname.endsWith("/") ? "index.html" : "");
      return host === "example.cn" && existsSync(file) ? route.fulfill({ path: file }) : route.abort();
    });
    await reader.goto(`https://example.cn${path}`);
    await reader.waitForFunction(([places, texts]) => texts.every((text, index) => document.querySelectorAll(places)[index]?.textContent.trim() === text), [selector, wanted]);
    const isVisible = await reader.locator(selector).first().isVisible();
    await reader.waitForTimeout(400);
    await reader.close();
    return { isVisible, hits: asked.filter((one) => one === "POST /v1/hits").length, reads: asked.filter((one) => one === "GET /v1/counts").length };
  };
}

test("NexT: a place for each article, on its page and in the list, without NexT's script", async (t) => {
  const folder = await siteOf("next", only("leancloud-next"));
  const article = await read(folder, "a");
  assertSwitched(article, /\/lean-analytics\.js/);
  assert.deepEqual(await article.attributes(".leancloud_visitors:has(.leancloud-visitors-count)", "id"), ["/a/"]);
  const list = await read(folder, "");
  assertSwitched(list, /\/lean-analytics\.js/);
  const ids = await list.attributes(".leancloud_visitors:has(.leancloud-visitors-count)", "id");
  assert.deepEqual([...ids].sort(), ["/%E4%B8%AD%E6%96%87/", "/a/"]);
  const see = await readerOf(t, folder);
  // When NexT shows its lists is up to its own scripts.
  const home = await see("/", ".leancloud-visitors-count", ids.map((id) => (id === "/a/" ? "70" : "50")));
  assert.deepEqual([home.hits, home.reads], [1, 1]);
  const { hits, reads } = await see("/a/", ".leancloud-visitors-count", ["71"]);
  assert.ok(hits === 1 && reads <= 1, `${hits} hits and ${reads} reads`);
});

test("Fluid: the site's and the article's places in their hidden containers, without Fluid's script", async (t) => {
  const folder = await siteOf("fluid", only("leancloud-fluid"));
  const article = await read(folder, "a");
  assertSwitched(article, /\/leancloud\.js/);
  for (const name of ["site-pv", "site-uv", "page-views"]) assert.equal(await article.count(`#leancloud-${name}-container[style*="none"] #leancloud-${name}:empty`), 1, name);
  assertSwitched(await read(folder, ""), /\/leancloud\.js/);
  const see = await readerOf(t, folder);
  const seen = await see("/a/", "#leancloud-page-views, #leancloud-site-pv, #leancloud-site-uv", ["71", "1001", "501"]);
  assert.ok(seen.isVisible && seen.hits === 1 && seen.reads <= 1, JSON.stringify(seen));
});

test("Butterfly: Valine's place stays and Valine does not count; without Valine there is busuanzi's", async (t) => {
  const comments = "comments:\n  use: Valine\n";
  const valine = only("leancloud-butterfly").replace("valine:\n", "valine:\n  appId: x\n  appKey: y\n");
  const without = { "source/_posts/b.md": "---\ntitle: 没有评论\ndate: 2026-01-02\ncomments: false\n---\n清江。\n" };
  const folder = await siteOf("butterfly", `${comments}${valine}\n${only("leancloud-butterfly-later")}\n`, without);
  const article = await read(folder, "a");
  assertSwitched(article, /busuanzi/);
  assert.deepEqual(await article.attributes(".leancloud_visitors:has(.leancloud-visitors-count)", "id"), ["/a/"]);
  const html = readFileSync(join(folder, "a/index.html"), "utf8");
  const [, text] = /const option = (\{.*?\})\n/.exec(html);
  assert.match(html, /visitor: true,\s+\.\.\.option,/, "the option of the same name comes later and holds");
  assert.deepEqual(JSON.parse(text), { visitor: false });
  const later = await read(folder, "b");
  assertSwitched(later, /busuanzi/);
  assert.equal(await later.count("#busuanzi_value_page_pv"), 1);
  assert.equal(await later.count(".leancloud_visitors"), 0);
  for (const name of ["site_pv", "site_uv"]) assert.equal(await (await read(folder, "")).count(`#busuanzi_value_${name}`), 1, name);
  const see = await readerOf(t, folder);
  assert.deepEqual(await see("/", "#busuanzi_value_site_pv", ["1001"]), { isVisible: true, hits: 1, reads: 0 });
  const { hits, reads } = await see("/a/", ".leancloud-visitors-count", ["71"]);
  assert.ok(hits === 1 && reads <= 1, `${hits} hits and ${reads} reads`);
});

test("Icarus: busuanzi's places stay, its script is out", async (t) => {
  const folder = await siteOf("icarus", only("leancloud-icarus"));
  const article = await read(folder, "a");
  assertSwitched(article, /busuanzi/);
  for (const name of ["page_pv", "site_uv"]) assert.equal(await article.count(`#busuanzi_container_${name} #busuanzi_value_${name}`), 1, name);
  const see = await readerOf(t, folder);
  assert.deepEqual(await see("/a/", "#busuanzi_value_page_pv", ["71"]), { isVisible: true, hits: 1, reads: 0 });
  assert.deepEqual(await see("/", "#busuanzi_value_site_uv", ["501"]), { isVisible: true, hits: 1, reads: 0 });
});

test("Volantis: busuanzi's places stay, its script is out", async (t) => {
  const folder = await siteOf("volantis", only("leancloud-volantis"));
  const article = await read(folder, "a");
  assertSwitched(article, /\/bsz\.js/);
  for (const name of ["page_pv", "site_pv"]) assert.equal(await article.count(`#busuanzi_${name}`), 1, name);
  const see = await readerOf(t, folder);
  assert.deepEqual(await see("/a/", "#busuanzi_page_pv", ["71"]), { isVisible: true, hits: 1, reads: 0 });
});

/** Which classes of LeanCloud's the real Valine asks for. LeanCloud's library is a stand-in whose answers never come. */
async function classesAsked(options) {
  const require = createRequire(join(await hexoHome(), "package.json"));
  const reader = await browser.newPage();
  const html = `<!doctype html><meta charset="utf-8"><title>x</title>${only("leancloud-place")}<div id="vcomments"></div>`;
  const address = "http://example.test/posts/a/";
  await reader.route(/^http/, (route) => (route.request().url() === address ? route.fulfill({ contentType: "text/html", body: html }) : route.abort()));
  await reader.goto(address);
  await reader.evaluate(() => {
    const answers = ["find", "first", "count", "save"];
    const anything = new Proxy({}, { get: (target, key) => (answers.includes(key) ? () => new Promise(() => {}) : () => anything) });
    class Named {
      constructor(name) {
        if (typeof name === "string") window.asked.push(name);
        return anything;
      }
    }
    window.asked = [];
    window.AV = { version: "3.0.0", applicationId: "x", applicationKey: "y", Query: Object.assign(Named, { or: () => anything }), Object: { extend: (name) => new Named(name) }, User: { current: () => null }, ACL: Object };
  });
  await reader.addScriptTag({ path: require.resolve("valine/dist/Valine.min.js") });
  await reader.evaluate((text) => new Function(text)(), options);
  await reader.waitForFunction(() => window.asked.includes("Comment"));
  const place = await reader.locator(".leancloud_visitors .leancloud-visitors-count").count();
  const asked = await reader.evaluate(() => [...new Set(window.asked)].sort());
  await reader.close();
  return { asked, place };
}

test("Valine: with visitor set to false the class Counter is asked for no more, and the place stays", async () => {
  const documented = only("leancloud-valine");
  assert.deepEqual(await classesAsked(documented.replace("visitor: false", "visitor: true")), { asked: ["Comment", "Counter"], place: 1 });
  assert.deepEqual(await classesAsked(documented), { asked: ["Comment"], place: 1 });
});

/** What LoveIt (Hugo) writes at the head of an article where Valine counts, and VuePress' themes with Valine. */
const PLACES = {
  LoveIt: '<span id="/a/" class="leancloud_visitors" data-flag-title="古渡口"><i class="far fa-eye fa-fw" aria-hidden="true"></i>&nbsp;<span class=leancloud-visitors-count></span>&nbsp;次阅读</span>&nbsp;',
  VuePress: '<div id="app"><!--[--><span id="/a/" class="leancloud_visitors" data-flag-title="古渡口"><em class="post-meta-item-text">阅读量 </em><i class="leancloud-visitors-count"></i></span><!--]--></div>',
};

for (const [theme, place] of Object.entries(PLACES)) {
  test(`${theme}: Valine's place has the imported number with only the tag added`, async (t) => {
    const folder = await emptyFolder(t);
    mkdirSync(join(folder, "a"));
    writeFileSync(join(folder, "a/index.html"), `<!doctype html><meta charset="utf-8"><title>古渡口</title><article><h1>古渡口</h1>${place}<p>清江從山裏出來。</p></article><script async crossorigin src="${COUNTER}"></script>`);
    const see = await readerOf(t, folder);
    const { isVisible, hits, reads } = await see("/a/", ".leancloud-visitors-count", ["71"]);
    assert.ok(isVisible && hits === 1 && reads <= 1, `${hits} hits and ${reads} reads`);
  });
}
