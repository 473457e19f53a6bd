// Faults of the machine around a site: a panic, a clock that jumps, midnight under load, KV away for an hour.
import { test } from "node:test";
import assert from "node:assert/strict";
import { SITE, acknowledged, eventually, newId, startWorker, visitor } from "../edge/worker.mjs";
import { startClocked } from "./clock.mjs";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const NOON = Date.parse("2026-11-24T04:00:00Z");
const MIDNIGHT = Date.parse("2026-11-24T16:00:00Z");

async function count(worker, number) {
  const reply = await acknowledged(worker.hit({}, visitor(number)));
  assert.ok(reply, "counted");
  return reply;
}

/** Whether the numbers are 1 to their count, each once. */
const assertGapFree = (numbers) => assert.deepEqual([...numbers].sort((a, b) => a - b), Array.from(numbers, (_, index) => index + 1));

test("an object that panics is 503 within two seconds, the next hit counts, and so does the retry, once", async () => {
  const ends = [];
  const worker = await startWorker({ lab: { nextCall: () => ends.shift() ?? {} } });
  try {
    assert.equal((await worker.hit({}, visitor(1))).status, 200);
    for (let round = 2; round < 6; round++) {
      ends.push({ falls: true });
      const id = newId();
      const began = Date.now();
      const fallen = await worker.hit({ id }, visitor(round));
      assert.equal(fallen.status, 503);
      assert.ok(Date.now() - began < 2_000);
      assert.equal((await fallen.json()).code, "unavailable");
      assert.equal((await (await worker.hit({ id }, visitor(round))).json()).visitor, round);
      assert.equal((await (await worker.hit({ id }, visitor(round))).json()).site.views, round);
    }
  } finally {
    await worker.end();
  }
});

test("hits that are under way while an object panics are counted once in the end", async () => {
  let calls = 0;
  const worker = await startWorker({ lab: { nextCall: () => ({ falls: ++calls % 40 === 0 }) } });
  try {
    const numbers = new Set();
    const send = async (number) => {
      const id = newId();
      await eventually(async () => {
        const reply = await acknowledged(worker.hit({ id }, visitor(number)));
        assert.ok(reply);
        numbers.add(reply.visitor);
      });
    };
    let next = 0;
    await Promise.all(Array.from({ length: 8 }, async () => {
      while (next < 400) await send(next++);
    }));
    assert.equal(numbers.size, 400);
    assertGapFree(numbers);
  } finally {
    await worker.end();
  }
});

test("a clock that jumps a day ahead and back counts on, and the day never goes back", async () => {
  const worker = await startClocked("Asia/Shanghai");
  try {
    const numbers = [];
    for (const [jump, aheadMs] of [0, DAY_MS, 0, 2 * DAY_MS, -DAY_MS, 2 * DAY_MS + MINUTE_MS].entries()) {
      worker.at(NOON + aheadMs);
      for (let hit = 0; hit < 10; hit++) numbers.push((await count(worker, 10 * jump + hit)).visitor);
    }
    assertGapFree(numbers);
    const standing = await (await worker.owner()).json();
    assert.deepEqual([standing.day, standing.counts.views, standing.counts.views_today], ["2026-11-26", 60, 30]);
    const { days } = await (await worker.owner("GET", { part: "/stats" })).json();
    assert.equal(days.reduce((sum, day) => sum + day.views, 0), 60, JSON.stringify(days));
  } finally {
    await worker.end();
  }
});

test("midnight in the middle of a load: every number once, and the two days add up", async () => {
  const worker = await startClocked("Asia/Shanghai");
  try {
    const hits = 400;
    const numbers = [];
    let next = 0;
    await Promise.all(Array.from({ length: 8 }, async () => {
      while (next < hits) {
        const number = next++;
        worker.at(MIDNIGHT + 20 * (number - hits / 2));
        numbers.push((await count(worker, number)).visitor);
      }
    }));
    assertGapFree(numbers);
    const { counts, day } = await (await worker.owner()).json();
    const { days } = await (await worker.owner("GET", { part: "/stats" })).json();
    const before = days.find(({ date }) => date === "2026-11-24");
    assert.equal(day, "2026-11-25");
    assert.deepEqual([counts.views, before.views + counts.views_today, before.visitors + counts.visitors_today], [hits, hits, hits]);
    assert.ok(before.views > 150 && counts.views_today > 150);
  } finally {
    await worker.end();
  }
});

test("KV away for an hour costs no hit and few calls, and everything is published afterwards", async () => {
  const worker = await startClocked("Asia/Shanghai");
  try {
    worker.at(NOON);
    await count(worker, 0);
    await eventually(() => assert.equal(worker.kv.document(`site/${SITE}`)?.views, 1));
    const put = worker.kv.put;
    let tries = 0;
    worker.kv.put = () => (tries++, { error: "KV PUT failed: 503 Service Unavailable" });
    for (let minute = 1; minute <= 60; minute++) {
      worker.at(NOON + minute * MINUTE_MS);
      assert.equal((await count(worker, minute)).site.views, minute + 1);
      await new Promise((done) => setTimeout(done, 60));
    }
    assert.ok(tries > 0 && tries <= 20, `${tries} puts were tried`);
    worker.kv.put = put;
    worker.at(NOON + 75 * MINUTE_MS);
    await count(worker, 61);
    await eventually(() => assert.equal(worker.kv.document(`site/${SITE}`).views, 62));
  } finally {
    await worker.end();
  }
});
