// The widget on pages as they are: encoding × policy × placement of the tag × re-rendering × navigation, on localhost
// and on a plain http host. Every combination; each in a frame of its own, each request looked at.
import { test, expect } from "@playwright/test";
import iconv from "iconv-lite";
import { COUNTS } from "../pages/sentences.mjs";
import { startSite } from "../pages/site.mjs";

const ENCODINGS = {
  "utf-8": ["您是第 位來訪者", "您是第 4321 位來訪者"],
  gb18030: ["您是本站第 位访客", "您是本站第 4321 位访客"],
  big5: ["您是第 位訪客", "您是第 4321 位訪客"],
  shift_jis: ["あなたは 人目の訪問者です", "あなたは 4321 人目の訪問者です"],
};
const POLICIES = {
  none: () => ({}),
  "no WebAssembly": () => ({ "Content-Security-Policy": "script-src http: 'unsafe-inline'" }),
  strict: () => ({
    "Content-Security-Policy":
      "default-src 'none'; script-src 'nonce-abc' 'strict-dynamic' 'wasm-unsafe-eval'; connect-src http:; require-trusted-types-for 'script'; trusted-types laifang",
  }),
};
const PLACEMENTS = {
  "head, async": { head: '<script nonce=abc async crossorigin src="TAG"></script>' },
  "head, blocking": { head: '<script nonce=abc src="TAG"></script>' },
  "head, deferred": { head: '<script nonce=abc defer src="TAG"></script>' },
  "end of body": { foot: '<script nonce=abc src="TAG"></script>' },
  "inserted later": {
    foot: `<script>setTimeout(function () { var script = document.createElement("script"); script.src = "TAG"; document.body.appendChild(script); }, 50)</script>`,
  },
};
const RENDERING = ["once", "again"];
const NAVIGATIONS = {
  load: { kinds: ["load"] },
  "history.pushState": { kinds: ["load", "route"], go: "push" },
  "a route in the hash": { kinds: ["load", "route"], go: "hash" },
};

const CASES = [];
for (const encoding of Object.keys(ENCODINGS))
  for (const policy of Object.keys(POLICIES))
    for (const placement of Object.keys(PLACEMENTS))
      // A page under Trusted Types can't insert a script by its address without a policy of its own.
      if (policy !== "strict" || placement !== "inserted later")
        for (const rendering of RENDERING)
          for (const navigation of Object.keys(NAVIGATIONS)) CASES.push({ encoding, policy, placement, rendering, navigation });

const FRAMES_AT_ONCE = 24;
let site, host;
test.beforeAll(async () => {
  site = await startSite({
    reply: () => COUNTS,
    page(path) {
      if (path === "/") return { html: "<!doctype html><title>matrix</title>" };
      const { encoding, policy, placement } = CASES[Number(/^\/m\/(\d+)/.exec(path)?.[1])] ?? {};
      if (!encoding) return null;
      const { head = "", foot = "" } = PLACEMENTS[placement];
      const [before] = ENCODINGS[encoding];
      // Quirks mode, as old pages are.
      const html = `<html><head><meta http-equiv="Content-Type" content="text/html; charset=${encoding}"><title>${before}</title>${head}</head>
<body><center><table><tr><td id=it>${before}</td></tr></table></center>${foot}</body></html>`.replaceAll("TAG", site.widget(host));
      return { html: iconv.encode(html, encoding), headers: { "Content-Type": "text/html", ...POLICIES[policy]() } };
    },
  });
});
test.afterAll(() => site.end());

/** Plays cases in frames: the text at the end of each, and what went wrong. */
async function play(page, cases) {
  return page.evaluate(async (cases) => {
    const wait = (ms) => new Promise((done) => setTimeout(done, ms));
    const shows = async (cell, text) => {
      for (let tries = 0; tries < 100 && cell().textContent !== text; tries++) await wait(50);
      return cell().textContent;
    };
    const played = cases.map(async ({ index, before, after, rendering, go }) => {
      const frame = document.createElement("iframe");
      frame.src = `/m/${index}`;
      await new Promise((done) => {
        frame.onload = done;
        document.body.append(frame);
      });
      const view = frame.contentWindow, cell = () => view.document.getElementById("it");
      const seen = [await shows(cell, after)];
      if (rendering === "again") {
        // As a framework would: the same text once more, in nodes of its own.
        for (let turn = 0; turn < 3; turn++) {
          cell().replaceChildren(before);
          seen.push(await shows(cell, after));
        }
      }
      if (go === "push") view.history.pushState(null, "", `/m/${index}/b`);
      if (go === "hash") view.location.hash = "#/b";
      if (go) await wait(400);
      seen.push(await shows(cell, after));
      const { title } = view.document;
      frame.remove();
      return { seen, title };
    });
    return Promise.all(played);
  }, cases);
}

for (const name of ["localhost", "demo.test"]) {
  test(`${CASES.length} combinations on ${name}: one hit a view, nothing asked of anyone else`, async ({ page }) => {
    test.setTimeout(300_000);
    host = name;
    const foreign = [], warnings = [];
    page.on("request", (request) => {
      const { hostname, pathname } = new URL(request.url());
      if (hostname !== host || !/^\/(m\/\d+(\/b)?|v1\/hits|widget(-[0-9a-f]+)?\.(js|wasm|plain\.js)|favicon\.ico|)$/.test(pathname)) foreign.push(request.url());
    });
    page.on("console", (message) => message.text().startsWith("laifang:") && warnings.push(message.text()));
    await page.goto(`http://${host}:${site.sitePort}/`);
    for (let first = 0; first < CASES.length; first += FRAMES_AT_ONCE) {
      site.hits.length = 0;
      const cases = CASES.slice(first, first + FRAMES_AT_ONCE).map((one, offset) => {
        const [before, after] = ENCODINGS[one.encoding];
        return { ...one, index: first + offset, before, after, go: NAVIGATIONS[one.navigation].go };
      });
      const played = await play(page, cases);
      cases.forEach((one, offset) => {
        const name = JSON.stringify(one);
        expect(new Set(played[offset].seen), name).toEqual(new Set([one.after]));
        expect(played[offset].title, name).toBe(one.before);
        const hits = site.hits.filter(({ url }) => new URL(url).pathname.split("/")[2] === String(one.index));
        expect(hits.map(({ kind }) => kind), name).toEqual(NAVIGATIONS[one.navigation].kinds);
        expect(new Set(hits.map(({ id }) => id)).size, name).toBe(hits.length);
      });
    }
    expect(foreign).toEqual([]);
    expect(warnings).toEqual([]);
  });
}
