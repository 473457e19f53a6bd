// The public routes, as the contract words them, on real workerd.
import { after, before, test } from "node:test";
import { connect } from "node:net";
import assert from "node:assert/strict";
import { SITE, eventually, newId, startWorker } from "./worker.mjs";

let worker;
before(async () => (worker = await startWorker()));
after(() => worker.end());

const problem = async (response, status, code) => {
  assert.equal(response.status, status);
  assert.match(response.headers.get("content-type"), /^application\/problem\+json/);
  const body = await response.json();
  assert.equal(body.code, code);
  assert.equal(body.status, status);
  assert.ok(body.detail.length > 10);
};

test("a hit is counted and answered with every count", async () => {
  const response = await worker.hit({ url: "https://www.demo.test/x/index.html" });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("access-control-allow-origin"), "*");
  assert.equal(response.headers.get("x-content-type-options"), "nosniff");
  assert.equal(response.headers.get("cache-control"), "no-store");
  assert.deepEqual(await response.json(), {
    counted: true,
    visitor: 1,
    site: { views: 1, visitors: 1, views_today: 1, visitors_today: 1, online: 1 },
    page: { views: 1, visitors: 1 },
  });
});

test("a repeated id gets the same body, whatever else it says", async () => {
  const id = newId();
  const first = await (await worker.hit({ id })).json();
  const again = await worker.hit({ id, url: `https://${SITE}/other` }, { "CF-Connecting-IP": "192.0.2.99" });
  assert.deepEqual(await again.json(), first);
});

test("a site's name may differ from the page's host if both are listed", async () => {
  assert.equal((await worker.hit({ url: "https://demo.test/y", site: SITE })).status, 200);
  await problem(await worker.hit({ site: "other.example" }), 403, "site-not-allowed");
});

test("what cannot be counted is refused with a reason", async () => {
  await problem(await worker.hit({ id: "short" }), 400, "bad-request");
  await problem(await worker.hit({ url: "/relative" }), 400, "bad-request");
  await problem(await worker.hit({ kind: "other" }), 400, "bad-request");
  await problem(await worker.fetch("/v1/hits", { method: "POST", body: "{" }), 400, "bad-request");
  const list = JSON.stringify([`https://${SITE}/a`, newId(), "load", null, null]);
  await problem(await worker.fetch("/v1/hits", { method: "POST", body: list }), 400, "bad-request");
  await problem(await worker.fetch("/v1/hits", { method: "POST", body: "x".repeat(9000) }), 413, "too-large");
  await problem(await worker.hit({ url: "https://elsewhere.example/" }), 403, "site-not-allowed");
  await problem(await worker.hit({}, { Origin: "https://demo.test" }), 403, "site-not-allowed");
  await problem(await worker.hit({}, { Origin: "null" }), 403, "site-not-allowed");
  assert.equal((await worker.hit({}, { Origin: `https://www.${SITE}` })).status, 200);
  await problem(await worker.fetch("/v1/hits"), 405, "method-not-allowed");
  await problem(await worker.fetch("/v1/nothing"), 404, "not-found");
});

test("OPTIONS answers 204 and HEAD is GET without a body", async () => {
  const options = await worker.fetch("/v1/hits", { method: "OPTIONS" });
  assert.equal(options.status, 204);
  assert.match(options.headers.get("access-control-allow-methods"), /POST/);
  assert.equal(options.headers.get("access-control-allow-origin"), "*");
  assert.equal(options.headers.get("x-content-type-options"), "nosniff");
  const head = await worker.fetch("/v1/health", { method: "HEAD" });
  assert.equal(head.status, 200);
  assert.equal(await head.text(), "");
  assert.equal((await (await worker.fetch("/v1/health")).json()).status, "ok");
});

test("a page of any origin may send any header to a public route, and fetch any file but the console's", async () => {
  const ask = (path, headers) => worker.fetch(path, { method: "OPTIONS", headers: { Origin: "https://other.example", ...headers } });
  for (const path of ["/v1/hits", "/v1/shares", "/v1/counts", "/v1/counter.svg", "/v1/hit.svg", "/v1/health", "/openapi.json", "/widget.js", "/"]) {
    const named = await ask(path, { "Access-Control-Request-Headers": "x-one,content-type" });
    assert.deepEqual([named.status, await named.text()], [204, ""], path);
    assert.equal(named.headers.get("access-control-allow-headers"), "x-one,content-type", path);
    assert.equal(named.headers.get("access-control-allow-origin"), "*", path);
    assert.equal((await ask(path)).headers.get("access-control-allow-headers"), "*", path);
  }
  const console = await ask("/console", { "Access-Control-Request-Headers": "x-one" });
  assert.deepEqual([console.status, console.headers.get("access-control-allow-origin")], [204, null]);
});

test("a number on the page that is none costs no view", async () => {
  for (const shown of ["1e400", "-1", '"5"', "[]"]) {
    const body = `{"url":"https://${SITE}/odd","id":"${newId()}","shown":${shown}}`;
    assert.equal((await worker.fetch("/v1/hits", { method: "POST", body })).status, 200, shown);
  }
});

