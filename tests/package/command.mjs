// Runs the commands of the built package, and servers to run them against.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const DIST = fileURLToPath(new URL("../../dist", import.meta.url));
const MAIN = join(DIST, "cli/main.mjs");
const LIMIT_MS = 60_000;
/** A browser's, for bots are not counted. */
export const BROWSER = { "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0" };
export const TOKEN = "the-owner-of-these-tests";

/** An empty folder that is gone after the test. */
export async function emptyFolder(test) {
  const folder = await mkdtemp(join(tmpdir(), "laifang-package-"));
  test.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const environment = (env) => ({ ...process.env, ADMIN_TOKEN: "", LAIFANG_WRANGLER: "", LC_ALL: "C.UTF-8", ...env });

/** Runs `laifang` to its end: `{code, stdout, stderr}`. Nobody is there to answer. */
export function laifang(words, { cwd, env = {}, main = MAIN } = {}) {
  const child = spawn(process.execPath, [main, ...words], { cwd, env: environment(env), stdio: ["ignore", "pipe", "pipe"] });
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"]) child[name].setEncoding("utf8").on("data", (text) => (said[name] += text));
  const timer = setTimeout(() => child.kill("SIGKILL"), LIMIT_MS);
  return new Promise((done) => child.once("close", (code) => done({ code, ...said }))).finally(() => clearTimeout(timer));
}

/** Starts `laifang serve` and resolves once it is ready: `{url, child, ended, said, stop(signal)}`. */
export async function serve(test, words, { cwd, env = {}, program = [process.execPath, MAIN] } = {}) {
  const [command, ...first] = program;
  // A process group of its own, as a terminal gives one: npx has a shell between it and the command.
  const child = spawn(command, [...first, "serve", "--port", "0", ...words], { cwd, env: environment(env), stdio: ["ignore", "pipe", "pipe"], detached: true });
  const served = { child, said: "" };
  served.ended = new Promise((done) => child.once("exit", (code, signal) => done({ code, signal })));
  const signalAll = (signal) => {
    try {
      process.kill(-child.pid, signal);
    } catch {
      // It has ended.
    }
  };
  served.stop = (signal = "SIGTERM") => {
    if (command === "npx") signalAll(signal);
    else child.kill(signal);
    return Promise.race([served.ended, timeUp()]);
  };
  test.after(async () => {
    await served.stop("SIGTERM");
    signalAll("SIGKILL");
  });
  await new Promise((ready, fail) => {
    const hear = (text) => {
      served.said += text;
      served.url ??= /^ready (http:\S+)$/m.exec(served.said)?.[1];
      if (served.url) ready();
    };
    child.stdout.setEncoding("utf8").on("data", hear);
    child.stderr.setEncoding("utf8").on("data", hear);
    child.once("exit", () => fail(new Error(`serve ended: ${served.said}`)));
    setTimeout(() => fail(new Error(`serve is not ready: ${served.said}`)), LIMIT_MS).unref();
  });
  served.hit = async (fields = {}, headers = {}) => {
    const body = JSON.stringify({ url: "http://localhost/a", id: newId(), ...fields });
    const response = await fetch(`${served.url}/v1/hits`, { method: "POST", body, headers: { ...BROWSER, ...headers } });
    return response.json();
  };
  return served;
}

const timeUp = () => new Promise((done, fail) => setTimeout(() => fail(new Error("it does not stop")), 15_000).unref());

let next = 0;
export const newId = () => `package-test-${process.pid}-${String(next++).padStart(8, "0")}`;

/** A server of the test's own; `answer(request, response, body)`. Resolves to its address. */
export async function standIn(test, answer) {
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    answer(request, response, Buffer.concat(chunks).toString());
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  test.after(() => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  });
  return `http://127.0.0.1:${server.address().port}`;
}
