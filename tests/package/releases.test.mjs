// An update: what pages that were open ask for, and browsers that keep widget.js, is still there.
import { test } from "node:test";
import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { publishAssets } from "../../dist/cli/published_assets.mjs";
import { DIST, emptyFolder, laifang, serve } from "./command.mjs";

const WRANGLER = fileURLToPath(new URL("fake_wrangler.mjs", import.meta.url));
const FINGERPRINTED = /-([0-9a-f]{10})\./;
const HERE = readdirSync(join(DIST, "assets")).map((name) => FINGERPRINTED.exec(name)?.[1]).find(Boolean);
const NEXT = "0123456789";

/** The package as its next release would be: other fingerprints. */
async function nextRelease(t) {
  const release = join(await emptyFolder(t), "laifang");
  cpSync(DIST, release, { recursive: true });
  symlinkSync(fileURLToPath(new URL("../../node_modules", import.meta.url)), join(release, "node_modules"));
  const assets = join(release, "assets");
  for (const name of readdirSync(assets)) if (name.includes(HERE)) renameSync(join(assets, name), join(assets, name.replace(HERE, NEXT)));
  const loader = join(assets, "widget.js");
  writeFileSync(loader, readFileSync(loader, "utf8").replaceAll(HERE, NEXT));
  return join(release, "cli/main.mjs");
}

const releasesIn = (folder) => [...new Set(readdirSync(folder).map((name) => FINGERPRINTED.exec(name)?.[1]).filter(Boolean))].sort();

test("of the releases before, the last stays, however often one is published", async (t) => {
  const folder = join(await emptyFolder(t), "assets");
  const [first, second, third] = ["1".repeat(10), "2".repeat(10), "3".repeat(10)];
  const release = async (fingerprint) => {
    const made = await emptyFolder(t);
    writeFileSync(join(made, "widget.js"), `"-${fingerprint}."`);
    writeFileSync(join(made, `widget-${fingerprint}.js`), fingerprint);
    writeFileSync(join(made, `part-of-the-page-${fingerprint[0]}.html`), "");
    return made;
  };
  const seen = [];
  for (const fingerprint of [first, second, second, third, second]) {
    publishAssets(folder, await release(fingerprint));
    seen.push(releasesIn(folder));
    assert.equal(readdirSync(folder).filter((name) => name.endsWith(".html")).length, 1, "other files are this release's alone");
  }
  assert.deepEqual(seen, [[first], [first, second], [first, second], [second, third], [second, third]]);
});

test("a release that a page names stays with its parts, whatever came after", async (t) => {
  const folder = join(await emptyFolder(t), "assets");
  const release = async (version, fingerprint) => {
    const made = await emptyFolder(t);
    mkdirSync(join(made, "v", version), { recursive: true });
    for (const loader of ["widget.js", `v/${version}/widget.js`]) writeFileSync(join(made, loader), `"-${fingerprint}."`);
    writeFileSync(join(made, `widget-${fingerprint}.js`), fingerprint);
    return made;
  };
  for (const number of [1, 2, 3, 4, 4]) publishAssets(folder, await release(`0.${number}.0`, String(number).repeat(10)));
  assert.deepEqual(readdirSync(join(folder, "v")).sort(), ["0.1.0", "0.2.0", "0.3.0", "0.4.0"]);
  assert.deepEqual(releasesIn(folder), [1, 2, 3, 4].map((number) => String(number).repeat(10)));
  assert.equal(readFileSync(join(folder, "v/0.1.0/widget.js"), "utf8"), '"-1111111111."');
});

test("a machine that stops while the files are replaced loses none that is asked for", async (t) => {
  const release = async (version, fingerprint) => {
    const made = await emptyFolder(t);
    mkdirSync(join(made, "v", version), { recursive: true });
    for (const loader of ["widget.js", `v/${version}/widget.js`]) writeFileSync(join(made, loader), `"-${fingerprint}."`);
    writeFileSync(join(made, `widget-${fingerprint}.js`), fingerprint);
    return made;
  };
  const [first, second] = [await release("0.1.0", "1".repeat(10)), await release("0.2.0", "2".repeat(10))];
  // What is there when it stops: the folder set aside; an older release's way, which had removed it by then; both.
  for (const left of [["old", "new"], ["new"], ["", "old"], ["old"]]) {
    const folder = join(await emptyFolder(t), "assets");
    publishAssets(folder, first);
    const stopped = left.map((name) => (name ? `${folder}.${name}` : folder));
    stopped.forEach((place) => place !== folder && cpSync(folder, place, { recursive: true }));
    if (!left.includes("")) rmSync(folder, { recursive: true });
    publishAssets(folder, second);
    assert.deepEqual([readdirSync(join(folder, "v")).sort(), releasesIn(folder)], [["0.1.0", "0.2.0"], ["1".repeat(10), "2".repeat(10)]], left.join());
    assert.deepEqual(readdirSync(join(folder, "..")), ["assets"]);
  }
});

test("after an update the server still has what the release before asks for", async (t) => {
  const cwd = await emptyFolder(t);
  const first = await serve(t, [], { cwd });
  const names = readdirSync(join(DIST, "assets")).filter((name) => name.includes(HERE));
  await first.hit();
  await first.stop();
  const second = await serve(t, [], { cwd, program: [process.execPath, await nextRelease(t)] });
  assert.ok((await (await fetch(`${second.url}/widget.js`)).text()).includes(NEXT));
  for (const name of names) {
    const response = await fetch(`${second.url}/${name}`);
    assert.deepEqual(Buffer.from(await response.arrayBuffer()), readFileSync(join(DIST, "assets", name)), name);
    assert.match(response.headers.get("cache-control"), /immutable/);
    assert.equal((await fetch(`${second.url}/${name.replace(HERE, NEXT)}`)).status, 200);
  }
  assert.equal((await second.hit()).site.views, 2);
});

test("a deploy takes what the release before asks for along", async (t) => {
  const cwd = await emptyFolder(t);
  const live = await serve(t, ["--site", "example.cn"], { cwd: await emptyFolder(t) });
  const env = { LAIFANG_WRANGLER: WRANGLER, FAKE_ACCOUNT: await emptyFolder(t) };
  const words = ["deploy", "--site", "example.cn", "--workers-dev", "--address", live.url];
  for (const main of [undefined, await nextRelease(t)]) await laifang(words, { cwd, env, main });
  const { assets } = JSON.parse(readFileSync(join(cwd, "laifang.wrangler.json"), "utf8"));
  assert.deepEqual(releasesIn(join(cwd, assets.directory)), [HERE, NEXT].sort());
});
