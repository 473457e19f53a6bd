// Pages that React 19, Vue 3 and Turbo make and make anew, with the widget on them: nothing of the page's own is lost or moved,
// what it shows is what it shows without us, and the numbers stand again after each change.
import { expect, test } from "@playwright/test";
import { forPage, renderedByServer } from "../pages/apps/bundle.mjs";
import { losses, nodesBelow, outline } from "../pages/nodes.mjs";
import { startSite } from "../pages/site.mjs";

const BUILDS = { WebAssembly: {}, "plain JavaScript": { "Content-Security-Policy": "script-src http: 'unsafe-inline'" } };
const APPS = { "React 19": "react.jsx", "Vue 3": "vue.js" };
const VIEWS = { "/app/a": 11, "/app/b": 22, "/turbo/a": 11, "/turbo/b": 22 };
const SITE = { views: 20345, visitors: 10234, views_today: 301, visitors_today: 123, online: 4 };
const HARNESS = `<script>${nodesBelow};${losses};${outline};
note = () => (noted = nodesBelow(document.getElementById("it")));
told = []; addEventListener("laifang-counted", ({ detail }) => told.push(detail));
paste = (tag) => { const script = document.createElement("script"); Object.assign(script, { async: true, src: tag }); script.setAttribute("data-share", ""); document.body.append(script); };
</script>`;

const SCRIPTS = { "/turbo.js": await forPage("turbo.js") }, RENDERED = {};
for (const name of Object.values(APPS)) {
  SCRIPTS[`/${name}`] = await forPage(name);
  RENDERED[name] = await renderedByServer(name, "/app/a");
}
const TURBO_ARTICLE = (path) => `<article><h1>渡口 ${path}</h1><p id="sentence">您是第 位訪客。</p><p id="label">本站總訪問量：<b>0</b> 次</p>
<p id="named"><span class="busuanzi_value_page_pv"></span> 次阅读</p><div class="bdsharebuttonbox"><a class="bds_tsina" data-cmd="tsina" href="#">微博</a><button type="button">讚</button></div>
<turbo-frame id="frame"><p>在線人數：<i></i> 人</p><a id="inside" href="${path}?frame">再看</a></turbo-frame><ul id="list"><li>船</li></ul></article>`;
const turboPage = (path) => `<nav><a id="to-a" href="/turbo/a">渡口</a><a id="to-b" href="/turbo/b">老橋</a></nav><div id="kept" data-turbo-permanent>收音機</div>${TURBO_ARTICLE(path)}<footer>版權所有</footer>`;

let site, policy;
const script = (text) => ({ html: text, headers: { "Content-Type": "text/javascript; charset=utf-8" } });
function page(address) {
  const { pathname, searchParams } = new URL(address, "http://page");
  if (SCRIPTS[pathname]) return script(SCRIPTS[pathname]);
  const head = `<!doctype html><html lang="zh-Hant"><head><meta charset="utf-8"><title>渡口</title>`;
  const html = pathname.startsWith("/turbo/")
    ? `${head}<meta name="turbo-refresh-method" content="morph">${HARNESS}<script src="/turbo.js"></script></head><body><div id="it">${turboPage(pathname)}</div></body></html>`
    : `${head}${HARNESS}</head><body><div id="it">${RENDERED[searchParams.get("rendered")] ?? ""}</div><script src="/${searchParams.get("app") ?? searchParams.get("rendered")}"></script></body></html>`;
  return { html, headers: policy };
}

test.beforeAll(async () => {
  const reply = ({ url }) => ({ counted: true, visitor: 4321, site: SITE, page: { views: VIEWS[new URL(url).pathname] ?? 1, visitors: 9 } });
  site = await startSite({ reply, page });
});
test.afterAll(() => site.end());

/** One page with the widget and the same without it, to be led through the same steps. */
async function twins(browser, path) {
  const context = await browser.newContext(), errors = [];
  const [ours, plain] = [await context.newPage(), await context.newPage()];
  for (const one of [ours, plain]) {
    one.on("pageerror", (error) => errors.push(String(error)));
    await one.goto(site.url + path);
  }
  return {
    ours,
    errors,
    paste: () => ours.evaluate((tag) => window.paste(tag), site.widget()),
    /** Does something in both; what the page has then is noted before the widget can answer, and compared once it has. */
    async step(what, change, { numbers = [], argument } = {}) {
      for (const one of [plain, ours]) {
        // A page behind another one is not painted, which Turbo waits for.
        await one.bringToFront();
        await one.evaluate(async ([source, argument]) => {
          await (0, eval)(`(${source})`)(argument);
          window.note();
        }, [String(change), argument]);
      }
      await this.stands(what, numbers);
    },
    async stands(what, numbers) {
      for (const [selector, text] of numbers) await expect(ours.locator(selector), what).toHaveText(text, { useInnerText: true });
      await ours.waitForTimeout(250);
      for (const [selector, text] of numbers) await expect(ours.locator(selector), `${what}, and stays`).toHaveText(text, { useInnerText: true });
      expect(await ours.evaluate(() => losses(noted, nodesBelow(document.getElementById("it")))), what).toEqual([]);
      const [with_, without] = await Promise.all([ours, plain].map((one) => one.evaluate(() => outline(document.getElementById("it")))));
      expect(with_, what).toBe(without);
      expect(errors, what).toEqual([]);
    },
    close: () => context.close(),
  };
}

