// Files that owners bring in and take away, on real workerd.
import { afterEach, beforeEach, test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { SITE, TOKEN, eventually, newId, startWorker, visitor } from "./worker.mjs";

let worker;
beforeEach(async () => (worker = await startWorker()));
afterEach(() => worker.end());

const view = async (number, path = "/a") => (await worker.hit({ url: `https://${SITE}${path}` }, visitor(number))).json();
const standing = async (site = SITE) => (await worker.owner("GET", { site })).json();
const residentBytes = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) * 1024;
/** An export without its first line, which says when it was made. */
const linesOf = (file) => file.split("\n").slice(1).join("\n");

async function problem(response, status, code, line) {
  const body = await response.json();
  assert.deepEqual([response.status, body.code, body.line], [status, code, line], body.detail);
  assert.match(body.detail, /Nothing was imported/);
  return body.detail;
}

test("a table sets where counting starts; today's numbers stay", async () => {
  assert.equal((await view(1)).visitor, 1);
  const table = "page,views,visitors\n*,9000,5000\n/a/index.html,70,\n/b,5,3\n";
  const dry = await (await worker.import(table, "dry_run=1")).json();
  assert.deepEqual(dry, {
    dry_run: true,
    format: "csv",
    lines: 3,
    already_imported: false,
    before: { views: 1, visitors: 1 },
    after: { views: 9000, visitors: 5000 },
    pages_added: 1,
    pages_changed: 1,
    pages_removed: 0,
    days: 0,
    kept: 0,
    merged: 0,
  });
  assert.equal((await standing()).counts.visitors, 1, "a dry run changes nothing");
  const done = await (await worker.import(table)).json();
  assert.deepEqual(done, { ...dry, dry_run: false });
  assert.equal((await view(1)).visitor, 1);
  const next = await view(2);
  assert.deepEqual([next.visitor, next.site.views, next.page], [5001, 9002, { views: 72, visitors: 2 }]);
  assert.equal((await (await worker.import(table)).json()).already_imported, true);
  await worker.kill();
  await worker.restart();
  assert.equal((await view(3, "/b")).visitor, 5002);
  await eventually(async () => {
    const counts = await worker.counts(`site=${SITE}&page=/b`);
    assert.deepEqual([counts.site.visitors, counts.pages["/b"].views], [5002, 6]);
  }, 60_000);
});

test("what is not taken is said by line, and changes nothing", async () => {
  for (const number of [1, 2, 3]) await view(number);
  const before = linesOf(await worker.export());
  await problem(await worker.import("/x,1,1\n/y,one,1"), 400, "bad-line", 2);
  assert.match(await problem(await worker.import("*,1,1"), 409, "lower-start", 1), /3 views already/);
  assert.match(await problem(await worker.import("/z,8,8\n/a,2,2"), 409, "lower-start", 2), /“\/a” has 3 views/);
  await problem(await worker.import(""), 400, "bad-line", 1);
  await problem(await worker.import(undefined), 400, "bad-line", 1);
  await problem(await worker.import(before), 400, "bad-line", 1);
  await problem(await worker.import(await worker.export()), 409, "not-empty");
  assert.equal(linesOf(await worker.export()), before);
  const kept = await (await worker.import("/z,8,8\n/a,2,9", "lower=keep")).json();
  assert.deepEqual([kept.kept, kept.pages_added, kept.pages_changed], [1, 1, 1]);
  for (const query of ["dry_run=yes", "replace=2", "lower=drop"]) {
    assert.equal((await worker.import("/q,1,1", query)).status, 400);
  }
});

test("a site has no more pages than MAX_PAGES", async () => {
  const small = await startWorker({ vars: { MAX_PAGES: "3" } });
  try {
    const refused = await small.import("/1,1,1\n/2,1,1\n/3,1,1\n/4,1,1");
    assert.equal((await refused.json()).code, "too-many-pages");
    assert.equal((await small.import("/1,1,1\n/2,1,1\n/3,1,1")).status, 200);
  } finally {
    await small.end();
  }
});

