// `laifang serve` under bytes that no well-behaved client sends: each request has one answer, nothing smuggled
// in a body is counted, and nothing is held in memory or written into the log.
import { test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync, readdirSync, readlinkSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { BROWSER, TOKEN, emptyFolder, newId, serve } from "./command.mjs";

const QUIET_MS = 700;
const agent = `User-Agent: ${BROWSER["User-Agent"]}\r\n`;

/** Sends `pieces` one after another and resolves to all that came back until the line is quiet. */
function exchange(url, pieces, { pauseMs = 0, quietMs = QUIET_MS } = {}) {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  let heard = "";
  return new Promise((done) => {
    let timer = setTimeout(() => socket.destroy(), 10_000);
    const restart = () => {
      clearTimeout(timer);
      timer = setTimeout(() => socket.destroy(), quietMs);
    };
    socket.setEncoding("latin1").on("data", (text) => {
      heard += text;
      restart();
    });
    socket.on("error", () => {});
    socket.once("close", () => {
      clearTimeout(timer);
      done(heard);
    });
    socket.once("connect", async () => {
      for (const piece of [pieces].flat()) {
        if (socket.destroyed) break;
        socket.write(piece, "latin1");
        if (pauseMs) await new Promise((next) => setTimeout(next, pauseMs));
      }
    });
  });
}

const statuses = (heard) => [...heard.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
const chunk = (text) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const hitBody = () => JSON.stringify({ url: "http://localhost/a", id: newId() });

/** A whole request that counts a visitor of the attacker's choice, if workerd ever takes it for one. */
function forgedHit() {
  const body = hitBody();
  return `POST /v1/hits HTTP/1.1\r\nHost: localhost\r\n${agent}CF-Connecting-IP: 203.0.113.77\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

async function countedBy(served, act) {
  const before = (await served.hit()).site;
  await act();
  // Other connections must not get an answer that was meant for a smuggled request.
  const health = await Promise.all(Array.from({ length: 5 }, () => fetch(`${served.url}/v1/health`).then((response) => response.json())));
  assert.ok(health.every(({ status }) => status === "ok"));
  const after = (await served.hit()).site;
  return { views: after.views - before.views - 1, visitors: after.visitors - before.visitors };
}

test("a request smuggled in a body is never counted, whatever the method", async (t) => {
  const served = await serve(t, [], { cwd: await emptyFolder(t) });
  for (const method of ["GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "PATCH", "M-SEARCH", "SOURCE", "POST", "PUT"]) {
    const head = `${method} /v1/health HTTP/1.1\r\nHost: localhost\r\n${agent}`;
    const forged = forgedHit();
    const shapes = {
      "one chunk": [`${head}Transfer-Encoding: chunked\r\n\r\n${chunk(forged)}0\r\n\r\n`],
      "many pieces": [`${head}Transfer-Encoding: chunked\r\n\r\n`, ...forged.match(/[^]{1,40}/g).map(chunk), "0\r\n\r\n"],
      "unterminated": [`${head}Transfer-Encoding: chunked\r\n\r\n${chunk(forged)}`],
      "by length": [`${head}Content-Length: ${forged.length}\r\n\r\n${forged}`],
    };
    for (const [shape, pieces] of Object.entries(shapes)) {
      let heard;
      const counted = await countedBy(served, async () => (heard = await exchange(served.url, pieces, { pauseMs: shape === "many pieces" ? 5 : 0 })));
      assert.deepEqual(counted, { views: 0, visitors: 0 }, `${method}, ${shape}`);
      assert.ok(statuses(heard).length <= 1, `${method}, ${shape}: ${heard}`);
      assert.doesNotMatch(heard, /"visitor"/, `${method}, ${shape}`);
    }
  }
});

test("an unterminated body can't have another client's request glued on", async (t) => {
  const served = await serve(t, [], { cwd: await emptyFolder(t), env: { ADMIN_TOKEN: TOKEN } });
  for (let i = 0; i < 4; i++) await served.hit();
  const pieces = ["GET /v1/health HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n", chunk("DELETE /v1/sites/localhost HTTP/1.1\r\nHost: localhost\r\nX: ")];
  await exchange(served.url, pieces, { pauseMs: 20 });
  for (let i = 0; i < 10; i++) {
    const response = await fetch(`${served.url}/v1/sites/localhost`, { headers: { Authorization: `Bearer ${TOKEN}` } });
    assert.equal((await response.json()).counts.views, 4);
  }
});

test("an empty Origin is no page's; files tell what they take", async (t) => {
  const served = await serve(t, [], { cwd: await emptyFolder(t) });
  const body = hitBody();
  const head = `POST /v1/hits HTTP/1.1\r\nHost: localhost\r\n${agent}Content-Length: ${body.length}\r\n`;
  assert.deepEqual(statuses(await exchange(served.url, `${head}Origin:\r\n\r\n${body}`)), [403]);
  assert.deepEqual(statuses(await exchange(served.url, `${head}\r\n${body}`)), [200]);
  const options = (path) => fetch(served.url + path, { method: "OPTIONS", headers: { "Access-Control-Request-Headers": "x-one" } });
  const file = await options("/widget.js");
  assert.deepEqual([file.status, file.headers.get("access-control-allow-origin"), file.headers.get("access-control-allow-headers")], [204, "*", "x-one"]);
  const console = await options("/console");
  assert.deepEqual([console.status, console.headers.get("access-control-allow-origin")], [204, null]);
});

test("framing that two readers could read differently is refused", async (t) => {
  const served = await serve(t, [], { cwd: await emptyFolder(t) });
  const forged = forgedHit();
  const post = `POST /v1/hits HTTP/1.1\r\n${agent}`;
  const cases = {
    "length and chunks": `${post}Host: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${forged}`,
    "two lengths": `${post}Host: localhost\r\nContent-Length: 5\r\nContent-Length: ${forged.length}\r\n\r\n${forged}`,
    "an odd encoding": `${post}Host: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n${forged}`,
    "two encodings": `${post}Host: localhost\r\nTransfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n`,
    "a folded header": `${post}Host: localhost\r\nTransfer-Encoding:\r\n chunked\r\n\r\n${chunk(forged)}0\r\n\r\n`,
    "a space before the colon": `${post}Host: localhost\r\nContent-Length : 5\r\n\r\n${forged}`,
    "two hosts": `GET /v1/health HTTP/1.1\r\nHost: localhost\r\nHost: example.cn\r\n\r\n`,
    "no host": `GET /v1/health HTTP/1.1\r\n\r\n`,
    "a length that is no number": `${post}Host: localhost\r\nContent-Length: 0x10\r\n\r\n${forged}`,
  };
  for (const [name, bytes] of Object.entries(cases)) {
    let heard;
    const counted = await countedBy(served, async () => (heard = await exchange(served.url, bytes)));
    assert.deepEqual(counted, { views: 0, visitors: 0 }, name);
    assert.deepEqual(statuses(heard).slice(0, 1), [400], `${name}: ${heard}`);
    assert.doesNotMatch(heard, /"visitor"/, name);
  }
});

test("an odd host is a 400 and fills no log", async (t) => {
  const served = await serve(t, [], { cwd: await emptyFolder(t) });
  const before = served.said;
  for (const host of ["a b", "[::", "@", "x:99999", "a/b", "a#b", "%zz", "a,b", "a!b", "*", "%61", "xn--", "xn--a", "\xe4.cn"]) {
    const heard = await exchange(served.url, `GET /v1/health HTTP/1.1\r\nHost: ${host}\r\n\r\n`, { quietMs: 300 });
    assert.deepEqual(statuses(heard), [400], host);
    assert.match(heard, /application\/problem\+json[^]*"code":"bad-request"/, host);
  }
  assert.equal(served.said, before);
});

test("pipelined requests have an answer each, in order", async (t) => {
  const served = await serve(t, [], { cwd: await emptyFolder(t) });
  const hit = () => {
    const body = hitBody();
    return `POST /v1/hits HTTP/1.1\r\nHost: localhost\r\n${agent}Transfer-Encoding: chunked\r\n\r\n${chunk(body)}0\r\n\r\n`;
  };
  const heard = await exchange(served.url, hit() + "GET /v1/nothing HTTP/1.1\r\nHost: localhost\r\n\r\n" + hit());
  assert.deepEqual(statuses(heard), [200, 404, 200]);
});

const openFiles = (pid) => readdirSync(`/proc/${pid}/fd`).length;

test("twenty thousand requests in one write take one connection, and keep nobody waiting", async (t) => {
  const served = await serve(t, [], { cwd: await emptyFolder(t) });
  await served.hit();
  const before = openFiles(served.child.pid);
  const socket = connect(Number(new URL(served.url).port), "127.0.0.1").on("error", () => {});
  socket.write("GET /v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(20_000));
  let most = 0;
  for (let number = 2; number < 32; number++) {
    const began = performance.now();
    assert.equal((await served.hit()).site.views, number);
    assert.ok(performance.now() - began < 3_000, "a hit on another connection is answered");
    most = Math.max(most, openFiles(served.child.pid) - before);
  }
  socket.destroy();
  assert.ok(most < 50, `${most} files are open for one connection`);
});

const residentBytes = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) * 1024;

test("an endless body is refused while it arrives, and is not kept", async (t) => {
  const served = await serve(t, [], { cwd: await emptyFolder(t) });
  const before = residentBytes(served.child.pid);
  const piece = chunk("x".repeat(65_536));
  const pieces = [`POST /v1/hits HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n`, ...Array.from({ length: 1_600 }, () => piece)];
  const heard = await exchange(served.url, pieces, { quietMs: 3_000 });
  assert.deepEqual(statuses(heard), [413]);
  assert.ok(residentBytes(served.child.pid) - before < 80e6, "100 MB are not held");
  assert.equal((await served.hit()).visitor, 1);
});

/** The ports of this machine that a process listens on. */
function portsOf(pid) {
  const sockets = readdirSync(`/proc/${pid}/fd`).flatMap((file) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${file}`))?.[1] ?? [];
    } catch {
      return [];
    }
  });
  const listening = readFileSync("/proc/net/tcp", "utf8").split("\n").map((line) => line.trim().split(/\s+/));
  return listening.filter((fields) => fields[3] === "0A" && sockets.includes(fields[9])).map((fields) => Number.parseInt(fields[1].split(":")[1], 16));
}

