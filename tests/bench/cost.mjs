// What a thousand hits cost at three rates, counted by the platform's own rows_written, and the price of a
// million. The clock runs fast, and objects forget their memory after ten idle seconds as on the platform.
import { SITE, newId, startWorker, visitor } from "../edge/worker.mjs";
import { StrictKv } from "../lab/strict_kv.mjs";

/** Dollars per million. */
const PRICES = { request: 0.3, call: 0.15, row: 1, kvWrite: 5, kvRead: 0.5 };
const RATES = [
  { name: "1 a minute", intervalMs: 60_000, speed: 2000, hits: 1500 },
  { name: "1 a second", intervalMs: 1000, speed: 50, hits: 3000 },
  { name: "100 a second", intervalMs: 10, speed: 1, hits: 3000 },
];

async function measure({ intervalMs, speed, hits }) {
  const clock = { ms: Date.UTC(2026, 10, 24, 3), set: Date.now() };
  const now = () => clock.ms + (Date.now() - clock.set);
  const kv = new StrictKv({ now });
  const worker = await startWorker({ lab: { kv, speed, sleeps: true }, vars: { HITS_PER_MINUTE: "1000000" } });
  const costs = async () => (await worker.fetch("/v1/_lab/costs")).json();
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  try {
    worker.nowMs = clock.ms;
    await worker.hit();
    const before = await costs();
    const putsBefore = kv.puts;
    for (let i = 0; i < hits; i++) {
      const due = Date.now() + intervalMs / speed;
      Object.assign(clock, { ms: clock.ms + intervalMs, set: Date.now() });
      worker.nowMs = clock.ms;
      const url = `https://${SITE}/${i % 200}`;
      const response = await worker.hit({ id: newId(), url }, visitor(i % 700));
      if (!response.ok) throw new Error(`HTTP ${response.status}: ${await response.text()}`);
      await response.arrayBuffer();
      await pause(Math.max(0, due - Date.now()));
    }
    await pause(3000);
    const after = await costs();
    const per = (count) => (count * 1000) / hits;
    return {
      rows: per(after.rows - before.rows),
      alarms: per(after.alarms - before.alarms),
      calls: per(after.calls - before.calls),
      kvWrites: per(kv.puts - putsBefore),
    };
  } finally {
    await worker.end();
  }
}

const price = ({ rows, alarms, calls, kvWrites }) =>
  PRICES.request + (PRICES.call * calls + PRICES.row * (rows + alarms) + PRICES.kvWrite * kvWrites) / 1000;

console.log("per 1,000 hits   rows   alarms   object calls   KV writes   $ a million hits");
for (const rate of RATES) {
  const cost = await measure(rate);
  const cells = [cost.rows.toFixed(0), cost.alarms.toFixed(1), cost.calls.toFixed(0), cost.kvWrites.toFixed(1)];
  const [rows, alarms, calls, kvWrites] = cells;
  console.log(
    rate.name.padEnd(14),
    rows.padStart(6),
    alarms.padStart(8),
    calls.padStart(14),
    kvWrites.padStart(11),
    price(cost).toFixed(2).padStart(18),
  );
}
const getThenPut = PRICES.request + PRICES.kvRead + PRICES.kvWrite;
console.log("get, then put on KV (and most hits lost)".padEnd(56), getThenPut.toFixed(2).padStart(20));
const plain = { rows: 5000, alarms: 0, calls: 1000, kvWrites: 0 };
console.log("a table each for hits, site, page, visitor, pair".padEnd(56), price(plain).toFixed(2).padStart(20));