test("a table of many more pages than MAX_PAGES is refused without being kept in memory", async () => {
  const small = await startWorker({ vars: { MAX_PAGES: "1000" } });
  try {
    await small.hit();
    const before = residentBytes(small.host.workerdPid);
    const rows = Array.from({ length: 1_500_000 }, (_, page) => `/${page.toString(36)},1,1`).join("\n");
    await problem(await small.import(rows), 409, "too-many-pages");
    assert.ok(residentBytes(small.host.workerdPid) - before < 150e6, "15 MB of table take no 200 bytes a line");
  } finally {
    await small.end();
  }
});

test("a file that is being read while the site is reset is not imported into the new site", async () => {
  await view(1);
  let release;
  const isReset = new Promise((done) => (release = done));
  const rows = async function* () {
    yield new TextEncoder().encode("page,views,visitors\n*,900,900\n");
    await isReset;
    yield new TextEncoder().encode("/a,5,5\n");
  };
  const importing = worker.fetch(`/v1/sites/${SITE}/import`, {
    method: "POST",
    body: ReadableStream.from(rows()),
    duplex: "half",
    headers: { Authorization: `Bearer ${TOKEN}` },
  });
  await new Promise((done) => setTimeout(done, 500));
  assert.equal((await worker.owner("DELETE")).status, 200);
  release();
  await problem(await importing, 409, "reset-meanwhile");
  assert.equal((await standing()).counts.views, 0);
});

test("ten megabytes of nonsense are refused with a sentence, not a broken connection", async () => {
  const line = "this is no table at all, and there is a lot of it\n";
  await problem(await worker.import(line.repeat(200_000)), 400, "bad-line", 1);
});

test("a file over 100 MB is refused before it is sent", async () => {
  const { status, body } = await new Promise((done, fail) => {
    const asked = request(`${worker.host.url}/v1/sites/${SITE}/import`, {
      method: "POST",
      headers: { Authorization: `Bearer ${TOKEN}`, "Content-Length": "100000001" },
    });
    asked.once("error", fail).once("response", async (response) => {
      let text = "";
      for await (const piece of response) text += piece;
      done({ status: response.statusCode, body: JSON.parse(text) });
      asked.destroy();
    });
    asked.write("page,views,visitors\n");
  });
  assert.deepEqual([status, body.code], [413, "too-large"]);
});

test("a file whose sender goes away in the middle changes nothing", async () => {
  await view(1);
  const before = linesOf(await worker.export());
  const sending = new AbortController();
  const rows = async function* () {
    yield new TextEncoder().encode("page,views,visitors\n*,900,900\n");
    for (let page = 0; page < 20_000; page++) {
      yield new TextEncoder().encode(`/page/${page},5,5\n`);
      if (page === 10_000) sending.abort();
    }
  };
  await assert.rejects(
    worker.fetch(`/v1/sites/${SITE}/import`, {
      method: "POST",
      body: ReadableStream.from(rows()),
      duplex: "half",
      signal: sending.signal,
      headers: { Authorization: `Bearer ${TOKEN}` },
    }),
  );
  // The runtime closes connections that the abort has left, one of which may be used first.
  await eventually(async () => assert.equal((await view(1)).visitor, 1));
  assert.equal((await worker.import("*,900,900\n")).status, 200);
  assert.deepEqual([(await view(2)).visitor, (await standing()).pages], [901, 1]);
  assert.notEqual(linesOf(await worker.export()), before);
});