test("what the runtime's host does for workerd it does for nobody else on the machine", async (t) => {
  const folder = await emptyFolder(t);
  const served = await serve(t, [], { cwd: folder });
  const inner = portsOf(served.child.pid).filter((port) => port !== Number(new URL(served.url).port));
  assert.ok(inner.length >= 1, "the host has a port for workerd");
  for (const port of inner) {
    for (const [method, path] of [["POST", "/core/store-temp-file?extension=txt"], ["GET", "/core/dev-registry"], ["GET", "/browser/sessionIds"], ["GET", "/core/do-storage/x"], ["POST", "/"]]) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, body: method === "POST" ? "x" : undefined });
      assert.equal(response.status, 403, `${method} ${path}`);
    }
    const file = join(folder, "written");
    const heard = await exchange(`http://127.0.0.1:${port}`, `POST /core/store-temp-file?extension=x/../../../../../../../../${file} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
    assert.deepEqual([heard, readdirSync(folder).filter((name) => name.startsWith("written"))], ["", []], "an upgrade is no way around");
    const ofAPage = await fetch(`http://127.0.0.1:${port}/core/log`, { method: "POST", body: "x", headers: { Origin: "https://evil.example" } });
    assert.equal(ofAPage.status, 403, "a page may not even log");
  }
});

