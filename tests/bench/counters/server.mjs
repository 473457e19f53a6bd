// Serves pages and counters for measuring: HTTP/1.1 with keep-alive, every file in brotli as an edge sends it,
// each contender on the same two origins. Hits go on to the real Worker, whichever form they come in.
import { createServer } from "node:http";
import { once } from "node:events";
import { brotliCompressSync, constants } from "node:zlib";

/** What Cloudflare's edge compresses with on the fly. */
const BROTLI_QUALITY = 4;
const PARAGRAPH = "<p>渡口在鎮子的東頭，船每天來回六趟。老船工說，三十年前這裡還沒有橋，過河的人要在石階上等，等得久了，就坐下來聽他講從前的事。</p>";

export const brotli = (bytes) =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });

/** An article of its time, with the sentence above the fold. */
const pageOf = ({ tag, gap }, base) =>
  `<!doctype html><html lang="zh-Hant"><head><meta charset="utf-8"><title>渡口</title></head><body>
<table width="100%"><tr><td><h1>渡口</h1><p id="sentence">您是第 ${gap} 位來訪者</p>${PARAGRAPH.repeat(60)}</td></tr></table>
${tag.replaceAll("BASE", base)}</body></html>`;

async function listen(handler) {
  const server = createServer((request, response) =>
    handler(request, response).catch((error) => response.destroy(error)),
  );
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, origin: `http://localhost:${server.address().port}` };
}

async function textOf(request) {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return text;
}

function send(response, headers, bytes) {
  response.writeHead(200, { ...headers, "Timing-Allow-Origin": "*", "Content-Length": bytes.length });
  response.end(bytes);
}

const sendPacked = (response, headers, bytes) => send(response, { ...headers, "Content-Encoding": "br" }, brotli(bytes));

export async function startServer(worker, contenders) {
  let next = 0;
  const hit = async (body) => {
    const answer = await worker.fetch("/v1/hits", { method: "POST", body, headers: { "CF-Connecting-IP": "10.7.0.1" } });
    if (!answer.ok) throw new Error(`the Worker answered ${answer.status}: ${await answer.text()}`);
    return Buffer.from(await answer.arrayBuffer());
  };
  const ownHit = (url) => hit(JSON.stringify({ url, id: `bench-id-${String(next++).padStart(12, "0")}` }));
  const counted = { "Content-Type": "application/json", "Access-Control-Allow-Origin": "*", "Cache-Control": "no-store" };

  const files = new Map();
  const counter = await listen(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, "http://counter");
    if (pathname === "/v1/hits" || pathname === "/count") return send(response, counted, await hit(await textOf(request)));
    if (pathname === "/busuanzi") {
      const { site, page } = JSON.parse(await ownHit(request.headers.referer));
      const counts = { site_uv: site.visitors, page_pv: page.views, site_pv: site.views };
      const script = `try{${searchParams.get("jsonpCallback")}(${JSON.stringify(counts)});}catch(e){}`;
      return send(response, { ...counted, "Content-Type": "text/javascript" }, Buffer.from(script));
    }
    const file = files.get(pathname);
    if (!file) return response.writeHead(404).end();
    return send(response, file.headers, file.packed);
  });
  for (const contender of contenders) {
    for (const [path, { headers, bytes }] of contender.files) {
      const own = Buffer.from(bytes.includes("BASE/") ? bytes.toString().replace("BASE", counter.origin) : bytes);
      files.set(path, { headers: { ...headers, "Content-Encoding": "br" }, packed: brotli(own) });
    }
  }
  let report;
  const pages = await listen(async (request, response) => {
    if (request.url === "/report") {
      report?.resolve(JSON.parse(await textOf(request)));
      return response.writeHead(204).end();
    }
    const index = Number(new URL(request.url, "http://pages").pathname.split("/")[1]);
    const contender = contenders[index];
    if (!contender) return response.writeHead(404).end();
    sendPacked(response, { "Content-Type": "text/html; charset=utf-8" }, Buffer.from(pageOf(contender, counter.origin)));
  });
  return {
    /** A page with this contender's tag; `path` makes another page of it. */
    page: (contender, path) => `${pages.origin}/${contenders.indexOf(contender)}/${path}`,
    counter: counter.origin,
    /** What the page that is opened next says of itself. */
    nextReport(limitMs) {
      report = Promise.withResolvers();
      const late = setTimeout(() => report.reject(new Error(`no number after ${limitMs} ms`)), limitMs);
      return report.promise.finally(() => clearTimeout(late));
    },
    stop() {
      for (const { server } of [counter, pages]) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}
