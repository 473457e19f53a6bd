// What was acknowledged is there after a crash; numbers are given once; KV alone brings a site back.
import { test } from "node:test";
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startHost } from "../../edge/local/host.mjs";
import { acknowledged, eventually, newId, startWorker, visitor } from "./worker.mjs";

test("2,000 visitors over 64 connections get the numbers 1 to 2000, and KV says so", async () => {
  const worker = await startWorker();
  try {
    const numbers = [];
    let next = 0;
    const connection = async () => {
      while (next < 2000) {
        const response = await worker.hit({}, visitor(next++));
        assert.equal(response.status, 200);
        numbers.push((await response.json()).visitor);
      }
    };
    await Promise.all(Array.from({ length: 64 }, connection));
    numbers.sort((a, b) => a - b);
    assert.deepEqual(numbers, Array.from({ length: 2000 }, (_, index) => index + 1));
    await eventually(async () => assert.equal((await worker.counts()).site.visitors, 2000), 60_000);
  } finally {
    await worker.end();
  }
});

test("after SIGKILL of workerd the numbers go on: none lost, none twice", async () => {
  const worker = await startWorker();
  try {
    const given = new Map();
    for (let round = 0; round < 4; round++) {
      let dead = false;
      const connections = Array.from({ length: 8 }, async (_, lane) => {
        for (let i = 0; i < 200 && !dead; i++) {
          const fields = { id: newId() };
          const who = visitor(round * 10_000 + lane * 1_000 + i);
          const reply = await acknowledged(worker.hit(fields, who));
          if (reply) given.set(fields.id, { number: reply.visitor, fields, who });
        }
      });
      await new Promise((done) => setTimeout(done, 250 + 100 * round));
      // On a busy machine it takes longer until there is a load.
      while (given.size < 40 * (round + 1)) await new Promise((done) => setTimeout(done, 20));
      dead = true;
      await worker.kill();
      await Promise.all(connections);
      await worker.restart();
    }
    const numbers = [...given.values()].map(({ number }) => number);
    assert.ok(numbers.length > 100);
    assert.equal(new Set(numbers).size, numbers.length);
    const [last] = [...given.values()].slice(-1);
    assert.equal((await (await worker.hit(last.fields, last.who)).json()).visitor, last.number, "a retry after the crash");
    const next = (await (await worker.hit({}, visitor(999_999))).json()).visitor;
    assert.ok(next > Math.max(...numbers));
  } finally {
    await worker.end();
  }
});

test("a site whose object storage is gone goes on from KV", async () => {
  const worker = await startWorker();
  try {
    for (let i = 0; i < 5; i++) await worker.hit({}, visitor(i));
    await eventually(async () => assert.equal((await worker.counts()).site.visitors, 5), 60_000);
    const { state } = worker.host;
    await worker.host.stop();
    await rm(join(state, "objects"), { recursive: true, force: true });
    await worker.restart();
    const reply = await (await worker.hit({}, visitor(77))).json();
    assert.deepEqual([reply.visitor, reply.site.views, reply.page.views], [6, 6, 6]);
  } finally {
    await worker.end();
  }
});

test("a taken port and a state that is no folder are told in one sentence", async () => {
  const worker = await startWorker();
  const folder = await mkdtemp(join(tmpdir(), "laifang-test-"));
  try {
    await assert.rejects(startHost({ port: worker.host.port }), /port \d+ can't be used .*--port/);
    await assert.rejects(startHost({ state: "/dev/null/state" }), /can't be written .*--state/);
  } finally {
    await rm(folder, { recursive: true });
    await worker.end();
  }
});

test("the host starts from whatever folder it is called in", async () => {
  const before = process.cwd();
  process.chdir(tmpdir());
  try {
    const worker = await startWorker();
    assert.equal((await worker.hit()).status, 200);
    await worker.end();
  } finally {
    process.chdir(before);
  }
});
