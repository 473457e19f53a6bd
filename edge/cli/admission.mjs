// Which requests the gateway hands on at all: a method the counter has, one readable host, a path, and a body
// only where the method has one. Node's parser, in its strict mode, has refused what is not HTTP before.
// Out of scope: what the Worker answers to a request that is well formed.
import { domainToUnicode } from "node:url";

const WITH_BODY = ["POST", "PUT"];
const WITHOUT_BODY = ["GET", "HEAD", "DELETE", "OPTIONS"];
const METHODS = [...WITHOUT_BODY, ...WITH_BODY];

const badRequest = (detail) => ({ problem: { status: 400, code: "bad-request", title: "Bad Request", detail } });

/** Whether a body belongs to the request, be it an empty one in chunks. */
export const hasBody = ({ headers }) => headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;

/** The body's length, where it was declared and stands for itself. */
export function declaredLength({ headers }) {
  const length = headers["content-length"];
  return headers["transfer-encoding"] === undefined && /^\d+$/.test(length ?? "") ? Number(length) : undefined;
}

/** The path as the runtime will read it, its first slashes (or backslashes) as one; undefined where there is none. */
function pathOf(target) {
  // Not as a reference to a base: //a and /\a would name a host.
  const address = `http://laifang.invalid${target}`;
  if (!target.startsWith("/") || !URL.canParse(address)) return undefined;
  return new URL(address).pathname.replace(/^\/+/, "/");
}

/** A name, an address, or an address in brackets, each with a port or none. The runtime answers others with 500. */
function isHost(host) {
  const name = /^(?:([a-z0-9._-]+)|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i.exec(host);
  if (!name || !URL.canParse(`http://${host}/`)) return false;
  return (name[1] ?? "").split(".").every((label) => !/^xn--/i.test(label) || domainToUnicode(label) !== label.toLowerCase());
}

/** Whether the request names one host, or, as HTTP/1.0 may, none, and the runtime can read it. */
function hasReadableHost({ rawHeaders, headers }) {
  const named = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === "host").length;
  const host = headers.host ?? "localhost";
  return named <= 1 && isHost(host);
}

/** The path of a request that is handed on, or the problem to answer. */
export function admit(request) {
  if (!METHODS.includes(request.method)) {
    const detail = `There is no method ${request.method} here. See /openapi.json.`;
    return { problem: { status: 405, code: "method-not-allowed", title: "Method Not Allowed", detail, headers: { Allow: METHODS.join(", ") } } };
  }
  if (!hasReadableHost(request)) return badRequest("The Host header must name one host.");
  const encoding = request.headers["transfer-encoding"];
  if (encoding !== undefined && encoding.toLowerCase() !== "chunked") return badRequest("The only transfer encoding taken is chunked.");
  if (hasBody(request) && !WITH_BODY.includes(request.method)) return badRequest(`A ${request.method} request has no body.`);
  const path = pathOf(request.url);
  if (path === undefined) return badRequest("The request names no path.");
  if (/^\/cdn-cgi(\/|$)/i.test(path)) {
    return { problem: { status: 404, code: "not-found", title: "Not Found", detail: `There is nothing at ${path}. See /openapi.json.` } };
  }
  return { path };
}
