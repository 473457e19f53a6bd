// Drives the system's WebKitGTK by its own WebKitWebDriver, on a screen of its own (Xvfb).
//
// A session is a browser; each page gets one. WebKitGTK can't be told where a host is, so it goes through
// the site's proxy, which knows. Out of scope: any command of WebDriver the scenarios don't use.
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { eventually } from "../edge/worker.mjs";

const KEYS = { Enter: "\uE007", Escape: "\uE00C", Tab: "\uE004" };
const COMMAND_LIMIT_MS = 60_000;

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  return port;
}

/** A program and all it starts, ended together, at the latest with this process. */
function startGroup(command, args, options) {
  const child = spawn(command, args, { ...options, detached: true });
  const kill = () => {
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch (error) {
      if (error.code !== "ESRCH") throw error;
    }
  };
  process.once("exit", kill);
  child.stop = async () => {
    const ended = child.exitCode ?? child.signalCode ?? once(child, "exit");
    kill();
    await ended;
    process.off("exit", kill);
  };
  return child;
}

/** A screen nobody looks at; Xvfb chooses a free number and writes it to its third descriptor. */
async function startScreen() {
  const xvfb = startGroup("Xvfb", ["-displayfd", "3", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const [number] = await once(createInterface({ input: xvfb.stdio[3] }), "line", { signal: AbortSignal.timeout(COMMAND_LIMIT_MS) });
  return { display: `:${number}`, stop: xvfb.stop };
}

async function command(base, method, path, body) {
  const response = await fetch(base + path, {
    method,
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(COMMAND_LIMIT_MS),
  });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`WebDriver ${path}: ${value.error}: ${value.message}`);
  return value;
}

const capabilities = (proxyPort) => ({
  alwaysMatch: {
    "webkitgtk:browserOptions": { args: ["--automation"] },
    proxy: { proxyType: "manual", httpProxy: `127.0.0.1:${proxyPort}` },
    timeouts: { script: COMMAND_LIMIT_MS, pageLoad: COMMAND_LIMIT_MS },
  },
});

function tabOf(base, sessionId) {
  const call = (method, path, body) => command(base, method, `/session/${sessionId}${path}`, body);
  const press = (value) => [{ type: "keyDown", value }, { type: "keyUp", value }];
  const tab = {
    goto: (url) => call("POST", "/url", { url }),
    async evaluate(run, argument) {
      const script = `const done = arguments[1];
        Promise.resolve((${run})(arguments[0])).then((value) => done({ value }), (error) => done({ error: String(error) }))`;
      const { value, error } = await call("POST", "/execute/async", { script, args: [argument ?? null] });
      if (error) throw new Error(error);
      return value;
    },
    addScript: (script) => call("POST", "/execute/sync", { script, args: [] }),
    press: (key) => call("POST", "/actions", { actions: [{ type: "key", id: "keyboard", actions: press(KEYS[key]) }] }),
    reload: () => call("POST", "/refresh", {}),
    close: () => call("DELETE", ""),
  };
  return tab;
}

export async function startWebKit({ proxyPort }) {
  const screen = await startScreen();
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const driver = startGroup("WebKitWebDriver", [`--port=${port}`], {
    env: { ...process.env, DISPLAY: screen.display, GDK_BACKEND: "x11", NO_AT_BRIDGE: "1" },
    stdio: "ignore",
  });
  const open = () => command(base, "POST", "/session", { capabilities: capabilities(proxyPort) });
  const engine = {
    async open() {
      return tabOf(base, (await open()).sessionId);
    },
    async stop() {
      await driver.stop();
      await screen.stop();
    },
  };
  try {
    await eventually(() => command(base, "GET", "/status"));
    const { sessionId, capabilities } = await open();
    await tabOf(base, sessionId).close();
    return { ...engine, name: "WebKitGTK", version: capabilities.browserVersion };
  } catch (error) {
    await engine.stop();
    throw error;
  }
}
