// The pictures: a badge from KV, and the counting picture for pages without scripts, on real workerd.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { SITE, eventually, startWorker, visitor } from "./worker.mjs";

const REFERER = { Referer: `https://www.${SITE}/` };
const POLICY = /^default-src 'none'; sandbox; style-src 'sha256-([A-Za-z0-9+/=]{44})'$/;
const titleOf = (svg) => /<title>(.*?)<\/title>/s.exec(svg)?.[1];

let worker;
before(async () => (worker = await startWorker()));
after(() => worker.end());

const counter = (query = "", options) => worker.fetch(`/v1/counter.svg?site=${SITE}${query}`, options);
const hit = (query = "", headers = {}, path = "/a", method = "GET") =>
  worker.fetch(`/v1/hit.svg?url=${encodeURIComponent(`https://${SITE}${path}`)}${query}`, { method, headers: { ...visitor(1), ...headers } });

async function problem(response, status, code) {
  assert.equal(response.status, status);
  assert.equal((await response.json()).code, code);
}

function assertPicture(response) {
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "image/svg+xml; charset=utf-8");
  assert.equal(response.headers.get("x-content-type-options"), "nosniff");
  assert.equal(response.headers.get("cross-origin-resource-policy"), "cross-origin");
  assert.match(response.headers.get("content-security-policy"), POLICY);
}

test("hit.svg counts a view of the page that refers to it, and draws its sentence", async () => {
  const response = await hit("&lang=zh-Hant", REFERER);
  assertPicture(response);
  assert.equal(response.headers.get("cache-control"), "no-store");
  assert.equal(response.headers.get("laifang-not-counted"), null);
  assert.equal(titleOf(await response.text()), "您是第 1 位訪客");
  const titles = [];
  for (const lang of ["", "&lang=zh-CN", "&lang=en", "&lang=ja"]) titles.push(titleOf(await (await hit(lang, REFERER)).text()));
  assert.deepEqual(titles, ["您是第 1 位访客", "您是第 1 位访客", "You are visitor number 1", "あなたは 1 人目の訪問者です"]);
  const { counts } = await (await worker.owner()).json();
  assert.deepEqual([counts.views, counts.visitors], [5, 1], "each request is a view of its own");
});

test("hit.svg does not count without a Referer of the page's host, for HEAD, or for a prefetch", async () => {
  const before = (await (await worker.owner()).json()).counts.views;
  for (const [headers, method, reason] of [
    [{}, "GET", "no-referer"],
    [{ Referer: "https://demo.test/" }, "GET", "foreign-referer"],
    [{ Referer: "not an address" }, "GET", "foreign-referer"],
    [{ ...REFERER, "Sec-Purpose": "prefetch" }, "GET", "prefetch"],
    [REFERER, "HEAD", "head"],
  ]) {
    const response = await hit("", headers, "/a", method);
    assertPicture(response);
    assert.equal(response.headers.get("laifang-not-counted"), reason);
    const svg = await response.text();
    if (method === "GET") assert.match(titleOf(svg), /^本站总访问量 \d+ 次$/);
    else assert.equal(svg, "");
  }
  assert.equal((await (await worker.owner()).json()).counts.views, before);
});

test("hit.svg of a bot or of somebody with too many hits shows the site's views", async () => {
  const strict = await startWorker({ vars: { COUNT_BOTS: "", HITS_PER_MINUTE: "2" } });
  try {
    const ask = (agent) =>
      strict.fetch(`/v1/hit.svg?url=https://${SITE}/a&lang=en`, { headers: { ...visitor(1), ...REFERER, "User-Agent": agent } });
    const bot = await ask("Mozilla/5.0 (compatible; Baiduspider/2.0)");
    assert.equal(bot.headers.get("laifang-not-counted"), "bot");
    assert.equal(titleOf(await bot.text()), "0 views");
    const browser = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0";
    for (let i = 0; i < 2; i++) assert.equal(titleOf(await (await ask(browser)).text()), "You are visitor number 1");
    const refused = await ask(browser);
    assertPicture(refused);
    assert.equal(refused.headers.get("laifang-not-counted"), "too-many-requests");
    assert.match(titleOf(await refused.text()), /^\d views?$/);
  } finally {
    await strict.end();
  }
});

