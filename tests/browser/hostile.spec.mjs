// Pages that get in the way: changed built-ins, frames, late text, text fought over, sandboxes, prerendering, browsers
// without this or that. The number stands, or the page reads as before; nothing is thrown.
import { test, expect } from "@playwright/test";
import { readFile, readdir } from "node:fs/promises";
import { parse } from "acorn";
import { COUNTS } from "../pages/sentences.mjs";
import { startSite } from "../pages/site.mjs";

const SENTENCE = "您是第 位访客";
const FILLED = "您是第 4321 位访客";

let site, pages;
test.beforeAll(async () => {
  site = await startSite({ reply: () => COUNTS, page: (path) => pages[path.split("?")[0]] });
});
test.afterAll(() => site.end());
test.beforeEach(() => (site.hits.length = site.requests.length = 0));

const TAG = () => `<script async crossorigin src="${site.widget()}"></script>`;
const html = (body, { head = "", tag = TAG() } = {}) =>
  ({ html: `<!doctype html><html lang=zh-Hans><head><meta charset=utf-8>${head}</head><body>${body}${tag}</body></html>` });

/** Opens a page of this body and collects what it complains of. */
async function open(page, body, options) {
  const seen = { errors: [], warnings: [] };
  page.on("pageerror", (error) => seen.errors.push(String(error)));
  page.on("console", (message) => message.type() === "warning" && message.text().startsWith("laifang:") && seen.warnings.push(message.text()));
  pages = { "/": html(body, options), ...options?.pages };
  await page.goto(`${site.url}/`);
  return seen;
}

const CLEAN = { errors: [], warnings: [] };

const CHANGED = {
  "arrays work otherwise": `for (const name of ["map", "filter", "find", "forEach", "includes", "reduce", "indexOf", "toJSON"])
    Array.prototype[name] = function () { throw new Error("changed " + name); };`,
  "strings and arrays say how they are written in JSON": `String.prototype.toJSON = function () { return "'" + this + "'"; };
    Object.prototype.extra = 1; Array.prototype.more = function () {};`,
  "JSON is gone": "JSON = undefined;",
  "Promise is another": "Promise = function () { throw new Error('changed Promise'); };",
  "fetch is wrapped": "const real = fetch; fetch = function () { return real.apply(this, arguments); };",
  "there is no Navigation API": "Object.defineProperty(window, 'navigation', { value: undefined });",
  "there are no custom elements": "Object.defineProperty(window, 'customElements', { value: undefined });",
  "storage may not be touched": "Object.defineProperty(window, 'localStorage', { get() { throw new Error('denied'); } });",
  "elements have the names of our globals": "document.write('<form name=laifang></form><img name=currentScript><a id=navigation></a>');",
};
for (const [name, script] of Object.entries(CHANGED)) {
  test(`the sentence is filled where ${name}`, async ({ page }) => {
    const seen = await open(page, `<script>${script}</script><p id=it>${SENTENCE}</p>`);
    await expect(page.locator("#it")).toHaveText(FILLED);
    expect(site.hits).toHaveLength(1);
    expect(site.hits[0].url).toBe(`${site.url}/`);
    expect(seen).toEqual(CLEAN);
  });
}

for (const [name, block] of Object.entries({ prose: "<p>今天天氣很好</p>", labels: "<p>今日访问</p>", headings: "<h3>在线</h3><p>一</p>" })) {
  test(`a long page of ${name} is not read once for each of its blocks`, async ({ page }) => {
    await page.addInitScript(() => {
      window.unitsRead = 0;
      const { get } = Object.getOwnPropertyDescriptor(Node.prototype, "textContent");
      Object.defineProperty(Node.prototype, "textContent", {
        configurable: true,
        get() {
          const text = get.call(this);
          window.unitsRead += text ? text.length : 0;
          return text;
        },
      });
    });
    await open(page, `<p id=it>${SENTENCE}</p>${block.repeat(3_000)}`);
    await expect(page.locator("#it")).toHaveText(FILLED);
    const [read, all] = await page.evaluate(() => [window.unitsRead, document.body.innerText.length]);
    expect(read / all).toBeLessThan(100);
  });
}

for (const name of ["fetch", "Symbol", "crypto"]) {
  test(`a browser without ${name} is left as it is, quietly`, async ({ page }) => {
    const seen = await open(page, `<script>Object.defineProperty(window, "${name}", { value: undefined })</script><p id=it>${SENTENCE}</p>`);
    await page.waitForLoadState("networkidle");
    await expect(page.locator("#it")).toHaveText(SENTENCE);
    expect(site.requests).toEqual(["/widget.js"]);
    expect(seen).toEqual(CLEAN);
  });
}

