// Every snippet of the documentation, run: commands by the shell, units and servers by their own programs, tags
// in a page of their kind in Chromium.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { execFile, execFileSync, spawn } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { basename, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { chromium } from "@playwright/test";
import { withTraditional } from "../../xtask/package/traditional.mjs";
import { BROWSER, DIST, TOKEN, emptyFolder, newId, serve, standIn } from "./command.mjs";
import { makeSite } from "./hexo_site.mjs";
import { freePort, listens } from "./ports.mjs";
import { PAGES, RUN_PAGES, allSnippets, snippetsOf, sourceOf } from "./snippets.mjs";

const run = promisify(execFile);
const COUNTER = "https://count.example.org";
const SNIPPETS = allSnippets();
const of = (kind) => SNIPPETS.filter((snippet) => snippet.run === kind);
const only = (kind) => {
  const found = of(kind);
  assert.equal(found.length, 1, `${kind} is the same in all languages`);
  return found[0].text;
};
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** Debian has it where only root looks. */
const NGINX = existsSync("/usr/sbin/nginx") ? "/usr/sbin/nginx" : "nginx";

let browser, site, counter, folder;
const context = { after: (undo) => undos.push(undo) };
const undos = [];

/** A web site of the test's own on localhost: what `answer` gives for a path, as HTML or bytes. */
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "laifang-docs-"));
  counter = await serve(context, ["--site", "localhost,example.cn"], { cwd: folder, env: { ADMIN_TOKEN: TOKEN } });
  const server = createServer((request, response) => {
    const { headers = {}, body } = site.answer(new URL(request.url, "http://x").pathname);
    response.writeHead(body === undefined ? 404 : 200, { "Content-Type": "text/html; charset=utf-8", ...headers }).end(body);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  undos.push(() => server.closeAllConnections() ?? server.close());
  site = { url: `http://localhost:${server.address().port}`, answer: () => ({}) };
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-background-networking"] });
});
after(async () => {
  await browser?.close();
  for (const undo of undos.reverse()) await undo();
  rmSync(folder, { recursive: true, force: true });
});

const toHere = (text) => text.replaceAll(COUNTER, counter.url);

/** Opens a page of the site as a reader, with nothing but this machine to be reached. */
async function open(answer, path = "/") {
  site.answer = answer;
  const page = await browser.newPage({ userAgent: BROWSER["User-Agent"] });
  const seen = { warnings: [], violations: [] };
  page.on("console", (message) => message.text().startsWith("laifang:") && seen.warnings.push(message.text()));
  await page.exposeFunction("violation", (text) => seen.violations.push(text));
  await page.addInitScript(() => addEventListener("securitypolicyviolation", (event) => window.violation(`${event.violatedDirective} ${event.blockedURI}`)));
  await page.route(/^https?:\/\/(?!localhost|127\.0\.0\.1)/, (route) => route.abort());
  await page.goto(site.url + path, { waitUntil: "domcontentloaded" });
  return { page, seen };
}

/** Waits until a view was counted and every element that shows a number holds one; closes the page. */
async function assertCounted({ page, seen }, selectors = [], violations = []) {
  await page.waitForFunction(() => window.laifang);
  const { counted, visitor } = await page.evaluate(() => window.laifang.ready);
  assert.ok(counted && visitor > 0);
  for (const selector of ["laifang-counter", "[data-laifang]", ...selectors]) {
    await page.waitForFunction((wanted) => [...document.querySelectorAll(wanted)].every((element) => /\d/.test(element.textContent)), selector);
  }
  assert.deepEqual(seen, { warnings: [], violations });
  return page;
}

const TAG = snippetsOf("install").en[0].text;
const ARTICLE = '<div id="text"><h1>古渡口修好了</h1><p>清江從山裏出來，到了青石鎮忽然慢下來。</p></div><p id="sentence">您是第 位來訪者</p>';
const htmlOf = (snippet) => `<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>x</title></head><body>${ARTICLE}${snippet}</body></html>`;

