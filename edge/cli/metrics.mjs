// What `laifang serve` tells of itself: numbers in Prometheus' form on a port of their own, and a line for each request.
//
// Neither holds an address, a page or a user agent: a route, a status, a reason and a duration are enough to see what is
// wrong. Out of scope: keeping either over a restart.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { KEY_HEADER } from "./gateway.mjs";

/** A reply or a problem is shorter; of anything else no more is looked at. */
const MOST_READ_BYTES = 4096;
const ROUTES = ["/v1/hits", "/v1/shares", "/v1/counts", "/v1/counter.svg", "/v1/hit.svg", "/v1/health", "/openapi.json"];
export const LOG_LEVELS = ["off", "errors", "all"];

/** The route of a path, of a bounded number of names. */
function routeOf(path) {
  if (ROUTES.includes(path)) return path;
  if (path.startsWith("/v1/sites")) return "/v1/sites";
  return path.startsWith("/v1/") ? "other" : "file";
}

const UNPACK = { gzip: gunzipSync, br: brotliDecompressSync };

/** A JSON body, unpacked; undefined where it is none. */
function parsed(bytes, encoding) {
  try {
    return JSON.parse((UNPACK[encoding] ?? ((plain) => plain))(bytes).toString());
  } catch {
    return undefined;
  }
}

/** Why a request was refused, or whether it was counted. */
function outcomeOf(route, status, bytes, encoding) {
  if (status >= 400) return parsed(bytes, encoding)?.code ?? "other";
  const body = route === "/v1/hits" ? parsed(bytes, encoding) : undefined;
  if (typeof body?.counted !== "boolean") return "";
  return body.counted ? "counted" : (body.reason ?? "other");
}

/** Counts requests, and writes a line for each that the level asks for. */
export class Observer {
  #level;
  #write;
  #underWay = 0;
  #responses = new Map();

  constructor({ level = "off", write = console.log } = {}) {
    this.#level = level;
    this.#write = write;
  }

  /** Follows one request to its end. What is returned is given each piece of the answer, and how it is packed. */
  observe(method, path, response) {
    const beganAt = performance.now();
    const pieces = [];
    let bytes = 0;
    let encoding;
    this.#underWay++;
    response.once("close", () => {
      this.#underWay--;
      const route = routeOf(path);
      const status = response.headersSent ? response.statusCode : 0;
      const outcome = outcomeOf(route, status, Buffer.concat(pieces), encoding);
      const key = JSON.stringify({ route, status: String(status), outcome });
      this.#responses.set(key, (this.#responses.get(key) ?? 0) + 1);
      this.#log({ method, route, status, outcome, ms: Math.round(performance.now() - beganAt) });
    });
    return (piece, packed) => {
      encoding = packed;
      if (bytes < MOST_READ_BYTES) pieces.push(piece);
      bytes += piece.length;
    };
  }

  #log({ method, route, status, outcome, ms }) {
    const isError = status === 0 || status >= 400;
    if (this.#level === "off" || (this.#level === "errors" && !isError)) return;
    const level = status === 0 || status >= 500 ? "error" : isError ? "warning" : "info";
    this.#write(`${new Date().toISOString()} ${level} ${method} ${route} ${status || "aborted"} ${outcome || "-"} ${ms}ms`);
  }

  /** Samples: name, kind, help, and values with their labels. */
  samples() {
    const all = [...this.#responses].map(([key, value]) => [JSON.parse(key), value]);
    const hits = all.filter(([{ route, status }]) => route === "/v1/hits" && status === "200");
    return [
      ["laifang_hits_total", "counter", "Hits that were answered, by whether they were counted.", hits.map(([{ outcome }, value]) => [{ outcome }, value])],
      ["laifang_responses_total", "counter", "Responses by route, status and reason; status 0 is a client that went away.", all],
      ["laifang_requests_under_way", "gauge", "Requests that are being answered.", [[{}, this.#underWay]]],
    ];
  }
}

/** Resident memory of a process; undefined where the system does not tell. */
function residentBytes(pid) {
  try {
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) * 1024;
  } catch {
    return undefined;
  }
}

function memory(workerdPid) {
  const all = [[{ process: "gateway" }, process.memoryUsage.rss()], [{ process: "workerd" }, residentBytes(workerdPid)]];
  return ["laifang_memory_bytes", "gauge", "Resident memory.", all.filter(([, bytes]) => bytes !== undefined)];
}

/** How far KV is behind each site, and what waits in its journal: the owner's to know, so with the owner's token alone. */
async function behind({ port, token, key, sites }) {
  if (!token) return [];
  const read = async (path) => (await fetch(`http://127.0.0.1:${port}${path}`, { headers: { Authorization: `Bearer ${token}`, [KEY_HEADER]: key }, signal: AbortSignal.timeout(5000) })).json();
  const known = await Promise.all(
    sites.filter((site) => !site.startsWith("*.")).map(async (site) => {
      const [{ unpublished, checkpoint_backlog: backlog }, { as_of: asOf }] = await Promise.all([read(`/v1/sites/${site}`), read(`/v1/counts?site=${site}`)]);
      const lag = unpublished > 0 && asOf ? Math.max(0, (Date.now() - Date.parse(asOf)) / 1000) : 0;
      return { site, unpublished, backlog, lag };
    }),
  );
  const of = (name) => known.map((one) => [{ site: one.site }, one[name]]);
  return [
    ["laifang_unpublished_documents", "gauge", "Documents of the published counts that say less than the counter knows.", of("unpublished")],
    ["laifang_publish_lag_seconds", "gauge", "Age of the newest hit in the published counts while others wait; 0 if none does.", of("lag")],
    ["laifang_journal_queue", "gauge", "Hits that only the journal holds.", of("backlog")],
  ];
}

const escaped = (text) => String(text).replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
const labels = (all) => {
  const pairs = Object.entries(all).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length ? `{${pairs.join(",")}}` : "";
};

/** Samples in Prometheus' text format, version 0.0.4. */
export const exposition = (samples) =>
  samples.map(([name, kind, help, values]) => `# HELP ${name} ${help}\n# TYPE ${name} ${kind}\n${values.map(([all, value]) => `${name}${labels(all)} ${value}\n`).join("")}`).join("");

/** Listens for a scraper. `worker` is what `startHost` gave, `key` its GATEWAY_KEY. Resolves to the server. */
export function openMetrics({ host, port, observer, worker, token, key, sites }) {
  const server = createServer(async (request, response) => {
    if (request.method !== "GET" || request.url !== "/metrics") return response.writeHead(404).end();
    const ofSites = await behind({ port: worker.port, token, key, sites }).catch(() => []);
    response.writeHead(200, { "Content-Type": "text/plain; version=0.0.4; charset=utf-8" });
    response.end(exposition([...observer.samples(), memory(worker.workerdPid), ...ofSites]));
  });
  return new Promise((done, fail) => {
    server.once("error", fail);
    server.listen({ host, port }, () => done(server));
  });
}
