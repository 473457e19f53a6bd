// The owner's routes: who may call them, the list of sites, a site's history, settings, and the number that
// stands on a page. Files are `import.test.mjs`'s.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { SITE, TOKEN, eventually, newId, startWorker, visitor } from "./worker.mjs";

let worker;
before(async () => (worker = await startWorker({ vars: { SITES: `www.${SITE} demo.test *.school.cn` } })));
after(() => worker.end());

const authorized = { Authorization: `Bearer ${TOKEN}` };
const share = (url, network) =>
  worker.fetch("/v1/shares", { method: "POST", body: JSON.stringify({ url, network, id: newId() }) });

async function problem(response, status, code) {
  assert.equal(response.status, status);
  assert.match(response.headers.get("content-type"), /^application\/problem\+json/);
  const body = await response.json();
  assert.deepEqual([body.code, body.status, body.type], [code, status, "about:blank"]);
  return body;
}

const ROUTES = [
  ["GET", ""],
  ["GET", `/${SITE}`],
  ["PUT", `/${SITE}`],
  ["DELETE", `/${SITE}`],
  ["GET", `/${SITE}/stats`],
  ["GET", `/${SITE}/export`],
  ["POST", `/${SITE}/import`],
  ["GET", `/${SITE}/moves`],
  ["POST", `/${SITE}/moves`],
  ["GET", `/${SITE}/merges`],
  ["POST", `/${SITE}/merges`],
];

/** Each guess from another address, for one alone is soon refused. */
let guessers = 1000;

test("without the right token nothing is told, and no other origin may read it", async () => {
  for (const [method, path] of ROUTES) {
    for (const headers of [{}, { Authorization: "Bearer wrong" }, { Authorization: TOKEN }, { Authorization: `Bearer ${TOKEN} ` + "x" }, { Authorization: `Basic ${TOKEN}` }]) {
      const response = await worker.fetch(`/v1/sites${path}`, { method, headers: { ...headers, ...visitor(++guessers) } });
      assert.equal(response.headers.get("access-control-allow-origin"), null);
      assert.equal(response.headers.get("www-authenticate"), "Bearer");
      await problem(response, 401, "unauthorized");
    }
  }
  for (const path of ["", `/${SITE}`, `/${SITE}/stats`, `/${SITE}/export`, `/${SITE}/moves`, `/${SITE}/merges`]) {
    const response = await worker.fetch(`/v1/sites${path}`, { headers: authorized });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("access-control-allow-origin"), null);
    assert.equal(response.headers.get("cache-control"), "no-store");
    assert.equal(response.headers.get("x-content-type-options"), "nosniff");
    await response.text();
    const head = await worker.fetch(`/v1/sites${path}`, { headers: authorized, method: "HEAD" });
    assert.deepEqual([head.status, await head.text()], [200, ""]);
  }
});

test("an address that guesses tokens waits, and even the right one is not looked at meanwhile", async () => {
  const ask = (token, who = visitor(7), path = "") =>
    worker.fetch(`/v1/sites${path}`, { headers: { ...who, ...(token && { Authorization: `Bearer ${token}` }) } });
  for (let i = 0; i < 30; i++) await problem(await ask(undefined), 401, "unauthorized");
  let wrong = 0;
  while ((await ask(`guess-${wrong}`)).status === 401) wrong++;
  assert.ok(wrong >= 10 && wrong <= 20, `${wrong} guesses in a minute, two at the turn of one`);
  for (const path of ["", `/${SITE}`, `/${SITE}/export`]) {
    const refused = await ask(TOKEN, visitor(7), path);
    const seconds = Number(refused.headers.get("retry-after"));
    assert.ok(seconds >= 1 && seconds <= 60);
    assert.equal(refused.headers.get("access-control-allow-origin"), null);
    await problem(refused, 429, "too-many-requests");
  }
  assert.equal((await ask(TOKEN, visitor(8))).status, 200, "others are not touched");
});

