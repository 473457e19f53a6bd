// Runs the built Worker on workerd on this machine, with KV and object storage kept in a folder.
//
// One function, used by `serve.mjs`, `laifang serve`, the tests and the benchmarks. Everything the Worker is bound to comes
// from `dist/wrangler.json`, the file that is deployed. Nothing outside this machine is called.
import { readFileSync, existsSync, mkdirSync, writeFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import childProcess from "node:child_process";
import http from "node:http";
import { syncBuiltinESMExports } from "node:module";
import { parseHeaders } from "./headers.mjs";

const here = dirname(fileURLToPath(import.meta.url));

/** An error whose message is all a person needs. */
export class HostError extends Error {}

function assertWritable(folder) {
  try {
    mkdirSync(folder, { recursive: true });
    const probe = join(folder, ".probe");
    writeFileSync(probe, "");
    rmSync(probe);
  } catch (error) {
    throw new HostError(`the state folder ${folder} can't be written (${error.code}). Choose another with --state.`);
  }
}

async function assertFree(port) {
  await new Promise((done, fail) => {
    const probe = createServer();
    probe.once("error", (error) =>
      fail(new HostError(`port ${port} can't be used (${error.code}). Stop what uses it, or choose another with --port.`)),
    );
    probe.listen({ port, host: "127.0.0.1" }, () => probe.close(done));
  });
}

/** Puts `make(original)` in the place of a function of Node's until the returned function is called. */
function replace(module, name, make) {
  const original = module[name];
  module[name] = make(original);
  syncBuiltinESMExports();
  return () => {
    module[name] = original;
    syncBuiltinESMExports();
  };
}

// Miniflare does not say when workerd dies, nor its process id; the child it spawns does.
const watchingSpawn = (onSpawn, lock) =>
  replace(childProcess, "spawn", (spawn) => (command, words, options) => {
    const stdio = lock === undefined || !Array.isArray(options?.stdio) ? options?.stdio : [...options.stdio, lock];
    const child = spawn(command, words, { ...options, stdio });
    onSpawn(child);
    return child;
  });

/** What workerd may ask of Miniflare: to log, to format an error, and, in tests, the services of the lab. */
const ASKED_BY_WORKERD = ["/core/error", "/core/log"];
const CUSTOM_SERVICE = "mf-custom-fetch-service";
/** The events that bring a request. workerd sends none of the other two. */
const REQUEST_EVENTS = ["request", "upgrade", "connect"];

/**
 * Miniflare listens on a port of this machine for workerd, and does what anybody asks of it: writes files anywhere,
 * starts browsers. Until the returned function is called each server that is made answers only what is needed here,
 * and nothing that a page asks.
 */
function guardingServers(hasServices) {
  const isAsked = ({ url, headers }) =>
    headers.origin === undefined && headers["sec-fetch-site"] === undefined && (ASKED_BY_WORKERD.includes(url.split("?")[0]) || (hasServices && headers[CUSTOM_SERVICE] !== undefined));
  return replace(http, "createServer", (createServer) => (...words) => {
    const server = createServer(...words);
    const { emit } = server;
    server.emit = function (event, ...details) {
      const [request, answer] = details;
      if (!REQUEST_EVENTS.includes(event) || (event === "request" && isAsked(request))) return emit.call(this, event, ...details);
      if (event === "request") answer.writeHead(403).end();
      else answer.destroy();
      return true;
    };
    return server;
  });
}

/** One isolate of the Worker. The first keeps the objects; the others reach them through it. */
function isolateOf({ config, dist, assets, vars, lab, origin, index }) {
  const durableObjects = Object.fromEntries(
    config.durable_objects.bindings.map(({ name, class_name }) => [
      name,
      { className: class_name, useSQLite: true, ...(index > 0 && { scriptName: isolateName(0) }) },
    ]),
  );
  const headersFile = join(assets, "_headers");
  const hitsPerMinute = Number(vars.HITS_PER_MINUTE ?? config.vars.HITS_PER_MINUTE);
  // The deployed limit is a fixed number beside the default of HITS_PER_MINUTE; here it follows the variable.
  const ratelimits = Object.fromEntries(
    config.ratelimits.map(({ name, namespace_id, simple }) => [
      name,
      { namespace_id, simple: { ...simple, limit: Math.max(simple.limit, 2 * hitsPerMinute) } },
    ]),
  );
  return {
    name: isolateName(index),
    modules: [
      ...(lab ? [{ type: "ESModule", path: join(dist, "worker/lab.js"), contents: readFileSync(lab.module, "utf8") }] : []),
      { type: "ESModule", path: join(dist, "worker/index.js") },
      { type: "CompiledWasm", path: join(dist, "worker/index.wasm") },
    ],
    modulesRoot: join(dist, "worker"),
    compatibilityDate: config.compatibility_date,
    // Files on one machine can be cut off, or be put back from an older copy.
    bindings: { ...config.vars, CHECK_STORAGE: "on", ...vars },
    kvNamespaces: Object.fromEntries(config.kv_namespaces.map(({ binding, id }) => [binding, id])),
    ...(lab && { serviceBindings: lab.services }),
    ...(origin && { outboundService: { external: { address: origin, http: {} } } }),
    durableObjects,
    ratelimits,
    assets: {
      directory: assets,
      binding: config.assets.binding,
      routerConfig: {
        has_user_worker: true,
        ...(vars.TAG_HOSTS ? { invoke_user_worker_ahead_of_assets: true } : { static_routing: { user_worker: config.assets.run_worker_first } }),
      },
      assetConfig: existsSync(headersFile) ? { headers: parseHeaders(readFileSync(headersFile, "utf8")) } : {},
    },
  };
}

const isolateName = (index) => `site${index}`;

/** What stands before the isolates in dev and in tests. */
const frontOf = (config, dev, isolates) => ({
  name: "front",
  modules: [{ type: "ESModule", path: join(here, "front.js") }],
  modulesRoot: here,
  compatibilityDate: config.compatibility_date,
  bindings: { DEV: dev, ISOLATES: isolates },
  serviceBindings: Object.fromEntries(Array.from({ length: isolates }, (_, index) => [`SITE${index}`, isolateName(index)])),
});

/**
 * Starts the Worker. `state` is a folder; without one nothing is kept. `assets` is the folder of what visitors
 * download, if not that of `dist`. `isolates` serve in turn. `lab`, for
 * tests of faults, is a module put before the Worker's own and the services it may call. `origin` (host:port) answers what the Worker fetches. Without `front`
 * somebody else says who the visitor is. `onWorkerd` learns the process id of each workerd, which inherits the
 * open file `lock`.
 */
export async function startHost({
  dist = join(here, "../../dist"),
  assets,
  state,
  port = 0,
  vars = {},
  dev = false,
  isolates = 1,
  lab,
  origin,
  front = true,
  onWorkerd = () => {},
  lock,
} = {}) {
  dist = resolve(dist);
  if (!existsSync(join(dist, "wrangler.json"))) throw new HostError(`${dist} holds no built Worker. Run: cargo xtask build`);
  if (state) assertWritable((state = resolve(state)));
  if (port) await assertFree(port);
  const config = JSON.parse(readFileSync(join(dist, "wrangler.json"), "utf8"));
  if (dev) vars = { COUNT_BOTS: "on", ...vars, SITES: `${vars.SITES ?? config.vars.SITES} localhost 127.0.0.1`.trim() };

  const { Miniflare, Log, LogLevel } = await import("miniflare");
  const indices = Array.from({ length: isolates }, (_, index) => index);
  const host = { workerdPid: undefined, stopped: false, state };
  let settleExit;
  host.exited = new Promise((done) => (settleExit = done));
  const restoreSpawn = watchingSpawn((child) => {
    host.workerdPid = child.pid;
    onWorkerd(child.pid);
    child.once("exit", (code, signal) => settleExit({ code, signal, expected: host.stopped }));
  }, lock);
  const restoreServers = guardingServers(Boolean(lab));
  const mf = new Miniflare({
    host: "127.0.0.1",
    port,
    cf: false,
    telemetry: { enabled: false },
    log: new Log(LogLevel.ERROR),
    ...(state && { kvPersist: join(state, "kv"), durableObjectsPersist: join(state, "objects") }),
    workers: [
      ...(front ? [frontOf(config, dev, isolates)] : []),
      ...indices.map((index) => isolateOf({ config, dist, assets: resolve(assets ?? join(dist, "assets")), vars, lab, origin, index })),
    ],
  });
  try {
    host.url = (await mf.ready).href.replace(/\/$/, "");
  } finally {
    restoreSpawn();
    restoreServers();
  }
  host.port = Number(new URL(host.url).port);
  host.mf = mf;
  host.stop = async () => {
    if (host.stopped) return;
    host.stopped = true;
    await mf.dispose();
  };
  return host;
}
