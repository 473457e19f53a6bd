// What a site costs as it grows, in the Worker on workerd: from 10 pages to 100,000 and from 100 visitors a day to a million.
//
// The counting rules, compiled for this machine, make the rows of such a site (`laifang-growth rows`), as if its hits had come in the
// last sixteen hours; the rows are put under the objects of three sites. Then: how long each takes to wake, what the process's
// memory grows by, what hits on an awake site cost. The first of the three wakes in code that never ran before, the others in warm code.
// Of all that is timed the hit itself is taken off: that of a small site which wakes in the same way. Where a site has almost as many
// visitors as it remembers in a day, new ones knock until one is refused.
//
// node tests/bench/growth.mjs [--sizes 10:100,…] [--port 0] [--quick] [--save]
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { isQuick, machine, quickly, save } from "./report/results.mjs";
import { ours, start } from "./yardstick/alone.mjs";
import { AGENT, hit, load, median, spread } from "./yardstick/contest.mjs";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const DIST = here("../../dist");
/** As `site.rs` has it, for that of the site's own name. */
const NAME_KEY = -2n;
/** `hits.lua` sends to the first. */
const LARGE = ["example.cn", "second.test", "third.test"];
const SMALL = ["small.test", "tiny.test", "little.test", "least.test"];
const MOST_VISITORS = 600_000;
/** So many are left to those who knock. */
const NEAR_THE_WALL = 100;
/** That of the visitors whose rows are made. */
const TRAFFIC_AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
const AIM = { pages: 100_000, visitors: 100_000, wakeMs: 100 };
const { values } = parseArgs({
  options: {
    sizes: { type: "string", default: quickly("10:100,1000:10000,100000:100000", "10:100,100:1000,1000:10000,10000:100000,100000:100000,100000:599900,100000:1000000") },
    port: { type: "string", default: "0" },
    rounds: { type: "string", default: quickly("1", "3") },
    quick: { type: "boolean", default: false },
    save: { type: "boolean", default: false },
  },
});
const port = Number(values.port);
const vars = { SITES: [...LARGE, ...SMALL].join(" "), TIME_ZONE: "UTC" };
const worker = await ours(DIST, { vars });
const newId = (() => {
  let next = 0;
  return () => `growth-${process.pid}-${String(next++).padStart(8, "0")}`;
})();
/** Milliseconds that a hit takes, by the clock and of the process's own time, and what the site has counted. */
async function knock(host, site) {
  const [began, before] = [performance.now(), await host.cpu()];
  const { site: counts } = await hit(host, newId(), site);
  return { ms: performance.now() - began, cpu: ((await host.cpu()) - before) * 1e3, views: counts.views };
}

/** The files of the objects, by the site's name. */
function filesOf(folder) {
  const below = join(folder, "objects");
  const files = readdirSync(below, { recursive: true }).filter((name) => name.endsWith(".sqlite")).map((name) => join(below, name));
  return new Map(
    files.flatMap((file) => {
      const database = new DatabaseSync(file);
      try {
        const row = database.prepare("select body from snapshot where key = ?").get(NAME_KEY);
        const name = Buffer.from(row?.body ?? []).toString("latin1");
        const site = [...LARGE, ...SMALL].find((known) => name.includes(known));
        return site ? [[site, file]] : [];
      } catch {
        return [];
      } finally {
        database.close();
      }
    }),
  );
}

/** Puts the rows that the rules made in the place of a site's own. */
function replaceRows(file, bytes) {
  const database = new DatabaseSync(file);
  database.exec("begin; delete from journal;");
  database.prepare("delete from snapshot where key != ?").run(NAME_KEY);
  const into = ["snapshot", "journal"].map((table) => database.prepare(`insert into ${table} values (?, ?)`));
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32LE(at + 9);
    into[bytes[at]].run(bytes.readBigInt64LE(at + 1), bytes.subarray(at + 13, at + 13 + length));
    at += 13 + length;
  }
  database.exec("commit");
  database.close();
}

/** A folder in which every site has been visited once, so that its object has a file. */
async function begun(folder) {
  const host = await start(worker, { folder, port });
  for (const site of [...LARGE, ...SMALL]) await knock(host, site);
  await host.end();
  return filesOf(folder);
}

/** One start: what waking takes, cold and warm, and memory. `work` is done while it runs. */
async function wake(folder, views, work) {
  const host = await start(worker, { folder, port });
  try {
    await knock(host, SMALL[0]);
    const wakes = [];
    let memory;
    for (const [index, site] of LARGE.entries()) {
      const small = await knock(host, SMALL[index + 1]);
      const before = await host.memory();
      const large = await knock(host, site);
      memory ??= (await host.memory()) - before;
      if (large.views <= views) throw new Error(`${site} woke with ${large.views} views, not more than ${views}`);
      wakes.push({ ms: large.ms - small.ms, cpu: large.cpu - small.cpu });
    }
    const [cold, ...warm] = wakes;
    return { cold, warm, memory, ...(await work?.(host)) };
  } finally {
    await host.end();
  }
}

