// Pages made at random: whatever stands in them, the widget writes its numbers into gaps and harms nothing else.
//
// `SEED=7 PAGES=20000` for other pages and more of them; a failure names the seed and the page.
import { test, expect } from "@playwright/test";
import { generator } from "../pages/generator.mjs";
import { nodesBelow } from "../pages/nodes.mjs";
import { startSite } from "../pages/site.mjs";

const SEED = Number(process.env.SEED ?? 1);
const PAGES = Number(process.env.PAGES ?? 300);
const FRAMES_AT_ONCE = 40;
/** Larger than any number that stands in a shape, and told apart from all of them. */
const REPLY = {
  counted: true,
  visitor: 900000001,
  site: { views: 900000002, visitors: 900000003, views_today: 900000004, visitors_today: 900000005, online: 900000006 },
  page: { views: 900000007, visitors: 900000008 },
};

const PERIOD = { views: REPLY.site.views, visitors: REPLY.site.visitors };
const PUBLISHED = { site: REPLY.site, pages: {}, periods: { yesterday: PERIOD, week: PERIOD, month: PERIOD, year: PERIOD } };

/** What the widget must never do, as far as it was done. */
function harm(before, root, nodesBelow) {
  const OURS = /90000000[1-8]/g, found = [];
  const plain = (text) => text.normalize("NFKC").replace(/(?<=\d),(?=\d{3})/g, "");
  // A digit to an element, and what English puts behind a number.
  const isPartOfNumber = (text) => /^[\s\d]*$/.test(text);
  const withoutOrdinal = (text) => text.replace(/^(st|nd|rd|th)(?=\b)/, "");
  const known = new Set(before.map(({ node }) => node));
  const now = nodesBelow(root);
  const kept = now.filter(({ node }) => known.has(node));
  if (kept.length !== before.length) found.push("a node was lost");
  before.forEach(({ node, parent, data }, index) => {
    if (kept[index]?.node !== node || node.parentNode !== parent) found.push(`moved: ${node.nodeName} ${data ?? ""}`);
    if (node.nodeType === 3 && node.data !== data) {
      // What stands before the first number of ours and after the last one stood there before.
      const [old, pieces] = [plain(data), plain(node.data).split(OURS)];
      const [first, last] = [pieces[0].trimEnd(), withoutOrdinal(pieces.at(-1)).trimStart()];
      const isKept = pieces.length > 1 && old.startsWith(first) && old.endsWith(last);
      const isRest = isPartOfNumber(old) && isPartOfNumber(plain(node.data));
      if (!isKept && !isRest && withoutOrdinal(old).trim() !== withoutOrdinal(plain(node.data)).trim()) found.push(`“${data}” became “${node.data}”`);
    } else if (node.data !== data) found.push(`changed: ${node.nodeName} “${data}”`);
  });
  const added = now.filter(({ node }) => !known.has(node));
  for (const { node } of added) if (node.nodeType !== 3) found.push(`added: ${node.nodeName}`);
  // A number of ours beside another one, in a text or across its ends. An element that holds nothing else says itself what it is.
  const ends = (node) => [node.previousSibling, node.nextSibling].map((sibling) => (sibling?.nodeType === 3 ? plain(sibling.data) : ""));
  for (const { node } of now) {
    if (node.nodeType !== 3 || !plain(node.data).match(OURS) || node.parentNode.childNodes.length === 1) continue;
    const [before, after] = ends(node);
    const text = before + plain(node.data) + after;
    if (/\d[ \u00a0]*90000000[1-8]|90000000[1-8][ \u00a0]*\d/.test(text)) found.push(`two numbers side by side: ${text}`);
  }
  return found;
}

test(`${PAGES} pages of seed ${SEED} are filled without harm`, async ({ page }) => {
  test.setTimeout(60_000 + PAGES * 60);
  console.log(`seed ${SEED}`);
  const pages = [];
  const made = generator(SEED);
  for (let number = 0; number < PAGES; number++) pages.push(made.next());
  const site = await startSite({
    reply: () => REPLY,
    counts: () => PUBLISHED,
    page(path) {
      const index = Number(/^\/page\/(\d+)$/.exec(path)?.[1] ?? NaN);
      if (path === "/") return { html: "<!doctype html><title>pages</title>" };
      if (pages[index] === undefined) return null;
      return {
        html: `<!doctype html><html lang=zh><head><meta charset=utf-8><title>x</title></head><body><div id=it>${pages[index]}</div><script>
${nodesBelow};${harm};it = document.getElementById("it"); before = nodesBelow(it); told = new Promise((done) => document.addEventListener("laifang-counted", done))</script>
<script async src="${site.widget()}"></script></body></html>`,
      };
    },
  });
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  const harmed = [];
  try {
    await page.goto(`${site.url}/`);
    for (let first = 0; first < PAGES; first += FRAMES_AT_ONCE) {
      const indices = pages.map((_, index) => index).slice(first, first + FRAMES_AT_ONCE);
      const seen = await page.evaluate(async (indices) => {
        const frames = await Promise.all(indices.map(async (index) => {
          const frame = document.createElement("iframe");
          frame.src = `/page/${index}`;
          await new Promise((done) => ((frame.onload = done), document.body.append(frame)));
          await frame.contentWindow.told;
          return frame;
        }));
        await new Promise((done) => setTimeout(done, 120));
        const found = frames.map(({ contentWindow: view }) => view.harm(view.before, view.it, view.nodesBelow));
        for (const frame of frames) frame.remove();
        return found;
      }, indices);
      seen.forEach((found, index) => found.length && harmed.push({ seed: SEED, page: first + index, found, html: pages[first + index] }));
    }
  } finally {
    site.end();
  }
  expect(harmed.slice(0, 10)).toEqual([]);
  expect(errors).toEqual([]);
});