test("a token that is too short opens nothing, and the answer says so", async () => {
  const short = await startWorker({ vars: { ADMIN_TOKEN: "fifteen-letters" } });
  try {
    const { detail } = await problem(await short.owner("GET", { token: "fifteen-letters" }), 404, "not-found");
    assert.match(detail, /ADMIN_TOKEN is too short.*16 characters/);
  } finally {
    await short.end();
  }
  const readme = await startWorker({ vars: { ADMIN_TOKEN: "only-for-trying-it" } });
  try {
    assert.equal((await readme.owner("GET", { token: "only-for-trying-it" })).status, 200);
  } finally {
    await readme.end();
  }
});

test("the scheme of the token may be written in any case", async () => {
  const response = await worker.fetch("/v1/sites", { headers: { Authorization: `bearer ${TOKEN}` } });
  assert.equal(response.status, 200);
});

test("OPTIONS says what a route takes, and lets no other origin go on", async () => {
  const ask = (headers) => worker.fetch(`/v1/sites/${SITE}`, { method: "OPTIONS", headers });
  const response = await ask({ Origin: "https://other.example", "Access-Control-Request-Method": "DELETE" });
  assert.deepEqual([response.status, await response.text()], [204, ""]);
  assert.equal(response.headers.get("allow"), "GET, HEAD, PUT, DELETE, OPTIONS");
  assert.equal(response.headers.get("x-content-type-options"), "nosniff");
  assert.deepEqual([...response.headers.keys()].filter((name) => name.startsWith("access-control")), []);
  await problem(await ask({ Authorization: "Bearer wrong" }), 401, "unauthorized");
});

test("the owner learns whose view a request would be, and what a web server in front said", async () => {
  const proxied = await startWorker({ vars: { TRUSTED_PROXIES: "10.0.0.2" } });
  try {
    const seen = async (headers) => (await proxied.fetch("/v1/visitor", { headers: { ...authorized, ...headers } })).json();
    const { now, ...plain } = await seen({ ...visitor(9) });
    assert.ok(Math.abs(Date.parse(now) - Date.now()) < 60_000);
    assert.deepEqual(plain, { address: "10.0.0.9", forwarded_for: null, real_ip: null });
    const named = { "X-Forwarded-For": "203.0.113.9", "X-Real-IP": "203.0.113.9" };
    const believed = await seen({ ...visitor(2), ...named });
    assert.deepEqual([believed.address, believed.forwarded_for, believed.real_ip], ["203.0.113.9", "203.0.113.9", "203.0.113.9"]);
    assert.equal((await seen({ ...visitor(9), ...named })).address, "10.0.0.9");
    await problem(await proxied.fetch("/v1/visitor", { headers: visitor(9) }), 401, "unauthorized");
    const answer = await proxied.fetch("/v1/visitor", { headers: authorized });
    assert.deepEqual(["cache-control", "access-control-allow-origin"].map((name) => answer.headers.get(name)), ["no-store", null]);
  } finally {
    await proxied.end();
  }
});

test("while no token is set there are no owner routes", async () => {
  const closed = await startWorker({ vars: { ADMIN_TOKEN: "" } });
  try {
    for (const [method, path] of [...ROUTES, ["OPTIONS", ""]]) {
      for (const headers of [{}, authorized, { Authorization: "Bearer " }]) {
        await problem(await closed.fetch(`/v1/sites${path}`, { method, headers }), 404, "not-found");
      }
    }
  } finally {
    await closed.end();
  }
});

test("what there is not, and what a route doesn't take, is said", async () => {
  await problem(await worker.owner("POST"), 405, "method-not-allowed");
  const refused = await worker.owner("POST", { part: "/stats" });
  assert.equal(refused.headers.get("allow"), "GET, HEAD, OPTIONS");
  await problem(refused, 405, "method-not-allowed");
  await problem(await worker.owner("GET", { part: "/import" }), 405, "method-not-allowed");
  await problem(await worker.owner("GET", { part: "/nothing" }), 404, "not-found");
  await problem(await worker.owner("GET", { site: "other.example" }), 403, "site-not-allowed");
  await problem(await worker.owner("GET", { site: "%20" }), 400, "bad-request");
  await problem(await worker.owner("PUT", { body: "{" }), 400, "bad-request");
  await problem(await worker.owner("PUT", { body: '{"time_zone":"Mars/Olympus"}' }), 400, "bad-request");
  await problem(await worker.owner("PUT", { body: '["Asia/Taipei"]' }), 400, "bad-request");
  const slip = await problem(await worker.owner("PUT", { body: '{"timezone":"Asia/Taipei"}' }), 400, "bad-request");
  assert.match(slip.detail, /timezone/);
});