test("without WebAssembly the plain build comes, and nothing else", async ({ page }) => {
  await open(page, `<script>delete window.WebAssembly</script><p id=it>${SENTENCE}</p>`);
  await expect(page.locator("#it")).toHaveText(FILLED);
  expect(site.requests.map((url) => url.replace(/-[0-9a-f]+/, "")).sort()).toEqual(["/v1/hits", "/widget.js", "/widget.plain.js"]);
});

test("a page of XHTML is filled", async ({ page }) => {
  const xhtml = `<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head>
<body><p id="it">您是第<b></b>位访客</p><script src="${site.widget()}"></script></body></html>`;
  pages = { "/": { html: xhtml, headers: { "Content-Type": "application/xhtml+xml" } } };
  await page.goto(`${site.url}/`);
  await expect(page.locator("#it")).toHaveText("您是第4321位访客");
});

test("a page in a frameset counts by its own address", async ({ page }) => {
  await open(page, "", { pages: {
    "/": { html: '<html><frameset cols="50%,*"><frame src="/menu"><frame name=main src="/main"></frameset></html>' },
    "/menu": html("<p>目录</p>", { tag: "" }),
    "/main": html(`<p id=it>${SENTENCE}</p>`),
  } });
  await expect(page.frame("main").locator("#it")).toHaveText(FILLED);
  expect(site.hits.map(({ url }) => url)).toEqual([`${site.url}/main`]);
});

test("a sentence that document.write makes is filled, before the tag and after it", async ({ page }) => {
  const write = (id) => `<script>document.write('<p id=${id}>您是' + '第 位访客</p>')</script>`;
  await open(page, write("first") + TAG() + write("second"), { tag: "" });
  await expect(page.locator("#first")).toHaveText(FILLED);
  await expect(page.locator("#second")).toHaveText(FILLED);
  expect(site.hits).toHaveLength(1);
});

test("a sentence that arrives seconds later is filled, and so is an element", async ({ page }) => {
  await open(page, `<script>setTimeout(() => { document.body.insertAdjacentHTML("beforeend", "<p id=it>${SENTENCE}</p><laifang-counter metric=site.views></laifang-counter>") }, 2500)</script>`);
  await expect(page.locator("#it")).toHaveText(FILLED);
  await expect(page.locator("laifang-counter")).toHaveText("20345");
});

test("a page that fights for its text keeps it in the end: no loop, one hit", async ({ page }) => {
  await open(page, `<p id=it>${SENTENCE}</p><script>
    writes = 0;
    new MutationObserver(() => { if (it.textContent !== "${SENTENCE}") { writes++; it.textContent = "${SENTENCE}"; } }).observe(it, { childList: true, characterData: true, subtree: true });
  </script>`);
  await expect.poll(() => page.evaluate(() => writes)).toBeGreaterThan(2);
  await page.waitForTimeout(4000);
  const after4 = await page.evaluate(() => writes);
  expect(after4).toBeLessThan(16);
  expect(site.hits).toHaveLength(1);
});

test("several tags send one hit", async ({ page }) => {
  await open(page, `${TAG()}<p id=it>${SENTENCE}</p><script>for (let n = 0; n < 3; n++) { const s = document.createElement("script"); s.src = "${site.widget()}?" + n; document.head.append(s); }</script>`);
  await expect(page.locator("#it")).toHaveText(FILLED);
  await page.waitForLoadState("networkidle");
  expect(site.hits).toHaveLength(1);
});

test("in a sandboxed frame numbers are shown and nothing is counted", async ({ page }) => {
  await page.route("**/v1/counts?*", (route) =>
    route.fulfill({ headers: { "Access-Control-Allow-Origin": "*" }, json: { site: COUNTS.site, pages: { "/inner": COUNTS.page }, as_of: "2026-11-25T00:00:00Z" } }));
  await open(page, '<iframe sandbox="allow-scripts" src="/inner"></iframe>', { tag: "", pages: { "/inner": html(`<p id=it>${SENTENCE}</p><b data-laifang="site.views"></b>`) } });
  const frame = page.frameLocator("iframe");
  await expect(frame.locator("b")).toHaveText("20345");
  await expect(frame.locator("#it")).toHaveText(SENTENCE);
  expect(site.hits).toEqual([]);
});

test("a larger number that stands is told to the counter when the page is left, as no other view", async ({ page }) => {
  await open(page, "<p id=it>您是第 98765 位访客</p>", { pages: { "/next": html("<p>next</p>", { tag: "" }) } });
  await page.evaluate(() => window.laifang?.ready ?? new Promise((done) => document.addEventListener("laifang-counted", done)));
  expect(site.hits).toHaveLength(1);
  // The first hundred visitors tell it, and some of the others.
  await page.evaluate(() => (Math.random = () => 0));
  await page.goto(`${site.url}/next`);
  await expect.poll(() => site.hits.length).toBe(2);
  expect(site.hits[1]).toEqual({ ...site.hits[0], shown: 98765 });
});

