// A Worker alone on workerd: no front, no files, no rate limit before it; and what its process has used of the processor.
import { readFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare, Log, LogLevel } from "miniflare";

export const SITE = "example.cn";
const TICKS_A_SECOND = 100;

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
    /** Seconds of processor time. */
    async cpu() {
      let ticks = 0;
      for (const pid of pids) {
        const stat = await readFile(`/proc/${pid}/stat`, "utf8");
        const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        ticks += Number(fields[11]) + Number(fields[12]);
      }
      return ticks / TICKS_A_SECOND;
    },
    async end() {
      await mf.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
