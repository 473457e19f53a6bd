// What a thousand hits cost at three rates, counted by the platform's own rows_written, and the price of a
// million; beside it a counter in plain JavaScript and one that gets and puts on KV. The clock runs fast, and objects forget their
// memory after ten idle seconds as on the platform. All at the same time: it is counted, not timed.
//
// node tests/bench/cost.mjs [--quick] [--save]
import { readFile } from "node:fs/promises";
import { isQuick, machine, quickly, save } from "./report/results.mjs";
import { getThenPut, start, yardstick } from "./yardstick/alone.mjs";
import { AGENT, hit, inSome } from "./yardstick/contest.mjs";
import { SITE, newId, startWorker, visitor } from "../edge/worker.mjs";
import { StrictKv } from "../lab/strict_kv.mjs";

/** Dollars per million. */
const PRICES = { request: 0.3, call: 0.15, row: 1, kvWrite: 5, kvRead: 0.5 };
const RATES = [
  { rate: "minute", intervalMs: 60_000, speed: 2000, hits: quickly(100, 1500) },
  { rate: "second", intervalMs: 1000, speed: 50, hits: quickly(100, 2048) },
  { rate: "hundred", intervalMs: 10, speed: 1, hits: quickly(200, 3000) },
];
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** On the hurried clock a second of KV's passes within a turn of this machine's scheduler. The Worker keeps to four by itself. */
class CountingKv extends StrictKv {
  put(key, value) {
    this.writtenMs.delete(key);
    return super.put(key, value);
  }
}

async function measure({ rate, intervalMs, speed, hits }) {
  const clock = { ms: Date.UTC(2026, 10, 24, 3), set: Date.now() };
  const now = () => clock.ms + (Date.now() - clock.set);
  const kv = new CountingKv({ now });
  const worker = await startWorker({ lab: { kv, speed, sleeps: true }, vars: { HITS_PER_MINUTE: "1000000" } });
  const costs = async () => (await worker.fetch("/v1/_lab/costs")).json();
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
      name: "Laifang",
      rate,
      rows: per(after.rows - before.rows),
      alarms: per(after.alarms - before.alarms),
      calls: per(after.calls - before.calls),
      kvReads: 0,
      kvWrites: per(kv.puts - putsBefore),
    };
  } finally {
    await worker.end();
  }
}

/** The counter in plain JavaScript: the rate changes nothing there. */
async function measureYardstick(date) {
  const host = await start(await yardstick(date, { measuring: true }));
  const rowsNow = async () => (await (await fetch(`${host.url}/v1/_lab/costs`)).json()).rows;
  try {
    await hit(host, newId(), SITE);
    const before = await rowsNow();
    await inSome([...Array(1000).keys()], async (number) => {
      const body = JSON.stringify({ id: newId(), url: `https://${SITE}/${number % 200}` });
      const response = await fetch(`${host.url}/v1/hits`, { method: "POST", body, headers: { ...visitor(number % 700), "User-Agent": AGENT } });
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      await response.arrayBuffer();
    });
    return { name: "plain JavaScript", rate: "any", rows: (await rowsNow()) - before, alarms: 0, calls: 1000, kvReads: 0, kvWrites: 0 };
  } finally {
    await host.end();
  }
}

/** The counter on KV: how many keys there are and what they hold does not matter, so it is only tried out that it counts. */
async function measureKv(date) {
  const host = await start(await getThenPut(date));
  try {
    for (let number = 1; number <= 3; number++) {
      const { site } = await hit(host, newId(), SITE);
      if (site.views !== number) throw new Error(`after ${number} hits, one by one, KV has ${site.views}`);
    }
    return { name: "get, then put on KV", rate: "any", rows: 0, alarms: 0, calls: 0, kvReads: 1000, kvWrites: 1000 };
  } finally {
    await host.end();
  }
}

const price = ({ rows, alarms, calls, kvReads, kvWrites }) =>
  PRICES.request + (PRICES.call * calls + PRICES.row * (rows + alarms) + PRICES.kvWrite * kvWrites + PRICES.kvRead * kvReads) / 1000;

const { compatibility_date: date } = JSON.parse(await readFile(new URL("../../dist/wrangler.json", import.meta.url), "utf8"));
const measured = await Promise.all([...RATES.map(measure), measureYardstick(date), measureKv(date)]);
const rows = measured.map((cost) => ({ ...cost, price: price(cost) }));
const cell = (text, width = 12) => String(text).padStart(width);
console.log("per 1,000 hits".padEnd(30), ...["rows", "alarms", "object calls", "KV writes", "$ a million"].map((head) => cell(head)));
for (const cost of rows) {
  const cells = [cost.rows.toFixed(0), cost.alarms.toFixed(1), cost.calls.toFixed(0), cost.kvWrites.toFixed(1), cost.price.toFixed(2)];
  console.log(`${cost.name}, ${cost.rate}`.padEnd(30), ...cells.map((text) => cell(text)));
}
if (process.argv.includes("--save") || isQuick) save("cost", { machine: machine(), rows });