test("workerd's own port answers nobody who comes past the gateway", async (t) => {
  const served = await serve(t, [], { cwd: await emptyFolder(t), env: { ADMIN_TOKEN: TOKEN } });
  await served.hit();
  const { pid } = served.child;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(/\s+/);
  const ports = children.flatMap(portsOf);
  assert.ok(ports.length >= 1, "workerd has a port");
  const forged = { ...BROWSER, "CF-Connecting-IP": "203.0.113.77", "CF-Laifang-Gateway": "0".repeat(64) };
  for (const port of ports) {
    const hit = await fetch(`http://127.0.0.1:${port}/v1/hits`, { method: "POST", headers: forged, body: hitBody() });
    const owner = await fetch(`http://127.0.0.1:${port}/v1/sites/localhost`, { headers: { Authorization: `Bearer ${TOKEN}` } });
    assert.deepEqual([hit.status, owner.status], [403, 403]);
  }
  assert.equal((await served.hit()).site.views, 2);
});

const SLOW_CLIENTS = 3_000;
/** What slow clients have sent when they fall silent. */
const HALVES = [
  "POST /v1/sites/localhost/import HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n",
  "PUT /v1/sites/localhost HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{",
  "POST /v1/hi",
  "POST /v1/hits HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
  "POST /v1/hits HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{",
  "POST /v1/hits HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
];