test("every page has both languages with the same snippets, and the third is made", () => {
  for (const page of RUN_PAGES) {
    const languages = snippetsOf(page);
    assert.deepEqual(Object.keys(languages), ["zh-Hans", "en"], page);
    const runs = (language) => languages[language].map(({ run: kind }) => kind);
    assert.deepEqual(runs("zh-Hans"), runs("en"), page);
  }
  for (const page of PAGES) {
    const built = readFileSync(join(DIST, `assets/docs/${page}.html`), "utf8");
    assert.match(built, /<article id="zh-Hant" lang="zh-Hant">/);
    const [, traditional] = /<article id="zh-Hant"[^>]*>([\s\S]*?)<\/article>/.exec(built);
    const text = traditional.replace(/<(pre|code)[\s\S]*?<\/\1>|<[^>]*>/g, "");
    assert.doesNotMatch(text, /[这网们说计访问题没户过还发让]/, `${page} has Simplified left in its Traditional`);
    assert.doesNotMatch(text, /(?<!公)里|隻/, `${page} has a word that OpenCC took for another`);
    assert.doesNotMatch(sourceOf(page), /<script|<style| style=| on\w+=/, "pages have no inline script or style");
  }
});

test("links of the documentation lead somewhere, in the language they are in", () => {
  for (const page of PAGES) {
    const built = readFileSync(join(DIST, `assets/docs/${page}.html`), "utf8");
    for (const [, language, inside] of built.matchAll(/<article id="([\w-]+)"[^>]*>([\s\S]*?)<\/article>/g)) {
      const links = [...inside.matchAll(/href="(?:\.\/|([\w-]+)\.html)(#[\w-]+)?"/g)];
      assert.ok(links.length > 0 || !inside.includes("<a "), `${page} has links`);
      for (const [, name = "", hash] of links) {
        assert.ok(name === "" || PAGES.includes(name) || name === "share", `${page} links to ${name}`);
        assert.equal(hash ?? "#zh-Hans", `#${language}`, `${page} links from ${language} to ${name}${hash ?? ""}`);
      }
    }
  }
});

test("Traditional Chinese leaves code alone and leads on to Traditional pages", () => {
  const page = '<a href="#zh-Hans">中文</a><article id="zh-Hans" lang="zh-Hans">\n<p>默认的网络<code>网络</code><a href="/docs/x.html">这里</a></p>\n</article>\n';
  assert.match(withTraditional(page), /<article id="zh-Hant" lang="zh-Hant">\n<p>預設的網路<code>网络<\/code><a href="\/docs\/x\.html#zh-Hant">這裡<\/a><\/p>/);
});

test("the pages show one language at a time, by address alone, and pass their own policy", async () => {
  const page = await browser.newPage();
  const visible = () => page.locator("article:visible").evaluateAll((articles) => articles.map(({ id }) => id));
  await page.goto(`${counter.url}/docs/`);
  assert.deepEqual(await visible(), ["zh-Hans"]);
  await page.getByRole("link", { name: "English" }).click();
  assert.deepEqual(await visible(), ["en"]);
  await page.getByRole("link", { name: "Run it on your own server" }).click();
  await page.waitForURL(/server/);
  assert.deepEqual(await visible(), ["en"]);
  assert.match((await page.request.get(`${counter.url}/docs/server`)).headers()["content-security-policy"], /default-src 'none'/);
  await page.close();
});

test("every snippet of HTML counts in a page", async () => {
  for (const { page: name, text } of of("html")) {
    const snippet = toHere(text);
    const html = htmlOf(snippet.includes("widget.js") ? snippet : snippet + toHere(TAG));
    const page = await assertCounted(await open(() => ({ body: html })), ["#sentence", "#today"]);
    if (html.includes("data-share")) await page.locator("laifang-share").first().waitFor({ state: "attached" });
    await page.close();
    assert.ok(name);
  }
});

