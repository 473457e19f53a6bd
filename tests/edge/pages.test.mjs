// The Worker on a route of a site: pages get the tag as they come, everything else of the origin's is as it was, and the
// counter is at a folder of the site.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { createServer, request as send } from "node:http";
import { gunzipSync, gzipSync } from "node:zlib";
import { newId, startWorker } from "./worker.mjs";

const HOST = "www.example.cn";
const TAG = '\n<script async src="/laifang/widget.js" data-share></script>';
const HTML = { "Content-Type": "text/html; charset=utf-8" };
const page = (inside) => `<!DOCTYPE html><html><head><title>x</title></head><body>${inside}</body></html>`;
const LARGE = page(`<p>${"清江".repeat(850_000)}</p>`);
// 您是第 位来访者 in GB18030, with a character of four bytes.
const GB = Buffer.concat([Buffer.from("<html><head><meta charset=gb18030></head><body>"), Buffer.from("c4fa cac7 b5da 20 ceb b c0b4 b7c3 d5df 8139 ef30".replace(/ /g, ""), "hex"), Buffer.from("</BODY></html>")]);

let worker, origin, answer;
const asked = [];

before(async () => {
  origin = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  await new Promise((done) => origin.listen(0, "127.0.0.1", done));
  worker = await startWorker({ vars: { TAG_HOSTS: `${HOST} example.cn`, TRUSTED_PROXIES: "203.0.113.0/24" }, origin: `127.0.0.1:${origin.address().port}` });
});
after(async () => {
  await worker.end();
  origin.closeAllConnections();
  await new Promise((done) => origin.close(done));
});

/** The answer with its bytes as they came; `onPiece` sees each. Fails where the connection breaks off. */
function ask(path, { method = "GET", headers = {}, host = HOST, body, onPiece = () => {} } = {}) {
  return new Promise((done, fail) => {
    const request = send({ host: "127.0.0.1", port: worker.host.port, path, method, headers: { Host: host, ...headers } }, (response) => {
      const pieces = [];
      response.on("data", (piece) => onPiece(piece, pieces.push(piece)));
      response.on("end", () => done({ status: response.statusCode, headers: response.headers, bytes: Buffer.concat(pieces) }));
      response.on("error", fail);
    });
    request.on("error", fail).end(body);
  });
}

const answers = (status, headers, body) => {
  answer = (request, response) => response.writeHead(status, headers).end(body);
};

/** What comes of a page, as text of bytes. */
async function pageFor(body, headers = HTML, options = {}) {
  answers(200, headers, body);
  return (await ask("/a.html", options)).bytes.toString("latin1");
}
const latin = (body) => Buffer.from(body).toString("latin1");

test("a page gets the tag before its end, and nothing else of it changes", async () => {
  const script = page("<script>var made = '<body></body>';</script><!-- </body> -->");
  for (const body of [page("<p>1"), script, GB, LARGE, page("<select><option></select>").replace("</body></html>", "</BODY >\n</html>")]) {
    const text = latin(body);
    const end = text.toLowerCase().lastIndexOf("</body");
    assert.equal(await pageFor(body, { "Content-Type": "text/html" }), text.slice(0, end) + TAG + text.slice(end));
  }
  const open = "<html><body><p>no end";
  assert.equal(await pageFor(open), open + TAG);
});

test("headers, status and compression of a page stay", async () => {
  const body = page("<p>1</p>");
  answers(200, { ...HTML, "Content-Encoding": "gzip", ETag: '"1"', "Cache-Control": "max-age=60", "Set-Cookie": ["a=1", "b=2"], "Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT" }, gzipSync(body));
  const { status, headers, bytes } = await ask("/a.html?b=1", { headers: { "Accept-Encoding": "gzip", Cookie: "c=3" } });
  assert.equal(status, 200);
  assert.equal(gunzipSync(bytes).toString(), body.replace("</body>", `${TAG}</body>`));
  assert.deepEqual([headers.etag, headers["cache-control"], headers["set-cookie"], headers["content-type"]], ['"1"', "max-age=60", ["a=1", "b=2"], HTML["Content-Type"]]);
  const request = asked.at(-1);
  assert.deepEqual([request.url, request.headers.host, request.headers.cookie], ["/a.html?b=1", HOST, "c=3"]);
});

