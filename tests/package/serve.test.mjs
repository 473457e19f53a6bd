// `laifang serve` on this machine: who the visitor is, what survives, what is said when it can't begin.
import { test } from "node:test";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { TrustedProxies, plainAddress } from "../../dist/cli/trusted_proxies.mjs";
import { oldNodeMessage } from "../../dist/cli/node_version.mjs";
import { relativeLocation } from "../../dist/cli/relative_location.mjs";
import { BROWSER, TOKEN, emptyFolder, laifang, serve } from "./command.mjs";

const FORGED = [
  { "CF-Connecting-IP": "203.0.113.1" },
  { "X-Forwarded-For": "203.0.113.2" },
  { "X-Real-IP": "203.0.113.3" },
  { "True-Client-IP": "203.0.113.4", Forwarded: "for=203.0.113.4" },
  { "CF-Connecting-IP": "203.0.113.5", "cf-connecting-ip": "203.0.113.6" },
  { "MF-CF-Blob": '{"clientIp":"203.0.113.7:1"}', "MF-Original-URL": "http://localhost/v1/hits" },
  { "MF-Route-Override": "elsewhere" },
];

test("a variable that can't be understood stops the start with a right value", async (t) => {
  const cases = [
    ["TIME_ZONE=Asia/Beijing", /TIME_ZONE=Asia\/Beijing is not a time zone.*Asia\/Shanghai/],
    ["TIME_ZONE=+08:00", /TIME_ZONE=\+08:00 is not a time zone.*Asia\/Shanghai/],
    ["MAX_PAGES=many", /MAX_PAGES=many is not understood.*MAX_PAGES=1000/],
    ["HITS_PER_MINUTE=0", /HITS_PER_MINUTE=0 is not understood/],
    ["KV_WRITES_PER_DAY=-5", /KV_WRITES_PER_DAY=-5 is not understood/],
    ["TRUSTED_PROXIES=10.0.0.0/99", /TRUSTED_PROXIES=10\.0\.0\.0\/99 is not understood.*203\.0\.113\.7/],
    ["TAG_HOSTS=https://example.cn/", /TAG_HOSTS=https:\/\/example\.cn\/ is not understood.*www\.example\.cn/],
    ["TAG_HOSTS=www.example.cn", /TAG_HOSTS is for Cloudflare/],
    ["COUNT_BOTS=maybe", /COUNT_BOTS=maybe is not understood.*COUNT_BOTS=off/],
  ];
  const cwd = await emptyFolder(t);
  for (const [pair, expected] of cases) {
    const { code, stderr } = await laifang(["serve", "--var", pair], { cwd });
    assert.notEqual(code, 0, pair);
    assert.match(stderr, expected);
  }
  for (const [pair, expected] of [
    ["TIME_ZONE=Asia/Beijing", /TIME_ZONE=Asia\/Beijing 不是 IANA 列表里的时区.*Asia\/Shanghai/],
    ["TRUSTED_PROXIES=x", /TRUSTED_PROXIES=x 看不懂/],
    ["TAG_HOSTS=a/b", /TAG_HOSTS=a\/b 看不懂/],
    ["TAG_HOSTS=a.cn", /TAG_HOSTS 只用于 Cloudflare/],
  ]) assert.match((await laifang(["serve", "--var", pair], { cwd, env: { LC_ALL: "zh_CN.UTF-8" } })).stderr, expected);
});

test("a forged address counts for nothing", async (t) => {
  const served = await serve(t, [], { cwd: await emptyFolder(t) });
  for (const headers of FORGED) assert.equal((await served.hit({}, headers)).visitor, 1, JSON.stringify(headers));
  assert.match(served.said, /names its visitor in X-Forwarded-For or X-Real-IP, but was not believed.*--trusted-proxy 127\.0\.0\.1/);
});

test("a trusted proxy says who the visitor is, and only the part of the chain that it wrote counts", async (t) => {
  const served = await serve(t, ["--trusted-proxy", "127.0.0.1,10.0.0.0/8"], { cwd: await emptyFolder(t) });
  const visitors = [];
  for (const headers of [
    { "X-Forwarded-For": "198.51.100.1" },
    { "X-Forwarded-For": "203.0.113.9, 198.51.100.1" },
    { "X-Forwarded-For": "198.51.100.1, 10.1.2.3" },
    { "X-Real-IP": "198.51.100.1" },
    { "X-Forwarded-For": "198.51.100.2", "X-Real-IP": "198.51.100.2" },
    { "X-Forwarded-For": "198.51.100.2", "CF-Connecting-IP": "203.0.113.9" },
  ]) visitors.push((await served.hit({}, headers)).visitor);
  assert.deepEqual(visitors, [1, 1, 1, 1, 2, 2]);
});

