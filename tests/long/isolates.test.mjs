// Three isolates of the Worker at once: retries go to another one, and every count is exact.
import { test } from "node:test";
import assert from "node:assert/strict";
import { SITE, eventually, newId, startWorker, visitor } from "../edge/worker.mjs";
import { mulberry32 } from "../edge/random.mjs";

const HITS = Number(process.env.HITS ?? 30_000);
const CONNECTIONS = 48;
const VISITORS = HITS / 3;
const PAGES = 500;

test(`three isolates, ${HITS} hits with retries among them: exact`, async () => {
  const worker = await startWorker({ isolates: 3, vars: { HITS_PER_MINUTE: "10000000", KV_WRITES_PER_DAY: "100000" } });
  const random = mulberry32(3);
  const numbers = new Map();
  const views = new Map();
  let left = HITS;
  // On a busy machine workerd may close a connection that a hit is just sent into: a retry with its id is one hit.
  const surely = (fields, who, tries = 3) => worker.hit(fields, visitor(who)).catch((error) => {
    if (tries === 0) throw error;
    return surely(fields, who, tries - 1);
  });
  const send = async (fields, who) => {
    const response = await surely(fields, who);
    assert.equal(response.status, 200);
    return response.json();
  };
  const connection = async () => {
    while (left-- > 0) {
      const who = Math.floor(random() * VISITORS);
      const page = Math.floor(random() * PAGES);
      const fields = { id: newId(), url: `https://${SITE}/${page}` };
      const isRetried = random() < 0.2;
      const replies = await Promise.all(isRetried ? [send(fields, who), send(fields, who)] : [send(fields, who)]);
      if (isRetried) assert.deepEqual(replies[0], replies[1]);
      const known = numbers.get(who);
      assert.ok(known === undefined || known === replies[0].visitor, "one number a visitor and day");
      numbers.set(who, replies[0].visitor);
      views.set(page, (views.get(page) ?? 0) + 1);
    }
  };
  try {
    await Promise.all(Array.from({ length: CONNECTIONS }, connection));
    const given = [...numbers.values()].sort((a, b) => a - b);
    assert.deepEqual(given, Array.from({ length: numbers.size }, (_, index) => index + 1));
    await eventually(async () => {
      const published = await worker.counts(`site=${SITE}&page=/7&page=/499`);
      assert.deepEqual([published.site.views, published.site.visitors], [HITS, numbers.size]);
      assert.deepEqual([published.pages["/7"].views, published.pages["/499"].views], [views.get(7), views.get(499)]);
    }, 120_000);
  } finally {
    await worker.end();
  }
});
