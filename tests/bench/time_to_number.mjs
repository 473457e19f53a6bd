// From the start of a navigation to the number standing in the page: Laifang beside busuanzi's npm-installed
// script and a minimal fetch counter, network and CPU throttled by the browser, one run, taking turns.
//
// Cold is a browser that has never been here; warm is the same browser on the site's next page. HTTP/1.1
// (a second connection costs nothing here: the browser throttles requests, not connections).
// LAIFANG_ROUNDS sets the number of rounds; `--quick` makes two, `--save` keeps what was measured. With LAIFANG_ONLY=name only that contender runs.
import { startBareChromium } from "../bare_chromium.mjs";
import { startWorker } from "../edge/worker.mjs";
import { isQuick, machine, quickly, save } from "./report/results.mjs";
import { contenders as allContenders } from "./counters/contenders.mjs";
import { startServer, brotli } from "./counters/server.mjs";

const ROUNDS = Number(process.env.LAIFANG_ROUNDS ?? quickly(2, 15));
/** What each request waits for, in ms, and bits a second. The second is the browser's own "Slow 4G": a round trip
 * of 150 ms, times what a new connection takes of them. */
const NETWORKS = [
  { name: "150 ms a request, 1.6 Mbit/s", latency: 150, download: 1.6e6, upload: 0.75e6 },
  { name: "Slow 4G: 562 ms a request, 1.47 Mbit/s", latency: 562.5, download: 1.47456e6, upload: 0.6912e6 },
];
const CPU_SLOWDOWN = 4;
const LIMIT_MS = 30_000;
/** Targets for Laifang as a multiple of the best of the others. */
const TARGETS = { cold: 1.1, warm: 1.0 };

/** Runs in the page before anything else: once a number stands in the gap it reports when what happened. */
function watch() {
  const look = () => {
    if (!/^\d+$/.test(document.querySelector(".number")?.textContent ?? "")) return;
    const number = performance.now();
    observer.disconnect();
    const entries = () => performance.getEntriesByType("resource").map(({ name, startTime, responseEnd }) => ({ name, startTime, responseEnd }));
    const page = () => performance.getEntriesByType("navigation")[0].responseEnd;
    setTimeout(() => navigator.sendBeacon("/report", JSON.stringify({ number, page: page(), entries: entries() })), 100);
  };
  const observer = new MutationObserver(look);
  observer.observe(document, { childList: true, characterData: true, subtree: true });
}

/** When what happened, in ms after the navigation began. */
function marksOf({ number, page, entries }, counter) {
  const own = entries.filter(({ name }) => name.startsWith(counter));
  const isHit = ({ name }) => /\/(v1\/hits|count|busuanzi\?.*)$/.test(name);
  const files = own.filter((entry) => !isHit(entry));
  const hit = own.find(isHit);
  const all = Math.max(...files.map(({ responseEnd }) => responseEnd));
  return { page, script: files[0].responseEnd, files: all, "hit sent": hit.startTime, "hit answered": hit.responseEnd, number };
}

async function measure(page, server, url) {
  const report = server.nextReport(LIMIT_MS);
  await page.goto(url);
  return marksOf(await report, server.counter);
}

async function visit(browser, server, contender, { latency, download, upload }) {
  const page = await browser.open();
  try {
    await page.send("Network.enable");
    const rates = { downloadThroughput: download / 8, uploadThroughput: upload / 8 };
    await page.send("Network.emulateNetworkConditions", { offline: false, latency, ...rates });
    await page.send("Emulation.setCPUThrottlingRate", { rate: CPU_SLOWDOWN });
    await page.send("Page.enable");
    await page.send("Page.addScriptToEvaluateOnNewDocument", { source: `(${watch})()` });
    const cold = await measure(page, server, server.page(contender, "first"));
    return { cold, warm: await measure(page, server, server.page(contender, "second")) };
  } finally {
    await page.close();
  }
}

function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.round((sorted.length - 1) * share)];
}
const median = (values) => quantile(values, 0.5);

function printTable(title, rows) {
  const cells = [Object.keys(rows[0]), ...rows.map((row) => Object.values(row).map(String))];
  const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  console.log(`\n${title}`);
  for (const row of cells) console.log(row.map((cell, column) => (column ? cell.padStart(widths[column]) : cell.padEnd(widths[0]))).join("  "));
}

/** A row a contender: its median and quartiles, each step's median, and how it stands to the best of the others. */
function rowsOf(contenders, results, kind) {
  const numbers = (contender) => results.get(contender).map((visit) => visit[kind].number);
  const best = Math.min(...contenders.filter(({ name }) => name !== "Laifang").map((contender) => median(numbers(contender))));
  return contenders.map((contender) => {
    const steps = Object.keys(results.get(contender)[0][kind]).filter((step) => step !== "number");
    const medianOf = (step) => Math.round(median(results.get(contender).map((visit) => visit[kind][step])));
    return {
      [kind]: contender.name,
      ...Object.fromEntries(steps.map((step) => [step, medianOf(step)])),
      "number ms": Math.round(median(numbers(contender))),
      quartiles: [0.25, 0.75].map((share) => Math.round(quantile(numbers(contender), share))).join("–"),
      "to the best other": Number.isFinite(best) ? (median(numbers(contender)) / best).toFixed(3) : "",
    };
  });
}

/** So that nobody always comes after the same other. */
const shuffled = (list) => list.map((item) => [Math.random(), item]).toSorted(([a], [b]) => a - b).map(([, item]) => item);

const sizeOf = ({ files }) => [...files.values()].reduce((sum, { bytes }) => sum + brotli(bytes).length, 0);

async function compare(network) {
  const results = new Map(contenders.map((contender) => [contender, []]));
  // The first round is for the machine to get going.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const contender of shuffled(contenders)) {
      const times = await visit(browser, server, contender, network);
      if (round) results.get(contender).push(times);
    }
  }
  console.log(`\n${network.name}, CPU ${CPU_SLOWDOWN}× slower, Chromium ${browser.version}: ms from the start of the navigation, medians of ${ROUNDS} rounds`);
  for (const kind of Object.keys(TARGETS)) printTable(`${kind} (target ≤ ${TARGETS[kind].toFixed(2)}×)`, rowsOf(contenders, results, kind));
  const timeOf = (contender, kind) => median(results.get(contender).map((times) => times[kind].number));
  return { name: network.name, rows: contenders.map((contender) => ({ name: contender.name, cold: timeOf(contender, "cold"), warm: timeOf(contender, "warm") })) };
}

const contenders = allContenders().filter(({ name }) => !process.env.LAIFANG_ONLY || name === process.env.LAIFANG_ONLY);
const worker = await startWorker({ dev: true });
const server = await startServer(worker, contenders);
const browser = await startBareChromium();
try {
  printTable("bytes of script and wasm (brotli, as sent)", contenders.map((contender) => ({ counter: contender.name, files: contender.files.size, bytes: sizeOf(contender) })));
  const about = machine();
  const networks = [];
  for (const network of NETWORKS) networks.push(await compare(network));
  if (process.argv.includes("--save") || isQuick) save("browser", { machine: about, rounds: ROUNDS, networks });
} finally {
  await browser.stop();
  server.stop();
  await worker.end();
}
