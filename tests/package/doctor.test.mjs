// `laifang doctor`: what it finds wrong, and what it says to do, in English and in Chinese.
import { after, test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import { join } from "node:path";
import { emptyFolder } from "./command.mjs";
import { OWNER, answered, asSeen, examine, standing, worldOf } from "./doctor_world.mjs";
import { SOURCES, TABLES, namesIn, shapeOf, sourceOf } from "./messages.mjs";

const said = { en: "", "zh-Hans": "" };

/** Looks at a world in each language; gives the English. */
async function look(words, env) {
  const found = await examine(words, env);
  for (const [language, { said: text }] of Object.entries(found)) said[language] += text;
  const codes = Object.values(found).map(({ code }) => code);
  assert.equal(new Set(codes).size, 1, "the language changes no verdict");
  return { code: codes[0], said: found.en.said };
}

async function lookAt(t, world, { words = [], owner = false } = {}) {
  const made = await worldOf(t, world);
  const asOwner = owner ? ["--counter", made.counter] : [];
  return { ...(await look([made.site, ...asOwner, ...words.map((word) => word.replace("COUNTER", made.counter))], owner ? { ADMIN_TOKEN: OWNER } : {})), world: made };
}

const count = (text, mark) => text.split("\n").filter((line) => line.startsWith(`  ${mark} `)).length;

/** Exactly one thing is wrong, and it is what is expected. */
function assertOneWrong({ code, said: text }, finding, advice) {
  assert.deepEqual([code, count(text, "✗")], [1, 1], text);
  assert.match(text, finding);
  assert.match(text, advice);
  assert.match(text, /\nWrong: 1\n$/);
}

test("where all is well it says so, sends no hit, and tells nobody the token but the counter that was named", async (t) => {
  const stranger = await lookAt(t, {});
  assert.deepEqual([stranger.code, count(stranger.said, "✗"), count(stranger.said, "–")], [0, 0, 1], stranger.said);
  assert.match(stranger.said, /\nNothing wrong was found\.\n$/);
  const { code, said: text, world } = await lookAt(t, {}, { owner: true });
  assert.deepEqual([code, count(text, "✗"), count(text, "–"), count(text, "✓")], [0, 0, 0, 9], text);
  for (const { method, url } of [...stranger.world.asked, ...world.asked]) assert.ok(method === "GET" && !url.includes("hit"), url);
});

test("a tag that somebody else put into the page does not get the owner's token", async (t) => {
  const theirs = await worldOf(t);
  const { world, said: text } = await lookAt(t, { page: () => `<script src="${theirs.counter}/widget.js"></script>` }, { owner: true });
  assert.match(text, /! The tag leads to http:.*asked at http:/);
  assert.ok(theirs.asked.length > 0 && theirs.asked.every(({ headers }) => !headers.authorization));
  assert.ok(world.asked.some(({ headers }) => headers.authorization === `Bearer ${OWNER}`));
  const unnamed = await worldOf(t);
  await look([unnamed.site], { ADMIN_TOKEN: OWNER });
  assert.ok(unnamed.asked.every(({ headers }) => !headers.authorization), "without --counter nobody is asked as the owner");
});

test("pages that are nested deeply, that name a base, or whose counter answers with codes of a terminal are told of as others", async (t) => {
  const deep = await lookAt(t, { page: ({ counter }) => `${"<div>".repeat(20_000)}<script async crossorigin src="${counter}/widget.js"></script>` });
  assert.deepEqual([deep.code, count(deep.said, "✗")], [0, 0], deep.said);
  const based = await lookAt(t, { page: ({ counter }) => `<base href="${counter}/"><script async crossorigin src="widget.js"></script>` });
  assert.deepEqual([based.code, count(based.said, "✗")], [0, 0], based.said);
  const { said: text } = await lookAt(t, { answers: { "/v1/health": answered({ status: "ok", version: `\u001b[31mX\u001b]0;p\u0007${"9".repeat(9_000)}` }) } });
  assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  assert.ok(text.length < 3_000);
  const nobody = await lookAt(t, { answers: { "/v1/visitor": answered({ forwarded_for: 7 }) } }, { owner: true });
  assert.match(nobody.said, /– the counter is of an older release/);
});

test("what can't be a page of yours is said", async (t) => {
  for (const [page, finding, advice] of [
    [() => ({ status: 403, body: "no" }), /answered 403/, /without signing in/],
    [() => ({ headers: { "Content-Type": "image/png" } }), /is no page, but image\/png/, /a browser shows/],
  ]) assertOneWrong(await lookAt(t, { page }), finding, advice);
  const nobody = await look(["http://127.0.0.1:9/"]);
  assertOneWrong(nobody, /can't be reached \(ECONNREFUSED\)|can't be reached \(bad port\)/, /firewall/);
});

test("what is no question is refused", async () => {
  const plain = { ADMIN_TOKEN: OWNER };
  for (const [words, expected, env] of [
    [[], /name one page of yours/],
    [["a.cn", "b.cn"], /name one page of yours/],
    [["http://a b/"], /“http:\/\/a b\/” is not the address of a page/],
    [["a.cn", "--counter", "http://count.example.cn"], /is not encrypted.*--counter localhost:8787/, plain],
  ]) {
    const { code, said: text } = await look(words, env);
    assert.equal(code, 1);
    assert.match(text, expected);
  }
});

const script = (attributes) => ({ counter }) => `<!doctype html><body><script ${attributes.replaceAll("COUNTER", counter)}></script>`;

test("a tag that is missing, or stands where browsers run nothing, is missed", async (t) => {
  for (const html of [
    "<p>plain</p>",
    "<!-- <script src=COUNTER/widget.js></script> -->",
    "<noscript><script src=COUNTER/widget.js></script></noscript>",
    "<template><script src=COUNTER/widget.js></script></template>",
    "<textarea><script src=COUNTER/widget.js></script></textarea>",
    "<a href=COUNTER/widget.js>x</a>",
  ]) assertOneWrong(await lookAt(t, { page: ({ counter }) => html.replace("COUNTER", counter) }), /there is no tag in the page as its server sends it/, /then name the counter with --counter/);
  const added = await lookAt(t, { page: () => "<p>a script adds it</p>" }, { words: ["--counter", "COUNTER"] });
  assert.match(added.said, /there is no tag[^]*the counter answers, release 0\.1\.0\n.*pages of 127\.0\.0\.1 may count/);
});

test("the tag is found however it is written, and the counter where the loader finds it", async (t) => {
  for (const [page, base] of [
    [script("SRC = 'COUNTER/widget.js?v=1#a' src=x"), "/"],
    [script("src=COUNTER/v/0.1.0/widget.js"), "/"],
    [({ counter }) => `<base href="${counter}/x/"><svg><script src="no"></script></svg><script src="../widget.js">`, "/"],
    [script('src="COUNTER/widget.js" data-counter="COUNTER/"'), "/"],
    [({ counter }) => ({ headers: { "Content-Type": "text/html; charset=gb18030" }, body: Buffer.concat([Buffer.from([0xc4, 0xfa, 0xca, 0xc7]), Buffer.from(`<script src="${counter}/widget.js"></script>`)]) }), "/"],
  ]) {
    const { code, said: text, world } = await lookAt(t, { page });
    assert.equal(code, 0, text);
    assert.ok(text.includes(`the counter is ${world.counter}${base}\n`), text);
  }
  const other = { "/widget.js": { body: "somebody else's", headers: { "Content-Type": "text/javascript" } } };
  assertOneWrong(await lookAt(t, { answers: other }), /there is no tag/, /Paste the line/);
});

test("a tag that browsers do not run is told from one they run", async (t) => {
  assertOneWrong(await lookAt(t, { page: script('type="text/plain" src="COUNTER/widget.js"') }), /don't run the tag: its type is “text\/plain”/, /data-cfasync="false"/);
  for (const type of ["", "module", "text/javascript", "application/javascript"]) assert.equal((await lookAt(t, { page: script(`type="${type}" src="COUNTER/widget.js"`) })).code, 0, type);
  const gone = { "/widget.js": undefined };
  assertOneWrong(await lookAt(t, { answers: gone }), /widget\.js can't be loaded: it answered 404/, /Open that address/);
  const page = { "/widget.js": { body: "<p>laifang</p>", headers: { "Content-Type": "text/html" } } };
  assertOneWrong(await lookAt(t, { answers: page }), /can't be loaded: a page came in place of a script/, /Open that address/);
  const read = await lookAt(t, { page: script('src="COUNTER/widget.js" data-mode="read"') });
  assert.equal(read.code, 0);
  assert.match(read.said, /! The tag says data-mode="read"/);
});

test("a hash in the tag is compared with what it is of", async (t) => {
  const hash = (kind) => `${kind}-${createHash(kind).update('Symbol["for"]("laifang")').digest("base64")}`;
  const at = (integrity, more = "crossorigin") => script(`src="COUNTER/widget.js" ${more} integrity="${integrity}"`);
  assert.equal((await lookAt(t, { page: at(`sha256-x ${hash("sha384")}`) })).code, 0);
  assertOneWrong(await lookAt(t, { page: at(`${hash("sha256")} sha384-x`) }), /the tag's integrity is not that of/, /again from http:\/\/127\.0\.0\.1:\d+\/\. .*\/v\/1\.0\.0\/widget\.js/);
  assertOneWrong(await lookAt(t, { page: at(hash("sha384"), "") }), /integrity and no crossorigin/, /Write crossorigin/);
});

test("an encrypted page loads nothing from a counter that is not", async (t) => {
  const folder = await emptyFolder(t);
  const [key, cert] = ["key.pem", "cert.pem"].map((name) => join(folder, name));
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", cert, "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2"], { stdio: "ignore" });
  const { counter } = await worldOf(t);
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => response.writeHead(200, { "Content-Type": "text/html" }).end(`<script src="${counter}/widget.js"></script>`));
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => server.closeAllConnections() ?? server.close());
  assertOneWrong(await look([`https://localhost:${server.address().port}/`], { NODE_EXTRA_CA_CERTS: cert }), /the page is encrypted and the counter is not/, /write https:\/\/ into the tag/);
});

const withPolicy = (policy) => ({ page: ({ counter }) => ({ headers: { "Content-Type": "text/html", "Content-Security-Policy": policy.replaceAll("COUNTER", counter) }, body: `<script nonce="n1" src="${counter}/widget.js"></script>` }) });

test("a policy that stops the counter is named, with what to add", async (t) => {
  for (const [policy, finding, advice] of [
    ["script-src 'self' 'wasm-unsafe-eval'", /stops the script: script-src 'self' 'wasm-unsafe-eval'/, /Add http:\/\/127\.0\.0\.1:\d+ to script-src/],
    ["script-src 'strict-dynamic' 'nonce-other' 'wasm-unsafe-eval'", /stops the script/, /Give the tag the nonce/],
    ["default-src COUNTER 'wasm-unsafe-eval'; connect-src 'self'", /stops the requests that count: connect-src 'self'/, /to connect-src/],
    ["require-trusted-types-for 'script'; trusted-types other", /does not know our policy of Trusted Types: trusted-types other/, /Add laifang to trusted-types/],
    ["sandbox allow-scripts", /the page is sandboxed: sandbox allow-scripts/, /allow-same-origin/],
  ]) assertOneWrong(await lookAt(t, withPolicy(policy)), finding, advice);
  const fine = await lookAt(t, withPolicy("default-src 'none'; script-src COUNTER; connect-src COUNTER"));
  assert.equal(fine.code, 0, fine.said);
  assert.match(fine.said, /✓ the page's Content-Security-Policy allows the counter/);
  assert.match(fine.said, /! The Content-Security-Policy allows no WebAssembly.*'wasm-unsafe-eval'/);
});

test("a policy in the page's head holds as well, and each of several", async (t) => {
  const meta = (inHead) => ({ page: ({ counter }) => `<head>${inHead}</head><script src="${counter}/widget.js"></script>` });
  const policy = `<meta http-equiv="content-security-policy" content="script-src 'self' 'wasm-unsafe-eval'; sandbox">`;
  assertOneWrong(await lookAt(t, meta(policy)), /stops the script: script-src 'self'/, /to script-src/);
  assert.equal((await lookAt(t, meta(`<title>x</title></head><body>${policy}`))).code, 0, "in the body it is none");
  const both = await lookAt(t, withPolicy("script-src * 'wasm-unsafe-eval', connect-src 'none', default-src 'none'"));
  assert.equal(count(both.said, "✗"), 3, both.said);
});

test("a counter that does not answer, or does not as it should, is told apart", async (t) => {
  const stopped = await worldOf(t, { page: () => `<p>x</p>` });
  const deaf = await look([stopped.site, "--counter", "127.0.0.1:9"]);
  assert.match(deaf.said, /✗ the counter http:\/\/127\.0\.0\.1:9\/ can't be reached \(.*\)\n.*Is it running\?/);
  assertOneWrong(await lookAt(t, { answers: { "/v1/health": { status: 404 } } }), /\/v1\/health answered 404, and not as a counter does/, /with the folder taken off/);
  const doubled = answered({ status: "ok", version: "0.1.0" }, { "Access-Control-Allow-Origin": "*, *" });
  assertOneWrong(await lookAt(t, { answers: { "/v1/health": doubled } }), /Access-Control-Allow-Origin is “\*, \*”/, /add none of its own/);
  assertOneWrong(await lookAt(t, { answers: { "/v1/counts": { status: 403 } } }), /refuses pages of 127\.0\.0\.1: its SITES/, /--site 127\.0\.0\.1 as well/);
  assertOneWrong(await lookAt(t, { answers: { "/v1/counts": { status: 500 } } }), /\/v1\/counts\?site=127\.0\.0\.1 answered 500/, /counter's log/);
  const other = await lookAt(t, { page: script('src="COUNTER/widget.js" data-site="other.example"'), answers: { "/v1/counts": ({ url }) => (url.includes("other") ? { status: 403 } : answered({})) } });
  assertOneWrong(other, /refuses pages of other\.example/, /--site other\.example/);
});

test("a clock that is wrong is seen by the answer's date, and by the counter's own word where it gives one", async (t) => {
  const late = new Date(Date.now() - 600_000);
  assertOneWrong(await lookAt(t, { answers: { "/v1/health": answered({ status: "ok" }, { Date: late.toUTCString() }) } }), /the counter's clock says .*Z, this machine's .*Z/, /timedatectl set-ntp true/);
  const told = asSeen("203.0.113.9", "203.0.113.9");
  told.body.now = late.toISOString();
  assertOneWrong(await lookAt(t, { answers: { "/v1/visitor": told } }, { owner: true }), /the counter's clock says/, /by NTP/);
});

test("what only the owner sees: damage, checkpoints, published counts that are behind", async (t) => {
  const damaged = { "/v1/sites": { ...answered({ damaged: true }), status: 503 } };
  assertOneWrong(await lookAt(t, { answers: damaged }, { owner: true }), /what is stored of 127\.0\.0\.1 can't be read/, /Open the console/);
  for (const [status, advice] of [[401, /owner's token is another one/], [403, /Give --counter the address/], [404, /has the deployment an owner's token/], [429, /Wait a minute/], [500, /counter's log/]]) {
    const refused = await lookAt(t, { answers: { "/v1/sites": { status }, "/v1/visitor": { status } } }, { owner: true });
    assert.match(refused.said, new RegExp(`/v1/sites/127\\.0\\.0\\.1 answered ${status}`));
    assert.match(refused.said, advice);
  }
  assertOneWrong(await lookAt(t, { answers: { "/v1/sites": standing({ checkpoints_failing: true, checkpoint_backlog: 40_000 }) } }, { owner: true }), /can't write its checkpoints.*now 40000/, /disk may be full/);
  const since = (minutes) => answered({ as_of: new Date(Date.now() - minutes * 60_000).toISOString() });
  const behind = (minutes, unpublished) => lookAt(t, { answers: { "/v1/sites": standing({ unpublished }), "/v1/counts": since(minutes) } }, { owner: true });
  assertOneWrong(await behind(31, 4), /31 minutes behind; documents waiting: 4/, /On Cloudflare raise the variable KV_WRITES_PER_DAY.*on your own server start laifang serve with --var KV_WRITES_PER_DAY=10000/);
  assert.equal((await behind(31, 0)).code, 0, "nothing new is not late");
  assert.equal((await behind(5, 4)).code, 0, "some minutes are usual");
});

test("a web server in front that is not believed, or believed too much, is told", async (t) => {
  const seenAs = (...seen) => lookAt(t, { answers: { "/v1/visitor": asSeen(...seen) } }, { owner: true });
  assertOneWrong(await seenAs("10.0.0.2", "203.0.113.9"), /come through 10\.0\.0\.2, which speaks for 203\.0\.113\.9/, /--trusted-proxy 10\.0\.0\.2/);
  assertOneWrong(await seenAs("10.0.0.2", null, "203.0.113.9"), /come through 10\.0\.0\.2/, /TRUSTED_PROXIES/);
  assertOneWrong(await seenAs("198.51.100.7", "203.0.113.9, 198.51.100.7", "198.51.100.7"), /come through 198\.51\.100\.7, which speaks for 203\.0\.113\.9/, /--trusted-proxy 198\.51\.100\.7/);
  assertOneWrong(await seenAs("10.0.0.2", "203.0.113.9", "203.0.113.8"), /X-Forwarded-For \(203\.0\.113\.9\) and X-Real-IP \(203\.0\.113\.8\) disagree.*10\.0\.0\.2/, /set both from the connection/);
  const forged = ({ headers }) => asSeen(headers["x-forwarded-for"] ?? "203.0.113.9", headers["x-forwarded-for"] ?? "203.0.113.9");
  assertOneWrong(await lookAt(t, { answers: { "/v1/visitor": forged } }, { owner: true }), /visitors can pass for others.*192\.0\.2\.77/, /name no network/);
  const inside = await seenAs("192.168.1.5", "192.168.1.5");
  assert.equal(inside.code, 0);
  assert.match(inside.said, /takes this machine for 192\.168\.1\.5\n {2}– whether visitors can pass for others is not seen from inside/);
  const old = await lookAt(t, { answers: { "/v1/visitor": { status: 404 } } }, { owner: true });
  assert.match(old.said, /– the counter is of an older release/);
});

/** A web server on the visitor's own machine that tells the counter whom it speaks for; the counter sees one of 127.0.0.1. */
const frontHere = { unbelieved: ({ socket }) => asSeen("127.0.0.1", socket.remoteAddress, socket.remoteAddress), believed: ({ socket }) => asSeen(socket.remoteAddress, socket.remoteAddress, socket.remoteAddress) };

test("run on the web server's own machine, one that is not believed is told from one that is", async (t) => {
  const found = (visitor, words = []) => lookAt(t, { answers: { "/v1/visitor": visitor } }, { owner: true, words });
  assertOneWrong(await found(frontHere.unbelieved), /come through 127\.0\.0\.1, which speaks for 127\.0\.0\.2 and is not believed/, /--trusted-proxy 127\.0\.0\.1/);
  const believed = await found(frontHere.believed);
  assert.equal(believed.code, 0, believed.said);
  assert.match(believed.said, /✓ the counter takes this machine for 127\.0\.0\.1\n/);
  const silent = await found(() => asSeen("127.0.0.1"), ["--counter", "COUNTER/laifang/"]);
  assertOneWrong(silent, /does not say who the visitor is: everybody is 127\.0\.0\.1/, /--trusted-proxy 127\.0\.0\.1/);
  for (const elsewhere of [() => asSeen("127.0.0.1", "127.0.0.1"), ({ socket }) => (socket.remoteAddress === "127.0.0.2" ? { status: 403 } : asSeen("127.0.0.1", "127.0.0.1"))]) {
    const { code, said: text } = await found(elsewhere);
    assert.equal(code, 0, text);
    assert.match(text, /– whether the web server in front is believed is not seen from this machine \(it is 127\.0\.0\.1 here\)/);
    assert.doesNotMatch(text, /takes this machine for/);
  }
});

test("a counter that is asked past its web server says nothing about it but whether it would believe it", async (t) => {
  const front = await worldOf(t);
  const page = () => `<script src="${front.counter}/laifang/widget.js"></script>`;
  for (const [believes, expected] of [[true, /✓ the counter believes what a web server at 127\.0\.0\.1 says/], [false, /! The counter believes nothing that 127\.0\.0\.1 says.*--trusted-proxy 127\.0\.0\.1/]]) {
    const visitor = ({ headers }) => asSeen((believes && headers["x-forwarded-for"]) || "127.0.0.1");
    const { code, said: text } = await lookAt(t, { page, answers: { "/v1/visitor": visitor } }, { owner: true });
    assert.equal(code, 0, text);
    assert.match(text, expected);
    assert.match(text, /– the counter was asked at http:\/\/127\.0\.0\.1:\d+\/, and visitors come by http.*\/laifang\/: .* --counter http.*\/laifang\/\n/);
    assert.doesNotMatch(text, /takes this machine for/);
  }
  assert.ok(front.asked.every(({ headers }) => !headers.authorization), "the page's counter does not get the token");
});

test("where nginx answers, the advice is in its own words and names the page of the documentation", async (t) => {
  const nginx = { Server: "nginx/1.28.0", "Content-Type": "text/html" };
  const manual = /“I have nginx and a static site”/;
  for (const [path, status, finding, advice] of [
    ["/v1/health", 502, /answered 502, and not as a counter does/, /address after proxy_pass.*systemctl status laifang/],
    ["/v1/health", 404, /answered 404, and not as a counter does/, /location \^~ \/laifang\/ with proxy_pass http:\/\/127\.0\.0\.1:8787\/;/],
    ["/widget.js", 404, /can't be loaded: it answered 404/, /another one wins \(such as location ~ \\\.js\$\)/],
    ["/widget.js", 200, /a page came in place of a script/, /nginx hands out a page of the site there \(try_files does\)/],
  ]) {
    const found = await lookAt(t, { answers: { [path]: { status, headers: nginx, body: "<p>laifang</p>" } } });
    assertOneWrong(found, finding, advice);
    assert.match(found.said, manual);
    const other = await lookAt(t, { answers: { [path]: { status, headers: { ...nginx, Server: "Caddy" }, body: "<p>laifang</p>" } } });
    assertOneWrong(other, finding, /./);
    assert.doesNotMatch(other.said, /nginx/);
  }
  const missing = await lookAt(t, { page: () => ({ headers: nginx, body: "<p>plain</p>" }) });
  assertOneWrong(missing, /there is no tag/, /sub_filter in its server \{ … \}.*without <\/head>.*Accept-Encoding ""/);
  assert.match(missing.said, manual);
});

test("what is missing to see more is said: the counter, the token, or both", async (t) => {
  const { site, counter } = await worldOf(t);
  const token = { ADMIN_TOKEN: OWNER };
  for (const [words, env, expected] of [
    [[], {}, /To see that, name the counter with --counter and give the owner's token/],
    [["--counter", counter], {}, /believed\. To see that, give the owner's token \(ADMIN_TOKEN or --token-file\)\.\n/],
    [[], token, /believed\. To see that, name the counter with --counter: the owner's token goes to no address/],
  ]) assert.match((await look([site, ...words], env)).said, expected);
});

/** Has names lead to a public address, as far as the command looks. */
async function publicNames(t) {
  const file = join(await emptyFolder(t), "public.mjs");
  writeFileSync(file, `import dns from "node:dns/promises"; import { syncBuiltinESMExports } from "node:module"; dns.lookup = async () => [{ address: "198.51.100.1" }]; syncBuiltinESMExports();`);
  return `--import=${file}`;
}

test("a public page does not lead the doctor to this machine or its network", async (t) => {
  const NODE_OPTIONS = await publicNames(t);
  const named = (address) => address.replace("127.0.0.1", "localhost");
  const inside = await worldOf(t);
  assertOneWrong(await look([named(inside.site)], { NODE_OPTIONS }), /widget\.js can't be loaded: it is inside this machine/, /Open that address/);
  const apart = await worldOf(t, { page: ({ counter }) => `<script src="${named(counter)}/widget.js" data-counter="${counter}"></script>` });
  assertOneWrong(await look([named(apart.site)], { NODE_OPTIONS }), /the counter http:\/\/127\.0\.0\.1:\d+\/ is inside this machine/, /public address into the tag/);
  const moved = await worldOf(t, { page: ({ counter }) => `<script src="${named(counter)}/widget.js"></script>`, answers: { "/widget.js": { status: 302, headers: { Location: `${inside.counter}/widget.js` } } } });
  assertOneWrong(await look([named(moved.site)], { NODE_OPTIONS }), /can't be loaded: it is inside this machine/, /Open that address/);
  assert.deepEqual([inside.asked.length, apart.asked.every(({ url }) => url === "/widget.js")], [0, true]);
  for (const { site, counter } of [inside, apart]) {
    const meant = await look([named(site), "--counter", counter], { NODE_OPTIONS });
    assert.equal(meant.code, 0, meant.said);
  }
});

test("a web server that names no visitor is known by its address: a private one, or the counter's own", async (t) => {
  const NODE_OPTIONS = await publicNames(t);
  for (const [address, isWrong] of [["10.0.0.2", true], ["198.51.100.1", true], ["203.0.113.9", false]]) {
    const { site, counter } = await worldOf(t, { answers: { "/v1/visitor": asSeen(address) } });
    const found = await look([site, "--counter", counter.replace("127.0.0.1", "localhost")], { ADMIN_TOKEN: OWNER, NODE_OPTIONS });
    if (isWrong) assertOneWrong(found, new RegExp(`does not say who the visitor is: everybody is ${address}`), new RegExp(`--trusted-proxy ${address}`));
    else assert.equal(found.code, 0, found.said);
  }
});

after(() => {
  const names = [...new Set(SOURCES.filter((name) => /^doctor/.test(name)).flatMap((name) => namesIn(sourceOf(name))))];
  assert.ok(names.length > 60);
  for (const [language, text] of Object.entries(said)) {
    const unseen = names.map((name) => TABLES[language]?.MESSAGES[name] ?? name).filter((message) => !shapeOf(message).test(text));
    assert.deepEqual(unseen, [], `messages that no test saw, ${language}`);
  }
});
