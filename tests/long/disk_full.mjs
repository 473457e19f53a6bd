// A counter whose disk is full, and is freed: hits get 503 meanwhile, and none that was acknowledged is lost.
//
//   unshare --map-root-user --mount node_modules/.bin/node tests/long/disk_full.mjs
//
// A program and not a test, as it mounts a small file system of its own. Exits with 1 if a number is wrong.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, rmdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startWorker, visitor } from "../edge/worker.mjs";

const disk = mkdtempSync(join(tmpdir(), "laifang-disk-"));
execFileSync("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", disk]);
const worker = await startWorker({ state: join(disk, "state") });
let next = 0;

/** So many hits of new visitors; how many were acknowledged. */
async function hits(count) {
  let acknowledged = 0;
  for (let hit = 0; hit < count; hit++) {
    const response = await worker.hit({}, visitor(next++));
    assert.ok([200, 503].includes(response.status), `HTTP ${response.status}`);
    if (response.status === 200) acknowledged++;
  }
  return acknowledged;
}

function fill() {
  const files = [];
  try {
    for (;;) {
      files.push(join(disk, `filler-${files.length}`));
      writeFileSync(files.at(-1), Buffer.alloc(4096));
    }
  } catch ({ code }) {
    assert.equal(code, "ENOSPC");
  }
  return files;
}

try {
  const before = await hits(200);
  const files = fill();
  const during = await hits(300);
  for (const file of files) rmSync(file, { force: true });
  const after = await hits(50);
  assert.deepEqual([before, after], [200, 50]);
  assert.ok(during < 300, "some hits were refused");
  await worker.kill();
  await worker.restart();
  const total = before + during + after;
  const { site } = await (await worker.hit({}, visitor(0))).json();
  assert.deepEqual([site.views, site.visitors], [total + 1, total]);
  console.log(`${before} hits, ${300 - during} of 300 refused while the disk was full, ${after} hits once it was freed: ${total} counted`);
} finally {
  await worker.end();
  execFileSync("umount", [disk]);
  rmdirSync(disk);
}
