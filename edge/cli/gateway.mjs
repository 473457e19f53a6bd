// Stands where Cloudflare's edge stands: takes every connection, says who the visitor is, hands the request on
// to workerd, and streams both ways.
//
// Why it is there: workerd, as it is run here, believes a client that names its own address, and answers
// addresses below /cdn-cgi/ meant for development. Neither gets past this. What a request may look like is
// `admission`'s. A body is always framed anew and only sent where the method has one: bytes that workerd could
// take for another request never reach it. Out of scope: TLS and compression, which the web server in front does.
import { timingSafeEqual } from "node:crypto";
import { Agent, createServer, request as send } from "node:http";
import { pipeline } from "node:stream";
import { admit, declaredLength, hasBody } from "./admission.mjs";
import { relativeLocation } from "./relative_location.mjs";
import { inTurn } from "./turns.mjs";
import { readWhole } from "./whole_answer.mjs";

const HOP_BY_HOP = ["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "expect"];
/** What only the edge may say (cf-), and what only the runtime may say to itself (mf-). */
const RESERVED = /^(cf|mf)-/;

/** Tells workerd that a request comes by here, and not from another program of this machine (`edge/src/entry.js`). */
export const KEY_HEADER = "cf-laifang-gateway";

/** Above what the public routes take (8 KiB), so that the Worker says where their limit is. */
const MAX_PUBLIC_BODY_BYTES = 16_384;
/** What an import may have: the Worker says so, too, but an answer amid an upload doesn't always arrive through workerd. */
const MAX_FILE_BYTES = 100_000_000;
/** Longer than web servers in front keep a connection, so that they never send into one that is closing. */
const KEEP_ALIVE_MS = 75_000;
/** Shorter than workerd keeps an idle connection (5 s), so that no request goes into one that is closing. */
const UPSTREAM_IDLE_MS = 3_000;
/** A client that neither sends nor reads anything for so long is gone. */
const IDLE_MS = 120_000;
/** Connections to workerd: requests beyond wait for one. */
const MOST_UPSTREAM = 256;
const HEADERS_WITHIN_MS = 20_000;
/** For a whole public request; an import may take as long as it needs. */
const PUBLIC_BODY_WITHIN_MS = 30_000;
/** How long the rest of a refused body is read, so that its client sees the answer. */
const DISCARD_WITHIN_MS = 5_000;
const OWNER_ROUTES = "/v1/sites/";
const TOO_LARGE = { status: 413, code: "too-large", title: "Content Too Large", detail: "The body may have 8 KiB." };
const TOO_LARGE_FILE = { ...TOO_LARGE, detail: "A file may have 100 MB. Split it: a table of counts can be imported in several parts." };
const TOO_SLOW = { status: 408, code: "timeout", title: "Request Timeout", detail: "The body did not arrive in time. A retry with the same id is safe." };
const UNREACHABLE = { status: 503, code: "unavailable", title: "Service Unavailable", detail: "The counter is not reachable. A retry with the same id is safe." };
const UNREADABLE = { status: 400, code: "bad-request", title: "Bad Request", detail: "The request is not valid HTTP." };

function headersFor(request, { visitor, body, key }) {
  const named = (request.headers.connection ?? "").toLowerCase().split(",").map((name) => name.trim());
  const headers = { ...request.headers };
  for (const name of Object.keys(headers)) {
    if (HOP_BY_HOP.includes(name) || named.includes(name) || RESERVED.test(name)) delete headers[name];
  }
  delete headers["content-length"];
  // workerd takes an empty one for none; it is as little an origin as `null`.
  if (headers.origin === "") headers.origin = "null";
  return { ...headers, ...framingOf(request, body), "cf-connecting-ip": visitor, [KEY_HEADER]: key, "mf-disable-pretty-error": "true" };
}

/** How the body is sent to workerd: by its length if that is known, else in chunks; not at all if there is none. */
function framingOf(request, body) {
  if (body) return { "content-length": String(body.length) };
  if (!hasBody(request)) return request.method === "POST" || request.method === "PUT" ? { "content-length": "0" } : {};
  const length = declaredLength(request);
  return length === undefined ? { "transfer-encoding": "chunked" } : { "content-length": String(length) };
}

const problemHeaders = (status) => ({
  "Content-Type": "application/problem+json",
  "Access-Control-Allow-Origin": "*",
  "X-Content-Type-Options": "nosniff",
  "Cache-Control": "no-store",
  ...(status === 503 && { "Retry-After": "2" }),
});

const problemBody = ({ status, code, title, detail }) => JSON.stringify({ type: "about:blank", title, status, code, detail });

/** Reads what is left of a body and forgets it, so that the client sees its answer; not for ever. */
function discardBody(request) {
  request.unpipe();
  request.resume();
  if (request.complete) return;
  const timer = setTimeout(() => request.complete || request.socket.destroy(), DISCARD_WITHIN_MS).unref();
  request.once("close", () => clearTimeout(timer));
}

function refuse(request, response, problem) {
  discardBody(request);
  if (response.headersSent) return response.destroy();
  response.writeHead(problem.status, { ...problemHeaders(problem.status), ...problem.headers });
  const body = problemBody(problem);
  response.laifangRead?.(Buffer.from(body));
  response.end(request.method === "HEAD" ? undefined : body);
}

/** Answers bytes that are no request. */
function refuseBytes(error, socket) {
  if (!socket.writable || error.code === "ECONNRESET") return socket.destroy();
  const body = problemBody(UNREADABLE);
  const headers = Object.entries({ ...problemHeaders(400), "Content-Length": Buffer.byteLength(body), Connection: "close" });
  socket.end(`HTTP/1.1 400 Bad Request\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${body}`);
}

/** The body of a public request, once it has arrived whole: who sends it slowly holds no connection to workerd. */
function collect(request, response, then) {
  const pieces = [];
  let bytes = 0;
  const timer = setTimeout(() => end(TOO_SLOW), PUBLIC_BODY_WITHIN_MS);
  const take = (piece) => {
    bytes += piece.length;
    if (bytes > MAX_PUBLIC_BODY_BYTES) return end(TOO_LARGE);
    pieces.push(piece);
  };
  function end(problem) {
    clearTimeout(timer);
    request.off("data", take);
    if (problem) refuse(request, response, problem);
  }
  request.on("data", take);
  request.once("end", () => {
    if (response.headersSent) return;
    end();
    then(Buffer.concat(pieces));
  });
  response.once("close", () => clearTimeout(timer));
}

/** Whether the platform answers `OPTIONS` at this path with 405: what visitors download, and the console. */
const isFile = (path) => !path.startsWith("/v1/") && path !== "/openapi.json";

/** The answer to `OPTIONS` at a file, which any page may fetch; the console is no other origin's. */
function tellOptions(request, response, path) {
  const allowed = "GET, HEAD, OPTIONS";
  const toOthers = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": allowed,
    "Access-Control-Allow-Headers": request.headers["access-control-request-headers"] || "*",
    "Access-Control-Max-Age": "86400",
    Vary: "Access-Control-Request-Headers",
  };
  response.writeHead(204, { Allow: allowed, "X-Content-Type-Options": "nosniff", ...(!path.startsWith("/console") && toOthers) });
  response.end();
}

