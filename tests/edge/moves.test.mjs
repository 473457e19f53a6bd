// Pages at new addresses, and pages that a rule about queries made one, on real workerd.
import { afterEach, beforeEach, test } from "node:test";
import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { SITE, eventually, newId, startWorker, visitor } from "./worker.mjs";

let worker;
beforeEach(async () => (worker = await startWorker()));
afterEach(() => worker.end());

const view = async (number, path) => (await worker.hit({ url: `https://${SITE}${path}` }, visitor(number))).json();
const share = async (path, network) =>
  (await worker.fetch("/v1/shares", { method: "POST", body: JSON.stringify({ url: `https://${SITE}${path}`, network, id: newId() }) })).json();
const move = (body, query = "") => worker.owner("POST", { part: `/moves${query}`, body: typeof body === "string" ? body : JSON.stringify(body) });
const listed = async () => (await (await worker.owner("GET", { part: "/moves" })).json()).moves;
/** What a list on a page would show. */
async function read(...paths) {
  const { pages } = await worker.counts(new URLSearchParams([["site", SITE], ...paths.map((path) => ["page", path])]));
  return paths.map((path) => pages[path].views);
}
const shown = (page) => [page.views, page.visitors, page.shares];

async function problem(response, status, code, line) {
  const body = await response.json();
  assert.deepEqual([response.status, body.code, body.line], [status, code, line], body.detail);
  assert.match(body.detail, /Nothing was moved/);
  return body.detail;
}

test("an old address leads to the new one, in hits, shares, reads, badges and files, and after a crash", async () => {
  await view(1, "/old.html");
  await view(2, "/old.html?utm_source=x");
  await share("/old.html", "weibo");
  await view(1, "/new/");
  const asked = { from: `https://www.${SITE}/old.html`, to: "/new/index.html" };
  const dry = await (await move(asked, "?dry_run=1")).json();
  assert.deepEqual(dry, {
    dry_run: true,
    lines: [{ from: "/old.html", to: "/new", adds: { views: 2, visitors: 2, shares: { weibo: 1 } }, after: { views: 3, visitors: 3, shares: { weibo: 1 } } }],
    total: 1,
    ended: [],
    pages_before: 2,
    pages_after: 1,
    moves: 1,
  });
  assert.deepEqual([await listed(), (await view(1, "/old.html")).page.views], [[], 3], "a dry run moves nothing");
  const done = await (await move(asked)).json();
  assert.deepEqual([done.dry_run, shown(done.lines[0].after)], [false, [4, 3, { weibo: 1 }]]);
  assert.deepEqual(await listed(), [{ from: "/old.html", to: "/new" }]);
  assert.equal((await (await worker.owner()).json()).moves, 1);
  assert.equal((await (await move(asked)).json()).total, 0, "said again it changes nothing");

  await worker.kill();
  await worker.restart();
  assert.deepEqual((await view(3, "/old.html")).page, { views: 5, visitors: 4 });
  assert.deepEqual((await view(3, "/new")).page, { views: 6, visitors: 4 });
  assert.equal((await share("/old.html", "weibo")).total, 2);
  assert.equal((await (await worker.import("/old.html,90,50\n/new,10,10\n")).json()).merged, 1);
  await eventually(async () => assert.deepEqual(await read("/old.html", "/new", "/old.html?from=timeline"), [100, 100, 100]), 30_000);
  const badge = await worker.fetch(`/v1/counter.svg?site=${SITE}&page=/old.html`);
  assert.match(await badge.text(), />100</);
  const { pages } = await (await worker.owner("GET", { part: "/stats" })).json();
  assert.deepEqual(pages.map(({ page, views, visitors }) => [page, views, visitors]), [["/new", 100, 60]]);
});

