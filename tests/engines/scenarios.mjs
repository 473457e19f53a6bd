// What must work alike in every engine. Each scenario is a page of its own address and a visitor of their own.
//
// Out of scope: the many shapes of sentences and boxes, which the tests in Chromium go through.
import assert from "node:assert/strict";
import { test, after, describe } from "node:test";
import { eventually } from "../edge/worker.mjs";
import { startSite } from "./site.mjs";
import { rolesOf } from "./roles.mjs";

const LIMIT_MS = 20_000;
const SENTENCE = "<p id=sentence>您是第 <b> </b> 位來訪者</p>";
const PAGE_VIEWS = '<b id=views data-laifang="page.views"></b>';
const SITE_VIEWS = '<b id=site data-laifang="site.views"></b>';

/** One scenario's page and what is asked about it. */
class Visit {
  constructor(site, engine, path) {
    Object.assign(this, { site, engine, path, tabs: [] });
    site.visitor++;
    site.requests.length = 0;
    site.reports.length = 0;
  }

  /** Opens a page in a new tab and returns the tab. */
  async open(body, { host = "localhost", head = "", tag = "", attributes = "", headers = {}, path = this.path } = {}) {
    this.host = host;
    tag ||= `<script async src="${this.site.counter(host)}/widget.js" ${attributes}></script>`;
    this.site.pages.set(path, {
      headers,
      body: `<!doctype html><html lang="zh-Hant"><head><meta charset="utf-8"><title>渡口</title>${head}</head><body>${body}${tag}</body></html>`,
    });
    const tab = await this.engine.open();
    this.tabs.push(tab);
    await tab.goto(this.site.page(path, host));
    return tab;
  }

  /** All hits so far, each with the Worker's reply. */
  get hits() {
    return this.site.requests.filter(({ path, method }) => path === "/v1/hits" && method === "POST");
  }

  /** Waits for so many answered hits, and no more. */
  async hitsAre(count) {
    await eventually(() => assert.equal(this.hits.filter(({ reply }) => reply?.counted).length, count), LIMIT_MS);
    return this.hits.map(({ reply }) => reply);
  }

  async textIs(tab, selector, expected) {
    const read = () => tab.evaluate((wanted) => document.querySelector(wanted)?.textContent, selector);
    await eventually(async () => assert.equal(await read(), String(expected)), LIMIT_MS);
  }

  async close() {
    for (const tab of this.tabs) await tab.close();
  }
}

/** The number this visitor was given, which nobody else was. */
async function givenNumber(visit) {
  const [reply] = await visit.hitsAre(1);
  assert.equal(reply.visitor, reply.site.visitors);
  return reply.visitor;
}

async function sentenceIsFilled(visit, options) {
  const tab = await visit.open(SENTENCE, options);
  const number = await givenNumber(visit);
  await visit.textIs(tab, "#sentence", `您是第 ${number} 位來訪者`);
  await visit.textIs(tab, "#sentence > b", number);
  return tab;
}

/** A policy that lets the counter's scripts run, but no WebAssembly; the page says whether it was refused. */
const withoutWasmEval = (visit) => ({
  headers: { "Content-Security-Policy": `script-src 'self' 'nonce-ours' ${visit.site.counter("localhost")}; object-src 'none'` },
  head: `<script nonce="ours">
    try { new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))); window.wasm = "runs"; } catch (error) { window.wasm = "refused"; }
  </script>`,
});

async function shareDialogOpensAndCloses(visit, host) {
  const tab = await visit.open(`<article><h1>渡口</h1><p>船來了。</p></article>${SENTENCE}`, { host, attributes: 'data-share data-lang="zh-Hans"' });
  await visit.hitsAre(1);
  const roles = await rolesOf(tab);
  await eventually(async () => assert.ok(await roles.isThere("button", "微信")), LIMIT_MS);
  assert.equal(await roles.isThere("dialog"), false);
  assertNothingElseWasAsked(visit);
  await roles.focus("button", "微信");
  visit.hasShared = true;
  await tab.press("Enter");
  await eventually(async () => assert.ok(await roles.isThere("dialog")), LIMIT_MS);
  await tab.press("Escape");
  await eventually(async () => assert.equal(await roles.isThere("dialog"), false), LIMIT_MS);
  assert.deepEqual(await roles.focused(), { role: "button", name: "微信" });
}

