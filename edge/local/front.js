// Stands where Cloudflare's edge stands: says who the visitor is, and hands the request on.
// A client that names its own address (tests are many visitors) keeps it. In dev, `/_dev/visitor` switches
// whose address a browser on this machine has. Isolates of the Worker serve in turn. Out of scope: everything that is counted.
let visitor = 1;
let turn = 0;

const addressOf = (number) => `10.0.${(number >> 8) & 255}.${number & 255}`;

// Without a name of its own a client has the loopback address, which says nothing.
const isUnnamed = (address) => !address || address === "127.0.0.1" || address === "::1";

async function devVisitor(request) {
  if (request.method === "POST") {
    const asked = Number((await request.json().catch(() => ({}))).visitor);
    if (!Number.isInteger(asked) || asked < 1 || asked > 65535) {
      return Response.json({ detail: "visitor must be a whole number from 1 to 65535" }, { status: 400 });
    }
    visitor = asked;
  }
  return Response.json({ visitor }, { headers: { "Cache-Control": "no-store" } });
}

const isFile = (pathname) => !pathname.startsWith("/v1/") && pathname !== "/openapi.json";

/** The answer to `OPTIONS` at a file, as `laifang serve` gives it. */
function options(request, pathname) {
  const headers = new Headers({ Allow: "GET, HEAD, OPTIONS", "X-Content-Type-Options": "nosniff" });
  if (!pathname.startsWith("/console")) {
    headers.set("Access-Control-Allow-Origin", "*");
    headers.set("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS");
    headers.set("Access-Control-Allow-Headers", request.headers.get("Access-Control-Request-Headers") ?? "*");
    headers.set("Vary", "Access-Control-Request-Headers");
  }
  return new Response(null, { status: 204, headers });
}

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (request.method === "OPTIONS" && isFile(pathname)) return options(request, pathname);
    if (env.DEV && pathname === "/_dev/visitor") return devVisitor(request);
    if (isUnnamed(request.headers.get("CF-Connecting-IP"))) {
      request = new Request(request);
      request.headers.set("CF-Connecting-IP", addressOf(visitor));
    }
    turn = (turn + 1) % env.ISOLATES;
    return env[`SITE${turn}`].fetch(request);
  },
};
