// `laifang deploy`: the counter on the owner's Cloudflare account, by Cloudflare's own tool.
//
// Asks what it needs to know, creates the KV namespace, writes the configuration into the owner's folder,
// deploys, sets the owner's token and checks the live address. Run again, it updates: nothing is made twice.
// Out of scope: DNS, which the owner's zone has.
import { join, resolve } from "node:path";
import { ASSETS_FOLDER, deploymentOf, FILE_NAME, previousDeployment, writeDeployment } from "./deployment.mjs";
import { Failure } from "./failure.mjs";
import { checkLive } from "./live_check.mjs";
import { addressOf, hostOf, listOf, readOptions, sitesOf } from "./options.mjs";
import { checkToken, givenToken, newToken } from "./owner_token.mjs";
import { publishAssets } from "./published_assets.mjs";
import { VERSION } from "./release.mjs";
import { helpOf, t } from "./speech.mjs";
import { ask, askSecret, isAttended } from "./terminal.mjs";
import { checkVariables } from "./variables.mjs";
import { isLoggedIn, jsonIn, LOG_IN, logIn, typed, wrangler } from "./wrangler.mjs";

export const HELP = helpOf("deploy");

const OPTIONS = {
  site: { type: "string", multiple: true },
  domain: { type: "string" },
  "workers-dev": { type: "boolean" },
  "tag-pages": { type: "string", multiple: true },
  "token-file": { type: "string" },
  "new-token": { type: "boolean" },
  name: { type: "string" },
  folder: { type: "string", default: "." },
  address: { type: "string" },
  "dry-run": { type: "boolean", default: false },
};
const ABOUT_DOMAINS = t`
The counter needs an address of its own. Addresses under *.workers.dev are blocked or unreliable in mainland China:
visitors there would see no number. Name a host of a domain whose zone is on your Cloudflare account, such as
count.example.cn; it is set up for you. Only without visitors from there leave it empty for *.workers.dev.`;
const NO_NAMESPACE_YET = t`(made by the second command)`;

function nameOf(text) {
  if (/^[a-z0-9]([a-z0-9-]{0,52}[a-z0-9])?$/.test(text)) return text;
  throw new Failure(t`--name takes small letters, digits and hyphens, not “${text}”.`);
}