const SCENARIOS = {
  "the page's own sentence takes the number": (visit) => sentenceIsFilled(visit),

  "on a plain http host the sentence takes the number": async (visit) => {
    const tab = await sentenceIsFilled(visit, { host: "demo.test" });
    assert.equal(await tab.evaluate(() => window.isSecureContext), false);
  },

  "explicit elements are filled": async (visit) => {
    const metrics = ["visitor", "site.views", "site.visitors", "site.online", "page.views", "page.visitors"];
    const tab = await visit.open(
      metrics.map((metric, index) => `<laifang-counter id=c${index} metric="${metric}"></laifang-counter><i id=e${index} data-laifang="${metric}"></i>`).join(""),
    );
    const [reply] = await visit.hitsAre(1);
    const numbers = [reply.visitor, reply.site.views, reply.site.visitors, reply.site.online, reply.page.views, reply.page.visitors];
    for (const [index, number] of numbers.entries()) {
      await visit.textIs(tab, `#c${index}`, number);
      await visit.textIs(tab, `#e${index}`, number);
    }
  },

  "ids of busuanzi and vercount are filled and shown": async (visit) => {
    const names = { site_pv: "site.views", site_uv: "site.visitors", page_pv: "page.views", page_uv: "page.visitors" };
    const one = (prefix, name) => `<p id="${prefix}_container_${name}" style="display:none"><i id="${prefix}_value_${name}"></i></p>`;
    const tab = await visit.open(Object.keys(names).flatMap((name) => [one("busuanzi", name), one("vercount", name)]).join(""));
    const [reply] = await visit.hitsAre(1);
    for (const [name, metric] of Object.entries(names)) {
      const number = metric.split(".").reduce((value, key) => value[key], reply);
      for (const prefix of ["busuanzi", "vercount"]) {
        await visit.textIs(tab, `#${prefix}_value_${name}`, number);
        const display = (id) => getComputedStyle(document.getElementById(id)).display;
        assert.notEqual(await tab.evaluate(display, `${prefix}_container_${name}`), "none");
      }
    }
  },

  "a reload is a view of the same visitor": async (visit) => {
    const tab = await sentenceIsFilled(visit);
    await tab.reload();
    const [first, second] = await visit.hitsAre(2);
    assert.notEqual(visit.hits[0].sent.id, visit.hits[1].sent.id);
    assert.deepEqual([second.visitor, second.page.views, second.page.visitors], [first.visitor, 2, 1]);
    await visit.textIs(tab, "#sentence > b", first.visitor);
  },

  "a hit whose answer is lost is sent again with the same id and counts once": async (visit) => {
    visit.site.answersToLose = 1;
    const tab = await visit.open(SENTENCE + PAGE_VIEWS);
    await eventually(() => assert.equal(visit.hits.length, 2), LIMIT_MS);
    await visit.textIs(tab, "#views", 1);
    const [first, second] = visit.hits;
    assert.deepEqual(second.sent, first.sent);
    assert.deepEqual(second.reply, first.reply);
    await visit.textIs(tab, "#sentence > b", second.reply.visitor);
  },

  "in-page navigation is a view of the page, not of the site": async (visit) => {
    const tab = await visit.open(PAGE_VIEWS + SITE_VIEWS);
    await visit.hitsAre(1);
    await tab.evaluate(() => history.pushState(null, "", `${location.pathname}/next?id=7`));
    const [first, second] = await visit.hitsAre(2);
    assert.deepEqual(
      visit.hits.map(({ sent }) => [sent.kind ?? "load", new URL(sent.url).pathname + new URL(sent.url).search]),
      [["load", visit.path], ["route", `${visit.path}/next?id=7`]],
    );
    assert.equal(second.page.views, 1);
    assert.equal(second.site.views, first.site.views);
    await tab.evaluate(() => history.back());
    const [, , third] = await visit.hitsAre(3);
    assert.equal(third.page.views, 2);
    assert.equal(third.site.views, first.site.views);
    await visit.textIs(tab, "#views", 2);
    await visit.textIs(tab, "#site", first.site.views);
  },

  "a hash route is a view of its own page, an anchor is none": async (visit) => {
    const tab = await visit.open(PAGE_VIEWS);
    await visit.hitsAre(1);
    await tab.evaluate(() => void (location.hash = "#top"));
    await tab.evaluate(() => void (location.hash = "#/route"));
    const [, second] = await visit.hitsAre(2);
    assert.equal(new URL(visit.hits[1].sent.url).hash, "#/route");
    assert.equal(visit.hits[1].sent.kind, "route");
    assert.equal(second.page.views, 1);
  },

  "under a policy without wasm-unsafe-eval the plain-JS build counts and fills": async (visit) => {
    const tab = await sentenceIsFilled(visit, withoutWasmEval(visit));
    assert.equal(await tab.evaluate(() => window.wasm), "refused");
  },

  "without WebAssembly the plain-JS build counts and fills, and no wasm is fetched": async (visit) => {
    const tab = await sentenceIsFilled(visit, { head: "<script>delete window.WebAssembly</script>" });
    assert.equal(await tab.evaluate(() => typeof WebAssembly), "undefined");
    assert.deepEqual(visit.site.requests.filter(({ path }) => path.endsWith(".wasm")), []);
  },

  "the share dialog opens, closes by Escape, and focus returns": (visit) => shareDialogOpensAndCloses(visit, "localhost"),

  "on a plain http host the share dialog opens, closes by Escape, and focus returns": (visit) => shareDialogOpensAndCloses(visit, "demo.test"),

  "a return from the back/forward cache is a view": async (visit) => {
    const report = "<script>onpageshow = ({ persisted }) => fetch(`/report?${persisted ? 'restored' : 'loaded'}`)</script>";
    const tab = await visit.open(PAGE_VIEWS, { head: report });
    const { host } = visit;
    await visit.hitsAre(1);
    await visit.textIs(tab, "#views", 1);
    visit.site.pages.set("/elsewhere", { body: "<!doctype html><title>elsewhere</title><script>onpageshow = () => { fetch('/report?left').then(() => setTimeout(() => history.back())) }</script>" });
    await tab.evaluate((address) => void setTimeout(() => (location.href = address)), visit.site.page("/elsewhere", host));
    await eventually(() => assert.deepEqual(visit.site.reports, ["loaded", "left", "restored"]), LIMIT_MS);
    const [first, second] = await visit.hitsAre(2);
    assert.notEqual(visit.hits[0].sent.id, visit.hits[1].sent.id);
    assert.equal(second.page.views, 2);
    assert.equal(second.visitor, first.visitor);
    await visit.textIs(tab, "#views", 2);
  },

  "where the counter can't be had the page stays as it was": async (visit) => {
    const heard = "<script>addEventListener('laifang-error', () => fetch('/report?failed'))</script>";
    const tab = await visit.open(SENTENCE, { head: heard, attributes: 'data-site="not-ours.example"' });
    await eventually(() => assert.deepEqual(visit.site.reports, ["failed"]), LIMIT_MS);
    assert.deepEqual(visit.hits.map(({ status }) => status), [403]);
    await visit.textIs(tab, "#sentence", "您是第   位來訪者");
  },
};

/** The counter is asked for its own files and told of hits, and of a share once one has shared. */
function assertNothingElseWasAsked({ site, hasShared }) {
  for (const { method, path } of site.requests) {
    if (hasShared && `${method} ${path}` === "POST /v1/shares") continue;
    assert.match(`${method} ${path}`, /^(GET \/(widget|share|networks)[-.0-9A-Za-z]*\.(js|wasm)|POST \/v1\/hits)$/);
  }
}

/** Runs every scenario in one engine; its own version stands in the report. */
export async function runScenarios(start) {
  const site = await startSite();
  const engine = await start(site).catch(async (error) => {
    await site.stop();
    throw error;
  });
  describe(`${engine.name} ${engine.version}`, () => {
    after(async () => {
      await engine.stop().finally(() => site.stop());
    });
    for (const [index, [name, run]] of Object.entries(SCENARIOS).entries()) {
      test(name, { timeout: 180_000 }, async () => {
        const visit = new Visit(site, engine, `/scenario-${index}`);
        try {
          await run(visit);
          assertNothingElseWasAsked(visit);
        } finally {
          await visit.close();
        }
      });
    }
  });
}