test("sites are those written out and those that published, with their counts from KV", async () => {
  await worker.hit({ url: "https://a.school.cn/x" }, visitor(1));
  await worker.hit({ url: "https://a.school.cn/y" }, visitor(2));
  await eventually(async () => {
    const { sites, patterns } = await (await worker.fetch("/v1/sites", { headers: authorized })).json();
    assert.deepEqual(patterns, [SITE, "demo.test", "*.school.cn"]);
    assert.deepEqual(sites.map(({ site }) => site), ["demo.test", SITE, "a.school.cn"], "those written out first");
    const [demo, , school] = sites;
    assert.deepEqual(school.counts, { views: 2, visitors: 2, views_today: 2, visitors_today: 2 });
    assert.ok(Date.parse(school.as_of) > Date.now() - 600_000);
    assert.deepEqual(demo, { site: "demo.test", counts: null, as_of: null });
  }, 60_000);
});

test("stats tell days, the pages with most views, and shares", async () => {
  const at = (path) => ({ url: `https://demo.test${path}` });
  for (const [path, views] of [["/a", 3], ["/中", 2], ["/b", 1]]) {
    for (let i = 0; i < views; i++) await worker.hit(at(path), visitor(i));
  }
  await share("https://demo.test/a", "weibo");
  const stats = async (query = "") => (await worker.owner("GET", { site: "demo.test", part: `/stats?${query}` })).json();
  const all = await stats();
  assert.deepEqual(all.days, [{ date: all.today, views: 6, visitors: 3 }]);
  assert.deepEqual(all.pages, [
    { page: "/a", views: 3, visitors: 3, shares: { weibo: 1 } },
    { page: "/%E4%B8%AD", views: 2, visitors: 2, shares: {} },
    { page: "/b", views: 1, visitors: 1, shares: {} },
  ]);
  assert.deepEqual([all.pages_total, all.shares, all.counts.views], [3, { weibo: 1 }, 6]);
  const found = await stats(`search=${encodeURIComponent("中")}&limit=1`);
  assert.deepEqual([found.pages.length, found.pages[0].page, found.pages_total], [1, "/%E4%B8%AD", 1]);
  assert.deepEqual((await stats("to=2020-01-01")).days, []);
  assert.equal((await stats(`from=${all.today}&to=${all.today}`)).days.length, 1);
  for (const query of ["from=yesterday", "to=2026-02-30", "from=2026-02-02&to=2026-02-01", "limit=1001", "limit=-1", "limit=x"]) {
    await problem(await worker.owner("GET", { part: `/stats?${query}` }), 400, "bad-request");
  }
});

test("the number that stands on a page is proposed as a start, and counts nothing", async () => {
  const proposed = async () => (await (await worker.owner()).json()).proposed_start;
  const view = (shown, path = "/old.html", who = 1) => worker.hit({ url: `https://${SITE}${path}`, shown }, visitor(who));
  for (const odd of ["5000", -1, 0, 1.5, null, [], 2 ** 53]) {
    assert.equal((await (await view(odd)).json()).counted, true);
  }
  assert.equal(await proposed(), null);
  assert.equal((await (await view(5000)).json()).visitor, 1);
  assert.equal(await proposed(), null, "one address proposes nothing");
  await worker.kill();
  await worker.restart();
  await view(5000, "/old.html", 3);
  assert.deepEqual(await proposed(), { visitors: 5000, page: "/old.html" });
  await view(2 ** 53 - 1, "/lie.html", 4);
  assert.deepEqual(await proposed(), { visitors: 5000, page: "/old.html" }, "what one address makes up hides nothing");
  await view(4000, "/older.html");
  assert.deepEqual(await proposed(), { visitors: 5000, page: "/old.html" }, "the largest of the day");
  await worker.kill();
  await worker.restart();
  assert.deepEqual(await proposed(), { visitors: 5000, page: "/old.html" });
  assert.equal((await worker.import("*,5000,5000")).status, 200);
  assert.equal(await proposed(), null, "a start that was taken is no proposal any more");
  assert.equal((await (await worker.hit({}, visitor(2))).json()).visitor, 5001);
});

