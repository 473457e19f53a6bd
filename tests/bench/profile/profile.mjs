// Where the Worker's time goes: hits from wrk, the inspector's Profiler, and a table by function.
//
// node tests/bench/profile/profile.mjs DIST [--seconds 10] [--connections 32] [--top 40] [--yardstick]
import { execFile } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { ours, start, yardstick } from "../yardstick/alone.mjs";

const run = promisify(execFile);
const script = fileURLToPath(new URL("../yardstick/hits.lua", import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: "string", default: "10" },
    connections: { type: "string", default: "32" },
    top: { type: "string", default: "40" },
    port: { type: "string", default: "0" },
    yardstick: { type: "boolean", default: false },
  },
});
const worker = values.yardstick ? await yardstick("2026-08-06") : await ours(positionals[0]);
const port = Number(values.port);
const host = await start(worker, { port, inspectorPort: port && port + 1 });
const load = (seconds, name) =>
  run("wrk", ["-t1", `-c${values.connections}`, `-d${seconds}s`, "--latency", "-s", script, host.url, "--", name]);

/** The inspector of the isolate: a function that calls its methods. */
async function inspector() {
  const { origin, host: address } = await host.mf.getInspectorURL();
  const targets = await (await fetch(`http://${address}/json`)).json();
  const socket = new WebSocket(targets[0].webSocketDebuggerUrl, { headers: { origin } });
  await once(socket, "open");
  const waiting = new Map();
  socket.addEventListener("message", ({ data }) => {
    const { id, result, error } = JSON.parse(data);
    waiting.get(id)?.(error ? Promise.reject(new Error(error.message)) : result);
    waiting.delete(id);
  });
  let next = 1;
  const call = (method, params = {}) =>
    new Promise((done) => {
      waiting.set(next, done);
      socket.send(JSON.stringify({ id: next++, method, params }));
    });
  return { call, close: () => socket.close() };
}

const kindOf = ({ functionName, url }) => {
  if (functionName.startsWith("(")) return functionName;
  if (url.startsWith("wasm")) return "wasm";
  return url ? "JavaScript" : "the runtime's own";
};

/** A Rust name without its hash and crate numbers. */
const plain = (name) => name.replace(/::h[0-9a-f]{16}$/, "").replace(/\[[0-9a-f]{16}\]/g, "");

function tables({ nodes, samples, timeDeltas }) {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const kinds = new Map();
  const functions = new Map();
  const add = (map, key, time) => map.set(key, (map.get(key) ?? 0) + time);
  samples.forEach((id, index) => {
    const frame = frames.get(id);
    const kind = kindOf(frame);
    add(kinds, kind, timeDeltas[index]);
    const line = kind === "JavaScript" ? `:${frame.lineNumber + 1}` : "";
    add(functions, `${kind.padEnd(18)} ${plain(frame.functionName) || "(anonymous)"}${line}`, timeDeltas[index]);
  });
  const idle = (kinds.get("(idle)") ?? 0) + (kinds.get("(program)") ?? 0);
  const all = [...kinds.values()].reduce((sum, time) => sum + time, 0);
  const row = ([name, time]) => console.log(`${((time * 100) / (all - idle)).toFixed(1).padStart(6)} %  ${name}`);
  const sorted = (map) => [...map].filter(([name]) => !/\(idle\)|\(program\)/.test(name)).sort((a, b) => b[1] - a[1]);
  console.log(`\nof the time in which JavaScript or wasm ran (${(100 - (idle * 100) / all).toFixed(0)} % of all):`);
  sorted(kinds).forEach(row);
  console.log("\nby function, without what it calls:");
  sorted(functions).slice(0, Number(values.top)).forEach(row);
}

await load(2, "warm");
const { call, close } = await inspector();
await call("Profiler.enable");
await call("Profiler.setSamplingInterval", { interval: 200 });
await call("Profiler.start");
const { stdout } = await load(Number(values.seconds), "profiled");
const { profile } = await call("Profiler.stop");
close();
const { answered, seconds } = JSON.parse(/RESULT (.*)/.exec(stdout)[1]);
console.log(`${Math.round(answered / seconds)} hits/s over ${values.connections} connections, while it was watched`);
tables(profile);
await host.end();
