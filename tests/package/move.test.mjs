// `laifang move`: old addresses led to new ones, and pages merged, by command.
import { test } from "node:test";
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { TOKEN, emptyFolder, laifang, serve } from "./command.mjs";

const SITE = "example.cn";

async function setting(t) {
  const cwd = await emptyFolder(t);
  const to = await serve(t, ["--site", SITE], { cwd: await emptyFolder(t), env: { ADMIN_TOKEN: TOKEN } });
  const owner = async (part, init) => (await fetch(`${to.url}/v1/sites/${SITE}${part}`, { ...init, headers: { Authorization: `Bearer ${TOKEN}` } })).json();
  return {
    run: (words, { yes = true, env } = {}) => laifang(["move", "--to", to.url, "--site", SITE, ...(yes ? ["--yes"] : []), ...words], { cwd, env: { ADMIN_TOKEN: TOKEN, ...env } }),
    write: (name, text) => writeFileSync(join(cwd, name), text),
    view: (path) => to.hit({ url: `https://${SITE}${path}` }),
    drop: () => owner("", { method: "PUT", body: '{"query":"drop"}' }),
    pages: async () => Object.fromEntries((await owner("/stats")).pages.map(({ page, views }) => [page, views])),
  };
}

test("one pair is shown first, and moved only with a yes", async (t) => {
  const me = await setting(t);
  for (const path of ["/old.html", "/old.html", "/new"]) await me.view(path);
  const shy = await me.run(["/old.html", `https://www.${SITE}/new/`], { yes: false });
  assert.equal(shy.code, 0, shy.stderr);
  assert.match(shy.stdout, /What would change at .*, for good:\n {2}\/old\.html → \/new\n {6}adds 2 views and 1 visitors, which makes 3 and 2\n {2}pages {5}2 → 1\nNothing was changed\. Add --yes/);
  assert.deepEqual(await me.pages(), { "/old.html": 2, "/new": 1 });
  const { code, stdout, stderr } = await me.run(["/old.html", "/new"]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /\nDone at http.*:\n {2}\/old\.html → \/new\n/);
  assert.equal((await me.view("/old.html")).page.views, 4);
  assert.match((await me.run(["/old.html", "/new"])).stdout, /There is nothing to change/);
  assert.match((await me.run(["/old.html", "/old.html"])).stdout, /\/old\.html is a page of its own again and begins at zero/);
});

test("a table moves many, and its bad line is named", async (t) => {
  const me = await setting(t);
  me.write("bad.csv", "old,new\n/a,/b\n/c\n");
  const bad = await me.run(["bad.csv"]);
  assert.deepEqual([bad.code, bad.stdout], [1, ""]);
  assert.match(bad.stderr, /answered 400: Line 3: the columns must be two: .* Nothing was moved\.\n$/);
  await me.view("/7");
  me.write("moves.csv", "old,new\n" + Array.from({ length: 25 }, (_, number) => `/${number},/posts/${number}/\n`).join(""));
  const done = await me.run(["moves.csv"]);
  assert.match(done.stdout, / {2}… and 5 more\n {2}pages {5}1 → 1\n/);
  assert.deepEqual(await me.pages(), { "/posts/7": 1 });
  assert.match((await me.run(["nowhere.csv"])).stderr, /nowhere\.csv can't be read \(ENOENT\)/);
});

test("pages that the setting query made one are merged", async (t) => {
  const me = await setting(t);
  for (const path of ["/a", "/a?id=1", "/a?id=2"]) await me.view(path);
  assert.match((await me.run(["--merge"])).stdout, /There is nothing to change/);
  await me.drop();
  const done = await me.run(["--merge"], { env: { LC_ALL: "zh_CN.UTF-8" } });
  assert.match(done.stdout, /会有这些变化，不能撤销：\n {2}\/a\?id=1 → \/a\n {6}加上浏览 1 次、访客 1 位，共有浏览 3 次、访客 3 位\n/);
  assert.deepEqual(await me.pages(), { "/a": 3 });
});

test("what is missing or too much is said", async () => {
  const run = (words) => laifang(["move", "--to", "localhost:9", "--site", SITE, ...words], { env: { ADMIN_TOKEN: TOKEN } });
  assert.match((await run([])).stderr, /name an old address and its new one, or a CSV file/);
  assert.match((await run(["/a", "/b", "/c"])).stderr, /name an old address and its new one/);
  assert.match((await run(["--merge", "/a"])).stderr, /either --merge or addresses, not both/);
  assert.match((await laifang(["move", "/a", "/b"])).stderr, /name the counter with --to/);
  assert.match((await laifang(["move", "--help"])).stdout, /laifang move --to URL --site SITE OLD NEW/);
});
