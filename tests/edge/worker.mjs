// A fresh Worker for each test file, and a few words to talk to it.
import { startHost } from "../../edge/local/host.mjs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const SITE = "example.cn";
let next = 0;
export const newId = () => `test-id-${process.pid}-${String(next++).padStart(12, "0")}`;

export async function startWorker(options = {}) {
  const folder = await mkdtemp(join(tmpdir(), "laifang-test-"));
  const begin = () =>
    startHost({ state: folder, ...options, vars: { SITES: `${SITE} demo.test`, COUNT_BOTS: "on", HITS_PER_MINUTE: "100000", ...options.vars } });
  const worker = { host: await begin() };
  worker.restart = async () => {
    worker.host = await begin();
  };
  worker.kill = async () => {
    process.kill(worker.host.workerdPid, "SIGKILL");
    await worker.host.exited;
    await worker.host.stop().catch(() => {});
  };
  worker.end = async () => {
    await worker.host.stop();
    await rm(folder, { recursive: true, force: true });
  };
  worker.fetch = (path, init) => fetch(worker.host.url + path, init);
  worker.hit = (fields = {}, headers = {}) =>
    worker.fetch("/v1/hits", {
      method: "POST",
      body: JSON.stringify({ url: `https://${SITE}/a`, id: newId(), ...fields }),
      headers: { "CF-Connecting-IP": "192.0.2.1", ...headers },
    });
  worker.counts = async (query = `site=${SITE}`) => (await worker.fetch(`/v1/counts?${query}`)).json();
  return worker;
}

export async function eventually(check, limitMs = 15_000) {
  const until = Date.now() + limitMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((done) => setTimeout(done, 200));
    }
  }
}