test("a request from the web server's own machine is no reason to warn of a proxy that is not believed", async (t) => {
  const served = await serve(t, ["--trusted-proxy", "127.0.0.1"], { cwd: await emptyFolder(t) });
  await fetch(`${served.url}/v1/health`, { headers: { "X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1" } });
  assert.doesNotMatch(served.said, /not believed/);
  await fetch(`${served.url}/v1/health`, { headers: { "X-Forwarded-For": "203.0.113.8", "X-Real-IP": "203.0.113.9" } });
  await fetch(`${served.url}/v1/health`);
  assert.match(served.said, /not believed/, "headers that disagree are");
});

test("whom to believe is decided by the trusted end of the chain", () => {
  const proxies = new TrustedProxies(["127.0.0.1", "10.0.0.0/8", "fd00::/8"]);
  const cases = [
    ["8.8.8.8", { "x-forwarded-for": "1.1.1.1", "x-real-ip": "1.1.1.1" }, "8.8.8.8"],
    ["::ffff:127.0.0.1", { "x-forwarded-for": "1.1.1.1" }, "1.1.1.1"],
    ["127.0.0.1", {}, "127.0.0.1"],
    ["127.0.0.1", { "x-forwarded-for": "6.6.6.6, 1.1.1.1, 10.0.0.1" }, "1.1.1.1"],
    ["fd00::1", { "x-forwarded-for": "[2001:DB8::1]:443" }, "2001:db8::1"],
    ["127.0.0.1", { "x-forwarded-for": "1.1.1.1:5555" }, "1.1.1.1"],
    ["127.0.0.1", { "x-forwarded-for": "1.1.1.1, nonsense" }, "127.0.0.1"],
    ["127.0.0.1", { "x-forwarded-for": "10.0.0.7" }, "10.0.0.7"],
    ["127.0.0.1", { "x-real-ip": "1.1.1.1" }, "1.1.1.1"],
    ["127.0.0.1", { "x-real-ip": "10.0.0.2", "x-forwarded-for": "1.1.1.1, 10.0.0.2" }, "1.1.1.1"],
    // The proxy wrote one of the two and handed on what the visitor wrote into the other.
    ["127.0.0.1", { "x-real-ip": "1.1.1.1", "x-forwarded-for": "6.6.6.6" }, "127.0.0.1"],
  ];
  for (const [peer, headers, visitor] of cases) assert.equal(proxies.visitorOf(peer, headers), visitor, JSON.stringify([peer, headers]));
  assert.equal(plainAddress("fe80::1%eth0"), "fe80::1");
  for (const wrong of ["proxy", "10.0.0.0/33", "10.0.0.0/x", "1.2.3"]) assert.throws(() => new TrustedProxies([wrong]), /--trusted-proxy takes/);
});

