// What KV is told: soon, within the budget, whatever KV does; and what a lost or reset site comes back as.
import { test } from "node:test";
import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { SITE, eventually, newId, startWorker, visitor } from "../edge/worker.mjs";
import { StrictKv } from "./strict_kv.mjs";

const MAIN = `site/${SITE}`;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

test("with budget at hand a hit is in KV within five seconds, again and again", async () => {
  const kv = new StrictKv();
  const worker = await startWorker({ lab: { kv } });
  try {
    for (let views = 1; views <= 3; views++) {
      await worker.hit({}, visitor(views));
      const sent = Date.now();
      await eventually(() => assert.equal(kv.document(MAIN)?.views, views), 8_000);
      assert.ok(Date.now() - sent < 5_500, `view ${views} took ${Date.now() - sent} ms`);
    }
    assert.equal(kv.tooMany, 0, "no key twice within a second");
  } finally {
    await worker.end();
  }
});

test("a third of KV's calls fail: everything is published in the end, nothing in the wrong order", async () => {
  const kv = new StrictKv({ faults: 0.3, seed: 7 });
  const sites = Array.from({ length: 12 }, (_, index) => `site${index}.test`);
  const worker = await startWorker({
    lab: { kv },
    vars: { KV_WRITES_PER_DAY: "100000", SITES: sites.join(" ") },
  });
  try {
    const views = new Map(sites.map((site) => [site, 0]));
    const view = async (site, number) => {
      const response = await worker.hit({ url: `https://${site}/${number % 5}` }, visitor(number));
      if (response.ok) views.set(site, views.get(site) + 1);
    };
    for (let round = 0; round < 40; round++) {
      await Promise.all(sites.map((site) => view(site, round)));
      await pause(300);
    }
    for (const [site, count] of views) {
      await eventually(() => assert.equal(kv.document(`site/${site}`)?.views, count), 90_000);
      const seen = kv.log.filter(({ key }) => key === `site/${site}`).map(({ value }) => JSON.parse(value).views);
      assert.deepEqual(seen, seen.toSorted((a, b) => a - b));
    }
    assert.ok(kv.failed > 5, "faults were injected");
    assert.equal(kv.tooMany, 0);
  } finally {
    await worker.end();
  }
});

test("ten sites together stay within one budget, each with its share", async () => {
  const kv = new StrictKv();
  const sites = Array.from({ length: 10 }, (_, index) => `site${index}.test`);
  const worker = await startWorker({
    lab: { kv, speed: 50 },
    vars: { SITES: sites.join(" "), KV_WRITES_PER_DAY: "120" },
  });
  try {
    for (let round = 0; round < 25; round++) {
      await Promise.all(sites.map((site) => worker.hit({ url: `https://${site}/` }, visitor(round))));
      await pause(200);
    }
    const sinceMidnight = (Date.now() % 86_400_000) / 86_400_000;
    const accrued = 30 + Math.ceil(90 * sinceMidnight);
    // Each site may have made one of the writes it was given ahead of time.
    assert.ok(kv.puts <= accrued + sites.length, `${kv.puts} writes, ${accrued} accrued`);
    for (const site of sites) assert.ok(kv.document(`site/${site}`), `${site} was published`);
  } finally {
    await worker.end();
  }
});

test("a site whose storage is lost comes back with all that was published, and says so", async () => {
  const kv = new StrictKv({ staleMs: 0 });
  const worker = await startWorker({ lab: { kv } });
  try {
    for (let number = 0; number < 7; number++) await worker.hit({ url: `https://${SITE}/${number % 3}` }, visitor(number));
    const share = { url: `https://${SITE}/0`, network: "weibo", id: newId() };
    await worker.fetch("/v1/shares", { method: "POST", body: JSON.stringify(share), headers: visitor(0) });
    await worker.owner("PUT", { body: JSON.stringify({ time_zone: "Asia/Tokyo" }) });
    await eventually(() => assert.equal(kv.document(MAIN)?.settings.time_zone, "Asia/Tokyo"));
    const published = kv.document(MAIN);
    assert.equal((await (await worker.owner()).json()).restored_at, null);

    await worker.hit({}, visitor(100));
    await worker.kill();
    const unpublished = 8 - kv.document(MAIN).views;
    await rm(join(worker.folder, "objects"), { recursive: true });
    kv.faults = 1;
    await worker.restart();
    const unavailable = await worker.hit({}, visitor(101));
    assert.equal(unavailable.status, 503, "a site must not begin at zero because KV can't be read");
    assert.ok(Number(unavailable.headers.get("Retry-After")) > 0);

    kv.faults = 0;
    const reply = await (await worker.hit({ url: `https://${SITE}/0` }, visitor(101))).json();
    assert.equal(reply.visitor, 8 - unpublished + 1, "numbers go on after the newest one published");
    assert.equal(reply.page.views, published.pages["/0"].views + 1);
    const standing = await (await worker.owner()).json();
    assert.deepEqual([standing.settings.time_zone, standing.shares], ["Asia/Tokyo", { weibo: 1 }]);
    assert.ok(Math.abs(Date.parse(standing.restored_at) - Date.now()) < 10_000);
    assert.equal(standing.generation, published.generation + 1);
  } finally {
    await worker.end();
  }
});

test("after a reset stale KV can't bring the old numbers back", async () => {
  const kv = new StrictKv();
  const worker = await startWorker({ lab: { kv } });
  try {
    for (let number = 0; number < 5; number++) await worker.hit({}, visitor(number));
    await eventually(() => assert.equal(kv.document(MAIN)?.views, 5));
    kv.cached.clear();
    assert.equal((await worker.counts()).site.views, 5, "now the read is cached for a minute");
    const reset = await (await worker.owner("DELETE")).json();
    assert.deepEqual([reset.counts.views, reset.generation], [0, 2]);
    await worker.kill();
    await worker.restart();
    const first = await (await worker.hit({}, visitor(9))).json();
    assert.deepEqual([first.visitor, first.site.views, first.page.views], [1, 1, 1]);
    await eventually(() => assert.deepEqual([kv.document(MAIN).generation, kv.document(MAIN).views], [2, 1]));
  } finally {
    await worker.end();
  }
});
