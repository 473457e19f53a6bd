// `laifang serve` beside the Worker alone on the same workerd: hits over 32 connections, by turns. What is between is Node's
// gateway, which says who the visitor is, and Miniflare's own Workers before ours. The aim is a tenth at most. Every hit is looked for.
//
// node tests/bench/serve.mjs [--port 0] [--rounds 7] [--quick] [--save]
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { isQuick, machine, quickly, save } from "./report/results.mjs";
import { SITE, cpuOf, ours, sitesOf, start } from "./yardstick/alone.mjs";
import { account, anotherHit, compete, takeTurn } from "./yardstick/contest.mjs";

const dist = fileURLToPath(new URL("../../dist", import.meta.url));
const CONNECTIONS = 32;
const { values } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    rounds: { type: "string", default: quickly("2", "7") },
    seconds: { type: "string", default: quickly("1", "2") },
    quick: { type: "boolean", default: false },
    save: { type: "boolean", default: false },
  },
});

const childrenOf = async (pid) => {
  const list = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
  return list.trim().split(/\s+/).filter(Boolean).map(Number);
};

/** The command as an owner runs it, behind a web server on this machine that says who the visitor is. */
async function startServe(port) {
  const folder = await mkdtemp(join(tmpdir(), "laifang-bench-"));
  const words = ["serve", "--site", SITE, "--data", folder, "--port", String(port), "--trusted-proxy", "127.0.0.1", "--var", "HITS_PER_MINUTE=1000000000"];
  const child = spawn(process.execPath, [join(dist, "cli/main.mjs"), ...words], { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, LC_ALL: "C.UTF-8" } });
  const url = await new Promise((ready, fail) => {
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      said += text;
      const address = /^ready http:\/\/localhost:(\d+)$/m.exec(said)?.[1];
      if (address) ready(`http://127.0.0.1:${address}`);
    });
    child.once("exit", (code) => fail(new Error(`serve ended with ${code}: ${said}`)));
  });
  const pids = [child.pid, ...(await childrenOf(child.pid))];
  const end = async () => {
    const ended = new Promise((done) => child.once("exit", done));
    child.kill("SIGTERM");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  return { url, cpu: () => cpuOf(pids), end };
}

const about = machine();
const port = Number(values.port);
const exact = { knowsIds: true, readsLag: true, sites: sitesOf(1), sent: 0 };
const contenders = [
  { name: "the Worker alone", ...exact, ...(await start(await ours(dist), { port })) },
  { name: "laifang serve", ...exact, ...(await startServe(port && port + 1)) },
];
for (const contender of contenders) {
  await anotherHit(contender, SITE);
  await takeTurn(contender, { connections: CONNECTIONS, seconds: quickly(1, 3) });
}
const rows = await compete(contenders, { connections: CONNECTIONS, seconds: Number(values.seconds) }, Number(values.rounds));
const accounts = [];
for (const contender of contenders) accounts.push({ name: contender.name, ...(await account(contender)) });
for (const contender of contenders) await contender.end();
for (const { name, rate, p50, p99, cpu, ratio } of rows) {
  const [middle, least, most] = ratio.map((number) => number.toFixed(2));
  console.log(name.padEnd(18), `${Math.round(rate)} hits/s  p50 ${p50.toFixed(1)} ms  p99 ${p99.toFixed(1)} ms  CPU ${Math.round(cpu)} µs  ratio ${middle} (${least}–${most})`);
}
if (values.save || isQuick) save("serve", { machine: about, connections: CONNECTIONS, rounds: Number(values.rounds), seconds: Number(values.seconds), rows, accounts });
const wrong = accounts.filter(({ lost, surplus, doubled }) => lost || surplus || doubled);
if (wrong.length) {
  console.error(`hits were lost or doubled: ${JSON.stringify(wrong)}`);
  process.exitCode = 1;
}