test("a table is taken whole or not at all, and its bad lines are named", async () => {
  await view(1, "/a");
  await view(1, "/b");
  assert.match(await problem(await move("old,new\n/a,/b\n/b,/a\n"), 400, "bad-line", 3), /lead in a circle/);
  assert.match(await problem(await move(`/a,/b\n/b,https://other.cn/c`), 400, "bad-line", 2), /not on example.cn/);
  await problem(await move({ moves: [{ from: "/a", to: "/b" }, { from: "b", to: "/c" }] }), 400, "bad-line", 2);
  await problem(await move(""), 400, "bad-line", 1);
  const many = Array.from({ length: 3000 }, (_, number) => `/${number}/${"x".repeat(60)},/new`);
  assert.equal((await (await move(many.join("\n"))).json()).moves, 3000);
  await problem(await move(many.map((line) => "/more" + line).join("\n")), 409, "too-many-moves");
  assert.equal((await move("/a,/b\n".repeat(400_000))).status, 413);
  assert.equal((await worker.owner("POST", { part: "/moves", body: Uint8Array.from([0x2f, 0xd6, 0xd0, 0x2c, 0x2f, 0x62]) })).status, 400);
  assert.equal((await move("/a,/b", "?dry_run=yes")).status, 400);
  assert.deepEqual((await listed()).length, 3000);
  const chain = await (await move("/b,/c\n/a,/b\n")).json();
  assert.deepEqual(chain.lines.map(({ from, to }) => [from, to]), [["/a", "/c"], ["/b", "/c"]]);
  const back = await (await move("/c,/a\n")).json();
  assert.deepEqual([back.ended, back.lines[0].after.views], [["/a"], 2], "the newer word counts");
  assert.equal((await view(2, "/b")).page.views, 3);
});

test("pages that a new rule about queries makes one are shown and merged once", async () => {
  for (const path of ["/a", "/a?id=1", "/a?id=1", "/a?id=2", "/b"]) await view(1, path);
  const merges = async (method) => (await worker.owner(method, { part: "/merges" })).json();
  assert.equal((await merges("GET")).total, 0);
  await worker.owner("PUT", { body: '{"query":"drop"}' });
  const dry = await merges("GET");
  const lines = dry.lines.map(({ from, to, adds, after }) => [from, to, adds.views, after.views]);
  assert.deepEqual([lines, dry.dry_run, dry.pages_before, dry.pages_after], [[["/a?id=1", "/a", 2, 4], ["/a?id=2", "/a", 1, 4]], true, 4, 2]);
  assert.equal((await view(2, "/a?id=1")).page.views, 2, "until then the rule alone holds");
  const done = await merges("POST");
  assert.deepEqual([done.dry_run, done.total, done.lines[0].after.views], [false, 2, 5]);
  assert.equal((await merges("POST")).total, 0);
  await worker.kill();
  await worker.restart();
  assert.equal((await view(3, "/a?id=7")).page.views, 6);
  assert.equal((await worker.owner("PUT", { part: "/merges" })).status, 405);
});

test("moves go along in an export, and come back from KV when storage is lost, and stay in a reset", async () => {
  await view(1, "/old");
  await move("/old,/new\n");
  const file = await worker.export();
  assert.match(file, /\{"laifang":\{"format":2,[^]*\{"move":\{"from":"\/old","to":"\/new"\}\}/);
  assert.equal((await worker.import(file, "", { site: "demo.test" })).status, 200);
  const there = await worker.hit({ url: "https://demo.test/old" }, visitor(2));
  assert.deepEqual((await there.json()).page, { views: 2, visitors: 2 });
  await eventually(async () => assert.deepEqual(await read("/old"), [1]));
  await worker.kill();
  await rm(join(worker.folder, "objects"), { recursive: true });
  await worker.restart();
  assert.deepEqual((await view(3, "/old")).page, { views: 2, visitors: 2 });
  assert.deepEqual(await listed(), [{ from: "/old", to: "/new" }]);
  await worker.owner("DELETE");
  assert.deepEqual(await listed(), [{ from: "/old", to: "/new" }]);
});

test("a site whose pages have documents of their own is read as before until KV has all of a move, and comes back with it", async () => {
  const pages = Array.from({ length: 4000 }, (_, number) => `/${number}/${"x".repeat(40)},1,1`);
  await worker.import(`page,views,visitors\n/old,70,7\n/new,5,3\n${pages.join("\n")}\n`);
  await eventually(async () => assert.deepEqual(await read("/old", "/new"), [70, 5]), 60_000);
  await eventually(async () => assert.equal((await (await worker.owner()).json()).unpublished, 0), 60_000);
  await move("/old,/new\n");
  const seen = new Set();
  await eventually(async () => {
    const both = await read("/old", "/new");
    seen.add(both.join());
    assert.deepEqual(both, [75, 75]);
  }, 90_000);
  assert.deepEqual([...seen].filter((both) => !["70,5", "75,75"].includes(both)), [], "nothing in between");
  await worker.kill();
  await rm(join(worker.folder, "objects"), { recursive: true });
  await worker.restart();
  assert.deepEqual((await view(1, "/old")).page, { views: 76, visitors: 11 });
  assert.deepEqual(await listed(), [{ from: "/old", to: "/new" }]);
});
