// Damages the files of a stopped counter: SQLite databases, their write-ahead logs, KV's files.
import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Files that hold counts, with what they are. Shared memory (`-shm`) is made anew by SQLite. */
export function filesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.endsWith("-shm") && !path.includes("metadata.sqlite") && statSync(path).size > 0)
    .sort()
    .map((path) => ({ path, kind: kindOf(path) }));
}

function kindOf(path) {
  if (path.includes("/blobs/")) return "KV value";
  const owner = /SiteCounter/.test(path) ? "site" : /WriteBudget/.test(path) ? "budget" : "KV index";
  return path.endsWith("-wal") ? `${owner} WAL` : owner;
}

/** The ways in which a file is damaged; each takes its bytes and returns other bytes. */
const WAYS = {
  "one bit": (bytes, random) => flipped(bytes, random, 1),
  "eight bits": (bytes, random) => flipped(bytes, random, 8),
  "a page of zeros": (bytes, random) => {
    const page = 4096 * Math.floor((random() * bytes.length) / 4096);
    return bytes.fill(0, page, Math.min(page + 4096, bytes.length));
  },
  "cut off": (bytes, random) => bytes.subarray(0, Math.floor(random() * bytes.length)),
};

function flipped(bytes, random, count) {
  for (let number = 0; number < count; number++) bytes[Math.floor(random() * bytes.length)] ^= 1 << Math.floor(random() * 8);
  return bytes;
}

/** Damages one file in one way; says which. */
export function damageOne(folder, random) {
  const files = filesOf(folder);
  const { path, kind } = files[Math.floor(random() * files.length)];
  const names = Object.keys(WAYS);
  const way = names[Math.floor(random() * names.length)];
  const bytes = WAYS[way](readFileSync(path), random);
  writeFileSync(path, bytes);
  truncateSync(path, bytes.length);
  return { kind, way, path };
}

/** Changes one byte of the site's totals, in the databases of a stopped counter. */
export function damageTotals(folder) {
  const files = filesOf(folder).filter(({ kind }) => kind === "site");
  for (const { path } of files) {
    const database = new DatabaseSync(path);
    const { body } = database.prepare("select body from snapshot where key = 0").get();
    body[3] ^= 1;
    database.prepare("update snapshot set body = ? where key = 0").run(body);
    database.close();
  }
}