function domainOf(text) {
  const host = hostOf(text);
  if (host?.includes(".") && host === text.toLowerCase().replace(/^https?:\/\//, "").replace(/\/$/, "")) return host;
  throw new Failure(t`“${text}” is not a host to put the counter at. Write one such as count.example.cn.`);
}

function someSites(text) {
  const sites = sitesOf(text);
  if (sites.length) return sites;
  throw new Failure(t`Name at least one site whose pages may count, such as example.cn.`);
}

async function chosenSites(options, previous) {
  const before = previous?.vars?.SITES ?? "";
  if (options.site) return someSites(options.site);
  if (isAttended()) return ask(t`Sites whose pages may count, separated by spaces:`, { preset: before, check: someSites });
  if (before) return someSites(before);
  throw new Failure(t`name the sites whose pages may count with --site example.cn.`);
}

async function chosenDomain(options, previous) {
  if (options.domain && options["workers-dev"]) throw new Failure(t`--domain and --workers-dev exclude each other.`);
  if (options["workers-dev"]) return undefined;
  if (options.domain) return domainOf(options.domain);
  const before = previous?.routes?.find((route) => route.custom_domain)?.pattern;
  if (previous && !isAttended()) return before;
  if (!isAttended()) throw new Failure(t`name the counter's address with --domain count.example.cn, or say --workers-dev if no visitor is in mainland China.`);
  console.log(ABOUT_DOMAINS);
  return ask(t`The counter's address:`, { preset: before, check: (text) => (text ? domainOf(text) : undefined) });
}

/** Hosts whose pages get the tag from the Worker itself; as before, where nothing is said. */
function chosenTagHosts(options, previous) {
  const given = options["tag-pages"];
  const hosts = listOf(given ?? previous?.vars?.TAG_HOSTS ?? "").filter((host) => host !== "none");
  checkVariables({ TAG_HOSTS: hosts.join(" ") });
  return hosts;
}

const madeToken = () => ({ value: newToken(), isMade: true });

/** The token to set, and whether its owner has yet to see it; undefined to keep the one that is set. */
async function chosenToken(options, previous) {
  const given = givenToken(options["token-file"]);
  if (given) return { value: given };
  if (options["new-token"]) return madeToken();
  if (previous) return undefined;
  if (!isAttended() || options["dry-run"]) return madeToken();
  const answer = await askSecret(t`The owner's token, for the console and import (nothing shows as you type; Enter makes a new one):`);
  return answer ? { value: checkToken(answer) } : madeToken();
}

async function settingsOf(words) {
  const options = readOptions(words, OPTIONS);
  const folder = resolve(options.folder);
  const previous = previousDeployment(folder);
  checkVariables(previous?.vars);
  const sites = await chosenSites(options, previous);
  const domain = await chosenDomain(options, previous);
  return {
    folder,
    previous,
    sites,
    domain,
    tagHosts: chosenTagHosts(options, previous),
    name: nameOf(options.name ?? previous?.name ?? "laifang"),
    token: await chosenToken(options, previous),
    address: options.address && addressOf(options.address, "--address"),
    namespace: previous?.kv_namespaces?.[0]?.id,
    isDryRun: options["dry-run"],
  };
}

const titleOf = ({ name }) => `${name}-counts`;
const inFolder = ({ folder }) => `${folder}/${FILE_NAME}`;
const LIST = ["kv", "namespace", "list"];
const creation = (settings) => ["kv", "namespace", "create", titleOf(settings)];
const deployment = (file) => ["deploy", "--config", file];
const secret = (verb, file) => ["secret", ...verb, "--config", file];

const addressToBe = ({ address, domain }) => address ?? (domain ? `https://${domain}` : t`the workers.dev address`);

/** Shows everything that would be done. */
function showPlan(settings) {
  const file = inFolder(settings);
  const namespace = settings.namespace ?? NO_NAMESPACE_YET;
  const steps = [
    ...(settings.namespace ? [] : [typed(LIST), `${typed(creation(settings))}   # ${t`unless the list has it`}`]),
    `${t`write ${file}:`}\n${JSON.stringify(deploymentOf({ ...settings, namespace }), null, 2)}`,
    t`put what visitors download into ${join(settings.folder, ASSETS_FOLDER)}; what the release before had there under names with a fingerprint stays`,
    typed(deployment(file)),
    typed(secret(["list"], file)),
    ...(settings.token ? [`${typed(secret(["put", "ADMIN_TOKEN"], file))}   # ${t`the token goes in by standard input, unseen`}`] : []),
    t`check ${addressToBe(settings)}: health, widget.js, a preflight, a page of nobody's, reading counts`,
  ];
  console.log(t`This is what would be done; nothing was.\n`);
  for (const [index, step] of steps.entries()) console.log(`${index + 1}. ${step}\n`);
}

async function namespaceOf(settings) {
  if (settings.namespace) return settings.namespace;
  const listed = async () => {
    const namespaces = jsonIn(await wrangler(LIST, { purpose: t`listing the KV namespaces` }), t`listing the KV namespaces`);
    return namespaces.find(({ title }) => title === titleOf(settings))?.id;
  };
  const before = await listed();
  if (before) return before;
  await wrangler(creation(settings), { purpose: t`creating the KV namespace ${titleOf(settings)}` });
  const made = await listed();
  if (made) return made;
  throw new Failure(t`the KV namespace ${titleOf(settings)} was created but is not in the list yet. Wait a minute, then run this again.`);
}

async function setToken(settings, file) {
  const isSet = jsonIn(await wrangler(secret(["list"], file), { purpose: t`listing the secrets` }), t`listing the secrets`).some(({ name }) => name === "ADMIN_TOKEN");
  const token = settings.token ?? (isSet ? undefined : madeToken());
  if (!token) return undefined;
  await wrangler(secret(["put", "ADMIN_TOKEN"], file), { purpose: t`setting the owner's token`, input: `${token.value}\n` });
  if (token.isMade) console.log(t`\nThe owner's token, shown this once; keep it where you keep passwords:\n\n  ${token.value}\n`);
  return token.value;
}

function addressIn(output, { address, domain }) {
  const found = address ?? (domain ? `https://${domain}` : /https:\/\/[\w.-]+\.workers\.dev/.exec(output)?.[0]);
  if (found) return found;
  throw new Failure(t`the counter is deployed, but wrangler did not say where. Look its address up at https://dash.cloudflare.com/ and run this again with --address.`);
}

function nextSteps(base) {
  return t`
The counter runs. Paste this line into your pages:

  <script async crossorigin src="${base}/widget.js" data-share></script>

Numbers and settings: ${base}/console   How to paste it, and more: ${base}/docs/`;
}

/** Deploys. */
export async function run(words) {
  const settings = await settingsOf(words);
  if (settings.isDryRun) return showPlan(settings);
  if (!(await isLoggedIn())) {
    if (!isAttended()) throw new Failure(t`nobody is logged in to Cloudflare. ${LOG_IN}`);
    await logIn();
  }
  const namespace = await namespaceOf(settings);
  const file = writeDeployment(settings.folder, deploymentOf({ ...settings, namespace }));
  console.log(t`wrote ${file}`);
  publishAssets(join(settings.folder, ASSETS_FOLDER));
  const output = await wrangler(deployment(file), { purpose: t`deploying`, shown: true });
  const token = await setToken(settings, file);
  const base = addressIn(output, settings);
  await checkLive(base, { site: settings.sites.find((site) => !site.startsWith("*.")), token, version: VERSION });
  console.log(nextSteps(base));
}
