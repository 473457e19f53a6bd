// Too much of something: what is refused, what it is told, and that a retry is safe.
import { test } from "node:test";
import assert from "node:assert/strict";
import { SITE, TOKEN, newId, startWorker, visitor } from "../edge/worker.mjs";

test("the platform's rate limit stands in front of the object", async () => {
  const worker = await startWorker({ vars: { HITS_PER_MINUTE: "300" } });
  try {
    // 600 a minute pass the limit in front, of which 300 pass the object; 1,300 can't fit two of its minutes.
    const replies = await Promise.all(Array.from({ length: 1300 }, () => worker.hit().then((r) => r.json())));
    const refused = (reason) => replies.filter((body) => body.detail?.includes(reason)).length;
    assert.ok(refused("HITS_PER_MINUTE") >= 300);
    assert.ok(refused("the deployment's rate limit") >= 100);
  } finally {
    await worker.end();
  }
});

test("one address brings only so many new visitors and new pages an hour; the known go on", async () => {
  const worker = await startWorker({ vars: { HITS_PER_MINUTE: "20" }, lab: { kv: undefined } });
  const base = Date.UTC(2026, 10, 24, 4);
  const send = async (minute, fields, agent) => {
    worker.nowMs = base + minute * 60_000;
    return worker.hit(fields, { ...visitor(1), "User-Agent": agent });
  };
  try {
    for (let i = 0; i < 20; i++) assert.equal((await send(i, {}, `Browser ${i}`)).status, 200);
    const refused = await send(21, {}, "Browser 21");
    assert.equal(refused.status, 429);
    assert.match((await refused.json()).detail, /new visitors an hour/);
    const waitMinutes = Number(refused.headers.get("Retry-After")) / 60;
    assert.ok(waitMinutes > 38 && waitMinutes < 40, `${waitMinutes} minutes`);
    assert.equal((await send(22, {}, "Browser 3")).status, 200, "who is known goes on");

    const other = async (minute, page) => {
      worker.nowMs = base + minute * 60_000;
      return worker.hit({ url: `https://${SITE}/new/${page}` }, visitor(2));
    };
    for (let page = 0; page < 20; page++) assert.equal((await other(23 + page, page)).status, 200);
    const refusedPage = await other(44, 20);
    assert.match((await refusedPage.json()).detail, /new pages an hour/);
    assert.equal((await other(45, 7)).status, 200, "a known page goes on");
  } finally {
    await worker.end();
  }
});

test("an overloaded object is 503 with Retry-After, and the retry counts once", async () => {
  const ends = [{ overloaded: true }, { late: true }, {}, {}];
  const worker = await startWorker({ lab: { nextCall: () => ends.shift() ?? {} } });
  try {
    const id = newId();
    const overloaded = await worker.hit({ id });
    assert.equal(overloaded.status, 503);
    assert.ok(Number(overloaded.headers.get("Retry-After")) > 0);
    assert.equal((await overloaded.json()).code, "unavailable");
    assert.equal((await worker.hit({ id })).status, 503, "counted, but the answer was lost");
    const reply = await (await worker.hit({ id })).json();
    assert.deepEqual([reply.counted, reply.visitor, reply.site.views], [true, 1, 1]);
    assert.equal((await (await worker.hit({}, visitor(5))).json()).site.views, 2);
  } finally {
    await worker.end();
  }
});

test("the owner's routes: hidden without a secret, closed without the token, open to no other origin", async () => {
  const closed = await startWorker({ vars: { ADMIN_TOKEN: "" } });
  try {
    assert.equal((await closed.owner("GET", { token: "" })).status, 404);
    assert.equal((await closed.owner("GET", { token: "undefined" })).status, 404);
  } finally {
    await closed.end();
  }
  const worker = await startWorker();
  try {
    for (const token of ["", TOKEN.slice(1), `${TOKEN}x`, "wrong"]) {
      const response = await worker.owner("DELETE", { token });
      assert.equal(response.status, 401);
      assert.equal(response.headers.get("Access-Control-Allow-Origin"), null);
    }
    const response = await worker.owner();
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("Access-Control-Allow-Origin"), null);
    assert.equal((await worker.owner("GET", { site: "elsewhere.test" })).status, 403);
  } finally {
    await worker.end();
  }
});

test("where a pattern lets anybody name sites, an address begins only so many a day; the others go on", async () => {
  const worker = await startWorker({ vars: { SITES: "*.example.org written.example.org" }, lab: { kv: undefined } });
  try {
    const send = (site, who) => worker.hit({ url: `https://${site}.example.org/` }, visitor(who));
    const statuses = [];
    for (let site = 0; site < 25; site++) statuses.push((await send(`site${site}`, 1)).status);
    assert.deepEqual(statuses, [...Array(20).fill(200), ...Array(5).fill(429)]);
    const refused = await send("another", 1);
    assert.ok(Number(refused.headers.get("retry-after")) > 0);
    assert.match((await refused.json()).detail, /new sites .* SITES/);
    assert.equal((await send("site3", 1)).status, 200, "a site that began goes on");
    assert.equal((await send("written", 1)).status, 200, "a site that is written out may begin");
    assert.equal((await send("another", 2)).status, 200, "another address");
    assert.equal((await send("another", 1)).status, 200);
  } finally {
    await worker.end();
  }
});
