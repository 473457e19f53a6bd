// `laifang serve`: the Worker on workerd on the owner's machine, behind any web server.
//
// Prints `ready http://localhost:PORT` once /v1/health answers through the door visitors use. Counts are in the
// data folder; whatever ends this, SIGKILL included, an acknowledged hit is kept. Out of scope: TLS.
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { closeGateway, openGateway } from "./gateway.mjs";
import { claimFolder } from "./data_folder.mjs";
import { Failure } from "./failure.mjs";
import { givenToken } from "./owner_token.mjs";
import { publishAssets } from "./published_assets.mjs";
import { LOG_LEVELS, Observer, openMetrics } from "./metrics.mjs";
import { listOf, numberOf, readOptions, sitesOf, variablesOf } from "./options.mjs";
import { PACKAGE_FOLDER } from "./release.mjs";
import { helpOf, t } from "./speech.mjs";
import { checkSystem } from "./system.mjs";
import { plainAddress, TrustedProxies } from "./trusted_proxies.mjs";
import { checkVariables } from "./variables.mjs";
import { startHost } from "../local/host.mjs";

export const HELP = helpOf("serve");

const OPTIONS = {
  site: { type: "string", multiple: true },
  port: { type: "string", default: "8787" },
  host: { type: "string", default: "127.0.0.1" },
  data: { type: "string", default: "laifang-data" },
  "trusted-proxy": { type: "string", multiple: true },
  "token-file": { type: "string" },
  "metrics-port": { type: "string" },
  "log-requests": { type: "string", default: "off" },
  var: { type: "string", multiple: true },
};
const LOCAL_SITES = ["localhost", "127.0.0.1"];
const STOP_WITHIN_MS = 5000;

function settingsOf(words) {
  const options = readOptions(words, OPTIONS);
  const sites = sitesOf(options.site);
  const token = givenToken(options["token-file"]);
  if (!sites.length) console.log(t`no --site was given: only pages on ${LOCAL_SITES.join(", ")} count, for trying it out.`);
  if (!token) console.log(t`no owner's token was given (ADMIN_TOKEN or --token-file): the console and import are off. To turn them on, start with ADMIN_TOKEN set to 16 characters or more.`);
  const vars = checkVariables(variablesOf(options.var));
  if (vars.TAG_HOSTS) throw new Failure(t`TAG_HOSTS is for Cloudflare. Here the web server in front puts the tag into pages: see the page “I have nginx and a static site” of the documentation.`);
  const level = options["log-requests"];
  if (!LOG_LEVELS.includes(level)) throw new Failure(t`--log-requests takes off, errors or all, not “${level}”.`);
  return {
    level,
    metricsPort: options["metrics-port"] === undefined ? undefined : numberOf(options["metrics-port"], "--metrics-port", { least: 1, most: 65535 }),
    host: options.host,
    port: numberOf(options.port, "--port", { least: 0, most: 65535 }),
    data: options.data,
    proxies: new TrustedProxies(listOf(options["trusted-proxy"])),
    vars: {
      ...vars,
      SITES: (sites.length ? sites : LOCAL_SITES).join(" "),
      ADMIN_TOKEN: token ?? "",
    },
  };
}

/** Whether a request names nobody but the owner's own machines, as one from the web server's machine does. */
function namesOwnMachines(proxies, headers) {
  const named = [headers["x-real-ip"] ?? "", ...(headers["x-forwarded-for"] ?? "").split(",")].map(plainAddress).filter(Boolean);
  return named.length > 0 && named.every((address) => proxies.has(address));
}

/** Who the visitor is; says so, once, if an unnamed proxy makes all visitors one. */
function visitorFinder(proxies) {
  let warned = false;
  return (peer, headers) => {
    const visitor = proxies.visitorOf(peer, headers);
    if (!warned && (headers["x-forwarded-for"] || headers["x-real-ip"]) && !namesOwnMachines(proxies, headers) && proxies.visitorOf(peer, {}) === visitor) {
      warned = true;
      console.error(
        t`laifang: a request names its visitor in X-Forwarded-For or X-Real-IP, but was not believed; it counts as a visit from ${visitor}. If ${visitor} is a web server of yours, start with --trusted-proxy ${visitor} and let it set both headers.`,
      );
    }
    return visitor;
  };
}

function refusal(error, { host, port, metricsPort }) {
  if (error.code === "EADDRINUSE" && error.port === metricsPort) return new Failure(t`port ${metricsPort}, for metrics, is taken by another program. Choose another with --metrics-port.`);
  if (error.code === "EADDRINUSE") return new Failure(t`port ${port} is taken by another program. Stop what uses it, or choose another with --port.`);
  if (error.code === "EACCES") return new Failure(t`port ${port} needs more rights than this user has. Choose another with --port.`);
  if (["EADDRNOTAVAIL", "ENOTFOUND", "EINVAL"].includes(error.code)) return new Failure(t`this machine has no address ${host}. Choose one with --host.`);
  return error;
}

async function assertHealthy(port, host) {
  const name = ["0.0.0.0", "::"].includes(host) ? "127.0.0.1" : host;
  const address = `http://${name.includes(":") ? `[${name}]` : name}:${port}/v1/health`;
  const health = await fetch(address).then((response) => response.json(), () => undefined);
  if (health?.status !== "ok") throw new Failure(t`the counter started but does not answer at ${address}. Start it again; if that does not help, look for a firewall on this machine.`);
}

/** Serves until told to stop. */
export async function run(words) {
  checkSystem();
  // Whatever rights a data folder has that was there before: what is made in it is for nobody else.
  process.umask(0o077);
  const settings = settingsOf(words);
  const claim = await claimFolder(settings.data);
  process.once("exit", claim.release);
  const assets = publishAssets(join(claim.folder, "assets"));
  const key = randomBytes(32).toString("hex");
  const worker = await startHost({ dist: PACKAGE_FOLDER, assets, state: claim.folder, vars: { ...settings.vars, GATEWAY_KEY: key }, front: false, onWorkerd: claim.name, lock: claim.lock });
  const observer = settings.level !== "off" || settings.metricsPort ? new Observer(settings) : undefined;
  const begin = async () => {
    if (settings.metricsPort) await openMetrics({ host: settings.host, port: settings.metricsPort, observer, worker, key, token: settings.vars.ADMIN_TOKEN, sites: settings.vars.SITES.split(" ") });
    return openGateway({ ...settings, upstreamPort: worker.port, visitorOf: visitorFinder(settings.proxies), observer, token: settings.vars.ADMIN_TOKEN, key });
  };
  const gateway = await begin().catch(async (error) => {
    await worker.stop();
    throw refusal(error, settings);
  });
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    await closeGateway(gateway, STOP_WITHIN_MS);
    await worker.stop();
    process.exit(0);
  };
  // Miniflare's own handlers would end this at once, with hits under way.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.removeAllListeners(signal).on(signal, stop);
  worker.exited.then(({ signal, code, expected }) => {
    if (expected || stopping) return;
    console.error(t`laifang: workerd ended unexpectedly (${signal ?? code}). What was counted is kept; start again.`);
    process.exit(1);
  });
  const { port } = gateway.address();
  await assertHealthy(port, settings.host);
  console.log(`ready http://localhost:${port}`);
}