test("the lines for WordPress put the tag at the foot of each page", async () => {
  const php = `<?php $hooks = [];
    function add_action($name, $callback) { global $hooks; $hooks[$name][] = $callback; }
    ${only("wordpress")}
    ob_start(); foreach ($hooks['wp_footer'] as $callback) $callback(); $footer = ob_get_clean();
    echo str_replace('FOOTER', $footer, stream_get_contents(STDIN));`;
  const file = join(folder, "theme.php");
  writeFileSync(file, php);
  const html = execFileSync("php", [file], { input: htmlOf("FOOTER"), encoding: "utf8" });
  await (await assertCounted(await open(() => ({ body: toHere(html) })), ["#sentence"])).close();
});

test("the partial for Hugo is in every page Hugo makes", async (t) => {
  const cwd = await emptyFolder(t);
  const [commands, call] = of("hugo").map(({ text }) => text);
  writeFileSync(join(cwd, "hugo.toml"), 'baseURL = "/"\ntitle = "x"\ndisableKinds = ["taxonomy", "term", "RSS", "sitemap", "404"]\n');
  execFileSync("bash", ["-ec", commands], { cwd });
  mkdirSync(join(cwd, "layouts/_default"), { recursive: true });
  writeFileSync(join(cwd, "layouts/_default/baseof.html"), htmlOf(call));
  writeFileSync(join(cwd, "layouts/index.html"), '{{ define "main" }}{{ end }}');
  execFileSync("hugo", ["--quiet"], { cwd });
  const html = readFileSync(join(cwd, "public/index.html"), "utf8");
  await (await assertCounted(await open(() => ({ body: toHere(html) })), ["#sentence"])).close();
});

const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css" };
const filesOf = (root) => (path) => {
  const file = join(root, path.endsWith("/") ? `${path}index.html` : path);
  if (!existsSync(file)) return {};
  const type = TYPES[extname(file)] ?? "application/octet-stream";
  return { body: type.startsWith("text") ? toHere(readFileSync(file, "utf8")) : readFileSync(file), headers: { "Content-Type": type } };
};

/** A Hexo site of one post with this theme. */
const hexoSite = async (theme, parts) => filesOf(await makeSite(theme, { url: site.url, ...parts }));

for (const [theme, kind, selectors] of [
  ["next", "hexo-next", ["#busuanzi_value_site_uv", "#busuanzi_value_site_pv", "#busuanzi_value_page_pv"]],
  ["butterfly", "hexo-butterfly", ["#busuanzi_value_page_pv"]],
  ["fluid", "hexo-fluid", ["#busuanzi_value_site_uv", "#busuanzi_value_site_pv"]],
]) {
  test(`Hexo's theme ${theme} loads the counter in busuanzi's place, and its numbers appear`, async () => {
    const opened = await open(await hexoSite(theme, { configuration: only(kind) }), "/a/");
    for (const selector of selectors) await opened.page.locator(selector).first().waitFor({ state: "attached" });
    await (await assertCounted(opened, selectors)).close();
  });
}

// The policy that Volantis writes into its pages forbids WebAssembly: there the widget runs as JavaScript.
for (const [theme, selectors, violations] of [
  ["icarus", ["#busuanzi_value_page_pv", "#busuanzi_value_site_uv"], []],
  ["volantis", ["#busuanzi_page_pv", "#busuanzi_site_pv"], ["script-src wasm-eval"]],
]) {
  test(`Hexo's theme ${theme} shows numbers in the places that the page on LeanCloud names`, async () => {
    const opened = await open(await hexoSite(theme, { configuration: only(`leancloud-${theme}`), script: only("hexo-leancloud") }), "/a/");
    for (const selector of selectors) await opened.page.locator(selector).first().waitFor({ state: "attached" });
    await (await assertCounted(opened, selectors, violations)).close();
  });
}

test("the script for Hexo puts the tag into each page, whatever the theme", async () => {
  for (const theme of ["next", "fluid"]) {
    const opened = await open(await hexoSite(theme, { script: only("hexo") }), "/a/");
    await (await assertCounted(opened)).close();
  }
});