test("three thousand slow clients keep nobody waiting, and are let go", async (t) => {
  const served = await serve(t, [], { cwd: await emptyFolder(t) });
  const port = Number(new URL(served.url).port);
  await served.hit();
  const before = residentBytes(served.child.pid);
  let closed = 0;
  const slow = [];
  for (let number = 0; number < SLOW_CLIENTS; number++) {
    const socket = connect(port, "127.0.0.1").on("error", () => {}).on("close", () => closed++).resume();
    socket.write(HALVES[number % HALVES.length]);
    slow.push(socket);
    if (number % 200 === 0) await new Promise((next) => setTimeout(next, 10));
  }
  // A few go on a byte at a time: what is limited is the whole request, not the pause.
  const dripping = setInterval(() => slow.slice(0, 40).forEach((socket) => socket.writable && socket.write("x")), 1_000);
  t.after(() => clearInterval(dripping));
  const began = performance.now();
  for (let i = 0; i < 50; i++) assert.equal((await served.hit()).site.views, i + 2);
  assert.ok(performance.now() - began < 20_000, "hits go on meanwhile");
  assert.ok(residentBytes(served.child.pid) - before < 150e6, "3,000 half requests are not held in much memory");
  while (closed < SLOW_CLIENTS && performance.now() - began < 60_000) await new Promise((next) => setTimeout(next, 200));
  assert.equal(closed, SLOW_CLIENTS, "each is closed within its time limit");
  assert.equal((await served.hit()).site.views, 52);
});

test("clients that close early keep nobody waiting", async (t) => {
  const served = await serve(t, [], { cwd: await emptyFolder(t) });
  const port = Number(new URL(served.url).port);
  for (let round = 0; round < 20; round++) {
    const sockets = Array.from({ length: 50 }, (_, number) => {
      const socket = connect(port, "127.0.0.1").on("error", () => {});
      socket.write(HALVES[number % HALVES.length]);
      return socket;
    });
    assert.equal((await served.hit()).site.views, round + 1);
    sockets.forEach((socket, number) => (number % 2 ? socket.destroy() : socket.resetAndDestroy()));
  }
  assert.equal((await served.hit()).site.views, 21);
});

test("hits at the pace at which workerd closes idle connections are all answered", async (t) => {
  const served = await serve(t, [], { cwd: await emptyFolder(t) });
  for (const pauseMs of [4_900, 5_000, 5_100]) {
    const hits = await Promise.all(Array.from({ length: 10 }, () => served.hit()));
    assert.ok(hits.every(({ counted }) => counted));
    await new Promise((done) => setTimeout(done, pauseMs));
  }
  assert.equal((await served.hit()).counted, true);
});