test("what the runtime keeps for development is not reachable", async (t) => {
  const served = await serve(t, [], { cwd: await emptyFolder(t) });
  const raw = (target) => new Promise((done) => {
    const socket = connect(new URL(served.url).port, "127.0.0.1", () => socket.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`));
    let text = "";
    socket.setEncoding("utf8").on("data", (chunk) => (text += chunk)).on("close", () => done(text));
  });
  const status = async (target) => Number((await raw(target)).split(" ")[1]);
  for (const target of ["/cdn-cgi/platform-proxy", "/cdn-cgi/handler/scheduled", "/./cdn-cgi/mf/reload", "/x/../cdn-cgi/explorer", "//cdn-cgi/x", "/%2e/cdn-cgi/x", "/\\cdn-cgi/x", "/_dev/visitor"]) {
    assert.match(await raw(target), /^HTTP\/1\.1 40[04] [\s\S]*application\/problem\+json/i, target);
  }
  assert.equal(await status("http://elsewhere.example/v1/health"), 400);
  assert.equal(await status("/v1/health"), 200);
});

test("assets and replies come through whole, packed for who can unpack them", async (t) => {
  const served = await serve(t, [], { cwd: await emptyFolder(t) });
  const response = await fetch(`${served.url}/widget.js`);
  assert.equal(response.headers.get("access-control-allow-origin"), "*");
  assert.match(await response.text(), /laifang/);
  const same = await fetch(`${served.url}/widget.js`, { headers: { "If-None-Match": response.headers.get("etag") } });
  assert.equal(same.status, 304);
  assert.equal((await fetch(`${served.url}/v1/hits`, { method: "OPTIONS" })).status, 204);
  assert.equal((await fetch(`${served.url}/v1/health`, { method: "HEAD" })).status, 200);
  const large = await fetch(`${served.url}/v1/hits`, { method: "POST", body: "x".repeat(2_000_000), headers: BROWSER });
  assert.equal(large.status, 413);
});

for (const signal of ["SIGTERM", "SIGKILL"]) {
  test(`${signal} keeps what was acknowledged, and the next start goes on`, async (t) => {
    const cwd = await emptyFolder(t);
    const first = await serve(t, [], { cwd });
    for (let hits = 0; hits < 20; hits++) await first.hit();
    await first.stop(signal);
    const again = await serve(t, [], { cwd });
    const { site, visitor } = await again.hit();
    assert.deepEqual([site.views, visitor], [21, 1]);
  });
}

test("SIGTERM in the middle of hits loses none that was acknowledged and ends with 0", async (t) => {
  const cwd = await emptyFolder(t);
  const first = await serve(t, [], { cwd });
  let acknowledged = 0;
  const hits = Array.from({ length: 60 }, () => first.hit().then(({ counted }) => (acknowledged += counted ? 1 : 0), () => {}));
  await new Promise((done) => setTimeout(done, 40));
  const { code } = await first.stop();
  await Promise.all(hits);
  assert.equal(code, 0);
  const { site } = await (await serve(t, [], { cwd })).hit();
  assert.ok(site.views - 1 >= acknowledged, `${acknowledged} acknowledged, ${site.views - 1} kept`);
});

/** Not so for a process that has ended and is only waited for. */
const isRunning = (pid) => existsSync(`/proc/${pid}/cmdline`) && readFileSync(`/proc/${pid}/cmdline`, "utf8") !== "";

test("a workerd left over from a SIGKILL is ended before another writes to the same folder", async (t) => {
  const cwd = await emptyFolder(t);
  const first = await serve(t, [], { cwd });
  const { workerd } = JSON.parse(readFileSync(join(cwd, "laifang-data/serving.json"), "utf8"));
  await first.stop("SIGKILL");
  assert.ok(isRunning(workerd));
  await serve(t, [], { cwd });
  assert.ok(!isRunning(workerd));
});

test("of two counters started on one folder one serves, after a SIGKILL too", async (t) => {
  const cwd = await emptyFolder(t);
  for (let round = 0; round < 4; round++) {
    const both = await Promise.allSettled([serve(t, [], { cwd }), serve(t, [], { cwd })]);
    const ready = both.filter(({ status }) => status === "fulfilled").map(({ value }) => value);
    const refused = both.filter(({ status }) => status === "rejected").map(({ reason }) => reason.message);
    assert.equal(ready.length, 1, `round ${round}: ${refused}`);
    assert.match(refused[0], /in use by another counter/);
    assert.equal((await ready[0].hit()).site.views, round + 1);
    await ready[0].stop("SIGKILL");
  }
});

test("what is kept in a folder that others may read is for its owner alone", async (t) => {
  const cwd = await emptyFolder(t);
  mkdirSync(join(cwd, "laifang-data"), { mode: 0o755 });
  const served = await serve(t, [], { cwd });
  await served.hit();
  // What visitors download may be read by anybody.
  const names = readdirSync(join(cwd, "laifang-data"), { recursive: true }).filter((name) => !name.startsWith("assets"));
  const files = names.map((name) => [name, statSync(join(cwd, "laifang-data", name)).mode & 0o077]);
  assert.ok(files.some(([name]) => name.endsWith(".sqlite")), "there are counts");
  assert.deepEqual(files.filter(([, rights]) => rights), []);
});

test("a claim left behind does not stop a start, whatever it says", async (t) => {
  const cwd = await emptyFolder(t);
  const claim = join(cwd, "laifang-data/serving.json");
  const innocent = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)", "serve", "workerd"], { stdio: "ignore" });
  t.after(() => innocent.kill("SIGKILL"));
  for (const text of ["null", "[]", "{", "{}", JSON.stringify({ serving: innocent.pid, workerd: innocent.pid }), JSON.stringify({ serving: "x", workerd: -1 })]) {
    mkdirSync(join(cwd, "laifang-data"), { recursive: true });
    writeFileSync(claim, text);
    const served = await serve(t, [], { cwd });
    await served.stop();
  }
  assert.equal(innocent.exitCode ?? innocent.signalCode, null, "another program is left alone");
});

test("only listed sites count, and the owner's token comes from a file or the environment", async (t) => {
  const cwd = await emptyFolder(t);
  writeFileSync(join(cwd, "token"), `${TOKEN}\n`);
  const served = await serve(t, ["--site", "Example.CN,https://www.beispiel.example/", "--site", "*.example.org", "--token-file", "token"], { cwd });
  for (const url of ["https://www.example.cn/x", "https://beispiel.example/x", "https://a.example.org/"]) assert.equal((await served.hit({ url })).counted, true, url);
  assert.equal((await served.hit({ url: "http://localhost/x" })).code, "site-not-allowed");
  const owner = (token) => fetch(`${served.url}/v1/sites/example.cn`, { headers: { Authorization: `Bearer ${token}` } });
  assert.equal((await owner(TOKEN)).status, 200);
  assert.equal((await owner("another-token-of-someone")).status, 401);
});

test("settings reach the Worker", async (t) => {
  const served = await serve(t, ["--var", "HITS_PER_MINUTE=2"], { cwd: await emptyFolder(t) });
  const codes = [];
  for (let hits = 0; hits < 3; hits++) codes.push((await served.hit()).code);
  assert.deepEqual(codes, [undefined, undefined, "too-many-requests"]);
});

test("what keeps it from beginning is said, with what to do", async (t) => {
  const cwd = await emptyFolder(t);
  writeFileSync(join(cwd, "file"), "");
  writeFileSync(join(cwd, "empty"), "\n");
  const other = await serve(t, ["--data", "other"], { cwd });
  const port = new URL(other.url).port;
  const cases = [
    [["--port", port], /port \d+ is taken by another program\. .*--port/],
    [["--port", "70000"], /--port takes a whole number from 0 to 65535/],
    [["--data", "file/below"], /data folder .* can't be written \(ENOTDIR\).*--data/],
    [["--data", "other"], /in use by another counter.*--data/],
    [["--host", "203.0.113.7"], /no address 203\.0\.113\.7.*--host/],
    [["--trusted-proxy", "nginx"], /--trusted-proxy takes addresses/],
    [["--site", "exa_mple.cn"], /not the name of a site/],
    [["--token", TOKEN], /history/],
    [["--token-file", "absent"], /token's file absent can't be read \(ENOENT\)/],
    [["--token-file", "empty"], /empty is empty/],
    [["--prot", "1"], /--help/],
    [["--var", "x"], /--var takes NAME=VALUE/],
  ];
  for (const [words, said] of cases) {
    const { code, stderr } = await laifang(["serve", "--port", "0", ...words], { cwd });
    assert.equal(code, 1, words.join(" "));
    assert.match(stderr, said);
    assert.doesNotMatch(stderr, /\n\s+at /, "a stack trace is nothing for people");
  }
});

test("each command explains itself, and an unknown word names those there are", async () => {
  for (const word of ["serve", "deploy", "import"]) assert.match((await laifang([word, "--help"])).stdout, new RegExp(`^laifang ${word}`));
  assert.match((await laifang(["help"])).stdout, /laifang deploy/);
  assert.match((await laifang(["--version"])).stdout, /^\d+\.\d+\.\d+$/m);
  const { code, stderr } = await laifang(["sevre"]);
  assert.deepEqual([code, /no command “sevre”/.test(stderr)], [1, true]);
});

test("a Node that is too old is told so", () => {
  assert.match(oldNodeMessage("18.19.1"), /Node 18\.19\.1.*Node 20 or newer/);
  assert.equal(oldNodeMessage("20.0.0"), undefined);
  assert.equal(oldNodeMessage(process.versions.node), undefined);
});

test("a redirect is a reference that holds in whatever folder of a site the counter is", async (t) => {
  for (const [asked, location, expected] of [
    ["/console", "/console/", "./console/"],
    ["/docs/install.html?x=1", "/docs/install?x=1", "./install?x=1"],
    ["/docs/index.html", "/docs/", "./"],
    ["/a/b/c", "/d", "./../../d"],
    ["/a", "/javascript:x", "./javascript:x"],
    ["/a", "//other.example/", "//other.example/"],
    ["/a", "/\\other.example/", "/\\other.example/"],
    ["/a", "https://other.example/", "https://other.example/"],
  ]) {
    assert.equal(relativeLocation(asked, location), expected);
    if (expected.startsWith("./")) assert.equal(new URL(expected, `http://a.cn${asked}`).href, new URL(location, "http://a.cn/").href);
  }
  const served = await serve(t, [], { cwd: await emptyFolder(t) });
  const answer = await fetch(`${served.url}/console`, { redirect: "manual" });
  assert.deepEqual([answer.status, answer.headers.get("location")], [307, "./console/"]);
});
