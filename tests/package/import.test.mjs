// `laifang import`: files, and other counters by sitemap, against stand-ins that count as they do.
import { test } from "node:test";
import assert from "node:assert/strict";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { locationsIn } from "../../dist/cli/sitemap.mjs";
import { countsIn } from "../../dist/cli/sources/busuanzi.mjs";
import { TOKEN, emptyFolder, laifang, standIn } from "./command.mjs";

const SITE = "example.cn";

/** A deployment's owner routes, as far as they are needed: remembers what was sent. */
async function counter(t, { answer = () => [200, { changes: 3 }], sites = [SITE] } = {}) {
  const imports = [];
  const url = await standIn(t, (request, response, body) => {
    const say = (status, value) => response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(value));
    const { pathname, searchParams } = new URL(request.url, "http://x");
    const [, , , site, what] = pathname.split("/");
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return say(401, { detail: "Send the token." });
    if (!sites.includes(site)) return say(403, { detail: `${site} is not listed.` });
    if (!what) return say(200, { site });
    const sent = { dryRun: searchParams.get("dry_run") === "1", replace: searchParams.get("replace") === "1", type: request.headers["content-type"], body };
    imports.push(sent);
    say(...answer(sent));
  });
  return { url, imports };
}

async function setting(t, options) {
  const cwd = await emptyFolder(t);
  const to = await counter(t, options);
  const run = (words, { env = { ADMIN_TOKEN: TOKEN }, yes = true } = {}) =>
    laifang(["import", "--to", to.url, "--site", SITE, ...(yes ? ["--yes"] : []), ...words], { cwd, env });
  return { cwd, to, run, write: (name, bytes) => writeFileSync(join(cwd, name), bytes) };
}

const CSV = "page,views,visitors\n*,500,200\n/a,10,4\n";

test("a file is checked first, and imported only with a yes", async (t) => {
  const me = await setting(t);
  me.write("counts.csv", CSV);
  const shy = await me.run(["counts.csv"], { yes: false });
  assert.deepEqual([shy.code, me.to.imports.length], [0, 1]);
  assert.match(shy.stdout, /What would change.*\n {2}changes: 3\nNothing was changed\. Add --yes/s);
  const { code, stdout, stderr } = await me.run(["counts.csv"]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /Imported to/);
  assert.deepEqual(me.to.imports.map(({ dryRun }) => dryRun), [true, true, false]);
  assert.deepEqual(me.to.imports.at(-1), { dryRun: false, replace: false, type: "text/csv; charset=utf-8", body: CSV });
});

test("an export goes as it is, packed or not, of any size, and may replace", async (t) => {
  const me = await setting(t);
  const lines = Array.from({ length: 60_000 }, (_, index) => JSON.stringify({ page: `/${index}`, views: index })).join("\n") + "\n";
  me.write("export.ndjson", lines);
  me.write("export.ndjson.gz", gzipSync(lines));
  for (const file of ["export.ndjson", "export.ndjson.gz"]) assert.equal((await me.run(["--replace", file])).code, 0);
  for (const sent of me.to.imports) assert.deepEqual([sent.body === lines, sent.type, sent.replace], [true, "application/x-ndjson", true]);
});

const GOATCOUNTER = [
  "2Path,Title,Event,UserAgent,Browser,System,Session,Bot,Referrer,Referrer scheme,Screen size,Location,FirstVisit,Date",
  '/a,"A, of ""all""",false,,Firefox 1,Linux,s1,0,,,,CN,true,2026-01-01T00:00:00Z',
  "/a,A,false,,Firefox 1,Linux,s1,0,,,,CN,false,2026-01-01T00:01:00Z",
  '"/b,c","two\nlines",false,,Firefox 1,Linux,s1,0,,,,CN,true,2026-01-01T00:02:00Z',
  "/a,A,false,,Firefox 1,Linux,s2,0,,,,CN,true,2026-01-02T00:00:00Z",
  "/a,A,false,,Bot,,s3,4,,,,CN,true,2026-01-02T00:00:00Z",
  "click,Click,true,,Firefox 1,Linux,s1,0,,,,CN,true,2026-01-02T00:00:00Z",
  "",
].join("\n");

