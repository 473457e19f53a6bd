// Load, SIGKILL of workerd at a random moment, restart: what was acknowledged is there, each number once,
// without a gap. `ROUNDS=200` runs as many rounds as one likes.
import { test } from "node:test";
import assert from "node:assert/strict";
import { acknowledged, eventually, newId, startWorker, visitor } from "../edge/worker.mjs";
import { mulberry32 } from "../edge/random.mjs";

const ROUNDS = Number(process.env.ROUNDS ?? 40);
const LANES = 8;
const random = mulberry32(Number(process.env.SEED ?? 1));

test(`${ROUNDS} rounds of load and SIGKILL lose nothing, give no number twice and leave no gap`, async () => {
  const worker = await startWorker();
  const counted = new Map();
  const unanswered = [];
  let visitors = 0;
  const send = async (hit) => {
    const reply = await acknowledged(worker.hit({ id: hit.id }, visitor(hit.who)));
    if (reply) counted.set(hit.id, { ...hit, number: reply.visitor });
    else unanswered.push(hit);
  };
  try {
    for (let round = 0; round < ROUNDS; round++) {
      let isDead = false;
      const lanes = Array.from({ length: LANES }, async () => {
        while (!isDead) await send({ id: newId(), who: visitors++ });
      });
      await new Promise((done) => setTimeout(done, 20 + 400 * random()));
      isDead = true;
      await worker.kill();
      await Promise.all(lanes);
      await worker.restart();
      for (const hit of unanswered.splice(0)) await send(hit);
      const sample = [...counted.values()].slice(-5);
      for (const hit of sample) {
        const again = await (await worker.hit({ id: hit.id }, visitor(hit.who))).json();
        assert.equal(again.visitor, hit.number, "what was acknowledged before the crash is acknowledged again");
      }
    }
    assert.deepEqual(unanswered, []);
    const numbers = [...counted.values()].map(({ number }) => number).sort((a, b) => a - b);
    assert.deepEqual(numbers, Array.from({ length: visitors }, (_, index) => index + 1));
    const { site } = await (await worker.hit({}, visitor(0))).json();
    assert.deepEqual([site.views, site.visitors], [visitors + 1, visitors]);
    console.log(`${ROUNDS} rounds, ${visitors} hits, all numbers 1 to ${visitors} once`);
  } finally {
    await worker.end();
  }
});

test("what the owner changed is published after a SIGKILL at once, though nobody visits", async () => {
  const worker = await startWorker();
  const views = async () => (await worker.counts()).site.views;
  try {
    for (let who = 0; who < 5; who++) await worker.hit({}, visitor(who));
    await eventually(async () => assert.equal(await views(), 5), 60_000);
    assert.equal((await worker.owner("DELETE")).status, 200);
    await worker.kill();
    await worker.restart();
    assert.equal(await views(), 5, "this is what was published");
    await eventually(async () => assert.equal(await views(), 0), 60_000);
  } finally {
    await worker.end();
  }
});
