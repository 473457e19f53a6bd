// A Worker alone on workerd: no front, no files, no rate limit before it; and what its process has used of the processor.
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare, Log, LogLevel } from "miniflare";

export const SITE = "example.cn";

/** The hosts that count: the one busy site, or so many. `hits.lua` knows the same names. */
export const sitesOf = (count) => (count === 1 ? [SITE] : Array.from({ length: count }, (_, number) => `s${number}.${SITE}`));

const childrenOfThis = async () => {
  const list = await readFile(`/proc/${process.pid}/task/${process.pid}/children`, "utf8");
  return list.trim().split(/\s+/).filter(Boolean).map(Number);
};

/** Our Worker from a built folder. */
export async function ours(dist, { sites = 1, vars } = {}) {
  const config = JSON.parse(await readFile(join(dist, "wrangler.json"), "utf8"));
  const bindings = config.durable_objects.bindings.map(({ name, class_name }) => [name, { className: class_name, useSQLite: true }]);
  return {
    modules: [
      { type: "ESModule", path: join(dist, "worker/index.js") },
      { type: "CompiledWasm", path: join(dist, "worker/index.wasm") },
    ],
    modulesRoot: join(dist, "worker"),
    compatibilityDate: config.compatibility_date,
    bindings: { ...config.vars, SITES: sitesOf(sites).join(" "), HITS_PER_MINUTE: "1000000000", ...vars },
    kvNamespaces: Object.fromEntries(config.kv_namespaces.map(({ binding, id }) => [binding, id])),
    durableObjects: Object.fromEntries(bindings),
  };
}

async function script(name, compatibilityDate, define) {
  const made = await build({
    entryPoints: [fileURLToPath(new URL(name, import.meta.url))],
    bundle: true,
    format: "esm",
    target: "es2022",
    external: ["cloudflare:*"],
    define,
    write: false,
  });
  return { modules: [{ type: "ESModule", path: name, contents: made.outputFiles[0].text }], modulesRoot: ".", compatibilityDate };
}

/** The counter in plain JavaScript. With `measuring` it counts the rows it writes. */
export const yardstick = async (compatibilityDate, { sites = 1, measuring = false } = {}) => ({
  ...(await script("counter.js", compatibilityDate, { MEASURING: String(measuring) })),
  bindings: { SITES: sitesOf(sites).join(" ") },
  durableObjects: { SITE: { className: "Site", useSQLite: true } },
});

/** The counter on KV alone. */
export const getThenPut = async (compatibilityDate, { sites = 1 } = {}) => ({
  ...(await script("get_put.js", compatibilityDate)),
  bindings: { SITES: sitesOf(sites).join(" ") },
  kvNamespaces: { COUNTS: "counts" },
});

/** A Worker that does nothing. */
export const nothing = (compatibilityDate) => script("nothing.js", compatibilityDate);

/** Seconds of processor time of these processes, of all their threads. */
export async function cpuOf(pids) {
  let ns = 0;
  for (const pid of pids) {
    for (const thread of await readdir(`/proc/${pid}/task`)) {
      ns += Number((await readFile(`/proc/${pid}/task/${thread}/schedstat`, "utf8")).split(" ")[0]);
    }
  }
  return ns / 1e9;
}

/** Starts it. With `behindEntry` Miniflare's own Worker hands each request on; else workerd listens for it at once. */
export async function start(worker, { port = 0, behindEntry = false, inspectorPort, folder } = {}) {
  const own = folder ?? (await mkdtemp(join(tmpdir(), "laifang-bench-")));
  const before = await childrenOfThis();
  const mf = new Miniflare({
    host: "127.0.0.1",
    ...(behindEntry && { port }),
    ...(inspectorPort !== undefined && { inspectorPort }),
    cf: false,
    telemetry: { enabled: false },
    log: new Log(LogLevel.ERROR),
    durableObjectsPersist: join(own, "objects"),
    kvPersist: join(own, "kv"),
    ...worker,
    ...(!behindEntry && { unsafeDirectSockets: [{ host: "127.0.0.1", port }] }),
  });
  await mf.ready;
  const url = (behindEntry ? await mf.ready : await mf.unsafeGetDirectURL()).href.replace(/\/$/, "");
  const pids = (await childrenOfThis()).filter((pid) => !before.includes(pid));
  return {
    url,
    mf,
    pids,
    cpu: () => cpuOf(pids),
    /** Bytes in memory of its process. */
    async memory() {
      let pages = 0;
      for (const pid of pids) pages += Number((await readFile(`/proc/${pid}/statm`, "utf8")).split(" ")[1]);
      return pages * 4096;
    },
    async end() {
      await mf.dispose();
      if (!folder) await rm(own, { recursive: true, force: true });
    },
  };
}