test("a GoatCounter export is summed up without bots and events", async (t) => {
  const me = await setting(t);
  me.write("goat.csv.gz", gzipSync(GOATCOUNTER));
  const { code, stderr } = await me.run(["goat.csv.gz"]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /4 views, 2 visitors, 2 pages; 2 lines of bots, events or no page left out/);
  assert.equal(me.to.imports.at(-1).body, 'page,views,visitors\n*,4,2\n/a,3,2\n"/b,c",1,1\n');
  me.write("goat3.csv", GOATCOUNTER.replace("2Path", "3Path"));
  assert.match((await me.run(["goat3.csv"])).stderr, /version that is not known \(3Path\)/);
});

test("a bad file, a wrong token, a refusal each give a sentence that says what to do", async (t) => {
  const me = await setting(t, { answer: ({ body }) => (body.includes("bad") ? [400, { detail: "Line 3: bad is no number." }] : [409, { detail: "10 views are less than the 12 counted already." }]) });
  me.write("bad.csv", `${CSV}/b,bad,1\n`);
  me.write("low.csv", CSV);
  me.write("holiday.jpg", Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]));
  me.write("empty.csv", "");
  const said = async (words, options) => {
    const { code, stderr } = await me.run(words, options);
    assert.equal(code, 1);
    assert.doesNotMatch(stderr, /\n\s+at /);
    return stderr;
  };
  assert.match(await said(["bad.csv"]), /answered 400: Line 3: bad is no number\./);
  assert.match(await said(["low.csv"]), /answered 409: 10 views are less.*Nothing was changed/);
  assert.match(await said(["holiday.jpg"]), /no kind of file that is known\. Three kinds are/);
  assert.match(await said(["empty.csv"]), /no kind of file/);
  assert.match(await said(["absent.csv"]), /absent\.csv can't be read \(ENOENT\)/);
  assert.match(await said(["low.csv"], { env: { ADMIN_TOKEN: "not-the-owners-token" } }), /answered 401.*ADMIN_TOKEN of that deployment/);
  assert.match(await said(["low.csv"], { env: {} }), /token is missing: set the variable ADMIN_TOKEN.*--token-file/);
  assert.match(await said(["low.csv"], { env: { ADMIN_TOKEN: "short" } }), /too short/);
  assert.match(await said(["--site", "other.example", "low.csv"]), /answered 403.*SITES/);
  assert.match(await said(["--to", "http://127.0.0.1:18999", "low.csv"]), /can't be reached \(ECONNREFUSED\)/);
  assert.match(await said(["--from", "cnzz", "--sitemap", "https://example.cn/sitemap.xml"]), /--from takes busuanzi or vercount/);
  assert.match(await said([]), /name one file to import/);
  assert.ok(me.to.imports.every(({ dryRun }) => dryRun), "nothing was imported");
});

test("sitemaps are read whatever they are written like", async () => {
  const read = (text) => locationsIn(Readable.from([typeof text === "string" ? Buffer.from(text) : text]));
  const xml = `<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
    <url><loc>
      https://example.cn/?a=1&amp;b=2 </loc><image:image><image:loc>https://img.example/x.png</image:loc></image:image></url>
    <url><lastmod>2026-01-01</lastmod><loc><![CDATA[https://example.cn/中文]]></loc></url><!-- <url><loc>https://example.cn/old</loc></url> --></urlset>`;
  assert.deepEqual(await read(xml), { pages: ["https://example.cn/?a=1&b=2", "https://example.cn/中文"], sitemaps: [] });
  assert.deepEqual((await read(gzipSync(xml))).pages.length, 2);
  assert.deepEqual((await read("\ufeffhttps://example.cn/1\r\nhttps://example.cn/2\n")).pages, ["https://example.cn/1", "https://example.cn/2"]);
  assert.deepEqual(await read('<s:sitemapindex xmlns:s="x"><s:sitemap><s:loc>https://example.cn/s.xml</s:loc></s:sitemap></s:sitemapindex>'), { pages: [], sitemaps: ["https://example.cn/s.xml"] });
  assert.deepEqual((await read("")).pages, []);
  const cut = Readable.from([...xml.matchAll(/.{1,7}/gs)].map(([piece]) => Buffer.from(piece)));
  assert.deepEqual((await locationsIn(cut)).pages.length, 2);
});

