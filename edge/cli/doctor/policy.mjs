// What one Content-Security-Policy forbids of the tag and of what it does, decided as browsers do.
import { hasSource } from "./source_list.mjs";

const SCRIPTS = ["script-src-elem", "script-src", "default-src"];
const WASM = ["script-src", "default-src"];
const REQUESTS = ["connect-src", "default-src"];

/** The directive that decides, with its list; undefined where none does. */
function deciding(policy, names) {
  const name = names.find((candidate) => policy.has(candidate));
  return name && { name, sources: policy.get(name) };
}

const has = (list, word) => list.some((source) => source.toLowerCase() === word);

/** Whether a script may run: by its nonce or hash, else by its address, unless only those that are trusted may bring others. */
function mayRun({ sources }, { url, nonce, integrity }, pageUrl, isInserted) {
  if (nonce && sources.includes(`'nonce-${nonce}'`)) return true;
  if (integrity && integrity.split(/\s+/).every((hash) => sources.includes(`'${hash}'`))) return true;
  return has(sources, "'strict-dynamic'") ? isInserted : hasSource(sources, url, pageUrl);
}

const fault = (kind, { name, sources }) => ({ kind, rule: [name, ...sources].join(" "), ...(has(sources, "'strict-dynamic'") && { isByNonce: true }) });

function* scriptFaults(policy, tag, pageUrl) {
  const rule = deciding(policy, SCRIPTS);
  if (!rule) return;
  // Its parts have its nonce, and no hash that a policy names.
  const part = { url: `${tag.base}widget-0.js`, nonce: tag.nonce };
  if (!mayRun(rule, tag, pageUrl, false) || !mayRun(rule, part, pageUrl, true)) yield fault("script", rule);
}

const allowsWasm = (rule) => !rule || has(rule.sources, "'wasm-unsafe-eval'") || has(rule.sources, "'unsafe-eval'");

function* wasmFaults(policy) {
  const rule = deciding(policy, WASM);
  if (!allowsWasm(rule)) yield fault("wasm", rule);
}

function* requestFaults(policy, tag, pageUrl) {
  const rule = deciding(policy, REQUESTS);
  const asked = ["v1/hits", ...(allowsWasm(deciding(policy, WASM)) ? ["widget-0.wasm"] : [])];
  if (rule && !asked.every((path) => hasSource(rule.sources, tag.base + path, pageUrl))) yield fault("request", rule);
}

// The loader makes its policy wherever it can, required or not.
function* typeFaults(policy) {
  const rule = deciding(policy, ["trusted-types"]);
  if (rule && !rule.sources.includes("laifang") && !rule.sources.includes("*")) yield fault("type", rule);
}

function* sandboxFaults(policy) {
  const rule = deciding(policy, ["sandbox"]);
  if (rule && !(has(rule.sources, "allow-scripts") && has(rule.sources, "allow-same-origin"))) yield fault("sandbox", rule);
}

/** What the policy forbids: `{kind, rule}` each, `kind` being script, request, type, sandbox or wasm. */
export function faultsOf(policy, tag, pageUrl) {
  return [...scriptFaults(policy, tag, pageUrl), ...requestFaults(policy, tag, pageUrl), ...typeFaults(policy), ...sandboxFaults(policy), ...wasmFaults(policy)];
}
