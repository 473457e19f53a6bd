// How long a Worker takes to its first answer: from the start of workerd's process, by the clock and in its processor time, and to its first hit. Ours brings
// its wasm; beside it the counter in plain JavaScript and a Worker that does nothing, by turns.
//
// node tests/bench/start.mjs [--rounds 11] [--quick] [--save]
import childProcess from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { isQuick, machine, quickly, save } from "./report/results.mjs";
import { SITE, nothing, ours, start, yardstick } from "./yardstick/alone.mjs";
import { hit, median, spread } from "./yardstick/contest.mjs";

const dist = fileURLToPath(new URL("../../dist", import.meta.url));
const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: quickly("2", "11") },
    quick: { type: "boolean", default: false },
    save: { type: "boolean", default: false },
  },
});

// Miniflare does not say when it starts workerd.
let spawned;
const { spawn } = childProcess;
childProcess.spawn = (...words) => {
  spawned = performance.now();
  return spawn(...words);
};
syncBuiltinESMExports();

/** Milliseconds from the start of the process to the first answer, of its processor then, and of the first hit. */
async function begin({ worker, counts }) {
  const host = await start(worker);
  try {
    const asked = performance.now();
    await (await fetch(`${host.url}/v1/health`)).text();
    const answered = performance.now();
    const cpu = (await host.cpu()) * 1e3;
    if (counts) await hit(host, `start-${process.pid}-0000000000`, SITE);
    return { first: answered - spawned, request: answered - asked, cpu, hit: counts ? performance.now() - answered : undefined };
  } finally {
    await host.end();
  }
}

const { compatibility_date: date } = JSON.parse(await readFile(`${dist}/wrangler.json`, "utf8"));
const contenders = [
  { name: "plain JavaScript", worker: await yardstick(date), counts: true },
  { name: "Laifang", worker: await ours(dist), counts: true },
  { name: "a Worker that does nothing", worker: await nothing(date) },
];
const rounds = [];
for (let round = 0; round <= Number(values.rounds); round++) {
  const results = [];
  for (let place = 0; place < contenders.length; place++) {
    const index = (place + round) % contenders.length;
    results[index] = await begin(contenders[index]);
  }
  // The first round is for the machine to get going.
  if (round) rounds.push(results);
}
const rows = contenders.map(({ name, counts }, index) => {
  const all = (field) => rounds.map((results) => results[index][field]);
  return {
    name,
    first: spread(all("first")),
    request: median(all("request")),
    cpu: spread(all("cpu")),
    ...(counts && { hit: spread(all("hit")) }),
    later: spread(rounds.map((results) => results[index].first - results[0].first)),
  };
});
const range = ([middle, least, most]) => `${middle.toFixed(0)} (${least.toFixed(0)}–${most.toFixed(0)})`;
console.log("ms".padEnd(28), ...["first answer", "of it the request", "CPU", "first hit", "later"].map((head) => head.padStart(18)));
for (const { name, first, request, cpu, hit: firstHit, later } of rows) {
  console.log(name.padEnd(28), ...[range(first), request.toFixed(1), range(cpu), firstHit ? range(firstHit) : "", range(later)].map((text) => text.padStart(18)));
}
const { size: wasmBytes } = await stat(`${dist}/worker/index.wasm`);
if (values.save || isQuick) save("start", { machine: machine(), rounds: Number(values.rounds), wasmBytes, rows });
