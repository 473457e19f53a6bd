// Hits a second, latency and processor time: our Worker alone, and beside it a counter in plain JavaScript, alone too. Both in
// one run, by turns, so that what else the machine does meets both; medians, and that of each round's ratio to plain
// JavaScript (of the processor time the other way round: more is better in both). Then every hit
// is looked for: none may be lost or doubled.
//
// node tests/bench/hits.mjs [NAME=DIST]… [--connections 1,8,32,128] [--rounds 5] [--seconds 3] [--port 0] [--entry]
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { SITE, ours, start, yardstick } from "./yardstick/alone.mjs";

const run = promisify(execFile);
const script = fileURLToPath(new URL("yardstick/hits.lua", import.meta.url));
const dist = fileURLToPath(new URL("../../dist", import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    connections: { type: "string", default: "1,8,32,128" },
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "3" },
    port: { type: "string", default: "0" },
    entry: { type: "boolean", default: false },
  },
});
const builds = positionals.length ? positionals.map((word) => word.split("=")) : [["Laifang", dist]];
const { compatibility_date } = JSON.parse(await readFile(`${dist}/wrangler.json`, "utf8"));
const kinds = [["plain JavaScript", await yardstick(compatibility_date)]];
for (const [name, folder] of builds) kinds.push([name, await ours(folder)]);

const contenders = [];
for (const [name, worker] of kinds) {
  const port = Number(values.port) && Number(values.port) + contenders.length;
  contenders.push({ name, made: 0, answered: 0, ...(await start(worker, { port, behindEntry: values.entry })) });
}

const agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36";

/** The reply to one hit. */
async function hit({ url }, id) {
  const body = JSON.stringify({ url: `https://${SITE}/again`, id });
  const headers = { "User-Agent": agent, "CF-Connecting-IP": "192.0.2.1" };
  const response = await fetch(`${url}/v1/hits`, { method: "POST", body, headers });
  if (!response.ok) throw new Error(`HTTP ${response.status}: ${await response.text()}`);
  return response.json();
}

let turn = 0;
/** One turn of one contender. wrk ends with requests under way: those are sent again. */
async function measure(contender, connections, seconds) {
  const name = `bench-${process.pid}-${turn++}`;
  const before = await contender.cpu();
  const words = ["-t1", `-c${connections}`, `-d${seconds}s`, "--timeout", "20s", "--latency", "-s", script, contender.url, "--", name];
  const { stdout } = await run("wrk", words);
  const cpu = (await contender.cpu()) - before;
  const result = JSON.parse(/RESULT (.*)/.exec(stdout)[1]);
  if (result.wrong || result.broken) throw new Error(`${contender.name}: ${JSON.stringify(result)}`);
  const last = Math.max(1, result.made - 4 * connections);
  const again = [1, ...Array.from({ length: result.made - last }, (_, index) => last + 1 + index)];
  while (again.length) {
    const some = again.splice(0, 16);
    await Promise.all(some.map((n) => hit(contender, `${name}-${String(n).padStart(12, "0")}`)));
  }
  contender.made += result.made;
  contender.answered += result.answered;
  return { ...result, rate: result.answered / result.seconds, cpu: (cpu * 1e6) / result.answered };
}

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
const cell = (text, width = 10) => String(text).padStart(width);
const { version: miniflare } = JSON.parse(await readFile(new URL("../../node_modules/miniflare/package.json", import.meta.url)));
console.log(`${cpus().length} × ${cpus()[0].model}, Miniflare ${miniflare}, ${new Date().toISOString().slice(0, 10)}; ${values.rounds} rounds of ${values.seconds} s`);
for (const contender of contenders) await measure(contender, 32, 2);
console.log("connections".padEnd(12), "".padEnd(18), ...["hits/s", "p50 ms", "p99 ms", "p99.9 ms", "CPU µs", "ratio", "CPU ratio"].map((head) => cell(head)));
for (const connections of values.connections.split(",").map(Number)) {
  const rounds = [];
  for (let round = 0; round < Number(values.rounds); round++) {
    const results = [];
    // Whoever begins gains or loses by it: each begins in its turn.
    for (let place = 0; place < contenders.length; place++) {
      const index = (place + round) % contenders.length;
      results[index] = await measure(contenders[index], connections, Number(values.seconds));
    }
    rounds.push(results);
  }
  contenders.forEach(({ name }, index) => {
    const of = (field) => median(rounds.map((results) => results[index][field]));
    const ratio = median(rounds.map((results) => results[index].rate / results[0].rate));
    const cpuRatio = median(rounds.map((results) => results[0].cpu / results[index].cpu));
    const cells = [Math.round(of("rate")), of("p50").toFixed(1), of("p99").toFixed(1), of("p999").toFixed(1), Math.round(of("cpu")), ratio.toFixed(2), cpuRatio.toFixed(2)];
    console.log(String(connections).padEnd(12), name.padEnd(18), ...cells.map((text) => cell(text)));
  });
}
let isExact = true;
for (const contender of contenders) {
  const counted = (await hit(contender, `bench-${process.pid}-the-last-one`)).site.views - 1;
  isExact &&= counted === contender.made;
  console.log(`${contender.name}: ${contender.made} ids sent, ${contender.answered} answered at once, ${counted} counted`);
}
const [, laifang] = contenders;
const began = performance.now();
const known = async () => (await (await fetch(`${laifang.url}/v1/counts?site=${SITE}`)).json()).site.views;
while ((await known()) < laifang.made + 1) await new Promise((done) => setTimeout(done, 100));
console.log(`KV knew of the last hit ${((performance.now() - began) / 1000).toFixed(1)} s later`);
for (const contender of contenders) await contender.end();
if (!isExact) throw new Error("hits were lost or doubled");
