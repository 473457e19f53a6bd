// A site's day by an injected clock: midnight, days of 23 and 25 hours, a leap day, and the salt's end.
import { test } from "node:test";
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { eventually, visitor } from "../edge/worker.mjs";
import { startClocked } from "./clock.mjs";

const HOUR_MS = 3_600_000;
const SECOND_MS = 1000;

const todayOf = ({ site }) => [site.views_today, site.visitors_today];

async function dayEnds(timeZone, noon, date, midnight, hours) {
  const worker = await startClocked(timeZone);
  try {
    worker.at(noon);
    assert.deepEqual(todayOf(await worker.view(1)), [1, 1]);
    const standing = await (await worker.owner()).json();
    assert.equal(standing.day, date);
    assert.equal(Date.parse(standing.day_ends_at), Date.parse(midnight));
    worker.at(Date.parse(midnight) - SECOND_MS);
    assert.deepEqual(todayOf(await worker.view(1)), [2, 1], "the last second is still today");
    worker.at(midnight);
    const first = await worker.view(1);
    assert.deepEqual([first.visitor, ...todayOf(first)], [2, 1, 1], "the same browser is a new visitor of a new day");
    const next = Date.parse((await (await worker.owner()).json()).day_ends_at);
    return { hours: (next - Date.parse(midnight)) / HOUR_MS, expected: hours };
  } finally {
    await worker.end();
  }
}

for (const [name, zone, noon, date, midnight, hours] of [
  ["a day ends at Shanghai's midnight", "Asia/Shanghai", "2026-11-24T04:00:00Z", "2026-11-24", "2026-11-24T16:00:00Z", 24],
  ["the day before summer time begins; then one of 23 hours", "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-28", "2026-03-28T23:00:00Z", 23],
  ["the day before summer time ends; then one of 25 hours", "Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-24", "2026-10-24T22:00:00Z", 25],
  ["28 February of a leap year; then 29 February", "Asia/Shanghai", "2028-02-28T04:00:00Z", "2028-02-28", "2028-02-28T16:00:00Z", 24],
  ["29 February; then 1 March", "Asia/Shanghai", "2028-02-29T04:00:00Z", "2028-02-29", "2028-02-29T16:00:00Z", 24],
]) {
  test(name, async () => {
    const { hours: found, expected } = await dayEnds(zone, noon, date, midnight, hours);
    assert.equal(found, expected);
  });
}

test("a retry over midnight gets yesterday's reply; public counts of today are zero once the day is over", async () => {
  const worker = await startClocked("Asia/Shanghai");
  try {
    worker.at(Date.parse("2026-11-24T16:00:00Z") - 5 * SECOND_MS);
    const before = await (await worker.hit({ id: "over-midnight-0000000001" }, visitor(1))).json();
    await eventually(async () => {
      worker.kv.cached.clear();
      assert.equal((await worker.counts()).site.views_today, 1);
    });
    worker.at("2026-11-24T16:00:05Z");
    const again = await (await worker.hit({ id: "over-midnight-0000000001" }, visitor(2))).json();
    assert.deepEqual(again, before);
    const { site } = await worker.counts();
    assert.deepEqual([site.views, site.views_today, site.visitors_today], [1, 0, 0]);
  } finally {
    await worker.end();
  }
});

test("yesterday, week, month and year are right on the day they are read, published or live", async () => {
  const worker = await startClocked("Asia/Shanghai");
  const read = async () => {
    worker.kv.cached.clear();
    const { periods } = await worker.counts();
    return Object.fromEntries(Object.entries(periods).map(([period, { views, visitors }]) => [period, `${views} by ${visitors}`]));
  };
  const published = (expected) => eventually(async () => assert.deepEqual(await read(), expected));
  try {
    // A Thursday; the week goes on into the next year.
    worker.at("2026-12-31T04:00:00Z");
    for (const number of [1, 2, 1]) await worker.view(number);
    await published({ yesterday: "0 by 0", week: "3 by 2", month: "3 by 2", year: "3 by 2" });
    worker.at("2027-01-01T04:00:00Z");
    assert.deepEqual(await read(), { yesterday: "3 by 2", week: "3 by 2", month: "0 by 0", year: "0 by 0" });
    await worker.view(1);
    await published({ yesterday: "3 by 2", week: "4 by 3", month: "1 by 1", year: "1 by 1" });
    const stats = await (await worker.owner("GET", { part: "/stats" })).json();
    assert.deepEqual(stats.periods.week, { views: 4, visitors: 3 }, "who comes on two days is two visitors of the week");
    worker.at("2027-01-04T04:00:00Z");
    assert.deepEqual(await read(), { yesterday: "0 by 0", week: "0 by 0", month: "1 by 1", year: "1 by 1" });
  } finally {
    await worker.end();
  }
});

test("a site's own zone takes over from TIME_ZONE, and an unknown one is refused", async () => {
  const worker = await startClocked("Asia/Shanghai");
  try {
    worker.at("2026-11-24T04:00:00Z");
    await worker.view(1);
    const refused = await worker.owner("PUT", { body: JSON.stringify({ time_zone: "Mars/Olympus" }) });
    assert.equal(refused.status, 400);
    assert.match((await refused.json()).detail, /Mars\/Olympus is not a time zone/);
    assert.equal((await worker.owner("PUT", { body: JSON.stringify({ time_zone: "America/New_York" }) })).status, 200);
    worker.at("2026-11-25T04:30:00Z");
    await worker.view(1);
    const standing = await (await worker.owner()).json();
    assert.deepEqual([standing.day, standing.day_ends_at], ["2026-11-24", "2026-11-25T05:00:00.000Z"]);
  } finally {
    await worker.end();
  }
});

/** The site's database in the state folder. */
async function databaseFiles(folder) {
  const files = await readdir(join(folder, "objects"), { recursive: true, withFileTypes: true });
  return files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
}

async function saltRow(folder) {
  for (const file of (await databaseFiles(folder)).filter((name) => name.endsWith(".sqlite"))) {
    const database = new DatabaseSync(file, { readOnly: true });
    try {
      const row = database.prepare("select body from snapshot where key = -1").get();
      if (row) return Buffer.from(row.body);
    } catch {
      // Another object's database has no such table.
    } finally {
      database.close();
    }
  }
  throw new Error("no salt row");
}

const saltOf = (row) => row.subarray(1, 17);

test("at midnight the alarm overwrites the salt, and no storage file keeps the old one", async () => {
  const worker = await startClocked("Asia/Shanghai");
  try {
    worker.at(Date.parse("2026-11-24T16:00:00Z") - 60 * SECOND_MS);
    await worker.view(1);
    await worker.host.stop();
    const salt = saltOf(await saltRow(worker.folder));
    const found = async () => {
      const files = await Promise.all((await databaseFiles(worker.folder)).map((file) => readFile(file)));
      return files.filter((bytes) => bytes.includes(salt)).length;
    };
    assert.ok((await found()) > 0, "the search finds the salt while it is there");

    await worker.restart();
    worker.at(Date.parse("2026-11-24T16:00:00Z") - 2 * SECOND_MS);
    await worker.view(1);
    await eventually(async () => {
      const { day } = await (await worker.owner()).json();
      assert.equal(day, "2026-11-24");
    });
    // The alarm rings without any hit; ten idle seconds later the object sleeps, and its log is folded in.
    await eventually(async () => assert.equal(await found(), 0), 60_000);
    await worker.host.stop();
    assert.notDeepEqual(saltOf(await saltRow(worker.folder)), salt);
  } finally {
    await worker.end();
  }
});