test("a counter picture that still works is left alone", async ({ page }) => {
  const bar = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='60' height='20'/>";
  await open(page, `<p id=it>您是第<img src="${bar}">位访客</p>`);
  await page.evaluate(() => window.laifang?.ready ?? new Promise((done) => document.addEventListener("laifang-counted", done)));
  await expect(page.locator("#it")).toHaveText("您是第位访客");
  await expect(page.locator("#it img")).toBeVisible();
});

test.describe("in-page navigation", () => {
  const kinds = () => site.hits.map(({ kind, url }) => `${kind} ${new URL(url).pathname}${new URL(url).hash}`);
  const NO_API = "<script>Object.defineProperty(window, 'navigation', { value: undefined })</script>";
  for (const [way, script] of [["by the Navigation API", ""], ["by History", NO_API]]) {
    test(`a view is another page's address, ${way}`, async ({ page }) => {
      await open(page, `${script}<p id=it>${SENTENCE}</p>`);
      await expect(page.locator("#it")).toHaveText(FILLED);
      const steps = [
        ["history.pushState(null, '', '/a')", ["route /a"]],
        ["history.pushState(null, '', '/a#part')", []],
        ["history.replaceState(null, '', '/a?filter=1')", []],
        ["history.replaceState(null, '', '/b')", ["route /b"]],
        ["history.pushState(null, '', '/old'); history.replaceState(null, '', '/c')", ["route /c"]],
        ["location.hash = '#/d'", ["route /c#/d"]],
        ["location.hash = '#!/e'", ["route /c#!/e"]],
        ["history.back()", ["route /c#/d"]],
      ];
      const expected = ["load /"];
      for (const [step, views] of steps) {
        await page.evaluate(step);
        expected.push(...views);
        await page.waitForTimeout(250);
        expect(kinds(), step).toEqual(expected);
      }
    });
  }

  test('data-spa="off" counts loads alone', async ({ page }) => {
    await open(page, `<p id=it>${SENTENCE}</p>`, { tag: TAG().replace("async", 'async data-spa="off"') });
    await expect(page.locator("#it")).toHaveText(FILLED);
    await page.evaluate(() => history.pushState(null, "", "/a"));
    await page.waitForTimeout(400);
    expect(kinds()).toEqual(["load /"]);
  });
});

test.describe("the visitor's own switch", () => {
  const stored = (page) => page.evaluate(() => ({ ...localStorage }));

  test("asks before it acts, keeps one word, and is undone", async ({ page }) => {
    await open(page, `<p id=it>${SENTENCE}</p>`);
    await expect(page.locator("#it")).toHaveText(FILLED);
    expect(await stored(page)).toEqual({});
    const asked = [];
    let answer = "dismiss";
    page.on("dialog", (dialog) => (asked.push(dialog.message()), dialog[answer]()));
    await page.goto(`${site.url}/#laifang-off`);
    await expect.poll(() => asked.length).toBe(1);
    expect(asked[0]).toContain("不再把这个浏览器");
    expect(await stored(page)).toEqual({});
    expect(site.hits).toHaveLength(1);
    answer = "accept";
    await page.evaluate(() => (location.hash = "#laifang-off"));
    await expect.poll(() => stored(page)).toEqual({ laifang: "off" });
    expect(new URL(page.url()).hash).toBe("");
    site.hits.length = 0;
    await page.reload();
    await page.waitForLoadState("networkidle");
    expect(site.hits).toEqual([]);
    await page.goto(`${site.url}/?again#laifang-on`);
    await expect.poll(() => stored(page)).toEqual({});
    await page.reload();
    await expect(page.locator("#it")).toHaveText(FILLED);
    expect(site.hits).toHaveLength(1);
  });
});

test("every file a page gets is ASCII, and the loader parses as ES5", async () => {
  const folder = new URL("../../dist/assets/", import.meta.url);
  const scripts = (await readdir(folder)).filter((name) => /^(widget|share|switch).*\.js$/.test(name));
  expect(scripts.length).toBeGreaterThanOrEqual(6);
  for (const name of scripts) {
    const bytes = await readFile(new URL(name, folder));
    expect(bytes.findIndex((byte) => byte > 126), name).toBe(-1);
  }
  const loader = await readFile(new URL("widget.js", folder), "utf8");
  expect(parse(loader, { ecmaVersion: 5 }).body.length).toBeGreaterThan(0);
  expect(() => parse("let x = () => 1", { ecmaVersion: 5 })).toThrow();
});
