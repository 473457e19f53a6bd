// A site of 100,000 pages and three years of days, taken away, reset and brought back: the same to the byte, within
// what a Worker may use; and a machine that dies in between leaves the old site or the new one.
import { test } from "node:test";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { SITE, startWorker, visitor } from "../edge/worker.mjs";
import { mulberry32 } from "../edge/random.mjs";

const PAGES = 100_000;
const DAYS = 1095;
const DAY_MS = 86_400_000;
const MB = 1024 * 1024;
/** What the platform gives an isolate. */
const MEMORY_LIMIT = 128 * MB;
const NETWORKS = ["weibo", "wechat", "qq", "copy"];

/** A made site as an export. */
function madeSite({ pages = PAGES, days = DAYS, seed = 7 } = {}) {
  const random = mulberry32(seed);
  const upTo = (limit) => Math.floor(random() * limit);
  const lines = [
    { laifang: { format: 1, site: SITE, exported_at: "2026-11-25T00:00:00.000Z" } },
    { site: { views: 90_000_000, visitors: 12_345_678, shares: { weibo: 4000, wechat: 70_000 } } },
    { settings: { time_zone: "Asia/Taipei", query: "keep" } },
    { today: { date: new Date().toISOString().slice(0, 10), views: 0, visitors: 0 } },
  ];
  for (let day = 0; day < days; day++) {
    const date = new Date(Date.UTC(2023, 0, 1) + day * DAY_MS).toISOString().slice(0, 10);
    lines.push({ day: { date, views: upTo(90_000), visitors: upTo(20_000) } });
  }
  for (let page = 0; page < pages; page++) {
    const key = `/posts/20${10 + (page % 17)}/${page}-%E4%BE%86%E8%A8%AA-${upTo(1e9).toString(36)}`;
    const shares = page % 10 ? {} : { [NETWORKS[upTo(4)]]: 1 + upTo(99) };
    lines.push({ page: { key, views: 1 + upTo(100_000), visitors: 1 + upTo(9000), ...(page % 10 ? {} : { shares }) } });
  }
  lines.push({ end: { days, pages } });
  return lines.map((line) => JSON.stringify(line) + "\n").join("");
}

/** A file as a stream of pieces, as a disk would give it. */
function streamOf(file, piece = 65_536) {
  const bytes = new TextEncoder().encode(file);
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.subarray(at, (at += piece)));
    },
  });
}

/** Memory of workerd, the Worker's isolate and the runtime itself: now, and at its highest. */
async function memoryOf(pid) {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const field = (name) => 1024 * Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)[1]);
  return { now: field("VmRSS"), highest: field("VmHWM") };
}

/** All lines but the first, which says when the file was made. */
const linesOf = (file) => file.slice(file.indexOf("\n") + 1);

async function timed(name, work) {
  const began = performance.now();
  const result = await work();
  console.log(`${name}: ${((performance.now() - began) / 1000).toFixed(2)} s`);
  return result;
}

const startLarge = () => startWorker({ vars: { MAX_PAGES: String(PAGES + 10), KV_WRITES_PER_DAY: "0" } });

test("a site of 100,000 pages and three years comes back the same", { timeout: 300_000 }, async () => {
  const worker = await startLarge();
  try {
    await worker.hit({ url: "https://demo.test/" });
    const before = await memoryOf(worker.host.workerdPid);
    const made = madeSite();
    console.log(`the file: ${(made.length / MB).toFixed(1)} MB, ${PAGES} pages, ${DAYS} days`);
    const send = async (file, query) => {
      const response = await worker.import(streamOf(file), query);
      const body = await response.json();
      assert.equal(response.status, 200, JSON.stringify(body));
      return body;
    };
    const dry = await timed("dry run", () => send(made, "dry_run=1"));
    assert.deepEqual([dry.pages_added, dry.days, dry.lines], [PAGES, DAYS, PAGES + DAYS + 5]);
    await timed("import", () => send(made, ""));
    assert.equal((await (await worker.hit({ url: `https://${SITE}/new` }, visitor(1))).json()).visitor, 12_345_679);
    const file = await timed("export", () => worker.export());
    assert.equal((await worker.owner("DELETE")).status, 200);
    assert.equal((await (await worker.owner()).json()).pages, 0);
    await timed("import again", () => send(file, ""));
    assert.equal(linesOf(await worker.export()), linesOf(file));
    await timed("replace", () => send(file, "replace=1"));
    await worker.kill();
    await worker.restart();
    assert.equal(linesOf(await timed("export after a restart", () => worker.export())), linesOf(file));
    const { highest } = await memoryOf(worker.host.workerdPid);
    const stats = await timed("stats", async () => (await worker.owner("GET", { part: "/stats" })).json());
    assert.deepEqual([stats.pages_total, stats.days.length], [PAGES + 1, DAYS + 1]);
    console.log(`memory at rest ${(before.now / MB).toFixed(0)} MB, highest after the restart ${(highest / MB).toFixed(0)} MB`);
  } finally {
    await worker.end();
  }
});

