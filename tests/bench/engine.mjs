// A site of 100,000 pages and as many visitors today: how long its replies take while it grows, how long it
// takes to wake, and how it answers a hundred hits a second. One run, one table. `SIZE=5000` makes it smaller.
import http from "node:http";
import { SITE, newId, startWorker, visitor } from "../edge/worker.mjs";

const SIZE = Number(process.env.SIZE ?? 100_000);
const CONNECTIONS = 8;
const worker = await startWorker({
  lab: {},
  vars: { HITS_PER_MINUTE: "100000000", MAX_PAGES: String(SIZE), TIME_ZONE: "UTC" },
});
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
// The morning of a day, so that nothing here crosses midnight.
const morning = Date.UTC(2026, 10, 24, 8) - Date.now();
let laterMs = 0;
const tick = () => (worker.nowMs = Date.now() + morning + laterMs);
const clock = setInterval(tick, 50);
tick();

// A lean client: the machine's cores are shared with what is measured.
const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

function timedCall(path, method, headers, body) {
  return new Promise((done, fail) => {
    const sent = performance.now();
    const clock = { "X-Lab-Now": String(worker.nowMs) };
    const options = { host: "127.0.0.1", port: worker.host.port, agent, path, method, headers: { ...clock, ...headers } };
    const request = http.request(options, (response) => {
      response.resume();
      response.on("end", () => {
        if (response.statusCode === 200) done(performance.now() - sent);
        else fail(new Error(`${path}: HTTP ${response.statusCode}`));
      });
    });
    // The server may close an idle connection just as it is used again; then nothing was sent.
    request.on("error", (error) =>
      request.reusedSocket && error.code === "ECONNRESET"
        ? timedCall(path, method, headers, body).then(done, fail)
        : fail(error),
    );
    request.end(body);
  });
}

const timed = (site, page, who) =>
  timedCall(
    "/v1/hits",
    "POST",
    visitor(who),
    JSON.stringify({ id: newId(), url: `https://${site}/articles/2026/${page}` }),
  );

/** Starts a call every ten milliseconds, whether or not the ones before are answered. */
async function hundredASecond(call, count = 2000) {
  const times = [];
  const calls = [];
  const began = performance.now();
  for (let index = 0; index < count; index++) {
    const early = began + index * 10 - performance.now();
    if (early > 1) await pause(early);
    calls.push(call(index).then((ms) => times.push(ms)));
  }
  await Promise.all(calls);
  return times;
}

const quantile = (times, share) => times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(1);

function row(what, times) {
  times.sort((a, b) => a - b);
  const cells = [quantile(times, 0.5), quantile(times, 0.99), quantile(times, 1)];
  console.log(what.padEnd(52), ...cells.map((cell) => cell.padStart(8)));
}

console.log("milliseconds, the client's and workerd's own included".padEnd(52), "p50".padStart(8), "p99".padStart(8), "worst".padStart(8));

let left = SIZE;
const began = performance.now();
await Promise.all(
  Array.from({ length: CONNECTIONS }, async () => {
    while (left-- > 0) await timed(SITE, left, left);
  }),
);
const perSecond = Math.round((SIZE * 1000) / (performance.now() - began));
console.log(`filled: ${SIZE} hits over ${CONNECTIONS} connections, ${perSecond} a second`);

const alone = [];
for (let i = 0; i < 3000; i++) alone.push(await timed(SITE, i, i));
row("one after the other, two checkpoints among them", alone);

// The same rate of a route that reaches no object is what the machine and the client take.
row("100 a second of /v1/health", await hundredASecond(() => timedCall("/v1/health", "GET", visitor(1))));
row("100 hits a second", await hundredASecond((index) => timed(SITE, index, index)));
row("100 hits a second on a small site", await hundredASecond((index) => timed("demo.test", index % 300, index)));

// Half an hour later with some hits since, as on a day of 100,000 visitors; then ten idle seconds. The first
// hit on a small site pays what every object pays; the rest is the waking itself.
laterMs = 30 * 60_000;
tick();
for (let i = 0; i < 800; i++) await timed(SITE, i, i);
const wakes = [];
for (let round = 0; round < 4; round++) {
  await timed("demo.test", "small", 1);
  await pause(16_000);
  const small = await timed("demo.test", "small", 1);
  wakes.push((await timed(SITE, 1, 1)) - small);
}
row("waking from sleep, less that of a small site", wakes);
clearInterval(clock);
await worker.end();
