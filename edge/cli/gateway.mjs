// Stands where Cloudflare's edge stands: takes every connection, says who the visitor is, hands the request on
// to workerd, and streams both ways.
//
// Why it is there: workerd, as it is run here, believes a client that names its own address, and answers
// addresses below /cdn-cgi/ meant for development. Neither gets past this. Out of scope: TLS and compression,
// which the web server in front does.
import { Agent, createServer, request as send } from "node:http";
import { pipeline } from "node:stream";

const HOP_BY_HOP = ["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "expect"];
/** What only the edge may say (cf-), and what only the runtime may say to itself (mf-). */
const RESERVED = /^(cf|mf)-/;

/** Far above what the public routes take; the Worker would refuse it unread, and its answer be lost on the way. */
const MAX_PUBLIC_BODY_BYTES = 65_536;
/** Longer than web servers in front keep a connection, so that they never send into one that is closing. */
const KEEP_ALIVE_MS = 75_000;
const OWNER_ROUTES = "/v1/sites/";

function headersFor(request, visitor) {
  const headers = { ...request.headers };
  for (const name of Object.keys(headers)) {
    if (HOP_BY_HOP.includes(name) || RESERVED.test(name)) delete headers[name];
  }
  return { ...headers, "cf-connecting-ip": visitor, "mf-disable-pretty-error": "true" };
}

function problem(response, status, code, title, detail) {
  if (response.headersSent) return response.destroy();
  response.writeHead(status, {
    "Content-Type": "application/problem+json",
    "Access-Control-Allow-Origin": "*",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    ...(status === 503 && { "Retry-After": "2" }),
  });
  response.end(JSON.stringify({ type: "about:blank", title, status, code, detail }));
}

/** The path as the runtime will read it; undefined where there is none. */
function pathOf(target) {
  if (!target.startsWith("/") || !URL.canParse(target, "http://laifang.invalid")) return undefined;
  return new URL(target.replace(/^\/+/, "/"), "http://laifang.invalid").pathname;
}

function relay(request, response, { agent, port, visitor }) {
  const upstream = send({ host: "127.0.0.1", port, agent, method: request.method, path: request.url, headers: headersFor(request, visitor) });
  upstream.once("response", (answer) => {
    const headers = { ...answer.headers };
    for (const name of HOP_BY_HOP) delete headers[name];
    response.writeHead(answer.statusCode, headers);
    pipeline(answer, response, () => {});
  });
  upstream.once("error", () =>
    problem(response, 503, "unavailable", "Service Unavailable", "The counter is not reachable. A retry with the same id is safe."));
  response.once("close", () => response.writableFinished || upstream.destroy());
  request.pipe(upstream);
}

/**
 * Listens on `host` and `port` for the Worker on `upstreamPort` of this machine. `visitorOf(peer, headers)`
 * gives the visitor's address. Resolves to the server.
 */
export function openGateway({ host, port, upstreamPort, visitorOf }) {
  const agent = new Agent({ keepAlive: true });
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    const path = pathOf(request.url);
    if (path === undefined) return problem(response, 400, "bad-request", "Bad Request", "The request names no path.");
    if (/^\/cdn-cgi(\/|$)/i.test(path)) return problem(response, 404, "not-found", "Not Found", `There is nothing at ${path}. See /openapi.json.`);
    if (Number(request.headers["content-length"]) > MAX_PUBLIC_BODY_BYTES && !path.startsWith(OWNER_ROUTES)) {
      return problem(response, 413, "too-large", "Content Too Large", "The body may have 8 KiB.");
    }
    relay(request, response, { agent, port: upstreamPort, visitor: visitorOf(request.socket.remoteAddress, request.headers) });
  });
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
