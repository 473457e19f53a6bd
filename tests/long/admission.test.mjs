// Whatever Node's parser lets through to the gateway: what is admitted has one host, one path and a body only where
// its method has one. Random requests over a raw socket; the seed is printed, SEED repeats a run.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { test } from "node:test";
import { admit, declaredLength, hasBody } from "../../edge/cli/admission.mjs";

const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
const ROUNDS = 20_000;

/** Mulberry32: a seed is a run. */
let state = seed;
const random = () => {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
};
const pick = (list) => list[Math.floor(random() * list.length)];

const METHODS = ["GET", "POST", "PUT", "HEAD", "DELETE", "OPTIONS", "TRACE", "M-SEARCH", "CONNECT", "PATCH", "get"];
const TARGETS = ["/", "/v1/hits", "//cdn-cgi/a", "/CDN-CGI/x", "/a/../cdn-cgi/x", "/%63dn-cgi/x", "/./cdn-cgi", "*", "http://x/cdn-cgi/a", "/\\cdn-cgi/x", "/a?b=//c#d", "//x@y/z", "/[", "/%"];
const HEADERS = ["Host: example.cn", "host: a b", "Host: x:99999", "Host: [::", "Host: a/b", "Host: a@b", "Transfer-Encoding: chunked", "Transfer-Encoding: gzip, chunked", "transfer-encoding:chunked", "Transfer-Encoding: identity", "Content-Length: 5", "Content-Length: +5", "Content-Length: 0", "Content-Length: 5, 5", "X:  y", "Origin: null", "X-Long: " + "a".repeat(300)];

/** A request of pieces that have confused servers, sometimes with a byte changed. */
function randomRequest() {
  const headers = Array.from({ length: Math.floor(random() * 5) }, () => pick(HEADERS));
  if (random() < 0.7) headers.unshift("Host: example.cn");
  const line = `${pick(METHODS)} ${pick(TARGETS)} HTTP/1.${pick(["1", "1", "1", "0"])}`;
  const body = pick(["", "hello", "5\r\nhello\r\n0\r\n\r\n", "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"]);
  const bytes = Buffer.from([line, ...headers, "", body].join("\r\n"), "latin1");
  if (random() < 0.4) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
  return bytes;
}

function checkAdmitted(request, path) {
  const { method, headers, rawHeaders } = request;
  const says = JSON.stringify({ method, url: request.url, rawHeaders, path });
  assert.ok(["GET", "HEAD", "DELETE", "OPTIONS", "POST", "PUT"].includes(method), says);
  assert.ok(!hasBody(request) || method === "POST" || method === "PUT", says);
  assert.ok(rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === "host").length <= 1, says);
  const { host, pathname } = new URL(path, `http://${headers.host ?? "localhost"}`);
  assert.ok(host !== "" && !host.includes("@"), says);
  assert.equal(pathname, path, `the path is its own: ${says}`);
  const { pathname: read } = new URL(`http://example.cn${request.url}`);
  assert.equal(read.replace(/^\/+/, "/"), path, `the runtime reads it so: ${says}`);
  assert.doesNotMatch(path, /^\/cdn-cgi(\/|$)/i, says);
  const encoding = headers["transfer-encoding"];
  assert.ok(encoding === undefined || encoding.toLowerCase() === "chunked", says);
  const length = declaredLength(request);
  assert.ok(length === undefined || (Number.isSafeInteger(length) && encoding === undefined), says);
}

test(`what is admitted has one host, one path and a body only where it may (seed ${seed})`, { timeout: 120_000 }, async (t) => {
  const seen = { admitted: 0, refused: 0 };
  const failures = [];
  const server = createServer({ insecureHTTPParser: false }, (request, response) => {
    try {
      const { path, problem } = admit(request);
      assert.notEqual(path === undefined, problem === undefined, "a path or a problem");
      if (problem) assert.ok([400, 404, 405].includes(problem.status) && problem.detail.length < 2000);
      else checkAdmitted(request, path);
      seen[problem ? "refused" : "admitted"] += 1;
    } catch (error) {
      failures.push(error);
    }
    request.resume();
    response.end();
  });
  server.on("clientError", (_, socket) => socket.destroy());
  server.on("connect", (_, socket) => socket.destroy());
  await once(server.listen(0, "127.0.0.1"), "listening");
  t.after(() => server.close());
  for (let round = 0; round < ROUNDS; round += 1) {
    const socket = connect(server.address().port, "127.0.0.1");
    socket.on("error", () => {});
    socket.resume().end(randomRequest());
    await once(socket, "close");
    if (failures.length > 0) throw failures[0];
  }
  assert.ok(seen.admitted > ROUNDS / 20 && seen.refused > ROUNDS / 20, JSON.stringify(seen));
});