test("an export is a file, and brings the site back after a reset", async () => {
  await worker.import("*,900,500\n/imported,70,7\n/%E4%B8%AD,5,3\n");
  await worker.owner("PUT", { body: '{"time_zone":"Asia/Taipei"}' });
  for (const [number, path] of [[1, "/a"], [2, "/b?x=1"], [2, "/中"]]) await view(number, path);
  await worker.fetch("/v1/shares", {
    method: "POST",
    body: JSON.stringify({ url: `https://${SITE}/a`, network: "weibo", id: newId() }),
  });
  const response = await worker.owner("GET", { part: "/export" });
  assert.match(response.headers.get("content-type"), /^application\/x-ndjson/);
  assert.equal(response.headers.get("content-disposition"), `attachment; filename="${SITE}.ndjson"`);
  const file = await response.text();
  const lines = file.trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual([lines[0].laifang.format, lines[0].laifang.site], [1, SITE]);
  assert.deepEqual(lines.at(-1), { end: { days: 0, pages: 4 } });
  assert.ok(!file.includes("192.0.2") && !file.includes("10.0.0"), "nobody's address is in it");

  assert.equal((await worker.owner("DELETE")).status, 200);
  assert.equal((await standing()).counts.views, 0);
  const restored = await (await worker.import(file)).json();
  assert.deepEqual([restored.format, restored.pages_added, restored.after], ["laifang", 4, { views: 903, visitors: 502 }]);
  assert.equal(linesOf(await worker.export()), linesOf(file));
  assert.equal((await (await worker.import(file)).json()).already_imported, true);
  await worker.kill();
  await worker.restart();
  assert.equal(linesOf(await worker.export()), linesOf(file));
  assert.equal((await standing()).time_zone, "Asia/Taipei");
  assert.equal((await view(9)).visitor, 503);
  await eventually(async () => {
    const counts = await worker.counts(`site=${SITE}&page=/imported&page=/a`);
    assert.deepEqual([counts.site.visitors, counts.pages["/imported"].views], [503, 70]);
    assert.deepEqual(counts.pages["/a"].shares, { weibo: 1 });
  }, 60_000);
});

test("an export may replace what is counted, and belongs to no site alone", async () => {
  await view(1, "/one");
  const file = await worker.export();
  for (const number of [1, 2, 3]) await view(number, "/two");
  const replaced = await (await worker.import(file, "replace=1")).json();
  assert.deepEqual([replaced.pages_removed, replaced.after], [1, { views: 1, visitors: 1 }]);
  assert.equal(linesOf(await worker.export()), linesOf(file));
  assert.equal((await worker.import(file, "", { site: "demo.test" })).status, 200);
  assert.equal((await standing("demo.test")).counts.visitors, 1);
});

test("GoatCounter's export is summed up, by the site's own days", async () => {
  const head =
    "2Path,Title,Event,UserAgent,Browser,System,Session,Bot,Referrer,Referrer scheme,Screen size,Location,FirstVisit,Date\n";
  const hit = (path, session, first, date, event = false, bot = 0) =>
    `${path},"A ""title"", quoted",${event},Mozilla/5.0,Firefox,Linux,${session},${bot},,,"1920,1080,1",CN,${first},${date}\n`;
  const file =
    head +
    hit("/a.html", "one", true, "2025-03-01T10:00:00Z") +
    hit("/a.html", "one", false, "2025-03-01T10:05:00Z") +
    hit("/b/", "two", true, "2025-03-01T16:00:00Z") +
    hit("button", "two", true, "2025-03-01T16:01:00Z", true) +
    hit("/b", "three", true, "2025-03-01T16:02:00Z", false, 4);
  const report = await (await worker.import(file)).json();
  assert.deepEqual([report.format, report.lines, report.after, report.days], ["goatcounter", 5, { views: 3, visitors: 2 }, 2]);
  const stats = await (await worker.owner("GET", { part: "/stats" })).json();
  assert.deepEqual(stats.days, [
    { date: "2025-03-01", views: 2, visitors: 1 },
    { date: "2025-03-02", views: 1, visitors: 1 },
  ]);
  assert.deepEqual(stats.pages.map(({ page, views, visitors }) => [page, views, visitors]), [["/a.html", 2, 1], ["/b", 1, 1]]);
});
