// A Worker with a clock that a test sets, and a KV that goes by the same.
import { startWorker, visitor } from "../edge/worker.mjs";
import { StrictKv } from "./strict_kv.mjs";

/** A worker whose clock is moved by `at`. */
export async function startClocked(timeZone) {
  const clock = { aheadMs: 0 };
  const kv = new StrictKv({ now: () => Date.now() + clock.aheadMs });
  const worker = await startWorker({ lab: { kv, speed: 20 }, vars: { TIME_ZONE: timeZone } });
  worker.kv = kv;
  worker.at = (when) => {
    worker.nowMs = typeof when === "number" ? when : Date.parse(when);
    clock.aheadMs = worker.nowMs - Date.now();
  };
  worker.view = async (number) => (await worker.hit({}, visitor(number))).json();
  return worker;
}
