// `laifang deploy` against a stand-in for wrangler, whose "deployed" address is a counter served here.
import { test } from "node:test";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DIST, TOKEN, emptyFolder, laifang, serve } from "./command.mjs";

const WRANGLER = fileURLToPath(new URL("fake_wrangler.mjs", import.meta.url));
const SITES = ["--site", "example.cn", "--site", "*.example.org"];

/** An owner with an account and a counter that answers at its "deployed" address. */
async function owner(t) {
  const account = await emptyFolder(t);
  const cwd = await emptyFolder(t);
  const live = await serve(t, ["--site", "example.cn"], { cwd: await emptyFolder(t), env: { ADMIN_TOKEN: TOKEN } });
  const env = { LAIFANG_WRANGLER: WRANGLER, FAKE_ACCOUNT: account, ADMIN_TOKEN: TOKEN };
  return {
    cwd,
    live,
    env,
    deploy: (words, more = {}) => laifang(["deploy", "--address", live.url, ...words], { cwd, env: { ...env, ...more } }),
    calls: () => readFileSync(join(account, "calls.ndjson"), "utf8").trim().split("\n").map((line) => JSON.parse(line)),
    account: () => JSON.parse(readFileSync(join(account, "account.json"), "utf8")),
    arrange: (state) => writeFileSync(join(account, "account.json"), JSON.stringify({ namespaces: [], secrets: [], ...state })),
    configuration: () => JSON.parse(readFileSync(join(cwd, "laifang.wrangler.json"), "utf8")),
  };
}

const verbs = (calls) => calls.map(({ words }) => words.filter((word) => !word.startsWith("/") && word !== "--config").join(" "));

test("a dry run shows each command and file, needs no account and does nothing", async (t) => {
  const cwd = await emptyFolder(t);
  const { code, stdout, stderr } = await laifang(["deploy", "--dry-run", ...SITES, "--domain", "count.example.cn"], { cwd, env: { LAIFANG_WRANGLER: "/nowhere" } });
  assert.deepEqual([code, stderr], [0, ""]);
  for (const command of ["kv namespace list", "kv namespace create laifang-counts", "deploy --config", "secret list --config", "secret put ADMIN_TOKEN --config"]) {
    assert.ok(stdout.includes(`npx --yes wrangler@4.86.0 ${command}`), command);
  }
  assert.match(stdout, /"pattern": "count\.example\.cn",\s+"custom_domain": true/);
  assert.match(stdout, /"SITES": "example\.cn \*\.example\.org"/);
  assert.match(stdout, /check https:\/\/count\.example\.cn: health, widget\.js/);
  assert.deepEqual(readdirSync(cwd), []);
});

test("a first deploy makes the namespace, writes the owner's configuration, sets the secret unseen, and checks", async (t) => {
  const me = await owner(t);
  const { code, stdout, stderr } = await me.deploy([...SITES, "--domain", "count.example.cn"]);
  assert.equal(code, 0, stderr);
  assert.deepEqual(verbs(me.calls()), ["whoami", "kv namespace list", "kv namespace create laifang-counts", "kv namespace list", "deploy", "secret list", "secret put ADMIN_TOKEN"]);
  assert.equal(me.calls().at(-1).input, `${TOKEN}\n`);
  for (const { words } of me.calls()) assert.ok(!words.join(" ").includes(TOKEN), "the token is no argument");
  assert.ok(!(stdout + stderr).includes(TOKEN), "a token its owner knows is not shown");
  const deployed = me.configuration();
  assert.deepEqual(deployed, me.account().deployed);
  assert.deepEqual(deployed.kv_namespaces, [{ binding: "COUNTS", id: "id-of-laifang-counts" }]);
  assert.deepEqual(deployed.routes, [{ pattern: "count.example.cn", custom_domain: true }]);
  assert.equal(deployed.workers_dev, false);
  assert.equal(deployed.vars.SITES, "example.cn *.example.org");
  assert.equal(deployed.main, join(DIST, "worker/index.js"));
  assert.ok(existsSync(join(me.cwd, deployed.assets.directory, "widget.js")));
  for (const claim of ["the script pages load", "a browser's preflight", "a page of nobody's is refused", "the counts of example.cn can be read", "the owner's token is known"]) {
    assert.ok(stdout.includes(`✓ ${claim}`), claim);
  }
  assert.ok(stdout.includes(`<script async crossorigin src="${me.live.url}/widget.js" data-share></script>`));
  const counts = await (await fetch(`${me.live.url}/v1/counts?site=example.cn`)).json();
  assert.equal(counts.site.views, 0, "the check counts nothing");
});