test("a page that has the tag already gets no second one", async () => {
  for (const tag of [
    '<script async src="/laifang/widget.js"></script>',
    `<script src="https://${HOST}/laifang/v/0.1.0/widget.js"></script>`,
    '<script async crossorigin src="https://count.example.org/widget.js" data-share></script>',
    '<script async crossorigin src="https://count.example.org/v/0.1.0/widget.js?x" integrity="sha384-x"></script>',
  ]) assert.equal(await pageFor(page(tag)), page(tag));
  const another = page('<script src="https://chat.example/widget.js"></script>');
  assert.equal((await pageFor(another)).split(TAG).length, 2, "another product's script is no tag of ours");
});

test("what is no page of 200 goes out as it came", async () => {
  const body = page("<p>1</p>");
  const cases = [
    [404, HTML], [500, HTML], [203, HTML], [200, { "Content-Type": "text/plain" }], [200, {}], [200, { "Content-Type": "application/json" }],
    [200, { ...HTML, "Content-Disposition": "attachment" }], [200, { ...HTML, "Cache-Control": "public, no-transform" }],
  ];
  for (const [status, headers] of cases) {
    answers(status, headers, body);
    const found = await ask("/a.html");
    assert.deepEqual([found.status, found.bytes.toString()], [status, body], JSON.stringify([status, headers]));
  }
  for (const headers of [{ "Sec-Fetch-Dest": "empty" }, { "X-Requested-With": "XMLHttpRequest" }]) assert.equal(await pageFor(body, HTML, { headers }), body);
  assert.equal(await pageFor(body, HTML, { method: "POST", body: "x" }), body);
  for (const fragment of ["<p>piece</p>", '{"html": "<p>"}', "", "<frameset><frame src=a></frameset>"]) assert.equal(await pageFor(fragment), fragment);
});

test("304, redirects and HEAD are the origin's", async () => {
  answer = (request, response) => response.writeHead(request.headers["if-none-match"] === '"1"' ? 304 : 200, { ...HTML, ETag: '"1"' }).end();
  const unchanged = await ask("/a.html", { headers: { "If-None-Match": '"1"' } });
  assert.deepEqual([unchanged.status, unchanged.headers.etag, unchanged.bytes.length], [304, '"1"', 0]);
  answers(302, { Location: "/b", ...HTML }, page("x"));
  const moved = await ask("/a.html");
  assert.deepEqual([moved.status, moved.headers.location], [302, "/b"]);
  answers(200, { ...HTML, "Content-Length": "9" });
  assert.deepEqual([(await ask("/a.html", { method: "HEAD" })).headers["content-length"], asked.at(-1).method], ["9", "HEAD"]);
});

test("a page is sent on as it comes", async () => {
  let sendRest = () => assert.fail("the first part came before the origin had sent it");
  answer = (request, response) => {
    response.writeHead(200, HTML);
    response.write("<html><body><p>first</p>");
    sendRest = () => response.end("<p>second</p></body></html>");
  };
  const seen = [];
  const { bytes } = await ask("/a.html", {
    onPiece: (piece) => {
      seen.push(piece.toString());
      if (piece.includes("first")) sendRest();
    },
  });
  assert.ok(!seen.some((piece) => piece.includes("first") && piece.includes("second")), JSON.stringify(seen));
  assert.equal(bytes.toString(), `<html><body><p>first</p><p>second</p>${TAG}</body></html>`);
});

test("a page that can't be followed to its end goes out whole, without the tag", async () => {
  const stuck = "<select><xmp></select></xmp>";
  const filler = "<p>清江</p>".repeat(20_000);
  for (const body of [page(stuck), page(`${filler}${stuck}${filler}`), page(`<select><title>x</title></select>${filler}`)]) {
    assert.equal(await pageFor(body), latin(body));
  }
  // In pieces that end in the middle of what stops it.
  answer = async (request, response) => {
    response.writeHead(200, HTML);
    for (const piece of ["<html><body><select><xm", "p></sel", "ect>", filler, "</body></html>"]) {
      response.write(piece);
      await new Promise((done) => setTimeout(done, 20));
    }
    response.end();
  };
  assert.equal((await ask("/a.html")).bytes.toString(), `<html><body><select><xmp></select>${filler}</body></html>`);
});

