// The command line of `host.mjs`: serves the built Worker until told to stop.
//
// Prints `ready http://localhost:PORT` once requests are answered. Ends when it is signalled, when its
// standard input closes (whoever started it is gone), or, with an error, when workerd dies.
import { parseArgs } from "node:util";
import { checkVariables } from "../cli/variables.mjs";
import { startHost, HostError } from "./host.mjs";

const { values } = parseArgs({
  options: {
    dist: { type: "string" },
    state: { type: "string", default: ".state" },
    port: { type: "string", default: "8787" },
    var: { type: "string", multiple: true, default: [] },
    dev: { type: "boolean", default: false },
  },
});

function fail(message) {
  console.error(`laifang: ${message}`);
  process.exit(1);
}

const vars = Object.fromEntries(values.var.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]));
try {
  checkVariables(vars);
} catch (error) {
  fail(error.message);
}
const host = await startHost({ dist: values.dist, state: values.state, port: Number(values.port), vars, dev: values.dev }).catch(
  (error) => fail(error instanceof HostError ? error.message : `workerd did not start: ${error.message}`),
);

host.exited.then(({ signal, code, expected }) => {
  if (!expected) fail(`workerd ended unexpectedly (${signal ?? `exit ${code}`}). What was counted is kept; start again.`);
});

const health = await fetch(`${host.url}/v1/health`).catch(() => undefined);
if (!health?.ok) fail("the Worker does not answer /v1/health.");

async function stop() {
  await host.stop();
  process.exit(0);
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, stop);
process.stdin.once("end", stop).once("error", stop).resume();

console.log(`ready http://localhost:${host.port}`);
