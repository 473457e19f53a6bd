// The response headers of every route and of every kind of file, as `laifang serve` sends them: one table.
import { test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { BROWSER, DIST, TOKEN, emptyFolder, newId, serve } from "./command.mjs";

const RELEASE = JSON.parse(readFileSync(join(DIST, "release.json"), "utf8"));
const NO_STORE = { "cache-control": "no-store" };
const PUBLIC = { "access-control-allow-origin": "*", "x-content-type-options": "nosniff" };
const JSON_BODY = { "content-type": "application/json" };
const PROBLEM = { "content-type": "application/problem+json", ...NO_STORE };
const OWNER = { "access-control-allow-origin": null, "x-content-type-options": "nosniff", ...NO_STORE };
const FILE = { ...PUBLIC, "cross-origin-resource-policy": "cross-origin", "timing-allow-origin": "*" };
const FOREVER = { "cache-control": "public, max-age=31536000, immutable" };
const PICTURE = { ...PUBLIC, "content-type": "image/svg+xml; charset=utf-8", "content-security-policy": /^default-src 'none'; sandbox; style-src 'sha256-/ };
/** A page of ours: nothing from elsewhere, no inline script, no markup from strings. */
const page = (policy) => ({
  "x-content-type-options": "nosniff",
  "content-type": /^text\/html/,
  "content-security-policy": new RegExp(`^default-src 'none'; script-src 'self'[^;]*;.*base-uri 'none'; form-action 'none'.*require-trusted-types-for 'script'; trusted-types ${policy}(;|$)`),
});

const hit = () => JSON.stringify({ url: "http://localhost/a", id: newId() });
const share = () => JSON.stringify({ url: "http://localhost/a", network: "weibo", id: newId() });
const owner = { Authorization: `Bearer ${TOKEN}` };

// Method, path, status, headers (null: absent), and what is sent.
const ROUTES = [
  ["POST", "/v1/hits", 200, { ...PUBLIC, ...JSON_BODY, ...NO_STORE }, { body: hit }],
  ["POST", "/v1/hits", 400, { ...PUBLIC, ...PROBLEM }, { body: () => "{" }],
  ["POST", "/v1/hits", 403, { ...PUBLIC, ...PROBLEM }, { body: hit, headers: { Origin: "null" } }],
  ["GET", "/v1/hits", 405, { ...PUBLIC, ...PROBLEM, allow: /POST/ }],
  ["OPTIONS", "/v1/hits", 204, { ...PUBLIC, "access-control-allow-methods": /POST/ }],
  ["POST", "/v1/shares", 200, { ...PUBLIC, ...JSON_BODY, ...NO_STORE }, { body: share }],
  ["OPTIONS", "/v1/shares", 204, PUBLIC],
  ["GET", "/v1/counts?site=localhost", 200, { ...PUBLIC, ...JSON_BODY, "cache-control": "public, max-age=30" }],
  ["GET", "/v1/counts?site=elsewhere.example", 403, { ...PUBLIC, ...PROBLEM }],
  ["GET", "/v1/counter.svg?site=localhost", 200, PICTURE],
  ["GET", "/v1/hit.svg?url=http://localhost/a", 200, { ...PICTURE, ...NO_STORE }, { headers: { Referer: "http://localhost/a" } }],
  ["GET", "/v1/health", 200, { ...PUBLIC, ...JSON_BODY, ...NO_STORE }],
  ["GET", "/openapi.json", 200, { ...PUBLIC, "content-type": /^application\/json/ }],
  ["GET", "/v1/nothing", 404, { ...PUBLIC, ...PROBLEM }],
  ["GET", "/v1/sites", 401, { ...OWNER, "www-authenticate": "Bearer" }],
  ["GET", "/v1/sites", 200, { ...OWNER, ...JSON_BODY }, { headers: owner }],
  ["GET", "/v1/visitor", 200, { ...OWNER, ...JSON_BODY }, { headers: owner }],
  ["GET", "/v1/sites/localhost", 200, { ...OWNER, ...JSON_BODY }, { headers: owner }],
  ["PUT", "/v1/sites/localhost", 200, { ...OWNER, ...JSON_BODY }, { headers: owner, body: () => "{}" }],
  ["GET", "/v1/sites/localhost/stats", 200, { ...OWNER, ...JSON_BODY }, { headers: owner }],
  ["GET", "/v1/sites/localhost/export", 200, { ...OWNER, "content-type": "application/x-ndjson" }, { headers: owner }],
  ["POST", "/v1/sites/localhost/import?dry_run=1", 200, { ...OWNER, ...JSON_BODY }, { headers: owner, body: () => "page,views,visitors\n/a,9,9\n" }],
  ["POST", "/v1/sites/localhost/import", 400, OWNER, { headers: owner, body: () => "nonsense" }],
  ["OPTIONS", "/v1/sites", 204, { "access-control-allow-origin": null }],
  ["DELETE", "/v1/sites/localhost", 200, { ...OWNER, ...JSON_BODY }, { headers: owner }],
];

const PAGES = [
  ["GET", "/", 200, page("'none'")],
  ["GET", "/docs/", 200, { ...page("laifang"), "content-security-policy": /frame-ancestors 'none'/ }],
  ["GET", "/docs/api", 200, page("laifang")],
  ["GET", "/demo/preview", 200, page("laifang preview")],
  ["GET", "/console/", 200, { ...page("'none'"), "access-control-allow-origin": null, "referrer-policy": "no-referrer", "cross-origin-opener-policy": "same-origin" }],
  ["GET", "/console/console.js", 200, { "access-control-allow-origin": null, "x-content-type-options": "nosniff" }],
  ["GET", "/widget.js", 200, { ...FILE, "cache-control": "public, max-age=300", "content-type": /javascript/ }],
  ["GET", RELEASE.path, 200, { ...FILE, ...FOREVER, "content-type": /javascript/ }],
  ["OPTIONS", "/widget.js", 204, { "access-control-allow-origin": "*" }],
  ["GET", "/no-such-file.js", 404, { "x-content-type-options": "nosniff" }],
];

test("every route and page carries the headers of its kind", async (t) => {
  const served = await serve(t, [], { cwd: await emptyFolder(t), env: { ADMIN_TOKEN: TOKEN } });
  for (const [method, path, status, expected, { body, headers } = {}] of [...ROUTES, ...PAGES]) {
    const response = await fetch(served.url + path, { method, body: body?.(), headers: { ...BROWSER, ...headers }, redirect: "manual" });
    assertHeaders(response, status, expected, `${method} ${path}`);
  }
});

test("every file with a fingerprint is immutable and may be read from any page", async (t) => {
  const served = await serve(t, [], { cwd: await emptyFolder(t) });
  const files = (await readdir(join(DIST, "assets"))).filter((name) => /^\w+-[0-9a-f]{10}\./.test(name));
  assert.ok(files.length >= 8, files.join());
  for (const file of files) {
    const response = await fetch(`${served.url}/${file}`);
    assertHeaders(response, 200, { ...FILE, ...FOREVER, "content-type": file.endsWith(".wasm") ? "application/wasm" : /javascript/ }, file);
  }
});

function assertHeaders(response, status, expected, what) {
  assert.equal(response.status, status, what);
  for (const [name, value] of Object.entries(expected)) {
    const found = response.headers.get(name);
    if (value instanceof RegExp) assert.match(found ?? "", value, `${what}: ${name}`);
    else assert.equal(found, value, `${what}: ${name}`);
  }
}
