// What the counters we are measured against check of a request: the body, the id, the page's host, the origin, robots.
import { isRobot } from "../../../edge/src/readers.js";

const HEADERS = {
  "Content-Type": "application/json",
  "Access-Control-Allow-Origin": "*",
  "X-Content-Type-Options": "nosniff",
  "Cache-Control": "no-store",
};
const MAX_BODY_CHARS = 8192;
const ID = /^[\w-]{16,64}$/;
let sites;

const bare = (host) => host.replace(/^www\./, "");
export const answer = (status, body) => new Response(body, { status, headers: HEADERS });
export const refuse = (status, title) => answer(status, JSON.stringify({ title, status }));

/** A hit: `{id, site, page, address, userAgent}`; or the answer to what is none, as `{refusal}`. */
export async function readHit(request, env) {
  const text = await request.text();
  if (text.length > MAX_BODY_CHARS) return { refusal: refuse(413, "Content Too Large") };
  let url, id, from;
  const origin = request.headers.get("Origin");
  try {
    const body = JSON.parse(text);
    id = body.id;
    url = new URL(body.url);
    from = origin === null ? url : new URL(origin);
  } catch {
    return { refusal: refuse(400, "Bad Request") };
  }
  if (!ID.test(id)) return { refusal: refuse(400, "Bad Request") };
  const site = bare(url.hostname);
  sites ??= new Set(env.SITES.split(" "));
  if (!sites.has(site) || bare(from.hostname) !== site) return { refusal: refuse(403, "Forbidden") };
  const userAgent = request.headers.get("User-Agent") ?? "";
  if (!userAgent || isRobot(userAgent)) return { refusal: answer(200, '{"counted":false,"reason":"bot"}') };
  return { id, site, page: url.pathname, address: request.headers.get("CF-Connecting-IP") ?? "", userAgent };
}