const standing = (views, thanks = "。") => [
  ["#sentence", new RegExp(`^您是第 4321 +位訪客${thanks}$`)],
  ["#label", "本站總訪問量：20345 次"],
  ["#named", `${views} 次阅读`],
  ["laifang-counter", "20345"],
];

for (const [build, headers] of Object.entries(BUILDS)) {
  for (const [framework, app] of Object.entries(APPS)) {
    test(`a page of ${framework} keeps all it made and its numbers, by the ${build} build`, async ({ browser }) => {
      policy = headers;
      const pair = await twins(browser, `/app/a?app=${app}`), { ours } = pair;
      await pair.step("the first rendering", () => app.start());
      await pair.paste();
      await pair.stands("the first view", standing(11));
      await expect(ours.locator(".bdsharebuttonbox > laifang-share")).toHaveCount(1);
      await pair.step("a button of the page's in the dead box", () => document.querySelector(".bdsharebuttonbox button").click(), { numbers: standing(11, "，已有 1 個讚") });
      await pair.step("an element less before the sentence, another text in it", () => app.like(), { numbers: standing(11, "，已有 2 個讚") });
      await pair.step("a list in another order", () => app.shuffle(), { numbers: standing(11, "，已有 2 個讚") });
      await pair.step("the dead box unmounted", () => app.toggleBox(), { numbers: standing(11, "，已有 2 個讚") });
      await pair.step("the dead box mounted", () => app.toggleBox(), { numbers: standing(11, "，已有 2 個讚") });
      await expect(ours.locator(".bdsharebuttonbox > laifang-share")).toHaveCount(1);
      await pair.step("another article", (path) => app.go(path), { argument: "/app/b", numbers: standing(22) });
      await pair.step("the article before", () => new Promise((done) => (addEventListener("popstate", () => setTimeout(done), { once: true }), history.back())), { numbers: standing(11) });
      await pair.step("a page without an article", (path) => app.go(path), { argument: "/app/none", numbers: [["#it > p", "沒有這一頁"]] });
      await pair.step("an article again", (path) => app.go(path), { argument: "/app/b", numbers: standing(22) });
      expect(await ours.evaluate(() => told.length)).toBe(5);
      await pair.step("the whole app unmounted", () => app.end());
      expect(await ours.evaluate(() => document.querySelectorAll("#it > :not(laifang-share)").length)).toBe(0);
      await pair.close();
    });

    test(`a page of ${framework} that is hydrated under our numbers works, and they stand again, by the ${build} build`, async ({ browser }) => {
      policy = headers;
      const pair = await twins(browser, `/app/a?rendered=${app}`), { ours } = pair;
      await pair.step("before the hydration", () => {});
      await pair.paste();
      await pair.stands("what the server sent", standing(11));
      await pair.step("the hydration", () => app.hydrate(), { numbers: standing(11) });
      await pair.step("a button", () => document.querySelector(".bdsharebuttonbox button").click(), { numbers: standing(11, "，已有 1 個讚") });
      await pair.step("another article", (path) => app.go(path), { argument: "/app/b", numbers: standing(22) });
      await expect(ours.locator("article + laifang-share, .bdsharebuttonbox > laifang-share")).toHaveCount(1);
      await pair.close();
    });
  }
}

for (const [build, headers] of Object.entries(BUILDS)) {
  test(`a site under Turbo keeps all it made and its numbers, by the ${build} build`, async ({ browser }) => {
    policy = headers;
    const pair = await twins(browser, "/turbo/a"), { ours } = pair;
    const rendered = (change) => `() => new Promise((done) => { addEventListener("turbo:load", () => done(), { once: true }); ${change}; })`;
    const counter = standing(11).slice(0, 3), other = standing(22).slice(0, 3), online = ["#frame p", "在線人數：4 人"];
    await pair.step("the page as it came", () => {});
    await pair.paste();
    await pair.stands("the first view", [...counter, online]);
    await ours.evaluate(() => (window.radio = document.getElementById("kept")));
    await pair.step("another page", rendered('document.getElementById("to-b").click()'), { numbers: [...other, online] });
    await pair.step("the page before, out of Turbo's cache", rendered("history.back()"), { numbers: [...counter, online] });
    await pair.step("the same page, morphed", rendered('Turbo.visit(location.href, { action: "replace" })'), { numbers: [...counter, online] });
    await pair.step("a frame", () => new Promise((done) => (addEventListener("turbo:frame-load", () => done(), { once: true }), document.getElementById("inside").click())), { numbers: [...counter, online] });
    const stream = `<turbo-stream action="append" target="list"><template><li>橋</li></template></turbo-stream><turbo-stream action="replace" target="label"><template><p id="label">本站總訪問量：<b>0</b> 次</p></template></turbo-stream>`;
    await pair.step("a stream", async (stream) => {
      Turbo.renderStreamMessage(stream);
      while (document.querySelectorAll("#list li").length < 2) await new Promise((done) => setTimeout(done));
    }, { argument: stream, numbers: [...counter, online] });
    expect(await ours.evaluate(() => window.radio === document.getElementById("kept") && window.radio.isConnected)).toBe(true);
    await expect(ours.locator("laifang-share")).toHaveCount(1);
    await pair.close();
  });
}