/** Whether a request brings the owner's token. The Worker decides what it opens; here it decides what is handed on. */
function bringsToken({ headers }, token) {
  const given = Buffer.from(/^bearer (.*)$/i.exec(headers.authorization ?? "")?.[1] ?? "");
  const wanted = Buffer.from(token ?? "");
  return wanted.length > 0 && given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** The headers of an answer as they are handed on. */
function headOf(answer, request) {
  const headers = { ...answer.headers };
  for (const name of HOP_BY_HOP) delete headers[name];
  if (headers.location) headers.location = relativeLocation(request.url, headers.location);
  return headers;
}

function stream(answer, request, response) {
  response.writeHead(answer.statusCode, headOf(answer, request));
  if (response.laifangRead) answer.on("data", (piece) => response.laifangRead(piece, answer.headers["content-encoding"]));
  pipeline(answer, response, () => discardBody(request));
}

async function sendWhole(answer, request, response) {
  const body = await readWhole(answer);
  const hasNone = request.method === "HEAD" || [204, 304].includes(answer.statusCode);
  response.writeHead(answer.statusCode, { ...headOf(answer, request), ...(!hasNone && { "content-length": body.length }) });
  response.laifangRead?.(body, answer.headers["content-encoding"]);
  response.end(body);
  discardBody(request);
}

/** Whether bytes of a body go to workerd that the Worker may have left unread: workerd closes such a connection. */
const mayBeUnread = (request, { body, isOwner }, { statusCode }) => (body ? body.length > 0 : hasBody(request)) && (isOwner || statusCode >= 300);

/**
 * Hands a request on: with `body`, or with what is still to come of its own. Only an owner's answer may stream. A public
 * request whose connection turns out to have been closed is sent once more, by a new one: its id counts once. (A picture's view has
 * none.)
 */
function relay(request, response, to, isAgain = false) {
  const { agent, port, body, isOwner, mayRepeat } = to;
  const upstream = send({ host: "127.0.0.1", port, agent: isAgain ? false : agent, method: request.method, path: request.url, headers: headersFor(request, to) });
  const isWhole = body || !hasBody(request);
  let isAnswered = false;
  upstream.once("response", (answer) => {
    isAnswered = true;
    if (mayBeUnread(request, to, answer)) upstream.shouldKeepAlive = false;
    if (isOwner) return stream(answer, request, response);
    sendWhole(answer, request, response).catch(() => refuse(request, response, UNREACHABLE));
  });
  upstream.on("error", () => {
    if (request.laifangRefused || isAnswered && !isOwner) return;
    if (mayRepeat && isWhole && upstream.reusedSocket && !response.destroyed) return relay(request, response, to, true);
    refuse(request, response, UNREACHABLE);
  });
  response.once("close", () => response.writableFinished || upstream.destroy());
  if (isWhole) return upstream.end(body);
  // Else Node takes a connection and sends nothing on it before the body's first byte.
  upstream.flushHeaders();
  request.pipe(upstream);
  limitFile(request, response, upstream);
}

function limitFile(request, response, upstream) {
  let bytes = 0;
  request.on("data", (piece) => {
    bytes += piece.length;
    if (bytes <= MAX_FILE_BYTES || request.laifangRefused) return;
    request.laifangRefused = true;
    refuse(request, response, TOO_LARGE_FILE);
    upstream.destroy();
  });
}

/**
 * Listens on `host` and `port` for the Worker on `upstreamPort` of this machine. `visitorOf(peer, headers)`
 * gives the visitor's address; `observer` follows each request; `key` is the Worker's GATEWAY_KEY. A body for the owner's routes is handed on with `token`
 * only: the Worker refuses others by their headers. Resolves to the server.
 */
export function openGateway({ host, port, upstreamPort, visitorOf, observer, token, key }) {
  const agent = new Agent({ keepAlive: true, timeout: UPSTREAM_IDLE_MS, maxSockets: MOST_UPSTREAM });
  const timeouts = { keepAliveTimeout: KEEP_ALIVE_MS, headersTimeout: HEADERS_WITHIN_MS, requestTimeout: 0 };
  const answer = (request, response) => {
    const { path, problem } = admit(request);
    response.laifangRead = observer?.observe(request.method, path ?? "/v1/", response);
    if (problem) return refuse(request, response, problem);
    if (request.method === "OPTIONS" && isFile(path)) return tellOptions(request, response, path);
    const isPublic = !path.startsWith(OWNER_ROUTES);
    const isOwner = !isPublic && bringsToken(request, token);
    if (isPublic && declaredLength(request) > MAX_PUBLIC_BODY_BYTES) return refuse(request, response, TOO_LARGE);
    if (declaredLength(request) > MAX_FILE_BYTES) return refuse(request, response, TOO_LARGE_FILE);
    const to = { agent, key, port: upstreamPort, visitor: visitorOf(request.socket.remoteAddress, request.headers), isOwner, mayRepeat: isPublic && path !== "/v1/hit.svg" };
    if (isPublic && hasBody(request)) return collect(request, response, (body) => relay(request, response, { ...to, body }));
    if (!isPublic && !isOwner && hasBody(request)) return relay(request, response, { ...to, body: Buffer.alloc(0) });
    relay(request, response, to);
  };
  const server = createServer({ ...timeouts, insecureHTTPParser: false }, (request, response) => inTurn(request, response, () => answer(request, response)));
  server.setTimeout(IDLE_MS);
  server.on("clientError", refuseBytes);
  server.on("close", () => agent.destroy());
  return new Promise((done, fail) => {
    server.once("error", fail);
    server.listen({ host, port }, () => done(server));
  });
}

/** Lets what is under way end, for no longer than `limitMs`. */
export function closeGateway(server, limitMs) {
  return new Promise((done) => {
    server.close(done);
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), limitMs).unref();
  });
}