test("a body that is refused unread breaks nobody else's request", async (t) => {
  const served = await serve(t, [], { cwd: await emptyFolder(t), env: { ADMIN_TOKEN: TOKEN } });
  const owner = { Authorization: `Bearer ${TOKEN}` };
  const unread = [
    ["POST", "/v1/health", 100, {}, 405],
    ["POST", "/v1/hits", 9_000, {}, 413],
    ["POST", "/v1/sites/nope.cn/moves", 100, owner, 403],
    ["POST", "/v1/sites/localhost/merges", 100, owner, 200],
  ];
  for (let round = 0; round < 40; round++) {
    for (const [method, path, bytes, headers, status] of unread) {
      const refused = await fetch(served.url + path, { method, headers: { ...BROWSER, ...headers }, body: "x".repeat(bytes) });
      await refused.arrayBuffer();
      assert.equal(refused.status, status, path);
      assert.equal((await served.hit()).counted, true);
    }
  }
});

/** Uploads `bytes` as an import and gives the status and the problem's code. */
function uploadImport(url, bytes, headers) {
  const upload = request(`${url}/v1/sites/localhost/import`, { method: "POST", headers: { Authorization: `Bearer ${TOKEN}`, "Content-Type": "text/csv", ...headers } });
  return new Promise((done, fail) => {
    upload.once("error", fail).once("response", async (response) => done([response.statusCode, JSON.parse(await new Response(response).text()).code]));
    upload.end(bytes);
  });
}

test("a file of more than 100 MB is refused with the reason, declared or in chunks", async (t) => {
  const served = await serve(t, [], { cwd: await emptyFolder(t), env: { ADMIN_TOKEN: TOKEN } });
  const tooLarge = Buffer.alloc(101_000_000, "/a,1,1\n");
  for (let round = 0; round < 2; round++) {
    assert.deepEqual(await uploadImport(served.url, tooLarge, { "Content-Length": "101000000" }), [413, "too-large"]);
    assert.deepEqual(await uploadImport(served.url, tooLarge, {}), [413, "too-large"]);
  }
  await served.hit();
});

test("clients that ask for files and never read them hold no connection to the counter", async (t) => {
  const served = await serve(t, [], { cwd: await emptyFolder(t) });
  const port = Number(new URL(served.url).port);
  const before = residentBytes(served.child.pid);
  // More than the operating system's buffers take.
  const requests = "GET /console/console.js HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(40);
  const silent = Array.from({ length: 270 }, () => {
    const socket = connect(port, "127.0.0.1").on("error", () => {}).pause();
    socket.write(requests);
    return socket;
  });
  t.after(() => silent.forEach((socket) => socket.destroy()));
  // Thousands of answers come first; whoever held connections would hold them for two minutes.
  const until = performance.now() + 90_000;
  let first;
  while (!(first = await served.hit().catch(() => undefined))) assert.ok(performance.now() < until, "hits go on");
  for (let i = 1; i <= 20; i++) assert.equal((await served.hit()).site.views, first.site.views + i);
  assert.ok(residentBytes(served.child.pid) - before < 150e6, "a file that many ask for is in memory once");
});

test("an upload without the owner's token holds no connection to the counter, whether its body comes or not", async (t) => {
  const served = await serve(t, [], { cwd: await emptyFolder(t), env: { ADMIN_TOKEN: TOKEN } });
  const heads = ["", "Authorization: Bearer wrong-wrong-wrong\r\n"].map((line) => `POST /v1/sites/localhost/import HTTP/1.1\r\nHost: localhost\r\n${line}Content-Length: 1000\r\n\r\n`);
  for (const head of heads) assert.deepEqual(statuses(await exchange(served.url, head)), [401]);
  const withToken = `POST /v1/sites/localhost/import HTTP/1.1\r\nHost: localhost\r\nAuthorization: bearer ${TOKEN}\r\nContent-Length: 8\r\n\r\n`;
  assert.deepEqual(statuses(await exchange(served.url, [withToken, "/a,2,1\n\n"], { pauseMs: 200, quietMs: 2_000 })), [200]);
});