test("an origin that fails fails as it would without us", async () => {
  for (const length of [{ "Content-Length": "1000" }, {}]) {
    answer = (request, response) => {
      response.writeHead(200, { ...HTML, ...length });
      response.write("<html><body>begun");
      setTimeout(() => response.destroy(), 100);
    };
    // workerd itself may end a response in chunks in good order where its source broke off.
    const { bytes } = await ask("/a.html").catch(() => ({ bytes: Buffer.alloc(0) }));
    assert.ok("<html><body>begun".startsWith(bytes.toString()), "nothing is put at the end of a page that broke off");
  }
  answer = (request, response) => response.destroy();
  const { status } = await ask("/a.html").catch(() => ({ status: 500 }));
  assert.ok(status >= 500, String(status));
  assert.equal(await pageFor(page("1")), page("1").replace("</body>", `${TAG}</body>`), "and the next page is whole");
});

test("an origin that does not answer keeps nobody else waiting", async () => {
  answer = () => {};
  const waiting = ask("/slow.html").catch(() => "ended");
  answers(200, HTML, page("1"));
  assert.ok((await ask("/a.html")).bytes.includes(TAG));
  origin.closeAllConnections();
  await waiting;
});

test("the counter is at a folder of the site: script, parts and API", async () => {
  answers(404, {}, "the origin's");
  const script = await ask("/laifang/widget.js");
  assert.deepEqual([script.status, script.headers["cache-control"]], [200, "public, max-age=300"]);
  assert.match(script.bytes.toString(), /laifang/);
  const [, fingerprint] = /-([0-9a-f]{10})\./.exec(script.bytes.toString());
  assert.equal((await ask(`/laifang/widget-${fingerprint}.wasm`)).headers["content-type"], "application/wasm");
  const hit = { method: "POST", body: JSON.stringify({ url: `https://${HOST}/a`, id: newId() }), headers: { "CF-Connecting-IP": "192.0.2.1", Origin: `https://${HOST}` } };
  const { status, bytes } = await ask("/laifang/v1/hits", hit);
  assert.deepEqual([status, JSON.parse(bytes).counted], [200, true]);
  assert.equal(JSON.parse((await ask("/laifang/v1/health")).bytes).status, "ok");
  assert.equal((await ask("/laifang/no-such-file.js")).status, 404);
  const door = await ask("/laifang/console");
  assert.deepEqual([door.status, door.headers.location], [307, "/laifang/console/"], "a redirect stays in the folder");
  assert.match((await ask("/laifang/console/")).bytes.toString(), /src="console\.js"/);
  for (const path of ["/v1/health", "/widget.js", "/laifang"]) assert.equal((await ask(path)).bytes.toString(), "the origin's", path);
});

test("a proxy that the owner trusts says who the visitor is, and nobody else", async () => {
  const visitorFor = async (headers) => {
    const body = JSON.stringify({ url: `https://${HOST}/proxied`, id: newId() });
    return JSON.parse((await ask("/laifang/v1/hits", { method: "POST", body, headers })).bytes).visitor;
  };
  const proxied = (visitor) => visitorFor({ "CF-Connecting-IP": "203.0.113.7", "X-Forwarded-For": `${visitor}, 203.0.113.7` });
  const first = await proxied("198.51.100.1");
  assert.equal(await proxied("198.51.100.2"), first + 1);
  assert.equal(await proxied("6.6.6.6, 198.51.100.1"), first);
  const stranger = await visitorFor({ "CF-Connecting-IP": "192.0.2.99", "X-Forwarded-For": "198.51.100.9" });
  assert.equal(await visitorFor({ "CF-Connecting-IP": "192.0.2.99", "X-Real-IP": "198.51.100.8" }), stranger);
});

test("another host of the Worker is the counter alone", async () => {
  const host = "count.example.org";
  assert.match((await ask("/", { host })).bytes.toString(), /<title>来访 Laifang<\/title>/);
  assert.equal(JSON.parse((await ask("/v1/health", { host })).bytes).status, "ok");
  const missing = await ask("/no-such-file.js", { host });
  assert.deepEqual([missing.status, missing.headers["content-type"]], [404, "application/problem+json"]);
});