const PAGES = { "/": 40, "/a/": 7, "/b/?id=1": 5, "/c/": 0 };
const pageUrl = (page) => `https://www.${SITE}${page}`;

/** A site's sitemap: an index, one part packed, a broken-out part, and somebody else's page. */
function sitemaps(t) {
  const part = (pages) => `<urlset>${pages.map((page) => `<url><loc>${pageUrl(page).replaceAll("&", "&amp;")}</loc></url>`).join("")}<url><loc>https://else.example/</loc></url></urlset>`;
  return standIn(t, (request, response) => {
    const base = `http://${request.headers.host}`;
    const [first, ...rest] = Object.keys(PAGES);
    const files = {
      "/sitemap.xml": `<sitemapindex><sitemap><loc>${base}/1.xml.gz</loc></sitemap><sitemap><loc>${base}/2.xml</loc></sitemap><sitemap><loc>${base}/sitemap.xml</loc></sitemap></sitemapindex>`,
      "/1.xml.gz": gzipSync(part([first])),
      "/2.xml": part([first, ...rest]),
      "/other.xml": "<urlset><url><loc>https://else.example/</loc></url></urlset>",
    };
    const file = files[request.url];
    response.writeHead(file ? 200 : 404).end(file);
  });
}

/** busuanzi: every ask is a view more, the page is the Referer, a cookie makes a visitor. */
async function busuanzi(t, { troubles = [] } = {}) {
  const state = { pages: new Map(Object.entries(PAGES).map(([page, views]) => [pageUrl(page), views])), siteViews: 900, siteVisitors: 300, asks: [] };
  state.url = await standIn(t, (request, response) => {
    const trouble = troubles.shift();
    state.asks.push({ page: request.headers.referer, at: Date.now(), agent: request.headers["user-agent"] });
    if (trouble) return trouble(response);
    const page = request.headers.referer;
    state.pages.set(page, state.pages.get(page) + 1);
    state.siteViews += 1;
    if (!request.headers.cookie) state.siteVisitors += 1;
    const callback = new URL(request.url, "http://x").searchParams.get("jsonpCallback");
    response.setHeader("Set-Cookie", "busuanziId=ABC; Path=/; HttpOnly");
    response.end(`try{${callback}({"site_uv":${state.siteVisitors},"page_pv":${state.pages.get(page)},"version":2.4,"site_pv":${state.siteViews}});}catch(e){}`);
  });
  return state;
}

const WALKED = "page,views,visitors\n*,900,301\n/,40,0\n/a/,7,0\n/b/?id=1,5,0\n/c/,0,0\n";
const pause = ["--pause-ms", "100"];

test("busuanzi's numbers come along without what asking added, one page after the other", async (t) => {
  const me = await setting(t);
  const source = await busuanzi(t);
  const words = ["--from", "busuanzi", "--sitemap", `${await sitemaps(t)}/sitemap.xml`, "--endpoint", source.url, ...pause];
  const { code, stdout, stderr } = await me.run(words);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /can't be read without counting/);
  assert.match(stderr, /4 pages of example\.cn in the sitemap; addresses of other sites left out: 1/);
  assert.match(stderr, /4 pages read from busuanzi/);
  assert.equal(me.to.imports.at(-1).body, WALKED);
  assert.equal(readFileSync(join(me.cwd, "laifang-example.cn-busuanzi.csv"), "utf8"), WALKED);
  assert.equal(source.siteVisitors, 301, "one visitor, by its cookie");
  assert.match(source.asks[0].agent, /laifang\/\d.*owner moves its counts/);
  const gaps = source.asks.slice(1).map(({ at }, index) => at - source.asks[index].at);
  assert.ok(gaps.every((ms) => ms >= 95), `pauses ${gaps}`);
});