test("the footer of DedeCMS and EmpireCMS counts, in GBK too", async () => {
  const [footer, clicks] = ["</body>", "data-laifang"].map((part) => of("cms").find(({ text }) => text.includes(part)).text);
  const html = `<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>x</title></head><body><table><tr><td>${clicks}</td></tr></table><p id="sentence">您是第 位来访者</p>${toHere(footer)}</html>`;
  const body = execFileSync("iconv", ["-f", "utf-8", "-t", "gb18030"], { input: html });
  const page = await assertCounted(await open(() => ({ body, headers: { "Content-Type": "text/html" } })), ["#sentence"]);
  assert.match(await page.locator("#sentence").textContent(), /^您是第 \d+ 位来访者$/);
  await page.close();
});

test("the policy is enough for the counter and the share box, and without it the page stays and says why", async () => {
  const policy = toHere(only("csp")).replaceAll("'self' ", "");
  const html = htmlOf(toHere(TAG));
  const headers = { "Content-Security-Policy": `default-src 'none'; ${policy}` };
  const page = await assertCounted(await open(() => ({ body: html, headers })), ["#sentence"]);
  const box = page.locator("laifang-share");
  await box.getByRole("button").first().waitFor();
  assert.notEqual(await box.evaluate((element) => getComputedStyle(element.shadowRoot.querySelector("[part=box]")).display), "block", "the box has its style");
  await box.getByRole("button").first().click();
  await page.waitForTimeout(300);
  await page.close();
  for (const variant of [policy.replace(" 'wasm-unsafe-eval'", ""), `${policy}; require-trusted-types-for 'script'; trusted-types laifang`]) {
    const answer = { body: html, headers: { "Content-Security-Policy": `default-src 'none'; ${variant}` } };
    const opened = await open(() => answer);
    await opened.page.waitForFunction(() => /\d/.test(document.querySelector("#sentence").textContent));
    await opened.page.close();
  }
  const blocked = await open(() => ({ body: html, headers: { "Content-Security-Policy": headers["Content-Security-Policy"].replace(/connect-src [^;]*/, "connect-src 'none'") } }));
  await blocked.page.waitForFunction(() => !document.querySelector("#sentence").textContent.match(/\d/));
  await blocked.page.waitForTimeout(1500);
  assert.equal(await blocked.page.locator("#sentence").textContent(), "您是第 位來訪者");
  assert.ok(blocked.seen.violations.some((text) => text.startsWith("connect-src")));
  assert.ok(blocked.seen.warnings.some((text) => text.includes("the counter can't be reached")));
  await blocked.page.close();
});

test("the requests of the API's page are answered as it says", async () => {
  for (const { text } of [...of("curl"), ...of("curl-owner")]) {
    const command = toHere(text).replace(/^curl/, "curl -sS --fail-with-body");
    const { stdout } = await run("bash", ["-c", command], { env: { ...process.env, ADMIN_TOKEN: TOKEN } });
    const answer = JSON.parse(stdout);
    if (text.includes("/v1/hits")) assert.deepEqual([answer.counted, answer.reason], [false, "bot"]);
    if (text.includes("/v1/counts")) assert.ok(answer.as_of === null || answer.pages["/a.html"]);
    if (text.includes("/v1/health")) assert.equal(answer.status, "ok");
    if (text.includes("/v1/sites/")) assert.equal(answer.site, "example.cn");
  }
});

/** A folder that holds the package's file, as whoever packed it has it. */
async function packed(t) {
  const cwd = await emptyFolder(t);
  cpSync(process.env.LAIFANG_PACKAGE, join(cwd, basename(process.env.LAIFANG_PACKAGE)));
  return cwd;
}

