// Chromium with as little of a driver as can be, for measuring: a test framework's own scripts run on the page's
// thread and make every promise slower, and a driven browser doesn't prerender.
//
// Speaks the DevTools protocol over one WebSocket (built into Node) and enables no domain by itself.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import config from "./playwright.config.mjs";

const START_LIMIT_MS = 60_000;

async function addressOf(browser) {
  const lines = createInterface({ input: browser.stderr, signal: AbortSignal.timeout(START_LIMIT_MS) });
  for await (const line of lines) {
    const address = /^DevTools listening on (ws:\S+)/.exec(line)?.[1];
    if (address) return address;
  }
  throw new Error("Chromium did not say where it listens");
}

/** One connection: `send` asks and waits for the answer, `listen` is told of events. */
async function connect(address) {
  const socket = new WebSocket(address);
  await once(socket, "open", { signal: AbortSignal.timeout(START_LIMIT_MS) });
  const waiting = new Map();
  const listeners = new Set();
  let next = 1;
  socket.addEventListener("message", ({ data }) => {
    const message = JSON.parse(data);
    if (!message.id) return listeners.forEach((listener) => listener(message));
    const { done, fail, method } = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.error) fail(new Error(`${method}: ${message.error.message}`));
    else done(message.result);
  });
  socket.addEventListener("close", () => {
    for (const { fail, method } of waiting.values()) fail(new Error(`${method}: the browser is gone`));
  });
  return {
    send: (method, params = {}, sessionId) =>
      new Promise((done, fail) => {
        waiting.set(next, { done, fail, method });
        socket.send(JSON.stringify({ id: next++, method, params, sessionId }));
      }),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** A page in a context of its own, which has been nowhere. */
async function openPage({ send }) {
  const { browserContextId } = await send("Target.createBrowserContext");
  const { targetId } = await send("Target.createTarget", { url: "about:blank", browserContextId });
  const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
  return {
    send: (method, params) => send(method, params, sessionId),
    goto: (url) => send("Page.navigate", { url }, sessionId),
    close: () => send("Target.disposeBrowserContext", { browserContextId }),
  };
}

/** All events of these categories while `work` is done. */
async function trace({ send, listen }, includedCategories, work) {
  const events = [];
  const complete = Promise.withResolvers();
  const forget = listen(({ method, params }) => {
    if (method === "Tracing.dataCollected") events.push(...params.value);
    if (method === "Tracing.tracingComplete") complete.resolve();
  });
  await send("Tracing.start", { traceConfig: { includedCategories }, transferMode: "ReportEvents" });
  try {
    await work();
  } finally {
    await send("Tracing.end");
    await complete.promise;
    forget();
  }
  return events;
}

export async function startBareChromium() {
  const profile = await mkdtemp(join(tmpdir(), "laifang-chromium-"));
  const { executablePath, args } = config.use.launchOptions;
  const own = ["--headless", "--remote-debugging-port=0", "--no-first-run", `--user-data-dir=${profile}`, "about:blank"];
  const browser = spawn(executablePath, [...args, ...own], { stdio: ["ignore", "ignore", "pipe"], detached: true });
  const kill = () => process.kill(-browser.pid, "SIGKILL");
  process.once("exit", kill);
  const stop = async () => {
    process.off("exit", kill);
    kill();
    await once(browser, "exit");
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    const connection = await connect(await addressOf(browser));
    browser.stderr.resume();
    const { product } = await connection.send("Browser.getVersion");
    return {
      version: product.split("/")[1],
      open: () => openPage(connection),
      /** Shows a page that nothing is attached to. */
      show: (url) => connection.send("Target.createTarget", { url }),
      trace: (categories, work) => trace(connection, categories, work),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