test("the Worker stands before a site whose pages it is to tag, until it is told not to", async (t) => {
  const me = await owner(t);
  const places = () => (({ routes, assets, vars, workers_dev }) => ({ routes, first: assets.run_worker_first, hosts: vars.TAG_HOSTS, workers_dev }))(me.configuration());
  const own = { pattern: "count.example.cn", custom_domain: true };
  const tagging = { routes: [own, "www.example.cn/*", "example.cn/*"], first: true, hosts: "www.example.cn example.cn", workers_dev: false };
  assert.equal((await me.deploy([...SITES, "--domain", "count.example.cn", "--tag-pages", "www.example.cn,example.cn"])).code, 0);
  assert.deepEqual(places(), tagging);
  assert.equal((await me.deploy([])).code, 0);
  assert.deepEqual(places(), tagging, "as before");
  assert.equal((await me.deploy(["--tag-pages", "none"])).code, 0);
  assert.deepEqual(places(), { routes: [own], first: ["/v1/*", "/openapi.json"], hosts: "", workers_dev: false });
  const wrong = await me.deploy(["--tag-pages", "https://example.cn/"]);
  assert.deepEqual([wrong.code, /TAG_HOSTS=https:\/\/example\.cn\/ is not understood/.test(wrong.stderr)], [1, true]);
});

test("deploying again updates: no second namespace, the owner's own changes and the token stay", async (t) => {
  const me = await owner(t);
  await me.deploy([...SITES, "--domain", "count.example.cn"]);
  const changed = me.configuration();
  changed.vars.TIME_ZONE = "Asia/Taipei";
  changed.ratelimits[0].simple.limit = 900;
  writeFileSync(join(me.cwd, "laifang.wrangler.json"), JSON.stringify(changed));
  const before = me.calls().length;
  const { code, stderr } = await me.deploy(["--site", "example.cn,new.example"], { ADMIN_TOKEN: "" });
  assert.equal(code, 0, stderr);
  assert.deepEqual(verbs(me.calls().slice(before)), ["whoami", "deploy", "secret list"]);
  const { vars, ratelimits, routes, kv_namespaces: [{ id }] } = me.account().deployed;
  assert.deepEqual([vars.TIME_ZONE, vars.SITES, ratelimits[0].simple.limit], ["Asia/Taipei", "example.cn new.example", 900]);
  assert.deepEqual([routes[0].pattern, id], ["count.example.cn", "id-of-laifang-counts"]);
});

test("a variable of the owner's that can't be understood stops the deploy before anything is done", async (t) => {
  const me = await owner(t);
  await me.deploy([...SITES, "--domain", "count.example.cn"]);
  const changed = me.configuration();
  changed.vars.TIME_ZONE = "Asia/Beijing";
  writeFileSync(join(me.cwd, "laifang.wrangler.json"), JSON.stringify(changed));
  const before = me.calls().length;
  const { code, stderr } = await me.deploy([...SITES, "--domain", "count.example.cn"]);
  assert.notEqual(code, 0);
  assert.match(stderr, /TIME_ZONE=Asia\/Beijing is not a time zone.*Asia\/Shanghai/);
  assert.equal(me.calls().length, before);
});

test("a namespace of that name is used, not made twice, and without a token one is made and shown once", async (t) => {
  const me = await owner(t);
  me.arrange({ namespaces: [{ id: "older", title: "laifang-counts" }] });
  const { stdout } = await me.deploy(["--site", "*.example.cn", "--workers-dev"], { ADMIN_TOKEN: "" });
  assert.deepEqual(verbs(me.calls()), ["whoami", "kv namespace list", "deploy", "secret list", "secret put ADMIN_TOKEN"]);
  assert.equal(me.configuration().kv_namespaces[0].id, "older");
  assert.equal(me.configuration().workers_dev, true);
  const token = me.calls().at(-1).input.trim();
  assert.ok(token.length >= 32 && stdout.split(token).length === 2, "shown once");
  assert.ok(!JSON.stringify(me.configuration()).includes(token));
});

test("a deploy that broke off goes on: a secret that is missing is set then", async (t) => {
  const me = await owner(t);
  me.arrange({ fails: { "secret list": "fetch failed" } });
  const broken = await me.deploy(["--site", "*.example.cn", "--workers-dev"]);
  assert.match(broken.stderr, /listing the secrets failed\. .*network/);
  me.arrange({ namespaces: [{ id: "id-of-laifang-counts", title: "laifang-counts" }] });
  const { code, stdout } = await me.deploy([], { ADMIN_TOKEN: "" });
  assert.match(stdout, /shown this once/);
  assert.equal(code, 0);
});

