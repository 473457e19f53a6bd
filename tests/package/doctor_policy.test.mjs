// What `laifang doctor` says of a policy, against what Chromium does under it.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { chromium } from "@playwright/test";
import { pageOf } from "../../dist/cli/doctor/page.mjs";
import { faultsOf } from "../../dist/cli/doctor/policy.mjs";
import { BROWSER, emptyFolder, serve } from "./command.mjs";

const SETTLES_WITHIN_MS = 15_000;
let browser, counter, site, answer;
const undos = [];

before(async () => {
  const context = { after: (undo) => undos.push(undo) };
  const served = await serve(context, ["--site", "site.test"], { cwd: await emptyFolder(context) });
  counter = served.url.replace("localhost", "count.site.test");
  const server = createServer((request, response) => response.writeHead(200, answer.headers).end(answer.body));
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  undos.push(() => server.closeAllConnections() ?? server.close());
  site = `http://www.site.test:${server.address().port}`;
  const rules = "--host-resolver-rules=MAP *.test 127.0.0.1";
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-background-networking", rules] });
});
after(async () => {
  await browser?.close();
  for (const undo of undos.reverse()) await undo();
});

/** Whether Chromium counts the page, and whether it takes the copy in plain JavaScript. */
async function browsed() {
  const page = await browser.newPage({ userAgent: BROWSER["User-Agent"] });
  try {
    await page.addInitScript(() => {
      window.stopped = new Promise((done) => addEventListener("securitypolicyviolation", ({ blockedURI, disposition }) => disposition === "enforce" && blockedURI !== "wasm-eval" && done(false)));
    });
    await page.goto(site, { waitUntil: "load" });
    const isCounted = await page.evaluate((limitMs) => {
      const ready = async () => {
        while (!window.laifang) await new Promise((done) => setTimeout(done, 20));
        return Boolean((await window.laifang.ready).counted);
      };
      return Promise.race([window.stopped, ready().catch(() => false), new Promise((done) => setTimeout(() => done(false), limitMs))]);
    }, SETTLES_WITHIN_MS);
    const isPlain = await page.evaluate(() => [...document.scripts].some(({ src }) => src.endsWith(".plain.js")));
    return { isCounted, isPlain };
  } finally {
    await page.close();
  }
}

/** What the doctor reads out of the same answer. */
function examined() {
  const page = pageOf({ url: `${site}/`, headers: new Headers(answer.headers), bytes: Buffer.from(answer.body) });
  const tag = { url: `${counter}/widget.js`, base: `${counter}/`, nonce: page.scripts.at(-1).nonce };
  const kinds = page.policies.flatMap((policy) => faultsOf(policy, tag, page.url)).map(({ kind }) => kind);
  return { isCounted: kinds.every((kind) => kind === "wasm"), isPlain: kinds.includes("wasm") };
}

// COUNTER is the counter's origin, PORT its port.
const WASM = "'wasm-unsafe-eval'";
const POLICIES = [
  `script-src COUNTER ${WASM}; connect-src COUNTER`,
  "default-src COUNTER",
  `default-src 'none'; script-src COUNTER ${WASM}`,
  `default-src 'self'; script-src COUNTER; connect-src COUNTER`,
  `script-src * ${WASM}; connect-src *`,
  `script-src *.site.test ${WASM}`,
  `script-src *.site.test:* ${WASM}`,
  `script-src *.site.test:PORT ${WASM}; connect-src *.test:PORT`,
  `script-src *.count.site.test:* ${WASM}`,
  `script-src count.site.test:PORT ${WASM}; connect-src count.site.test:1`,
  `script-src HTTP://COUNT.SITE.TEST:PORT ${WASM}`,
  `script-src http: ${WASM}; connect-src http:`,
  `script-src https: ${WASM}`,
  `script-src COUNTER/ ${WASM}; connect-src COUNTER/v1/`,
  `script-src COUNTER/widget.js ${WASM}`,
  `script-src COUNTER ${WASM}; connect-src COUNTER/v1`,
  `script-src 'self' ${WASM}`,
  "script-src 'none'",
  `script-src 'nonce-n1' ${WASM}`,
  `script-src 'nonce-N1' ${WASM}`,
  `script-src 'nonce-n1' 'strict-dynamic' ${WASM}`,
  `script-src 'nonce-other' 'strict-dynamic' COUNTER ${WASM}`,
  `script-src-elem COUNTER; script-src 'none'`,
  `script-src-elem 'none'; script-src COUNTER 'unsafe-eval'`,
  "connect-src 'none'",
  "require-trusted-types-for 'script'",
  "require-trusted-types-for 'script'; trusted-types laifang",
  "require-trusted-types-for 'script'; trusted-types other",
  "require-trusted-types-for 'script'; trusted-types *",
  "require-trusted-types-for 'script'; trusted-types 'none'",
  "trusted-types other",
  "sandbox allow-scripts",
  "sandbox allow-scripts allow-same-origin",
  `script-src * ${WASM}, connect-src 'self'`,
  `script-src COUNTER ${WASM}; script-src 'none'`,
];
const HTML = { "Content-Type": "text/html" };
const tag = () => `<script nonce="n1" crossorigin src="${counter}/widget.js"></script>`;

for (const policy of POLICIES) {
  test(`as in Chromium: ${policy}`, async () => {
    const value = policy.replaceAll("COUNTER", counter).replaceAll("PORT", new URL(counter).port);
    answer = { headers: { ...HTML, "Content-Security-Policy": value }, body: `<!doctype html><body>${tag()}` };
    const { isCounted, isPlain } = await browsed();
    const found = examined();
    assert.equal(found.isCounted, isCounted);
    if (isCounted) assert.equal(found.isPlain, isPlain);
  });
}

for (const [where, html] of [
  ["head", (meta) => `<!doctype html><head>${meta}</head><body>`],
  ["body", (meta) => `<!doctype html><body><p>x</p>${meta}`],
  ["template", (meta) => `<!doctype html><head><template>${meta}</template></head><body>`],
]) {
  test(`as in Chromium: a policy in a <meta> of the ${where}`, async () => {
    for (const value of ["script-src 'self'", "sandbox", "connect-src 'none'"]) {
      answer = { headers: HTML, body: html(`<meta http-equiv="Content-Security-Policy" content="${value}">`) + tag() };
      assert.equal(examined().isCounted, (await browsed()).isCounted, value);
    }
  });
}

test("a policy that only reports stops nothing", async () => {
  answer = { headers: { ...HTML, "Content-Security-Policy-Report-Only": "script-src 'none'" }, body: tag() };
  assert.deepEqual([examined(), await browsed()], [{ isCounted: true, isPlain: false }, { isCounted: true, isPlain: false }]);
});
