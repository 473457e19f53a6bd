// A fresh Worker for each test, and a few words to talk to it. `LAIFANG_KV=strict` puts the strict KV under
// every test; reads are then three seconds old instead of sixty.
import { startHost } from "../../edge/local/host.mjs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StrictKv } from "../lab/strict_kv.mjs";

export const SITE = "example.cn";
export const TOKEN = "the-owner-of-the-tests";
let next = 0;
export const newId = () => `test-id-${process.pid}-${String(next++).padStart(12, "0")}`;

/** The address of the visitor with this number. */
export const visitor = (number) => ({
  "CF-Connecting-IP": `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`,
});

/** The body of a 200, or null; the connection may end before, between or after head and body. */
export async function acknowledged(answer) {
  try {
    const response = await answer;
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

/** What the lab asks: KV by its rules, and how the next call of an object ends. */
const controlOf = (lab) => async (request) => {
  const { pathname } = new URL(request.url);
  const body = await request.json();
  if (pathname === "/kv/get") return Response.json(lab.kv.get(body.key));
  if (pathname === "/kv/put") return Response.json(lab.kv.put(body.key, body.value));
  if (pathname === "/kv/list") return Response.json(lab.kv.list(body.prefix, body.cursor));
  return Response.json(lab.nextCall?.() ?? {});
};

/** `lab: {kv, nextCall, speed, sleeps}` puts the Worker into the lab: see tests/lab/lab.js. */
export async function startWorker({ lab, vars, ...options } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "laifang-test-"));
  if (!lab && process.env.LAIFANG_KV === "strict") lab = { kv: new StrictKv({ staleMs: 3000 }) };
  const labVars = lab && {
    LAB_KV: Boolean(lab.kv),
    LAB_OBJECT: Boolean(lab.nextCall),
    LAB_SPEED: lab.speed ?? 1,
    LAB_SLEEPS: lab.sleeps ?? false,
  };
  const begin = () =>
    startHost({
      state: folder,
      ...options,
      vars: {
        SITES: `${SITE} demo.test`,
        COUNT_BOTS: "on",
        HITS_PER_MINUTE: "100000",
        ADMIN_TOKEN: TOKEN,
        ...labVars,
        ...vars,
      },
      ...(lab && {
        lab: { module: new URL("../lab/lab.js", import.meta.url), services: { CONTROL: controlOf(lab) } },
      }),
    });
  const worker = { host: await begin(), folder, nowMs: undefined };
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
  worker.fetch = (path, { headers, ...init } = {}) =>
    fetch(worker.host.url + path, {
      ...init,
      headers: { ...(worker.nowMs && { "X-Lab-Now": String(worker.nowMs) }), ...headers },
    });
  worker.hit = (fields = {}, headers = {}) =>
    worker.fetch("/v1/hits", {
      method: "POST",
      body: JSON.stringify({ url: `https://${SITE}/a`, id: newId(), ...fields }),
      headers: { "CF-Connecting-IP": "192.0.2.1", ...headers },
    });
  worker.counts = async (query = `site=${SITE}`) => (await worker.fetch(`/v1/counts?${query}`)).json();
  /** The owner's route of a site. */
  worker.owner = (method = "GET", { site = SITE, token = TOKEN, body, part = "" } = {}) =>
    worker.fetch(`/v1/sites/${site}${part}`, {
      method,
      body,
      headers: { Authorization: `Bearer ${token}` },
      ...(body instanceof ReadableStream && { duplex: "half" }),
    });
  worker.import = (body, query = "", options = {}) => worker.owner("POST", { body, part: `/import?${query}`, ...options });
  worker.export = async (options = {}) => (await worker.owner("GET", { part: "/export", ...options })).text();
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
