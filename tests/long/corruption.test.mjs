// Files that changed at rest: after a start the counts are exact, or restored from KV and said to be (`restored_at`), or
// refused with 503 until the owner restores or resets the site. Other sites go on. `ROUNDS=300 SEED=7` for more.
//
// What no check can see: the end of a write-ahead log that is cut off looks like one that was never written. Then the
// hits since the newest publication, some seconds of them, are gone.
import { test } from "node:test";
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SITE, eventually, newId, startWorker, visitor } from "../edge/worker.mjs";
import { mulberry32 } from "../edge/random.mjs";
import { damageOne } from "./damage.mjs";

const ROUNDS = Number(process.env.ROUNDS ?? 25);
const random = mulberry32(Number(process.env.SEED ?? 1));
const OTHER = "demo.test";
const PAGES = 40;
/** Hits before the newest publication: some of them past SQLite's own checkpoint. */
const PUBLISHED = 3_000;
const LATER = 20;
const MAX_ANSWER_MS = 2_000;

const hit = (worker, number, site = SITE) =>
  worker.hit({ url: `https://${site}/p${number % PAGES}`, id: newId() }, visitor(number));

async function countSome(worker) {
  for (let number = 0; number < PUBLISHED; number += PAGES) {
    await Promise.all(Array.from({ length: PAGES }, (_, index) => hit(worker, number + index)));
  }
  await hit(worker, 0, OTHER);
  await eventually(async () => assert.equal((await worker.counts()).site.views, PUBLISHED));
  for (let number = PUBLISHED; number < PUBLISHED + LATER; number++) await hit(worker, number);
}

/** What one more hit is answered, and what the owner sees. */
async function look(worker) {
  const began = Date.now();
  const response = await hit(worker, 1);
  const body = await response.json();
  assert.ok(Date.now() - began < MAX_ANSWER_MS, `an answer within ${MAX_ANSWER_MS} ms`);
  const standing = await (await worker.owner()).json();
  return { status: response.status, body, standing };
}

function judge({ status, body, standing }, kind) {
  if (status === 503) {
    assert.ok(body.damaged, `its owner can restore or reset it: ${body.detail}`);
    return "503";
  }
  assert.equal(status, 200, JSON.stringify(body));
  const { views, visitors } = body.site;
  if (standing.restored_at) {
    assert.equal(views, PUBLISHED + 1, "restored as it was published");
    return "restored";
  }
  if (views === PUBLISHED + LATER + 1) {
    assert.deepEqual([visitors, body.page.views], [PUBLISHED + LATER, PUBLISHED / PAGES + 2]);
    return "exact";
  }
  assert.equal(kind, "site WAL", `${views} views of ${PUBLISHED + LATER + 1}`);
  assert.ok(views > PUBLISHED && views < PUBLISHED + LATER + 1, `${views} views`);
  return "the unpublished end is gone";
}

/** Restores or resets a site that says it is damaged. */
async function repair(worker) {
  const [method, part, views] = random() < 0.5 ? ["POST", "/restore", PUBLISHED + 1] : ["DELETE", "", 1];
  const answer = await worker.owner(method, { part });
  assert.equal(answer.status, 200, await answer.clone().text());
  assert.equal((await (await hit(worker, 1)).json()).site.views, views, method);
  if (part) assert.equal((await worker.owner("POST", { part })).status, 409, "a site that can be read is not restored");
}

test("damaged files: exact, restored and said so, or 503 until the owner decides", async () => {
  const worker = await startWorker();
  const whole = mkdtempSync(join(tmpdir(), "laifang-whole-"));
  const outcomes = {};
  try {
    await countSome(worker);
    await worker.kill();
    cpSync(worker.folder, whole, { recursive: true });
    for (let round = 0; round < ROUNDS; round++) {
      rmSync(worker.folder, { recursive: true, force: true });
      cpSync(whole, worker.folder, { recursive: true });
      const { kind, way, path } = damageOne(worker.folder, random);
      await worker.restart();
      const seen = await look(worker);
      const outcome = judge(seen, kind);
      if (seen.body.damaged) await repair(worker);
      const other = await (await hit(worker, 1, OTHER)).json();
      assert.ok(other.site?.views >= 1 && !other.damaged, `the other site goes on: ${path}`);
      const name = `${kind}, ${way}: ${outcome}`;
      outcomes[name] = (outcomes[name] ?? 0) + 1;
      await worker.kill();
    }
    console.log(Object.entries(outcomes).sort().map(([name, count]) => `${count} × ${name}`).join("\n"));
    await worker.restart();
  } finally {
    await worker.end();
    rmSync(whole, { recursive: true, force: true });
  }
});
