// The page on LeanCloud, step 4 and 5, with the real themes and the real Valine: the places for the numbers are in the
// pages that Hexo makes, the theme's own script is out, and Valine counts no more.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "@playwright/test";
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

test("NexT: a place for each article, on its page and in the list, without NexT's script", async () => {
  const folder = await siteOf("next", only("leancloud-next"));
  const article = await read(folder, "a");
  assertSwitched(article, /\/lean-analytics\.js/);
  assert.deepEqual(await article.attributes(".leancloud_visitors:has(.leancloud-visitors-count)", "id"), ["/a/"]);
  const list = await read(folder, "");
  assertSwitched(list, /\/lean-analytics\.js/);
  assert.deepEqual((await list.attributes(".leancloud_visitors:has(.leancloud-visitors-count)", "id")).sort(), ["/%E4%B8%AD%E6%96%87/", "/a/"]);
});

test("Fluid: the site's and the article's places in their hidden containers, without Fluid's script", async () => {
  const folder = await siteOf("fluid", only("leancloud-fluid"));
  const article = await read(folder, "a");
  assertSwitched(article, /\/leancloud\.js/);
  for (const name of ["site-pv", "site-uv", "page-views"]) assert.equal(await article.count(`#leancloud-${name}-container[style*="none"] #leancloud-${name}:empty`), 1, name);
  assertSwitched(await read(folder, ""), /\/leancloud\.js/);
});

test("Butterfly: Valine's place stays and Valine does not count; without Valine there is busuanzi's", async () => {
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
});

test("Icarus: busuanzi's places stay, its script is out", async () => {
  const folder = await siteOf("icarus", only("leancloud-icarus"));
  const article = await read(folder, "a");
  assertSwitched(article, /busuanzi/);
  for (const name of ["page_pv", "site_uv"]) assert.equal(await article.count(`#busuanzi_container_${name} #busuanzi_value_${name}`), 1, name);
});

test("Volantis: busuanzi's places stay, its script is out", async () => {
  const folder = await siteOf("volantis", only("leancloud-volantis"));
  const article = await read(folder, "a");
  assertSwitched(article, /\/bsz\.js/);
  for (const name of ["page_pv", "site_pv"]) assert.equal(await article.count(`#busuanzi_${name}`), 1, name);
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