/** Hits of known visitors on an awake site, checkpoints included. */
async function loaded(host, { pages, visitors }) {
  const how = { connections: 32, sites: 1, pages, visitors: Math.min(visitors, MOST_VISITORS) };
  await load(host.url, { ...how, name: `warm-${newId()}`, seconds: 1 });
  const before = await host.cpu();
  const { answered, rate, p50, p99 } = await load(host.url, { ...how, name: `load-${newId()}`, seconds: quickly(1, 3) });
  return { cpu: (((await host.cpu()) - before) * 1e6) / answered, rate, p50, p99 };
}

/** What a new visitor is told once the day's are all there, and a known one; and how many there were then. */
async function atTheWall(host) {
  const ask = async (address, userAgent) => {
    const body = JSON.stringify({ url: `https://${LARGE[0]}/articles/2026/1`, id: newId() });
    const headers = { "User-Agent": userAgent, "CF-Connecting-IP": address };
    const response = await fetch(`${host.url}/v1/hits`, { method: "POST", body, headers });
    return { status: response.status, today: (await response.json()).site?.visitors_today };
  };
  let visitors;
  for (let number = 0; number <= 2 * NEAR_THE_WALL; number++) {
    const { status, today } = await ask(`198.51.${number >> 8}.${number & 255}`, AGENT);
    if (status !== 200) return { visitors, newVisitor: status, knownVisitor: (await ask("10.0.0.5", TRAFFIC_AGENT)).status };
    visitors = today;
  }
  throw new Error(`${visitors} visitors in a day, and no end`);
}

const range = ([middle, least, most]) => `${middle.toFixed(0)} (${least.toFixed(0)}–${most.toFixed(0)})`;
const textOf = ({ cpu, p50, p99, cold, warm, memory, rowBytes, kvBytes, wall }) =>
  `CPU ${Math.round(cpu)} µs a hit, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms; wakes in ${range(cold.ms)} ms cold, ${range(warm.ms)} warm (CPU ${range(cold.cpu)}, ${range(warm.cpu)}); ` +
  `${(memory / 1e6).toFixed(1)} MB, rows ${(rowBytes / 1e6).toFixed(1)} MB, KV ${(kvBytes / 1e6).toFixed(2)} MB${wall ? `; after ${wall.visitors} visitors a new one gets ${wall.newVisitor}, a known one ${wall.knownVisitor}` : ""}`;
const rowsFolder = here("../../target/bench/rows");
mkdirSync(rowsFolder, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), "laifang-growth-"));
const sizes = [];
try {
  const files = await begun(folder);
  if (LARGE.some((site) => !files.has(site))) throw new Error(`no object's file for some of ${LARGE}: ${[...files.keys()]}`);
  for (const size of values.sizes.split(",")) {
    const line = execFileSync(here("../../target/edge/laifang-growth"), ["rows", rowsFolder, String(Date.now()), size], { encoding: "utf8" });
    const made = JSON.parse(line);
    if (made.refused) {
      sizes.push({ pages: made.pages, visitors: made.visitors, refusedHit: Number(/id-0*(\d+)/.exec(made.refused)?.[1]) });
      console.log(`${size}: ${made.refused}`);
      continue;
    }
    const bytes = readFileSync(join(rowsFolder, `${size.replace(":", "-")}.rows`));
    const rounds = [];
    for (let round = 0; round < Number(values.rounds); round++) {
      for (const site of LARGE) replaceRows(files.get(site), bytes);
      const work = async (host) => ({ ...(made.visitors >= MOST_VISITORS - NEAR_THE_WALL && { wall: await atTheWall(host) }), ...(await loaded(host, made)) });
      rounds.push(await wake(folder, Math.max(made.pages, made.visitors), round + 1 === Number(values.rounds) ? work : undefined));
    }
    const { cpu, rate, p50, p99, wall } = rounds.at(-1);
    const [cold, warm] = [rounds.map((round) => round.cold), rounds.flatMap((round) => round.warm)];
    const of = (wakes) => ({ ms: spread(wakes.map(({ ms }) => ms)), cpu: spread(wakes.map(({ cpu: own }) => own)) });
    const found = { ...made, cpu, rate, p50, p99, ...(wall && { wall }), cold: of(cold), warm: of(warm), memory: median(rounds.map(({ memory }) => memory)) };
    sizes.push(found);
    console.log(`${size}: ${textOf(found)}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (values.save || isQuick) save("growth", { machine: machine(), aim: AIM, mostVisitors: MOST_VISITORS, rounds: Number(values.rounds), sizes });