test("a walk that is broken off goes on where it stopped, even after a torn line", async (t) => {
  const me = await setting(t);
  const refuse = (status) => (response) => response.writeHead(status).end("no");
  const source = await busuanzi(t, { troubles: [undefined, undefined, refuse(403)] });
  const words = ["--from", "busuanzi", "--sitemap", `${await sitemaps(t)}/sitemap.xml`, "--endpoint", source.url, ...pause];
  const broken = await me.run(words);
  assert.equal(broken.code, 1);
  assert.match(broken.stderr, /stopped answering at https:\/\/www\.example\.cn\/b\/\?id=1 \(it answered 403\)\. 2 of 4 pages are in .*; run the same command again/);
  assert.equal(me.to.imports.length, 0);
  appendFileSync(join(me.cwd, "laifang-example.cn-busuanzi.ndjson"), '{"page":"https://www.exam');
  const { code, stdout, stderr } = await me.run(words);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /2 pages are in .* already/);
  // The second walk has no cookie of the first: busuanzi took it for another visitor.
  assert.equal(me.to.imports.at(-1).body, WALKED.replace("301", "302"));
  assert.equal(source.asks.length, 5);
  const asked = source.asks.length;
  assert.equal((await me.run(words)).code, 0);
  assert.equal(source.asks.length, asked, "a walk that is done asks nobody");
  const other = await me.run(["--from", "vercount", "--sitemap", words[3], "--state", "laifang-example.cn-busuanzi.ndjson"]);
  assert.match(other.stderr, /is of another walk \(from: busuanzi\)/);
});

test("a counter that asks to wait, stumbles or talks nonsense is asked again, and given up in the end", async (t) => {
  const me = await setting(t);
  const wait = (response) => response.writeHead(429, { "Retry-After": "1" }).end();
  const source = await busuanzi(t, { troubles: [wait, (response) => response.destroy(), (response) => response.end("<html>maintenance")] });
  const words = ["--from", "busuanzi", "--sitemap", `${await sitemaps(t)}/sitemap.xml`, "--endpoint", source.url, ...pause];
  const { code, stderr } = await me.run(words);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /it answered 429; waiting 1 s/);
  assert.match(stderr, /not understood: <html>maintenance; waiting/);
  assert.equal(me.to.imports.at(-1).body, WALKED);
  assert.ok(source.asks[1].at - source.asks[0].at >= 1000);
});

test("vercount is read without counting", async (t) => {
  const me = await setting(t);
  const asks = [];
  const endpoint = await standIn(t, (request, response) => {
    const page = new URL(request.url, "http://x").searchParams.get("url");
    asks.push(request.method);
    response.end(JSON.stringify({ status: "success", message: "Data retrieved successfully", data: { site_uv: 300, site_pv: 900, page_pv: PAGES[page.slice(pageUrl("").length)] } }));
  });
  const { code, stdout, stderr } = await me.run(["--from", "vercount", "--sitemap", `${await sitemaps(t)}/sitemap.xml`, "--endpoint", endpoint, ...pause]);
  assert.equal(code, 0, stderr);
  assert.doesNotMatch(stdout, /without counting/);
  assert.deepEqual(asks, ["GET", "GET", "GET", "GET"]);
  assert.equal(me.to.imports.at(-1).body, WALKED.replace("301", "300"));
});

test("a sitemap that is not there, or of another site, stops it before anybody is asked", async (t) => {
  const me = await setting(t);
  const source = await busuanzi(t);
  const base = await sitemaps(t);
  const said = async (sitemap) => (await me.run(["--from", "busuanzi", "--endpoint", source.url, "--sitemap", sitemap])).stderr;
  assert.match(await said(`${base}/none.xml`), /can't be read \(404\)/);
  assert.match(await said("http://127.0.0.1:18999/sitemap.xml"), /can't be reached \(ECONNREFUSED\)/);
  assert.match(await said("sitemap.xml"), /--sitemap takes an address/);
  assert.match(await said(`${base}/other.xml`), /names no page of example\.cn/);
  assert.equal(source.asks.length, 0);
  assert.ok(!existsSync(join(me.cwd, "laifang-example.cn-busuanzi.ndjson")));
});

test("an answer that holds no counts is not taken for zeros", async (t) => {
  const me = await setting(t);
  const endpoint = await standIn(t, (request, response) => response.end('{"status":"success","data":{"site_uv":1}}'));
  const { code, stderr } = await me.run(["--from", "vercount", "--sitemap", `${await sitemaps(t)}/sitemap.xml`, "--endpoint", endpoint, ...pause]);
  assert.deepEqual([code, /holds no counts/.test(stderr), me.to.imports.length], [1, true, 0]);
  assert.throws(() => countsIn("sorry"), /not understood: sorry/);
});
