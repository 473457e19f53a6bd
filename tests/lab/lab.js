// Stands before the Worker's own module: gives it another clock, faster timers, a KV that keeps to KV's
// rules, and counts what its objects cost. The Worker itself is the one that is deployed.
import { env as bindings } from "cloudflare:workers";
import * as worker from "./index.js";

const RealDate = Date;
const realNow = Date.now;
const now = () => realNow() + aheadMs;
const realSetTimeout = globalThis.setTimeout.bind(globalThis);
const speed = bindings.LAB_SPEED ?? 1;
let aheadMs = 0;
let fallsNext = false;
/** The clock of the Worker. No import of the wasm may throw: what does passes through Rust as a panic would. */
function clock() {
  if (fallsNext) {
    fallsNext = false;
    throw new WebAssembly.RuntimeError("unreachable, on purpose");
  }
  return now();
}
globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length) super(...args);
    else super(clock());
  }
  static now() {
    return clock();
  }
};
// Time-outs stay as long as they are; waits become shorter.
const TIMEOUT_MS = 10_000;
globalThis.setTimeout = (callback, ms, ...rest) =>
  realSetTimeout(callback, ms < TIMEOUT_MS ? ms / speed : ms, ...rest);

const control = (env, path, body) =>
  env.CONTROL.fetch(`http://control${path}`, { method: "POST", body: JSON.stringify(body ?? {}) });

// The shape of a KV namespace; its rules are in strict_kv.mjs.
const strictKv = (env) => ({
  async get(key) {
    const { error, value } = await (await control(env, "/kv/get", { key })).json();
    if (error) throw new Error(error);
    return value ?? null;
  },
  async put(key, value) {
    const { error } = await (await control(env, "/kv/put", { key, value })).json();
    if (error) throw new Error(error);
  },
  async list({ prefix, cursor }) {
    return (await control(env, "/kv/list", { prefix, cursor })).json();
  },
  async getWithMetadata() {
    throw new Error("not in the lab");
  },
  async delete() {
    throw new Error("not in the lab");
  },
});

// A stub that says it is overloaded, or whose object falls, as often as it is told to.
const overloadable = (env, namespace) =>
  new Proxy(namespace, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (name === "constructor" || typeof value !== "function") return value;
      if (name !== "get" && name !== "getByName") return value.bind(target);
      return (...args) => {
        const stub = value.apply(target, args);
        return {
          async fetch(...request) {
            const { overloaded, late, falls } = await (await control(env, "/object")).json();
            if (overloaded) throw Object.assign(new Error("Durable Object is overloaded"), { overloaded: true });
            fallsNext = Boolean(falls);
            const response = await stub.fetch(...request);
            if (late) throw new Error("Network connection lost");
            return response;
          },
        };
      };
    },
  });

function labEnv(env) {
  const changed = Object.create(null);
  for (const name of Object.keys(env)) changed[name] = env[name];
  if (env.LAB_KV) changed.COUNTS = strictKv(env);
  if (env.LAB_OBJECT) changed.SITE_COUNTER = overloadable(env, env.SITE_COUNTER);
  return changed;
}

// Counts the platform's rows_written, and one row an alarm.
const costs = { rows: 0, calls: 0, alarms: 0 };

function countedStorage(storage, alarm) {
  const sql = {
    exec(...args) {
      const cursor = storage.sql.exec(...args);
      const before = cursor.rowsWritten;
      costs.rows += before;
      return cursor;
    },
  };
  return new Proxy(storage, {
    get(target, name) {
      if (name === "sql") return sql;
      if (name === "setAlarm") {
        return (at, options) => {
          costs.alarms += 1;
          alarm.atMs = Number(at);
          return target.setAlarm(Number(at) - aheadMs, options);
        };
      }
      if (name === "getAlarm") return async () => alarm.atMs ?? (await target.getAlarm());
      const value = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

function countedState(state, alarm) {
  const storage = countedStorage(state.storage, alarm);
  return new Proxy(state, {
    get(target, name) {
      if (name === "storage") return storage;
      const value = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

// An object that, if told so, forgets its memory after ten idle seconds of its clock, as the platform's do.
const inLab = (Inner) =>
  class {
    constructor(state, env) {
      // Rings by the lab's clock when the next call comes, and by the real one without any.
      this.alarmClock = { atMs: null };
      this.wake = () => new Inner(countedState(state, this.alarmClock), labEnv(env));
      this.inner = this.wake();
      this.lastMs = now();
    }
    awake() {
      if (bindings.LAB_SLEEPS && now() - this.lastMs > 10_000) this.inner = this.wake();
      this.lastMs = now();
      costs.calls += 1;
      return this.inner;
    }
    async fetch(request) {
      if (this.alarmClock.atMs !== null && this.alarmClock.atMs <= now()) void this.alarm();
      return this.awake().fetch(request);
    }
    alarm() {
      this.alarmClock.atMs = null;
      return this.awake().alarm();
    }
  };

export const SiteCounter = inLab(worker.SiteCounter);
export const WriteBudget = inLab(worker.WriteBudget);

export default {
  fetch(request, env, context) {
    const at = request.headers.get("X-Lab-Now");
    if (at) aheadMs = Number(at) - realNow();
    if (new URL(request.url).pathname === "/v1/_lab/costs") return Response.json(costs);
    return worker.default.fetch(request, labEnv(env), context);
  },
};
