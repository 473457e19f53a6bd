// Whatever `laifang serve` says at its start, seen in English and in Chinese. That each is right where it is said is
// `serve.test.mjs`'s and others'; what `doctor` says is seen in `doctor.test.mjs`.
import { after, test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { oldNodeMessage } from "../../dist/cli/node_version.mjs";
import { TOKEN, emptyFolder, laifang, serve } from "./command.mjs";
import { TABLES, namesIn, shapeOf, sourceOf } from "./messages.mjs";

/** Where what is said at the start stands. */
const OF_THE_START = ["main", "serve", "system", "data_folder", "trusted_proxies", "variables", "owner_token", "options", "published_assets"].map((name) => `${name}.mjs`);
// Traditional is made from Simplified.
const LANGUAGES = { en: "C.UTF-8", "zh-Hans": "zh_CN.UTF-8" };
const said = { en: "", "zh-Hans": "" };

/** What stands in for a machine on which something else holds: a module that runs first. */
const MACHINES = {
  old: `process.report.getReport = () => ({ header: { glibcVersionRuntime: "2.31" } });`,
  guarded: `import { Server } from "node:net"; const { listen } = Server.prototype;
    Server.prototype.listen = function (options, ...rest) {
      if (options?.port !== 81) return listen.call(this, options, ...rest);
      process.nextTick(() => this.emit("error", Object.assign(new Error(), { code: "EACCES" })));
      return this;
    };`,
  full: `import fs from "node:fs"; import { syncBuiltinESMExports } from "node:module";
    fs.cpSync = () => { throw Object.assign(new Error(), { code: "ENOSPC" }); }; syncBuiltinESMExports();`,
  walled: `const ask = globalThis.fetch; globalThis.fetch = (address, ...rest) => (String(address).endsWith("/v1/health") ? Promise.reject(new Error()) : ask(address, ...rest));`,
};

/** Words that end at once with 1; PORT is one that is taken. */
const REFUSED = [
  ["sevre"],
  ["serve", "--var", "TAG_HOSTS=www.example.cn"],
  ["serve", "--var", "TAG_HOSTS=a/b"],
  ["serve", "--var", "TIME_ZONE=Asia/Beijing"],
  ["serve", "--var", "COUNT_BOTS=maybe"],
  ["serve", "--var", "TRUSTED_PROXIES=x"],
  ["serve", "--var", "MAX_PAGES=many"],
  ["serve", "--var", "x"],
  ["serve", "--log-requests", "loud"],
  ["serve", "--port", "70000"],
  ["serve", "--port", "PORT"],
  ["serve", "--port", "0", "--metrics-port", "PORT"],
  ["serve", "--port", "81", "as guarded"],
  ["serve", "--port", "0", "as walled"],
  ["serve", "--port", "0", "as old"],
  ["serve", "--port", "0", "--host", "203.0.113.7"],
  ["serve", "--port", "0", "--data", "file/below"],
  ["serve", "--port", "0", "as full"],
  ["serve", "--trusted-proxy", "nginx"],
  ["serve", "--site", "exa_mple.cn"],
  ["serve", "--token", TOKEN],
  ["serve", "--token-file", "absent"],
  ["serve", "--token-file", "empty"],
  ["serve", "--token-file", "short"],
  ["serve", "--token-file", "spaced"],
  ["serve", "--prot", "1"],
  ["doctor", "example.cn", "--counter", "a b"],
];

for (const [language, LC_ALL] of Object.entries(LANGUAGES)) {
  test(`what keeps a start from beginning is said in ${language}, in words alone`, async (t) => {
    const cwd = await emptyFolder(t);
    for (const [name, text] of Object.entries({ file: "", empty: "\n", short: "abc", spaced: `${TOKEN} ${TOKEN}` })) writeFileSync(join(cwd, name), text);
    for (const [name, text] of Object.entries(MACHINES)) writeFileSync(join(cwd, `${name}.mjs`), text);
    const taken = createServer();
    await new Promise((done) => taken.listen(0, "127.0.0.1", done));
    t.after(() => taken.close());
    for (const row of REFUSED) {
      const machine = /^as (.*)/.exec(row.at(-1))?.[1];
      const words = (machine ? row.slice(0, -1) : row).map((word) => word.replace("PORT", taken.address().port));
      const { code, stdout, stderr } = await laifang(words, { cwd, env: { LC_ALL, ...(machine && { NODE_OPTIONS: `--import=${join(cwd, machine)}.mjs` }) } });
      assert.equal(code, 1, `${row}: ${stdout}${stderr}`);
      assert.match(stderr, /^laifang: \S/, String(row));
      assert.doesNotMatch(stderr, /\n\s+at /, String(row));
      said[language] += stdout + stderr;
    }
  });

  test(`what a running counter says is said in ${language}`, async (t) => {
    const cwd = await emptyFolder(t);
    const env = { LC_ALL, PATH: await emptyFolder(t) };
    const lonely = await serve(t, [], { cwd, env });
    await lonely.hit({}, { "X-Forwarded-For": "203.0.113.9" });
    const { workerd } = JSON.parse(readFileSync(join(cwd, "laifang-data/serving.json"), "utf8"));
    process.kill(workerd, "SIGKILL");
    assert.equal((await lonely.ended).code, 1);
    const first = await serve(t, ["--data", "other"], { cwd, env: { LC_ALL } });
    const second = await laifang(["serve", "--port", "0", "--data", "other"], { cwd, env: { LC_ALL } });
    assert.equal(second.code, 1);
    said[language] += lonely.said + first.said + second.stderr;
  });
}

test("a Node that is too old is told so in both, for it can't read the tables", () => {
  assert.match(oldNodeMessage("18.19.1"), /Node 18\.19\.1.*Node 20 or newer[^]*这是 Node 18\.19\.1.*Node 20/);
});

after(() => {
  const names = [...new Set(OF_THE_START.flatMap((name) => namesIn(sourceOf(name))))];
  assert.ok(names.length > 25, String(names.length));
  for (const [language, text] of Object.entries(said)) {
    const unseen = names.map((name) => TABLES[language]?.MESSAGES[name] ?? name).filter((message) => !shapeOf(message).test(text));
    assert.deepEqual(unseen, [], `messages that no test saw, ${language}`);
  }
});
