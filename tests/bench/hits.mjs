// Hits a second, latency, and how soon KV knows: one run, one table.
import { SITE, newId, startWorker } from "../edge/worker.mjs";

const HITS = 5000;
const worker = await startWorker();
console.log("connections    hits/s   p50 ms   p99 ms");
for (const connections of [1, 8, 32]) {
  const times = [];
  let left = HITS / (connections === 1 ? 5 : 1);
  const began = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (left-- > 0) {
        const sent = performance.now();
        const response = await worker.hit({ id: newId() }, { "CF-Connecting-IP": `10.2.${left >> 8}.${left & 255}` });
        if (!response.ok) throw new Error(`HTTP ${response.status}`);
        await response.arrayBuffer();
        times.push(performance.now() - sent);
      }
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.floor(times.length * share)].toFixed(1).padStart(9);
  console.log(String(connections).padStart(11), String(Math.round(times.length / seconds)).padStart(9), at(0.5), at(0.99));
}
const { site } = await (await worker.hit()).json();
const began = performance.now();
while ((await worker.counts()).site.views < site.views) await new Promise((done) => setTimeout(done, 100));
console.log(`the last hit was in KV, for ${SITE}, ${((performance.now() - began) / 1000).toFixed(1)} s later`);
await worker.end();
