// An old site of its own beside a stand-in for the counter: pages with the real widget, a reply of our choosing.
//
// For what the widget does to pages. What the Worker answers is tested elsewhere with the real one.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";

const assets = new URL("../../dist/assets/", import.meta.url);
const TYPES = { js: "text/javascript", wasm: "application/wasm" };
const CORS = { "Access-Control-Allow-Origin": "*" };
const PIXEL = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");

async function listen(handler) {
  const server = createServer((request, response) => {
    handler(request, response).catch((error) => response.writeHead(500).end(String(error)));
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { server, port: server.address().port };
}

/**
 * Starts a site whose pages `page(path)` gives, as `{html, headers}` or nothing, and a counter that answers each
 * hit with `reply(hit)` and each read with `counts(query)`. `hits` collects what was sent, `requests` every path.
 */
export async function startSite({ page, reply, counts }) {
  const hits = [], requests = [];
  const counter = await listen(async (request, response) => {
    requests.push(request.url);
    if (request.url === "/v1/hits") {
      let body = "";
      for await (const chunk of request) body += chunk;
      hits.push(JSON.parse(body));
      const answer = await reply(hits.at(-1));
      response.writeHead(answer.status ?? 200, { ...CORS, "Content-Type": "application/json" });
      return response.end(JSON.stringify(answer));
    }
    const read = counts && /^\/v1\/counts\?(.*)/.exec(request.url);
    if (read) {
      const answer = await counts(new URLSearchParams(read[1]));
      response.writeHead(answer.status ?? 200, { ...CORS, "Content-Type": "application/json" });
      return response.end(JSON.stringify(answer));
    }
    const name = request.url.slice(1);
    const bytes = await readFile(new URL(name, assets)).catch(() => null);
    if (!bytes) return response.writeHead(404, CORS).end();
    // Not from a cache, where a script stays as the first page has read it, in that page's encoding.
    response.writeHead(200, { ...CORS, "Content-Type": TYPES[name.split(".").pop()], "Cache-Control": "no-store" });
    response.end(bytes);
  });
  const site = await listen(async (request, response) => {
    if (request.url.startsWith("/pixel")) return response.writeHead(200, { "Content-Type": "image/gif" }).end(PIXEL);
    const found = await page(request.url);
    if (!found) return response.writeHead(404, { "Content-Type": "text/html" }).end("gone");
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", ...found.headers });
    response.end(found.html);
  });
  return {
    hits,
    requests,
    sitePort: site.port,
    url: `http://localhost:${site.port}`,
    widget: (host = "localhost") => `http://${host}:${counter.port}/widget.js`,
    async end() {
      for (const { server } of [site, counter]) {
        server.closeAllConnections();
        await new Promise((done) => server.close(done));
      }
    },
  };
}
