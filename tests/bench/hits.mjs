// Hits and reads a second, latency and processor time: our Worker alone, and beside it a counter in plain JavaScript and one that
// gets and puts on KV, alone too. All in one run, by turns; medians, and that of each round's ratio to plain JavaScript (of the
// processor time the other way round: more is better in both). Then every hit is looked for: of ours and of plain JavaScript's none may be
// lost or doubled.
//
// node tests/bench/hits.mjs [NAME=DIST]… [--connections 1,8,32,128] [--sites 1,1000] [--kinds hits,reads] [--rounds 5]
//   [--seconds 1] [--port 0] [--entry] [--quick] [--save]
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { isQuick, machine, quickly, save } from "./report/results.mjs";
import { getThenPut, ours, sitesOf, start, yardstick } from "./yardstick/alone.mjs";
import { account, anotherHit, compete, inSome, takeTurn } from "./yardstick/contest.mjs";

const dist = fileURLToPath(new URL("../../dist", import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    connections: { type: "string", default: quickly("1,32", "1,8,32,128") },
    sites: { type: "string", default: quickly("1,50", "1,1000") },
    kinds: { type: "string", default: "hits,reads" },
    rounds: { type: "string", default: quickly("2", "5") },
    seconds: { type: "string", default: "1" },
    port: { type: "string", default: "0" },
    entry: { type: "boolean", default: false },
    quick: { type: "boolean", default: false },
    save: { type: "boolean", default: false },
  },
});
const builds = positionals.length ? positionals.map((word) => word.split("=")) : [["Laifang", dist]];
const { compatibility_date: date } = JSON.parse(await readFile(`${dist}/wrangler.json`, "utf8"));
const ASLEEP_MS = quickly(0, 15_000);
// Reads differ by more than they scatter.
const rounds = { hits: Number(values.rounds), reads: Math.ceil(Number(values.rounds) * 0.6) };
const numbers = (list) => list.split(",").map(Number);

/** What takes part: the yardstick first, to whom the ratios are. */
async function contendersFor(sites) {
  const kinds = [{ name: "plain JavaScript", worker: await yardstick(date, { sites }), knowsIds: true }];
  for (const [name, folder] of builds) kinds.push({ name, worker: await ours(folder, { sites }), knowsIds: true, readsLag: true, mustBeExact: true });
  if (!positionals.length) kinds.push({ name: "get, then put on KV", worker: await getThenPut(date, { sites }) });
  const contenders = [];
  for (const { worker, ...kind } of kinds) {
    const port = Number(values.port) && Number(values.port) + contenders.length;
    const started = await start(worker, { port, behindEntry: values.entry });
    contenders.push({ ...kind, ...started, sites: sitesOf(sites), sent: 0 });
  }
  return contenders;
}

/** Until every object is there and the code is warm. */
async function warmUp(contender) {
  await inSome(contender.sites, (site) => anotherHit(contender, site));
  await takeTurn(contender, { connections: 32, seconds: quickly(1, 2) });
}

const cell = (text, width = 9) => String(text).padStart(width);
const range = ([middle, least, most]) => `${middle.toFixed(2)} (${least.toFixed(2)}–${most.toFixed(2)})`;
function print({ kind, sites, connections, name, ...row }) {
  const cells = [Math.round(row.rate), row.p50.toFixed(2), row.p99.toFixed(1), row.p999.toFixed(1), Math.round(row.cpu)];
  console.log(kind.padEnd(6), cell(sites, 5), cell(connections, 5), " ", name.padEnd(20), ...cells.map((text) => cell(text)), cell(range(row.ratio), 18), cell(range(row.cpuRatio), 18));
}

const about = machine();
console.log(`${about.cores} × ${about.cpu}, workerd ${about.workerd}, ${about.date}; ${values.rounds} rounds of ${values.seconds} s`);
console.log("      ", cell("sites", 5), cell("conn.", 5), " ", "".padEnd(20), ...["a second", "p50 ms", "p99 ms", "p99.9 ms", "CPU µs"].map((head) => cell(head)), cell("ratio", 18), cell("CPU ratio", 18));
const rows = [];
const accounts = [];
for (const sites of numbers(values.sites)) {
  const contenders = await contendersFor(sites);
  for (const contender of contenders) await warmUp(contender);
  for (const kind of values.kinds.split(",")) {
    // Objects that reads leave alone are put to sleep after ten idle seconds, their files closed one after the other: not amid a turn.
    if (kind === "reads" && sites > 1) await new Promise((done) => setTimeout(done, ASLEEP_MS));
    for (const connections of numbers(values.connections)) {
      const results = await compete(contenders, { kind, connections, seconds: Number(values.seconds) }, rounds[kind]);
      for (const result of results) rows.push({ kind, sites, connections, ...result });
      rows.slice(-contenders.length).forEach(print);
    }
  }
  for (const contender of contenders) {
    const found = { sites, name: contender.name, mustBeExact: Boolean(contender.mustBeExact), ...(await account(contender)) };
    accounts.push(found);
    console.log(`${found.name}, ${sites} sites: ${found.sent} hits, ${found.lost} lost, ${found.surplus} too many; of ${found.retries} retries ${found.doubled} counted again`);
  }
  for (const contender of contenders) await contender.end();
}
if (values.save || isQuick) save("hits", { machine: about, rounds, seconds: Number(values.seconds), rows, accounts });
const wrong = accounts.filter(({ mustBeExact, lost, surplus, doubled }) => mustBeExact && (lost || surplus || doubled));
if (wrong.length) {
  console.error(`hits were lost or doubled: ${JSON.stringify(wrong)}`);
  process.exitCode = 1;
}