test("the package is made and installed as its page says, and its commands are there", async (t) => {
  const cwd = await packed(t);
  assert.equal(only("build"), "cargo xtask build");
  await run("bash", ["-ec", only("package")], { cwd, timeout: 60_000 });
  const { stdout } = await run("npx", ["--no-install", "laifang"], { cwd });
  for (const command of ["deploy", "serve", "import", "doctor"]) assert.match(stdout, new RegExp(`^laifang ${command} `, "m"));
});

test("the package's file is named as it is, wherever it is named", () => {
  const texts = ["README.md", "README.zh-CN.md", ...PAGES.map((page) => `www/docs/${page}.html`)].map((file) => readFileSync(join(ROOT, file), "utf8"));
  const names = new Set(texts.flatMap((text) => text.match(/laifang-\d[\w.-]*\.tgz/g) ?? []));
  assert.deepEqual([...names], [basename(process.env.LAIFANG_PACKAGE)]);
});

test("an export that a timer fetches is whole", async (t) => {
  const cwd = await emptyFolder(t);
  await run("bash", ["-ec", toHere(only("export"))], { cwd, env: { ...process.env, ADMIN_TOKEN: TOKEN } });
  const lines = readFileSync(join(cwd, "example.cn.ndjson"), "utf8").trim().split("\n").map((line) => JSON.parse(line));
  assert.equal(lines[0].laifang.site, "example.cn");
  assert.ok(lines.at(-1).end);
  const wrong = run("bash", ["-ec", toHere(only("export"))], { cwd, env: { ...process.env, ADMIN_TOKEN: "another-token-than-the-owners" } });
  await assert.rejects(wrong, "a timer hears of a failure");
});

/** A PATH on which `npx laifang` is the built package. */
function shims() {
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "npx"), `#!/bin/sh\n[ "$1" = laifang ] || exit 1\nshift\nexec '${process.execPath}' '${join(DIST, "cli/main.mjs")}' "$@"\n`);
  chmodSync(join(bin, "npx"), 0o755);
  return `${bin}:${process.env.PATH}`;
}
const shell = (command, { cwd, env }) => run("bash", ["-ec", command], { cwd, env: { ...process.env, PATH: shims(), ADMIN_TOKEN: TOKEN, LC_ALL: "C.UTF-8", ...env }, timeout: 60_000 });

test("the commands that deploy are understood", async (t) => {
  const cwd = await emptyFolder(t);
  for (const { text } of of("deploy")) {
    const command = text.includes("--site") ? text : `${text} --site example.cn --domain count.example.org --dry-run`;
    assert.match((await shell(command, { cwd })).stdout, /"pattern": "count\.example\.org"/);
  }
});

test("the doctor finds nothing wrong with a page that has the tag as documented", async (t) => {
  const cwd = await emptyFolder(t);
  writeFileSync(join(cwd, "token.txt"), `${TOKEN}\n`);
  site.answer = () => ({ body: htmlOf(toHere(TAG)) });
  for (const { text } of of("doctor")) {
    const { stdout } = await shell(toHere(text).replace("https://www.example.cn/", site.url), { cwd, env: { ADMIN_TOKEN: "" } });
    assert.match(stdout, /\nNothing wrong was found\.\n$/);
  }
});

test("the command that serves gets ready", async (t) => {
  const cwd = await emptyFolder(t);
  for (const { text } of of("serve")) {
    const served = await serve(t, [], { cwd, program: ["bash", "-ec", `${text.replace(/ serve/, '')} "$@"`, "bash"], env: { PATH: shims() } });
    assert.equal((await served.hit()).counted, true);
    const isOwned = (await fetch(`${served.url}/v1/sites`, { headers: { Authorization: "Bearer only-for-trying-it" } })).status === 200;
    assert.equal(isOwned, text.includes("ADMIN_TOKEN"));
    await served.stop();
  }
});

