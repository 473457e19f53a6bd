// Contenders that take turns under the same load, so that what else the machine does meets them all; and what came of it: medians,
// ratios of each round to that of the first contender, and whether every hit was counted once.
import { execFile } from "node:child_process";
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const script = fileURLToPath(new URL("hits.lua", import.meta.url));
/** A browser's: robots are not counted. */
export const AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36";
/** Retries of hits that were answered, which must count nothing. */
const RETRIES = 50;
let turn = 0;

export const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

/** Median, least and most. */
export const spread = (list) => [median(list), Math.min(...list), Math.max(...list)];

/** A request on a connection of its own: one that is kept may be closed just as it is used again. */
export function ask(url, { method = "GET", headers = {}, body } = {}) {
  return new Promise((done, fail) => {
    const sent = request(url, { method, headers: { ...headers, ...(body && { "Content-Length": Buffer.byteLength(body) }) }, agent: false }, async (answer) => {
      try {
        done({ status: answer.statusCode, text: await text(answer) });
      } catch (error) {
        fail(error);
      }
    });
    sent.once("error", fail).end(body);
  });
}

/** The reply to one hit. */
export async function hit({ url }, id, site) {
  const body = JSON.stringify({ url: `https://${site}/again`, id });
  const headers = { "User-Agent": AGENT, "CF-Connecting-IP": "192.0.2.1", "X-Forwarded-For": "192.0.2.1" };
  const { status, text: reply } = await ask(`${url}/v1/hits`, { method: "POST", body, headers });
  if (status !== 200) throw new Error(`HTTP ${status}: ${reply}`);
  return JSON.parse(reply);
}

/** Does something with each item, some at a time. */
export async function inSome(items, work, atOnce = 16) {
  const results = [];
  const left = [...items.entries()];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let next = left.shift(); next; next = left.shift()) results[next[0]] = await work(next[1]);
    }),
  );
  return results;
}

/** Requests from wrk for a while. */
export async function load(url, { name, kind = "hits", connections, seconds, sites = 1, pages = 300, visitors = 5000 }) {
  const words = ["-t1", `-c${connections}`, `-d${Math.ceil(seconds)}s`, "--timeout", "20s", "--latency", "-s", script, url, "--"];
  const { stdout } = await run("wrk", [...words, name, kind, sites, pages, visitors].map(String));
  const result = JSON.parse(/RESULT (.*)/.exec(stdout)[1]);
  if (result.wrong || result.broken) throw new Error(`${url}: ${JSON.stringify(result)}`);
  return { ...result, rate: result.answered / result.seconds };
}

const idOf = (name, number) => `${name}-${String(number).padStart(12, "0")}`;
/** The site of a hit: `hits.lua` gives them by turns. */
const siteOf = (sites, number) => sites[number % sites.length];

/** One turn of one contender; once more where the machine stood still and nothing was answered. */
export async function takeTurn(contender, how) {
  for (let times = 0; times < 30; times++) {
    const result = await tryTurn(contender, how);
    if (result.answered) return result;
  }
  throw new Error(`${contender.name} answers nothing`);
}

/** wrk ends with requests under way: those are sent again, where that is harmless. */
async function tryTurn(contender, { connections, seconds, kind = "hits" }) {
  const { sites } = contender;
  const name = `bench-${process.pid}-${turn++}`;
  const before = await contender.cpu();
  const result = await load(contender.url, { name, kind, connections, seconds, sites: sites.length });
  const cpu = (((await contender.cpu()) - before) * 1e6) / result.answered;
  if (kind === "hits") {
    if (contender.knowsIds) await finish(contender, name, result.made, connections);
    contender.sent += contender.knowsIds ? result.made : result.answered;
    contender.last = { name, first: Math.max(1, result.answered - 20 * connections) };
  }
  return { ...result, cpu };
}

async function finish(contender, name, made, connections) {
  const last = Math.max(1, made - 4 * connections);
  const numbers = [1, ...Array.from({ length: made - last }, (_, index) => last + 1 + index)];
  await inSome(numbers, (number) => hit(contender, idOf(name, number), siteOf(contender.sites, number)));
}

const published = async ({ url }, site) => JSON.parse((await ask(`${url}/v1/counts?site=${site}`)).text).site.views;

/** A hit that nobody sent before. */
export function anotherHit(contender, site) {
  contender.sent += 1;
  return hit(contender, `another-${process.pid}-${String(turn++).padStart(10, "0")}`, site);
}

/** What a contender has counted. Where reads are behind, another hit of each site tells. */
async function counted(contender) {
  const { sites, readsLag } = contender;
  const views = async (site) => (readsLag ? (await anotherHit(contender, site)).site.views : published(contender, site));
  return (await inSome(sites, views)).reduce((sum, number) => sum + number, 0);
}

/** Hits that were sent, how many of them are missing or too many, and how many retries counted again. */
export async function account(contender) {
  const missing = contender.sent - (await counted(contender)) + (contender.readsLag ? contender.sites.length : 0);
  const { name, first } = contender.last;
  for (let number = first; number < first + RETRIES; number++) {
    await hit(contender, idOf(name, number), siteOf(contender.sites, number));
  }
  const still = contender.sent - (await counted(contender)) + (contender.readsLag ? contender.sites.length : 0);
  return { sent: contender.sent, lost: Math.max(0, missing), surplus: Math.max(0, -missing), retries: RETRIES, doubled: missing - still };
}

/** Rounds of turns. Whoever begins gains or loses by it: each begins in its turn. */
export async function compete(contenders, how, rounds) {
  const all = [];
  for (let round = 0; round < rounds; round++) {
    const results = [];
    for (let place = 0; place < contenders.length; place++) {
      const index = (place + round) % contenders.length;
      results[index] = await takeTurn(contenders[index], how);
    }
    all.push(results);
  }
  return contenders.map(({ name }, index) => {
    const of = (field) => median(all.map((results) => results[index][field]));
    return {
      name,
      rate: of("rate"),
      p50: of("p50"),
      p99: of("p99"),
      p999: of("p999"),
      cpu: of("cpu"),
      ratio: spread(all.map((results) => results[index].rate / results[0].rate)),
      cpuRatio: spread(all.map((results) => results[0].cpu / results[index].cpu)),
    };
  });
}