test("what can't be drawn is refused with a reason", async () => {
  await problem(await worker.fetch("/v1/hit.svg"), 400, "bad-request");
  await problem(await worker.fetch("/v1/hit.svg?url=/a"), 400, "bad-request");
  await problem(await worker.fetch("/v1/hit.svg?url=https://other.example/"), 403, "site-not-allowed");
  await problem(await hit("", { ...REFERER, Origin: "https://demo.test" }), 403, "site-not-allowed");
  await problem(await worker.fetch("/v1/counter.svg"), 400, "bad-request");
  await problem(await worker.fetch("/v1/counter.svg?site=other.example"), 403, "site-not-allowed");
  await problem(await counter("&metric=visitor"), 400, "bad-request");
  await problem(await counter("&metric=page.views"), 400, "bad-request");
  await problem(await counter("&theme=pink"), 400, "bad-request");
  await problem(await counter("&color=url(x)"), 400, "bad-request");
  await problem(await worker.fetch("/v1/hit.svg", { method: "POST" }), 405, "method-not-allowed");
});

test("counter.svg draws published counts, and is not sent again to whoever has it", async () => {
  const drawn = await eventually(async () => {
    const response = await counter();
    assertPicture(response);
    const svg = await response.clone().text();
    assert.equal(titleOf(svg), "本站总访问量 5");
    return { response, svg };
  }, 60_000);
  assert.equal(drawn.response.headers.get("cache-control"), "public, max-age=30");
  const tag = drawn.response.headers.get("etag");
  assert.match(tag, /^"[0-9a-f]{32}"$/);
  for (const known of [tag, `W/${tag}`, `"other", ${tag}`, "*"]) {
    const same = await counter("", { headers: { "If-None-Match": known } });
    assert.equal(same.status, 304, known);
    assert.equal(same.headers.get("etag"), tag);
    assert.equal(await same.text(), "");
  }
  assert.equal((await counter("", { headers: { "If-None-Match": '"other"' } })).status, 200);
  assert.equal((await counter("", { method: "HEAD" })).headers.get("etag"), tag);
  for (const [query, title] of [
    ["&lang=en", "views 5"],
    ["&metric=site.visitors&lang=zh-TW", "本站訪客數 1"],
    ["&metric=site.views-today&lang=ja", "今日の閲覧数 5"],
    ["&metric=site.views-week&lang=en", "views this week 5"],
    ["&metric=site.views-yesterday", "昨日访问量 0"],
    ["&metric=site.visitors-month&lang=zh-TW", "本月每日訪客合計 1"],
    ["&page=/a/index.html", "本文阅读量 5"],
    ["&page=/a&metric=page.visitors", "本文访客数 1"],
    ["&page=/never", "本文阅读量 0"],
    ["&label=", "5"],
  ]) {
    assert.equal(titleOf(await (await counter(query)).text()), title, query);
  }
});

test("the policy names the one style sheet, which only the reader's own colour scheme needs", async () => {
  const response = await counter();
  const [, hash] = POLICY.exec(response.headers.get("content-security-policy"));
  const [, style] = /<style>(.*?)<\/style>/s.exec(await response.text());
  assert.equal(hash, createHash("sha256").update(style).digest("base64"));
  for (const theme of ["light", "dark"]) assert.ok(!(await (await counter(`&theme=${theme}`)).text()).includes("style"));
});

test("a hostile label stays text: capped, without controls or marks of direction", async () => {
  const label = `</title><script>alert(1)</script>"'&\u202e\u0000${"訪".repeat(200)}`;
  const svg = await (await counter(`&label=${encodeURIComponent(label)}`)).text();
  assert.ok(!/<script|on\w+=|\u202e|\u0000/.test(svg));
  assert.equal([...titleOf(svg).replace(/&[a-z#0-9]+;/g, "x")].length, 64 + 2);
  assert.match(titleOf(svg), /^&lt;\/title&gt;&lt;script&gt;alert\(1\)&lt;\/script&gt;&quot;&#39;&amp;訪+… \d+$/);
});