test("the installation, the unit and nginx work together, and nginx's visitors are told apart", async (t) => {
  const root = await emptyFolder(t);
  mkdirSync(join(root, "etc"));
  const here = (text) => text.replaceAll("/opt/laifang", join(root, "opt")).replaceAll("/etc/laifang.env", join(root, "etc/laifang.env")).replaceAll("/var/lib/laifang", join(root, "data"));
  await run("bash", ["-ec", here(only("install"))], { cwd: await packed(t), timeout: 60_000 });
  const env = readFileSync(join(root, "etc/laifang.env"), "utf8");
  assert.match(env, /^ADMIN_TOKEN=[0-9a-f]{48}\n$/);
  assert.equal(statSync(join(root, "etc/laifang.env")).mode & 0o777, 0o600);

  const unit = here(only("systemd"));
  const file = join(root, "laifang.service");
  writeFileSync(file, unit);
  const { stderr } = await run("systemd-analyze", ["verify", "--recursive-errors=no", file]);
  assert.equal(stderr, "");
  const [, command] = /^ExecStart=(.*)$/m.exec(unit);
  const [program, word, ...words] = command.split(" ");
  assert.equal(word, "serve");
  const served = await serve(t, words, { cwd: root, program: [program], env: { ADMIN_TOKEN: env.trim().split("=")[1] } });

  const port = await nginx(t, root, only("nginx"), served.url);
  const hit = (localAddress, headers) => visit(port, localAddress, headers);
  assert.equal((await hit("127.0.0.1")).visitor, 1);
  assert.equal((await hit("127.0.0.2")).visitor, 2);
  for (const forged of [{ "X-Forwarded-For": "203.0.113.9" }, { "X-Real-IP": "203.0.113.9" }, { "CF-Connecting-IP": "203.0.113.9" }]) {
    assert.equal((await hit("127.0.0.2", forged)).visitor, 2, JSON.stringify(forged));
  }
});