test("a body that is no UTF-8 is refused, in one piece or in several; one in several pieces counts", async () => {
  const body = (page) => Buffer.from(`{"url":"https://${SITE}/${page}","id":"${newId()}"}`, "latin1");
  const inPieces = (bytes) => ReadableStream.from([bytes.subarray(0, 25), bytes.subarray(25)]);
  const send = (body) => worker.fetch("/v1/hits", { method: "POST", body, duplex: "half" });
  await problem(await send(body("caf\xe9")), 400, "bad-request");
  await problem(await send(inPieces(body("caf\xe9"))), 400, "bad-request");
  assert.equal((await send(inPieces(body("cafe")))).status, 200);
  // A character that is cut in two.
  const cut = Buffer.from(`{"url":"https://${SITE}/咖","id":"${newId()}"}`);
  const response = await worker.fetch("/v1/hits", { method: "POST", body: ReadableStream.from([cut.subarray(0, 28), cut.subarray(28)]), duplex: "half" });
  assert.equal((await response.json()).counted, true);
});

test("a prefetch is answered but not counted", async () => {
  const reply = await (await worker.hit({}, { "Sec-Purpose": "prefetch" })).json();
  assert.deepEqual(reply, { counted: false, reason: "prefetch" });
});

test("counts come from KV, keyed by the page as it was asked for", async () => {
  await worker.hit({ url: `https://${SITE}/asked/index.html` });
  await eventually(async () => {
    const counts = await worker.counts(`site=www.${SITE}&page=/asked/&page=/never`);
    assert.equal(counts.pages["/asked/"].views, 1);
    assert.deepEqual(counts.pages["/never"], { views: 0, visitors: 0, shares: {} });
    assert.match(counts.as_of, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  }, 60_000);
  await problem(await worker.fetch("/v1/counts?site=other.example"), 403, "site-not-allowed");
  await problem(await worker.fetch("/v1/counts"), 400, "bad-request");
});

test("shares are counted once an id", async () => {
  await worker.hit({ url: `https://${SITE}/shared` });
  const id = newId();
  const share = (fields) =>
    worker.fetch("/v1/shares", { method: "POST", body: JSON.stringify({ url: `https://${SITE}/shared`, network: "weibo", id, ...fields }) });
  assert.deepEqual(await (await share()).json(), { shares: { weibo: 1 }, total: 1 });
  assert.deepEqual(await (await share()).json(), { shares: { weibo: 1 }, total: 1 });
  assert.deepEqual(await (await share({ id: newId(), network: "qq" })).json(), { shares: { qq: 1, weibo: 1 }, total: 2 });
  await problem(await share({ network: "WEIBO" }), 400, "bad-request");
});

test("forty invented networks do not lock out the real ones", async () => {
  const url = "https://demo.test/invented";
  await worker.hit({ url });
  const share = (network) => worker.fetch("/v1/shares", { method: "POST", body: JSON.stringify({ url, network, id: newId() }) });
  for (let i = 0; i < 40; i++) assert.equal((await share(`invented-${i}`)).status, 200);
  await problem(await share("one-more"), 400, "bad-request");
  for (const network of ["weibo", "line", "native"]) assert.equal((await share(network)).status, 200, network);
  assert.equal((await share("invented-3")).status, 200);
});

test("an unknown page can't be shared, an address is limited, a bot is not counted", async () => {
  const strict = await startWorker({ vars: { COUNT_BOTS: "", HITS_PER_MINUTE: "3" } });
  try {
    const bot = await (await strict.hit({}, { "User-Agent": "Mozilla/5.0 (compatible; Baiduspider/2.0)" })).json();
    assert.deepEqual(bot, { counted: false, reason: "bot" });
    const browser = { "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0" };
    for (let i = 0; i < 3; i++) assert.equal((await (await strict.hit({}, browser)).json()).counted, true);
    const refused = await strict.hit({}, browser);
    assert.ok(Number(refused.headers.get("retry-after")) >= 1);
    await problem(refused, 429, "too-many-requests");
  } finally {
    await strict.end();
  }
});

test("an explicit COUNT_BOTS wins over the default of dev", async () => {
  const worker = await startWorker({ dev: true, vars: { COUNT_BOTS: "off" } });
  try {
    const body = JSON.stringify({ url: "http://localhost/", id: newId() });
    const response = await worker.fetch("/v1/hits", { method: "POST", body, headers: { "User-Agent": "curl/8.0" } });
    assert.deepEqual([(await response.json()).reason], ["bot"]);
  } finally {
    await worker.end();
  }
});

/** Sends a body without an end; resolves to what was answered, which is nothing where the connection was reset before it could be read. */
function answerToEndlessBody(port, path) {
  const socket = connect(port, "127.0.0.1");
  const piece = `10000\r\n${"x".repeat(65_536)}\r\n`;
  const send = () => {
    if (!socket.destroyed) socket.write(piece, () => setTimeout(send, 5));
  };
  return new Promise((done, fail) => {
    const end = (heard) => {
      clearTimeout(timer);
      socket.destroy();
      done(heard);
    };
    const timer = setTimeout(() => fail(new Error("no answer")), 10_000);
    socket.setEncoding("latin1").once("data", end).on("error", () => {}).once("close", () => end(""));
    socket.write(`POST ${path} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n`);
    send();
  });
}

for (const path of ["/v1/hits", "/v1/shares"]) test(`an endless body is refused while it arrives at ${path}`, async () => {
  const worker = await startWorker();
  try {
    let answer = "";
    for (let tries = 0; answer === "" && tries < 5; tries++) answer = await answerToEndlessBody(worker.host.port, path);
    assert.match(answer, /^HTTP\/1\.1 413 /);
    assert.equal((await worker.hit()).status, 200);
  } finally {
    await worker.end();
  }
});
