// Opens real pages without a counter in real Chromium, with the widget, and compares every node before and after.
//
//   node_modules/.bin/node tests/scale/harmless.mjs [--registry npm] [--most 5000] [--each 900] [--keep FOLDER]
//
// The pages' own scripts don't run, so whatever changes was changed by the widget. Exits with 1 if anything was.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "@playwright/test";
import config from "../playwright.config.mjs";
import { COUNTS, PUBLISHED } from "../pages/sentences.mjs";
import { nodesBelow } from "../pages/nodes.mjs";
import { startSite } from "../pages/site.mjs";

const { values } = parseArgs({
  options: { registry: { type: "string" }, most: { type: "string", default: "5000" }, each: { type: "string", default: "900" }, keep: { type: "string", default: join(tmpdir(), "laifang-scale") } },
});
const FRAMES_AT_ONCE = 24;
const ANSWER_MS = 8_000;
const MODES = { "the tag alone": "", "data-replace and data-share": "data-replace data-share" };

/** How a package of each registry is fetched into `folder` and unpacked into `target`. */
const UNPACK = {
  debian(name, folder, target) {
    execFileSync("apt-get", ["download", "-qq", name], { cwd: folder, stdio: "ignore" });
    const file = readdirSync(folder).find((entry) => entry.startsWith(`${name}_`));
    execFileSync("dpkg-deb", ["-x", join(folder, file), target]);
  },
  npm(name, folder, target) {
    const file = execFileSync("npm", ["pack", "--silent", name], { cwd: folder, encoding: "utf8" }).trim();
    execFileSync("tar", ["-xzf", join(folder, file), "-C", target]);
  },
};

/** Unpacks a package below `folder`; the pages in it. */
function pagesOf(registry, name, folder) {
  const target = join(folder, name.replaceAll("/", "+"));
  if (!existsSync(target)) {
    mkdirSync(target);
    UNPACK[registry](name, folder, target);
  }
  const files = readdirSync(target, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && /\.x?html?$/i.test(entry.name));
  return files.map((entry) => join(entry.parentPath, entry.name)).sort();
}

/** Every so-many-th of a list, so many at most. */
const spread = (list, most) => list.filter((_, index) => Math.floor((index * most) / list.length) !== Math.floor(((index - 1) * most) / list.length)).slice(0, most);

/** What differs from the nodes before, in words. */
function harm(before, nodesBelow) {
  const known = new Set(before.map(({ node }) => node));
  const now = nodesBelow(document);
  const kept = now.filter(({ node }) => known.has(node));
  const isOurs = ({ node }) => {
    const element = node.nodeType === 1 ? node : node.parentElement;
    return Boolean(element?.closest("laifang-share, script, style, link")) || element === document.documentElement;
  };
  const found = [];
  if (kept.length !== before.length) found.push(`${before.length - kept.length} nodes lost`);
  before.forEach(({ node, parent, data }, index) => {
    if (kept[index] && kept[index].node !== node && found.length < 5) found.push("nodes in another order");
    if (node.isConnected && node.parentNode !== parent) found.push(`moved: ${node.nodeName}`);
    if (node.data !== data) found.push(`“${data.trim().slice(0, 80)}” became “${node.data.trim().slice(0, 80)}”`);
  });
  // (A page that is all head gets its body from the parser, behind the tag.)
  for (const added of now) if (!known.has(added.node) && added.node !== document.body && !isOurs(added)) found.push(`added: ${added.node.nodeName} ${(added.node.textContent || "").slice(0, 60)}`);
  return found;
}

mkdirSync(values.keep, { recursive: true });
const packages = JSON.parse(readFileSync(new URL("packages.json", import.meta.url), "utf8"));
let files = [];
for (const [registry, name] of Object.entries(packages).filter(([registry]) => registry === (values.registry ?? registry)).flatMap(([registry, names]) => names.map((name) => [registry, name]))) {
  try {
    const pages = pagesOf(registry, name, values.keep);
    files.push(...spread(pages, Number(values.each)));
    console.log(`${name}: ${Math.min(pages.length, Number(values.each))} of ${pages.length} pages`);
  } catch (error) {
    console.error(`${name}: ${error.message.split("\n")[0]}`);
  }
}
files = spread(files, Number(values.most));

const site = await startSite({
  reply: () => COUNTS,
  counts: () => PUBLISHED,
  page(path) {
    const [, mode, index] = /^\/(\d)\/(\d+)$/.exec(path) ?? [];
    if (!index) return { html: "<!doctype html><title>pages</title>" };
    const scripts = `<script nonce=it>${nodesBelow};${harm};before = nodesBelow(document); told = new Promise((done) => addEventListener("laifang-counted", done, true))</script><script nonce=it async src="${site.widget()}" ${Object.values(MODES)[mode]}></script>`;
    const html = Buffer.concat([readFileSync(files[index]), Buffer.from(scripts)]);
    return { html, headers: { "Content-Type": "text/html", "Content-Security-Policy": `script-src 'nonce-it' ${new URL(site.widget()).origin} 'wasm-unsafe-eval'` } };
  },
});
const { launchOptions, channel } = config.use;
const browser = await chromium.launch({ channel, ...launchOptions });
const page = await browser.newPage();
await page.goto(`${site.url}/`);

const look = (paths) =>
  page.evaluate(async ({ paths, ANSWER_MS }) => {
    const frames = await Promise.all(paths.map(async (path) => {
      const frame = document.createElement("iframe");
      frame.src = path;
      await new Promise((done) => ((frame.onload = done), document.body.append(frame)));
      const late = new Promise((done) => setTimeout(done, ANSWER_MS, "late"));
      const isLate = (await Promise.race([frame.contentWindow.told ?? "late", late])) === "late";
      return { frame, isLate };
    }));
    await new Promise((done) => setTimeout(done, 200));
    const found = frames.map(({ frame, isLate }) => (isLate || !frame.contentWindow.harm ? null : frame.contentWindow.harm(frame.contentWindow.before, frame.contentWindow.nodesBelow)));
    for (const { frame } of frames) frame.remove();
    return found;
  }, { paths, ANSWER_MS });

let harmed = 0;
for (const [mode, name] of Object.keys(MODES).entries()) {
  let seen = 0;
  const silent = [];
  for (let first = 0; first < files.length; first += FRAMES_AT_ONCE) {
    const indices = files.map((_, index) => index).slice(first, first + FRAMES_AT_ONCE);
    const results = await look(indices.map((index) => `/${mode}/${index}`));
    results.forEach((found, index) => {
      const file = files[first + index].slice(values.keep.length + 1);
      if (found === null) silent.push(file);
      else seen++;
      if (!found?.length) return;
      harmed++;
      console.log(`${name}: ${file}\n  ${found.slice(0, 4).join("\n  ")}`);
    });
    if ((first / FRAMES_AT_ONCE) % 40 === 39) console.log(`… ${seen} pages with ${name}`);
  }
  console.log(`${name}: ${seen} pages looked at, ${silent.length} where the tag did not run (${silent.slice(0, 5).map((file) => basename(file)).join(", ")})`);
}
console.log(`${harmed} harmed`);
await browser.close();
site.end();
process.exit(harmed ? 1 : 0);