/** nginx with the documented server, on a port of its own with a certificate of its own. */
async function nginx(t, root, server, upstream) {
  const port = await freePort();
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=count.example.org", "-keyout", join(root, "key.pem"), "-out", join(root, "certificate.pem")], { stdio: "ignore" });
  const documented = server
    .replace("/etc/ssl/count.example.org.pem", join(root, "certificate.pem"))
    .replace("/etc/ssl/count.example.org.key", join(root, "key.pem"))
    .replace("listen 443", `listen 127.0.0.1:${port}`)
    .replace("http://127.0.0.1:8787", upstream.replace("localhost", "127.0.0.1"));
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${join(root, name)};`).join("\n");
  const file = join(root, "nginx.conf");
  writeFileSync(file, `daemon off; pid ${join(root, "nginx.pid")}; error_log stderr; events {}\nhttp { access_log off;\n${paths}\n${documented}\n}`);
  execFileSync(NGINX, ["-t", "-q", "-c", file], { stdio: ["ignore", "ignore", "inherit"] });
  const child = spawn(NGINX, ["-c", file], { stdio: "ignore" });
  const ended = new Promise((done) => child.once("exit", done));
  t.after(() => {
    child.kill("SIGTERM");
    return ended;
  });
  // Its pid file says nothing: `nginx -t` leaves one, too.
  for (let tries = 0; tries < 50 && !(await listens(port)); tries++) await new Promise((done) => setTimeout(done, 100));
  return port;
}

/** A hit through nginx from an address of this machine. */
function visit(port, localAddress, headers = {}) {
  const body = JSON.stringify({ url: "https://example.cn/a", id: newId() });
  const options = { port, host: "127.0.0.1", localAddress, method: "POST", path: "/v1/hits", rejectUnauthorized: false, headers: { ...BROWSER, ...headers, "Content-Length": body.length } };
  return new Promise((done, fail) => {
    const request = httpsRequest(options, async (response) => {
      let text = "";
      for await (const chunk of response.setEncoding("utf8")) text += chunk;
      done(JSON.parse(text));
    });
    request.on("error", fail).end(body);
  });
}

test("the commands that import do", async (t) => {
  const cwd = await emptyFolder(t);
  const me = await serve(t, ["--site", "example.cn"], { cwd: await emptyFolder(t), env: { ADMIN_TOKEN: TOKEN } });
  const sitemap = await standIn(t, (request, response) => response.end("<urlset><url><loc>https://example.cn/1</loc></url></urlset>"));
  const source = await standIn(t, (request, response) => {
    const counts = { site_uv: 3000000, site_pv: 9000000, page_pv: 8 };
    const callback = new URL(request.url, "http://x").searchParams.get("jsonpCallback");
    response.end(callback ? `try{${callback}(${JSON.stringify(counts)});}catch(e){}` : JSON.stringify({ data: counts }));
  });
  writeFileSync(join(cwd, "counts.csv"), only("csv"));
  writeFileSync(join(cwd, "goatcounter-export.csv.gz"), gzipSync("2Path,Title,Event,UserAgent,Browser,System,Session,Bot,Referrer,Referrer scheme,Screen size,Location,FirstVisit,Date\n/a,A,false,,F,L,s1,0,,,,CN,true,2026-01-01T00:00:00Z\n"));
  writeFileSync(join(cwd, "Counter.0.jsonl"), '#filetype:JSON-streaming {"type":"Class","class":"Counter"}\n{"target":"site-pv","time":7}\n{"url":"/b/","title":"B","time":5}\n');
  const stands = async () => (await (await fetch(`${me.url}/v1/sites/example.cn`, { headers: { Authorization: `Bearer ${TOKEN}` } })).json()).counts.views;
  for (const [kind, views] of [["import-goatcounter", 1], ["import-leancloud", 7], ["import-csv", 20345], ["import-busuanzi", 8999999], ["import-vercount", 9000000]]) {
    const command = only(kind).replaceAll(COUNTER, me.url).replaceAll("https://example.cn/sitemap.xml", `${sitemap}/sitemap.xml`);
    const { stdout } = await shell(`${command} --yes${command.includes("--from") ? ` --endpoint ${source}` : ""}`, { cwd });
    assert.match(stdout, /Imported to/, kind);
    assert.equal(await stands(), views, kind);
  }
});

test("pages are moved and merged by the commands of the documentation", async (t) => {
  const cwd = await emptyFolder(t);
  const me = await serve(t, ["--site", "example.cn"], { cwd, env: { ADMIN_TOKEN: TOKEN } });
  const owner = async (part, init) => (await fetch(`${me.url}/v1/sites/example.cn${part}`, { ...init, headers: { Authorization: `Bearer ${TOKEN}` } })).json();
  for (const path of ["/2019/08/hello.html", "/2019/09/a.html", "/?p=7", "/?p=8"]) await me.hit({ url: `https://example.cn${path}` });
  writeFileSync(join(cwd, "moves.csv"), only("moves-csv"));
  const said = async (kind) => (await shell(`${only(kind).replaceAll(COUNTER, me.url)} --yes`, { cwd })).stdout;
  assert.match(await said("move-pair"), /Done at .*\n {2}\/2019\/08\/hello\.html → \/posts\/hello\n/);
  assert.match(await said("move-file"), / {2}\/\?p=7 → \/posts\/seven\n/);
  await owner("", { method: "PUT", body: '{"query":"drop"}' });
  assert.match(await said("merge"), / {2}\/\?p=8 → \/\n/);
  await me.hit({ url: "https://example.cn/?p=7" });
  const { pages } = await owner("/stats");
  assert.deepEqual(pages.map(({ page, views }) => [page, views]), [["/posts/seven", 2], ["/", 1], ["/posts/a", 1], ["/posts/hello", 1]]);
});

test("the import to try is taken in by the counter to try", async (t) => {
  const me = await serve(t, [], { cwd: await emptyFolder(t), env: { ADMIN_TOKEN: "only-for-trying-it" } });
  const command = only("import-try").replaceAll("localhost:8787", new URL(me.url).host);
  const { stdout } = await shell(`${command} --yes`, { cwd: await emptyFolder(t) });
  assert.match(stdout, /Imported to .*\n  views +0 → 20345\n  visitors +0 → 10234/);
});

