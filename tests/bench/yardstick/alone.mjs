// A Worker alone on workerd: no front, no files, no rate limit before it; and what its process has used of the processor.
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare, Log, LogLevel } from "miniflare";

export const SITE = "example.cn";

const childrenOfThis = async () => {
  const list = await readFile(`/proc/${process.pid}/task/${process.pid}/children`, "utf8");
  return list.trim().split(/\s+/).filter(Boolean).map(Number);
};

/** Our Worker from a built folder. */
export async function ours(dist) {
  const config = JSON.parse(await readFile(join(dist, "wrangler.json"), "utf8"));
  const bindings = config.durable_objects.bindings.map(({ name, class_name }) => [name, { className: class_name, useSQLite: true }]);
  return {
    modules: [
      { type: "ESModule", path: join(dist, "worker/index.js") },
      { type: "CompiledWasm", path: join(dist, "worker/index.wasm") },
    ],
    modulesRoot: join(dist, "worker"),
    compatibilityDate: config.compatibility_date,
    bindings: { ...config.vars, SITES: SITE, HITS_PER_MINUTE: "1000000000" },
    kvNamespaces: Object.fromEntries(config.kv_namespaces.map(({ binding, id }) => [binding, id])),
    durableObjects: Object.fromEntries(bindings),
  };
}

/** The counter in plain JavaScript. */
export async function yardstick(compatibilityDate) {
  const made = await build({
    entryPoints: [fileURLToPath(new URL("counter.js", import.meta.url))],
    bundle: true,
    format: "esm",
    target: "es2022",
    external: ["cloudflare:*"],
    write: false,
  });
  return {
    modules: [{ type: "ESModule", path: "counter.js", contents: made.outputFiles[0].text }],
    modulesRoot: ".",
    compatibilityDate,
    bindings: { SITES: SITE },
    durableObjects: { SITE: { className: "Site", useSQLite: true } },
  };
}

/** Starts it. With `behindEntry` Miniflare's own Worker hands each request on; else workerd listens for it at once. */
export async function start(worker, { port = 0, behindEntry = false, inspectorPort } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "laifang-bench-"));
  const before = await childrenOfThis();
  const mf = new Miniflare({
    host: "127.0.0.1",
    ...(behindEntry && { port }),
    ...(inspectorPort !== undefined && { inspectorPort }),
    cf: false,
    telemetry: { enabled: false },
    log: new Log(LogLevel.ERROR),
    durableObjectsPersist: join(folder, "objects"),
    kvPersist: join(folder, "kv"),
    ...worker,
    ...(!behindEntry && { unsafeDirectSockets: [{ host: "127.0.0.1", port }] }),
  });
  await mf.ready;
  const url = (behindEntry ? await mf.ready : await mf.unsafeGetDirectURL()).href.replace(/\/$/, "");
  const pids = (await childrenOfThis()).filter((pid) => !before.includes(pid));
  return {
    url,
    mf,
    /** Seconds of processor time, of all its threads. */
    async cpu() {
      let ns = 0;
      for (const pid of pids) {
        for (const thread of await readdir(`/proc/${pid}/task`)) {
          ns += Number((await readFile(`/proc/${pid}/task/${thread}/schedstat`, "utf8")).split(" ")[0]);
        }
      }
      return ns / 1e9;
    },
    async end() {
      await mf.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