test("an import needs less memory than a Worker has, and hits are answered meanwhile", { timeout: 300_000 }, async () => {
  const worker = await startLarge();
  try {
    await worker.hit({}, visitor(1));
    const before = await memoryOf(worker.host.workerdPid);
    let isDone = false;
    let slowest = 0;
    const counted = (async () => {
      for (let number = 2; !isDone; number++) {
        const began = performance.now();
        assert.equal((await worker.hit({}, visitor(number))).status, 200);
        slowest = Math.max(slowest, performance.now() - began);
        await delay(10);
      }
    })();
    const response = await worker.import(streamOf(madeSite()), "replace=1");
    isDone = true;
    await counted;
    assert.equal(response.status, 200);
    const { highest } = await memoryOf(worker.host.workerdPid);
    const grown = highest - before.now;
    console.log(`memory grew by at most ${(grown / MB).toFixed(0)} MB; the slowest of the hits meanwhile took ${slowest.toFixed(0)} ms`);
    assert.ok(grown < MEMORY_LIMIT, "the runtime's own buffers are in it too");
    assert.ok(slowest < 5000);
  } finally {
    await worker.end();
  }
});

test("GoatCounter's export of 600,000 hits is summed up within a Worker's memory", { timeout: 300_000 }, async () => {
  const worker = await startLarge();
  try {
    await worker.hit({}, visitor(1));
    const before = await memoryOf(worker.host.workerdPid);
    const hits = 600_000;
    let bytes = 0;
    const pieces = function* () {
      yield new TextEncoder().encode("2Path,Title,Event,UserAgent,Browser,System,Session,Bot,Referrer,Referrer scheme,Screen size,Location,FirstVisit,Date\n");
      for (let first = 0; first < hits; first += 500) {
        let text = "";
        for (let hit = first; hit < first + 500; hit++) {
          const date = new Date(Date.UTC(2024, 0, 1) + hit * 100_000).toISOString().slice(0, 19) + "Z";
          text += `/posts/${hit % 5000}.html,"A title, quoted",false,"Mozilla/5.0 (X11; Linux x86_64)",Firefox 150,Linux,${Math.floor(hit / 3)},0,,,"1920,1080,1",CN,${hit % 3 === 0},${date}\n`;
        }
        const piece = new TextEncoder().encode(text);
        bytes += piece.length;
        yield piece;
      }
    };
    const response = await timed("600,000 hits", () => worker.import(ReadableStream.from(pieces())));
    const report = await response.json();
    assert.equal(response.status, 200, JSON.stringify(report));
    assert.deepEqual([report.lines, report.pages_added, report.after.visitors], [hits, 5000, hits / 3]);
    const { highest } = await memoryOf(worker.host.workerdPid);
    console.log(`${(bytes / MB).toFixed(0)} MB; memory grew by at most ${((highest - before.now) / MB).toFixed(0)} MB`);
    assert.ok(highest - before.now < MEMORY_LIMIT);
  } finally {
    await worker.end();
  }
});

test("a machine that dies while a file is taken in leaves the old site or the new one", { timeout: 300_000 }, async () => {
  const worker = await startLarge();
  const random = mulberry32(11);
  try {
    const files = [];
    let usualMs = 0;
    for (const seed of [1, 2]) {
      const made = madeSite({ pages: 20_000, days: 300, seed });
      const began = performance.now();
      assert.equal((await worker.import(made, "replace=1")).status, 200);
      usualMs = performance.now() - began;
      files.unshift(await worker.export());
    }
    let [old, next] = files;
    const seen = { old: 0, new: 0 };
    for (let round = 0; round < 14; round++) {
      const answer = worker.import(next, "replace=1").then((response) => response.status, () => "cut off");
      // Some die on the way, some the moment they have answered.
      await (round % 2 ? answer : delay(random() * 2 * usualMs));
      await worker.kill();
      const status = await answer;
      await worker.restart();
      const found = linesOf(await worker.export());
      const isNew = found === linesOf(next);
      assert.ok(isNew || found === linesOf(old), "neither the old nor the new site");
      assert.ok(isNew || status !== 200, "what was acknowledged is there");
      seen[isNew ? "new" : "old"] += 1;
      if (isNew) [old, next] = [next, old];
    }
    console.log(`14 kills: ${seen.old} times the old site, ${seen.new} times the new one`);
    assert.ok(seen.old > 0 && seen.new > 0, "kills fell on both sides");
  } finally {
    await worker.end();
  }
});