test("the badge shows a site's views, and takes what its table names", async () => {
  const page = await browser.newPage();
  const pictures = of("badge").map(({ text }) => toHere(text));
  await page.setContent(pictures.join(""));
  for (const picture of await page.locator("img").all()) await page.waitForFunction((image) => image.complete && image.naturalWidth > 50, await picture.elementHandle());
  await page.close();
  const address = /src="([^"]*)"/.exec(pictures[0])[1];
  const [, table] = /<table>([\s\S]*?)<\/table>/.exec(sourceOf("picture"));
  const named = [...table.matchAll(/<th scope="row"><code>(\w+)/g)].map(([, name]) => name);
  const known = JSON.parse(readFileSync(join(ROOT, "edge/openapi.json"), "utf8")).paths["/v1/counter.svg"].get.parameters;
  assert.deepEqual(named.sort(), known.filter(({ in: place }) => place === "query").map(({ name }) => name).sort());
  for (const [name, value] of Object.entries({ page: "/a.html", metric: "site.visitors", label: "x", lang: "en", theme: "dark", color: "0a6b58" })) {
    assert.equal((await fetch(`${address}&${name}=${value}`)).status, 200, name);
  }
});

test("the picture counts once whoever has scripts turned off, and nobody else", async () => {
  const tag = toHere(TAG);
  for (const { text } of of("noscript")) {
    const html = htmlOf(tag + toHere(text).replace("https://example.cn/a.html", `${site.url}/a.html`)).replace("<head>", '<head><meta name="referrer" content="no-referrer">');
    const viewsOf = async () => (await (await fetch(`${counter.url}/v1/sites/localhost`, { headers: { Authorization: `Bearer ${TOKEN}` } })).json()).counts.views;
    const before = await viewsOf();
    site.answer = () => ({ body: html });
    const without = await (await browser.newContext({ javaScriptEnabled: false, userAgent: BROWSER["User-Agent"] })).newPage();
    const drawn = without.waitForResponse((response) => response.url().includes("/v1/hit.svg"));
    await without.goto(`${site.url}/a.html`, { waitUntil: "load" });
    const response = await drawn;
    assert.match(await response.text(), /<title>您是第 \d+ 位访客<\/title>/);
    assert.equal(response.headers()["laifang-not-counted"], undefined);
    assert.ok((await without.locator("img").boundingBox()).width > 100, "the sentence is seen");
    assert.equal(await viewsOf(), before + 1);
    await without.context().close();
    const page = await assertCounted(await open(() => ({ body: html }), "/a.html"), ["#sentence"]);
    assert.equal(await page.locator("noscript img").count(), 0);
    await page.close();
    assert.equal(await viewsOf(), before + 2);
  }
});

// Those for web servers are run by `web_servers.test.mjs`.
test("there is no snippet that no test runs", () => {
  const known = ["html", "wordpress", "hugo", "hexo", "hexo-next", "hexo-butterfly", "hexo-fluid", "cms", "csp", "curl", "curl-owner", "noscript", "badge", "export", "build", "package", "import-try", "deploy", "serve", "doctor", "install", "systemd", "nginx", "nginx-page", "nginx-app", "apache-modules", "apache-page", "apache-app", "caddy-page", "caddy-tag", "iis", "csv", "import-csv", "import-busuanzi", "import-vercount", "import-goatcounter", "import-leancloud", "move-pair", "moves-csv", "move-file", "merge", "leancloud-icarus", "leancloud-volantis", "hexo-leancloud"];
  // Run by leancloud.test.mjs.
  const elsewhere = ["leancloud-next", "leancloud-fluid", "leancloud-butterfly", "leancloud-butterfly-later", "leancloud-valine", "leancloud-place"];
  assert.deepEqual([...new Set(SNIPPETS.map(({ run: kind }) => kind))].filter((kind) => ![...known, ...elsewhere].includes(kind)), []);
  for (const kind of known) assert.ok(of(kind).length > 0, `nothing is run as ${kind}`);
});
