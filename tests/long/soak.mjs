// `laifang serve` under a steady load: memory, file descriptors and latency stay flat, and the numbers are exact.
//
//   node tests/long/soak.mjs [--minutes 30] [--rate 200]
//
// Half of what the machine can do is a good rate; the program says so if it can't keep up. Prints a line a minute and
// exits with 1 if anything grew, was refused or was miscounted. Too long for CI, so a program and not a test.
import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const MAIN = fileURLToPath(new URL("../../dist/cli/main.mjs", import.meta.url));
const BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0";
const VISITORS = 50_000;
const PAGES = 2_000;
/** Repeats of an id, as a browser sends where an answer was lost. */
const REPEAT_EVERY = 20;
/** The last third may be so much above the second. */
const MAX_GROWTH = { "memory, MB": 1.15, "file descriptors": 1.1, "p99, ms": 2 };

const { values } = parseArgs({ options: { minutes: { type: "string", default: "30" }, rate: { type: "string", default: "200" } } });
const minutes = Number(values.minutes);
const rate = Number(values.rate);

const folder = await mkdtemp(join(tmpdir(), "laifang-soak-"));
const words = ["serve", "--port", "0", "--data", folder, "--site", "soak.example", "--trusted-proxy", "127.0.0.1", "--var", "HITS_PER_MINUTE=1000000"];
const child = spawn(process.execPath, [MAIN, ...words], { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, LC_ALL: "C.UTF-8" } });
const port = await new Promise((ready, fail) => {
  child.stdout.setEncoding("utf8").on("data", (text) => {
    const found = /^ready http:\S+:(\d+)/m.exec(text);
    if (found) ready(Number(found[1]));
  });
  child.once("exit", () => fail(new Error("serve ended before it was ready")));
});

const agent = new Agent({ keepAlive: true, maxSockets: 64 });
let sent = 0;
let repeated = 0;
let late = 0;
const troubles = [];
const seen = new Set();
let newestNumber = 0;
let previous;

/** One hit; its reply, or undefined. */
function send(number) {
  const who = Math.floor(Math.random() * VISITORS);
  const headers = { "User-Agent": BROWSER, "X-Forwarded-For": `10.${who >> 16}.${(who >> 8) & 255}.${who & 255}`, "X-Real-IP": `10.${who >> 16}.${(who >> 8) & 255}.${who & 255}` };
  const body = JSON.stringify({ url: `https://soak.example/${number % PAGES}`, id: `soak-${String(number).padStart(16, "0")}` });
  return new Promise((done) => {
    const outgoing = request({ agent, port, host: "127.0.0.1", method: "POST", path: "/v1/hits", headers: { ...headers, "Content-Length": body.length } }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (piece) => (text += piece));
      response.on("end", () => {
        if (response.statusCode !== 200) troubles.push(`hit ${number}: HTTP ${response.statusCode} ${text}`);
        done({ who, text });
      });
    });
    outgoing.on("error", (error) => {
      troubles.push(`hit ${number}: ${error.message}`);
      done();
    });
    outgoing.end(body);
  });
}

async function measured(number, latencies) {
  const began = performance.now();
  const answer = await send(number);
  latencies.push(performance.now() - began);
  if (!answer) return;
  const { visitor } = JSON.parse(answer.text);
  seen.add(answer.who);
  newestNumber = Math.max(newestNumber, visitor);
  if (number % REPEAT_EVERY === 0 && previous) {
    repeated++;
    const first = previous;
    const again = await send(first.number);
    if (again?.text !== first.text) troubles.push(`hit ${first.number} was answered otherwise the second time`);
  }
  previous = { number, text: answer.text };
}

/** The processes of `serve`: itself and workerd below it. */
async function processes(pid) {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, "utf8")).split(" ").filter(Boolean).map(Number);
  return [pid, ...(await Promise.all(children.map(processes))).flat()];
}

async function resources() {
  let bytes = 0;
  let descriptors = 0;
  for (const pid of await processes(child.pid)) {
    bytes += Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024;
    descriptors += (await readdir(`/proc/${pid}/fd`)).length;
  }
  return { "memory, MB": bytes / 1e6, "file descriptors": descriptors };
}

const rows = [];
for (let minute = 1; minute <= minutes; minute++) {
  const latencies = [];
  const underWay = new Set();
  const began = performance.now();
  for (let due = 0; due < rate * 60; due++) {
    const waitMs = began + (due * 1000) / rate - performance.now();
    if (waitMs > 1) await new Promise((next) => setTimeout(next, waitMs));
    if (waitMs < -1000) late++;
    const hit = measured(sent++, latencies).finally(() => underWay.delete(hit));
    underWay.add(hit);
  }
  await Promise.all(underWay);
  latencies.sort((a, b) => a - b);
  const at = (share) => latencies[Math.floor(latencies.length * share)];
  const row = { minute, hits: latencies.length, "p50, ms": at(0.5), "p99, ms": at(0.99), ...(await resources()) };
  rows.push(row);
  console.log(Object.entries(row).map(([name, value]) => `${name} ${Number(value.toFixed(1))}`).join("   "));
}

const { site } = JSON.parse((await send(sent++)).text);
if (site.views !== sent) troubles.push(`${site.views} views of ${sent} hits`);
if (site.visitors !== newestNumber || Math.abs(site.visitors - seen.size) > 1) troubles.push(`${site.visitors} visitors, newest number ${newestNumber}, ${seen.size} were sent`);
const third = Math.floor(rows.length / 3);
const mean = (part, name) => part.reduce((sum, row) => sum + row[name], 0) / part.length;
for (const [name, growth] of third ? Object.entries(MAX_GROWTH) : []) {
  const [second, last] = [mean(rows.slice(third, 2 * third), name), mean(rows.slice(-third), name)];
  console.log(`${name}: ${second.toFixed(1)} in the second third, ${last.toFixed(1)} in the last`);
  if (last > second * growth) troubles.push(`${name} grew`);
}
if (late > sent / 100) troubles.push(`${late} hits were sent a second late or more: choose a lower --rate`);
console.log(`${sent} hits and ${repeated} repeats: ${site.views} views, ${site.visitors} visitors, ${troubles.length} troubles`);
troubles.slice(0, 20).forEach((trouble) => console.log(trouble));
child.kill("SIGTERM");
await new Promise((done) => child.once("exit", done));
await rm(folder, { recursive: true, force: true });
process.exit(troubles.length ? 1 : 0);
