// A site and its counter as `laifang doctor` meets them: servers of the test's own that answer what a scenario says.
import { createServer } from "node:http";
import { laifang } from "./command.mjs";

export const OWNER = "the-owner-of-this-world";
// Traditional is made from Simplified.
const LANGUAGES = { en: "C.UTF-8", "zh-Hans": "zh_CN.UTF-8" };
const HTML = { "Content-Type": "text/html; charset=utf-8" };
const JSON_TYPE = { "Content-Type": "application/json", "Access-Control-Allow-Origin": "*" };

async function listen(test, answer) {
  const server = createServer((request, response) => {
    const { status = 200, headers = {}, body = "" } = answer(request) ?? { status: 404 };
    response.writeHead(status, headers).end(typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body));
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  test.after(() => server.closeAllConnections() ?? server.close());
  return `http://127.0.0.1:${server.address().port}`;
}

/** How a healthy counter answers its owner about a site that is published. */
const STANDING = { unpublished: 0, checkpoint_backlog: 3, checkpoints_failing: false };
const seen = (address, forwarded_for = null, real_ip = null) => ({ body: { address, forwarded_for, real_ip, now: new Date().toISOString() }, headers: JSON_TYPE });

/** The answers of a healthy counter, by path; a scenario gives others. */
function healthy(address = "203.0.113.9") {
  return {
    "/widget.js": { body: 'Symbol["for"]("laifang")', headers: { "Content-Type": "text/javascript", "Access-Control-Allow-Origin": "*" } },
    "/v1/health": { body: { status: "ok", version: "0.1.0" }, headers: JSON_TYPE },
    "/v1/counts": { body: { as_of: new Date().toISOString() }, headers: JSON_TYPE },
    "/v1/sites": { body: STANDING, headers: JSON_TYPE },
    "/v1/visitor": seen(address, address),
  };
}

export const standing = (fields) => ({ body: { ...STANDING, ...fields }, headers: JSON_TYPE });
export const asSeen = seen;
export const answered = (body, headers = {}) => ({ body, headers: { ...JSON_TYPE, ...headers } });

/** A site and a counter, which is at `/laifang/` as well. `page({counter, site})` gives the page's answer or its HTML; `answers` replace the counter's. */
export async function worldOf(test, { page = ({ counter }) => `<script async crossorigin src="${counter}/widget.js"></script>`, answers = {} } = {}) {
  const asked = [];
  const world = { asked };
  const known = { ...healthy(), ...answers };
  const ofCounter = (request) => {
    asked.push(request);
    const path = request.url.split("?")[0].replace(/^\/laifang\//, "/").replace(/^\/v1\/sites\/.*/, "/v1/sites").replace(/^\/v\/[^/]+\//, "/");
    return typeof known[path] === "function" ? known[path](request) : known[path];
  };
  world.counter = await listen(test, ofCounter);
  world.site = await listen(test, (request) => {
    if (request.url !== "/") return undefined;
    const made = page(world);
    return typeof made === "string" ? { body: made, headers: HTML } : made && { headers: HTML, ...made };
  });
  return world;
}

/** Runs the command in each language: `{code, said}` of each. */
export async function examine(words, env = {}) {
  const each = Object.entries(LANGUAGES).map(async ([language, LC_ALL]) => {
    const { code, stdout, stderr } = await laifang(["doctor", ...words], { env: { ...env, LC_ALL } });
    return [language, { code, said: stdout + stderr }];
  });
  return Object.fromEntries(await Promise.all(each));
}