test("after a restart the owner is told of no document that KV has, and of one that it has not", async () => {
  const site = "quiet.school.cn";
  const unpublished = async () => (await (await worker.owner("GET", { site })).json()).unpublished;
  await worker.hit({ url: `https://${site}/` });
  await eventually(async () => assert.equal(await unpublished(), 0), 60_000);
  // The strict KV's reads are three seconds old.
  await new Promise((done) => setTimeout(done, 3_500));
  await worker.kill();
  await worker.restart();
  assert.equal(await unpublished(), 0);
  await worker.hit({ url: `https://${site}/` });
  await worker.kill();
  await worker.restart();
  assert.equal(await unpublished(), 1);
});

test("settings say in which zone a day ends", async () => {
  const site = "b.school.cn";
  assert.equal((await (await worker.owner("GET", { site })).json()).time_zone, "Asia/Shanghai");
  const set = await worker.owner("PUT", { site, body: '{"time_zone":"America/New_York"}' });
  const standing = await set.json();
  assert.deepEqual([standing.settings, standing.time_zone], [{ time_zone: "America/New_York", query: "keep" }, "America/New_York"]);
  const back = await (await worker.owner("PUT", { site, body: "{}" })).json();
  assert.deepEqual([back.settings, back.time_zone], [{ time_zone: null, query: "keep" }, "Asia/Shanghai"]);
});

test("settings say which parameters of a query choose a page, for views, shares, reads, badges and imports", async () => {
  const site = "q.school.cn";
  const hit = async (path) => (await (await worker.hit({ url: `https://${site}${path}` })).json()).page.views;
  const read = async (...paths) => {
    const query = new URLSearchParams([["site", site], ...paths.map((path) => ["page", path])]);
    const { pages } = await (await worker.fetch(`/v1/counts?${query}`)).json();
    return paths.map((path) => pages[path].views);
  };
  assert.deepEqual([await hit("/a?id=1&x=1"), await hit("/a?id=1&x=2")], [1, 1]);
  const set = await (await worker.owner("PUT", { site, body: '{"query":["p","id"]}' })).json();
  assert.deepEqual(set.settings.query, ["id", "p"]);
  assert.deepEqual([await hit("/a?id=1&x=1"), await hit("/a?x=2&id=1"), await hit("/a?id=2")], [1, 2, 1]);
  assert.deepEqual(await (await share(`https://${site}/a?id=1&x=3`, "weibo")).json(), { shares: { weibo: 1 }, total: 1 });
  const report = await (await worker.import("/b?id=1&x=1,10,5\n/b?id=1&x=2,20,6", "", { site })).json();
  assert.deepEqual([report.pages_added, report.merged], [1, 1]);
  await worker.kill();
  await worker.restart();
  assert.equal(await hit("/b?id=1&x=9"), 31, "the setting and the sums outlast the process");
  await eventually(async () => assert.deepEqual(await read("/a?id=1&x=7", "/a?id=2", "/b?x=1&id=1"), [2, 1, 31]));
  const badge = await worker.fetch(`/v1/counter.svg?site=${site}&page=${encodeURIComponent("/b?id=1&x=5")}`);
  assert.match(await badge.text(), />31</);
  await worker.owner("PUT", { site, body: '{"query":"drop"}' });
  assert.equal(await hit("/b?id=1"), 1);
  await worker.owner("PUT", { site, body: "{}" });
  assert.equal(await hit("/b?id=1"), 32, "what was counted before is kept");
  for (const query of ["Drop", null, ["utm_source"], ["a&b"], [7]]) {
    await problem(await worker.owner("PUT", { site, body: JSON.stringify({ query }) }), 400, "bad-request");
  }
});
