// A KV namespace that keeps to the rules the local one does not enforce: one write a second per key, reads
// up to a minute old, misses cached too; and that fails as often as it is told to. Deterministic by seed.
import { mulberry32 } from "../edge/random.mjs";

/** How long a read may be old. */
export const STALE_MS = 60_000;
const LIST_PAGE = 2;

export class StrictKv {
  /** `now` is its clock; `staleMs` how old a read may be; `faults` the share of calls that fail. */
  constructor({ now = Date.now, staleMs = STALE_MS, faults = 0, seed = 1 } = {}) {
    Object.assign(this, { now, staleMs, faults });
    this.random = mulberry32(seed);
    this.stored = new Map();
    this.cached = new Map();
    this.writtenMs = new Map();
    this.puts = 0;
    this.tooMany = 0;
    this.failed = 0;
    this.log = [];
  }

  get(key) {
    if (this.random() < this.faults) return { error: "KV GET failed: 500 Internal Server Error" };
    const known = this.cached.get(key);
    if (known && this.now() < known.untilMs) return { value: known.value };
    const value = this.stored.get(key) ?? null;
    this.cached.set(key, { value, untilMs: this.now() + this.staleMs });
    return { value };
  }

  put(key, value) {
    const now = this.now();
    if (now - (this.writtenMs.get(key) ?? -Infinity) < 1000) {
      this.tooMany += 1;
      return { error: "KV PUT failed: 429 Too Many Requests" };
    }
    this.writtenMs.set(key, now);
    this.puts += 1;
    const fails = this.random() < this.faults;
    // Half of the failures are answers lost after the write.
    if (!fails || this.random() < 0.5) {
      this.stored.set(key, value);
      this.log.push({ now, key, value });
    }
    if (fails) this.failed += 1;
    return fails ? { error: "KV PUT failed: 503 Service Unavailable" } : {};
  }

  /** Names of keys, few at a time, so that whoever lists must ask again. */
  list(prefix, cursor) {
    const names = [...this.stored.keys()].filter((key) => key.startsWith(prefix)).sort();
    const first = Number(cursor ?? 0);
    const keys = names.slice(first, first + LIST_PAGE).map((name) => ({ name }));
    const isComplete = first + LIST_PAGE >= names.length;
    return { keys, list_complete: isComplete, ...(!isComplete && { cursor: String(first + LIST_PAGE) }) };
  }

  /** The newest document, as nobody but its owner sees it. */
  document(key) {
    const value = this.stored.get(key);
    return value === undefined ? undefined : JSON.parse(value);
  }
}
