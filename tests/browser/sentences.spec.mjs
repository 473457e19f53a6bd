// Every shape of tests/pages/sentences.mjs and public_pages.mjs in real Chromium, with WebAssembly and in the plain-JavaScript build.
import { test, expect } from "@playwright/test";
import { losses, nodesBelow } from "../pages/nodes.mjs";
import { ASKING, LEFT, PERIODS, THEMES } from "../pages/public_pages.mjs";
import { COUNTS, ELEMENTS, LABELS, PUBLISHED, SENTENCES, UNTOUCHED } from "../pages/sentences.mjs";
import { startSite } from "../pages/site.mjs";

const FRAMES_AT_ONCE = 20;
const FILLED = [...SENTENCES, ...LABELS, ...ELEMENTS, ...THEMES, ...ASKING, ...PERIODS];
const KEPT = [...UNTOUCHED, ...LEFT];
const CASES = [...FILLED.map(([before, after]) => ({ before, after })), ...KEPT.map((before) => ({ before }))];

const BUILDS = { WebAssembly: {}, "plain JavaScript": { "Content-Security-Policy": "script-src http: 'unsafe-inline'" } };

let site, policy;
test.beforeAll(async () => {
  site = await startSite({
    reply: () => COUNTS,
    counts: () => PUBLISHED,
    page(path) {
      const index = Number(/^\/case\/(\d+)$/.exec(path)?.[1] ?? NaN);
      if (path === "/") return { html: "<!doctype html><title>cases</title>" };
      if (!CASES[index]) return null;
      const html = `<!doctype html><html lang=zh><head><meta charset=utf-8><title>您是第 位访客</title></head><body>
<div id=it>${CASES[index].before}</div><script>before = document.getElementById("it").innerHTML; ${nodesBelow}; ${losses}; nodes = nodesBelow(document.getElementById("it")); told = new Promise((done) => document.addEventListener("laifang-counted", done))</script>
<script async src="${site.widget()}"></script></body></html>`;
      return { html, headers: policy };
    },
  });
});
test.afterAll(() => site.end());

// What a browser makes of `<?php …>`: a comment, or an instruction, which it closes in its own way.
const asInstruction = (html) => html.replace(/<!--(\?.*?)-->/g, "<$1>").replaceAll("?>", ">");

/** Opens cases in frames and returns what stood in each before and after. */
async function open(page, indices) {
  return page.evaluate(async (indices) => {
    const frames = await Promise.all(
      indices.map(async (index) => {
        const frame = document.createElement("iframe");
        frame.src = `/case/${index}`;
        await new Promise((done) => {
          frame.onload = done;
          document.body.append(frame);
        });
        await frame.contentWindow.told;
        return frame;
      }),
    );
    // Pictures that turn out to be dead, and whatever else wants to change the text again.
    await new Promise((done) => setTimeout(done, 300));
    // The part that knows periods, where a page asked for it.
    const isWaiting = ({ contentWindow: view }) => view.document.querySelector("script[src*=places]") && !view[Symbol.for("laifang")].places;
    for (let tries = 40; tries-- && frames.some(isWaiting); ) await new Promise((done) => setTimeout(done, 50));
    await new Promise((done) => setTimeout(done, 200));
    const seen = frames.map(({ contentWindow: view }) => ({
      before: view.before,
      after: view.document.getElementById("it").innerHTML,
      title: view.document.title,
      plain: Boolean(view[Symbol.for("laifang")].plain),
      lost: view.losses(view.nodes, view.nodesBelow(view.document.getElementById("it"))),
    }));
    for (const frame of frames) frame.remove();
    return seen;
  }, indices);
}

for (const [build, headers] of Object.entries(BUILDS)) {
  test(`${CASES.length} shapes are filled, or left to the byte, by the ${build} build`, async ({ page }) => {
    test.setTimeout(180_000);
    policy = headers;
    const errors = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    await page.goto(`${site.url}/`);
    const wrong = [];
    for (let first = 0; first < CASES.length; first += FRAMES_AT_ONCE) {
      const indices = CASES.map((_, index) => index).slice(first, first + FRAMES_AT_ONCE);
      const seen = await open(page, indices);
      seen.forEach(({ before, after, title, plain, lost }, index) => {
        const expected = CASES[first + index].after ?? before;
        if (asInstruction(after) !== asInstruction(expected)) wrong.push({ before, after, expected });
        expect(lost, `the nodes of ${before}`).toEqual([]);
        expect(title).toBe("您是第 位访客");
        expect(plain).toBe(build !== "WebAssembly");
      });
    }
    expect(wrong).toEqual([]);
    expect(errors).toEqual([]);
  });
}

test("there are as many shapes as the docs say", () => {
  expect(CASES.length).toBeGreaterThanOrEqual(400);
  expect(KEPT.length).toBeGreaterThanOrEqual(150);
  expect(new Set(CASES.map(({ before }) => before)).size).toBe(CASES.length);
});