const FAILURES = [
  ["kv namespace list", "✘ [ERROR] A request to the Cloudflare API failed. Authentication error [code: 10000]", /login {2}or set the variable CLOUDFLARE_API_TOKEN/],
  ["kv namespace list", "More than one account available but unable to select one in non-interactive mode.", /CLOUDFLARE_ACCOUNT_ID to the one to use/],
  ["deploy", 'Could not find zone for `count.example.cn`.', /not on this Cloudflare account: add its zone/],
  ["deploy", "Hostname 'count.example.cn' already has externally managed DNS records [code: 100117]", /delete them in the zone/],
  ["deploy", "You need to register a workers.dev subdomain before publishing", /--domain/],
  ["deploy", "getaddrinfo EAI_AGAIN api.cloudflare.com", /network/],
  ["deploy", "something nobody has seen", /stands above\. .*goes on where it stopped/],
];
test("when wrangler fails, a sentence says what to do", async (t) => {
  const me = await owner(t);
  for (const [command, said, advice] of FAILURES) {
    me.arrange({ fails: { [command]: said } });
    const { code, stderr } = await me.deploy([...SITES, "--domain", "count.example.cn"]);
    assert.equal(code, 1);
    assert.ok(stderr.includes(said), "what wrangler said is shown");
    assert.match(stderr.split("\n").filter((line) => line.startsWith("laifang:")).join(), advice);
  }
  me.arrange({ isLoggedOut: true });
  assert.match((await me.deploy([...SITES, "--domain", "count.example.cn"])).stderr, /nobody is logged in to Cloudflare\. Log in with/);
  assert.match((await me.deploy([...SITES, "--workers-dev"], { LAIFANG_WRANGLER: "/nowhere/wrangler" })).stderr, /could not be started \(ENOENT\).*Node\.js with npm/);
});

test("an address that answers with another release, or not at all, is not taken for a success", async (t) => {
  const me = await owner(t);
  const { code, stderr } = await me.deploy([...SITES, "--workers-dev", "--address", "http://127.0.0.1:9"], { LAIFANG_PATIENCE_MS: "100" });
  assert.deepEqual([code, /is deployed, but http:\/\/127\.0\.0\.1:9\/v1\/health does not answer/.test(stderr)], [1, true]);
});

test("what is missing is asked for by the name of its option", async (t) => {
  const cwd = await emptyFolder(t);
  const said = async (...words) => (await laifang(["deploy", ...words], { cwd })).stderr;
  assert.match(await said(), /--site example\.cn/);
  assert.match(await said("--site", "example.cn"), /--domain count\.example\.cn.*--workers-dev.*mainland China/);
  assert.match(await said("--site", "example.cn", "--domain", "count"), /not a host to put the counter at/);
  assert.match(await said("--site", "example.cn", "--domain", "a.cn", "--workers-dev"), /exclude each other/);
  assert.match(await said("--site", "example.cn", "--workers-dev", "--name", "A b"), /--name takes small letters/);
  writeFileSync(join(cwd, "laifang.wrangler.json"), "{");
  assert.match(await said("--site", "example.cn", "--workers-dev"), /can't be read as JSON/);
});

test("a person is asked, hears about mainland China, and types the token without its being shown", async (t) => {
  const me = await owner(t);
  const typed = "a-token-typed-by-hand";
  const words = [process.execPath, join(DIST, "cli/main.mjs"), "deploy", "--address", me.live.url];
  const child = spawn("script", ["-qec", words.map((word) => `'${word}'`).join(" "), "/dev/null"], { cwd: me.cwd, env: { ...process.env, ...me.env, ADMIN_TOKEN: "", TERM: "dumb", LC_ALL: "C.UTF-8" } });
  const answers = [[/Sites whose pages may count/, "example.cn"], [/The counter's address/, ""], [/nothing shows as you type/, typed]];
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      said += text;
      if (answers.length && answers[0][0].test(said)) child.stdin.write(`${answers.shift()[1]}\r`);
    });
  }
  const timer = setTimeout(() => child.kill("SIGKILL"), 30_000);
  await new Promise((done) => child.once("close", done));
  clearTimeout(timer);
  assert.deepEqual(answers, [], said);
  assert.match(said, /blocked or unreliable in mainland China/);
  assert.ok(!said.includes(typed), "the token was shown");
  const put = me.calls().find(({ words: call }) => call[1] === "put");
  assert.equal(put?.input, `${typed}\n`, said);
});
