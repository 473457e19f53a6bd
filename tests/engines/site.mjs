// The pages an engine opens, and the counter as it reaches it: two servers of two origins on this machine.
//
// The counter's server hands every request on to the real Worker and notes it, so that what was asked is known
// in the same way for every engine. It says who the visitor is, and can lose an answer, hold it back or alter it.
// An engine that can't map a host by itself takes `proxyPort` as its HTTP proxy. Out of scope: what a page looks
// like (scenarios.mjs).
import { createServer } from "node:http";
import { once } from "node:events";
import { startWorker } from "../edge/worker.mjs";

/** Headers that belong to one connection and are not handed on. */
const OF_THE_CONNECTION = new Set(["connection", "host", "keep-alive", "transfer-encoding", "content-length", "content-encoding"]);

const handedOn = (headers) => Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_THE_CONNECTION.has(name)));

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function listen(handler) {
  const server = createServer((request, response) =>
    handler(request, response).catch(() => response.destroy()),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

const portOf = (server) => server.address().port;

export async function startSite() {
  const worker = await startWorker({ vars: { SITES: "localhost demo.test" } });
  const site = {
    pages: new Map(),
    requests: [],
    reports: [],
    visitor: 0,
    answersToLose: 0,
    alterReply: (reply) => reply,
    /** Answers of hits wait for this. */
    gate: Promise.resolve(),
  };

  async function servePage(request, response) {
    const { pathname, search } = new URL(request.url, "http://page");
    if (pathname === "/report") {
      site.reports.push(decodeURIComponent(search.slice(1)));
      return response.writeHead(204).end();
    }
    const page = site.pages.get(pathname);
    if (!page) return response.writeHead(404).end();
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "max-age=60", ...page.headers });
    response.end(await page.body);
  }

  async function serveCounter(request, response) {
    const body = await bodyOf(request);
    const noted = { method: request.method, path: request.url, sent: body.length ? JSON.parse(body) : undefined };
    site.requests.push(noted);
    const answer = await fetch(worker.host.url + request.url, {
      method: request.method,
      headers: { ...handedOn(request.headers), "CF-Connecting-IP": `10.9.${site.visitor >> 8}.${site.visitor & 255}` },
      ...(body.length && { body }),
    });
    let bytes = Buffer.from(await answer.arrayBuffer());
    noted.status = answer.status;
    if (noted.path === "/v1/hits" && answer.ok) {
      noted.reply = site.alterReply(JSON.parse(bytes));
      bytes = Buffer.from(JSON.stringify(noted.reply));
      await site.gate;
    }
    if (noted.path === "/v1/hits" && site.answersToLose > 0) {
      site.answersToLose--;
      return response.destroy();
    }
    response.writeHead(answer.status, handedOn(Object.fromEntries(answer.headers)));
    response.end(bytes);
  }

  const pageServer = await listen(servePage);
  const counterServer = await listen(serveCounter);
  const proxy = await listen((request, response) => {
    const { port, pathname, search } = new URL(request.url);
    request.url = pathname + search;
    return Number(port) === portOf(counterServer) ? serveCounter(request, response) : servePage(request, response);
  });

  site.proxyPort = portOf(proxy);
  /** Where a page of this path stands, and where the counter. */
  site.page = (path, host) => `http://${host}:${portOf(pageServer)}${path}`;
  site.counter = (host) => `http://${host}:${portOf(counterServer)}`;
  site.stop = async () => {
    for (const server of [pageServer, counterServer, proxy]) {
      server.closeAllConnections();
      server.close();
    }
    await worker.end();
  };
  return site;
}
