// `laifang import`: files, and other counters by sitemap, against stand-ins that count as they do.
import { test } from "node:test";
import assert from "node:assert/strict";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { locationsIn, pagesOf } from "../../dist/cli/sitemap.mjs";
import { countsIn } from "../../dist/cli/sources/busuanzi.mjs";
import { TOKEN, emptyFolder, laifang, serve, standIn } from "./command.mjs";

const SITE = "example.cn";

/** A counter served here, and an owner with an empty folder. */
async function setting(t) {
  const cwd = await emptyFolder(t);
  const to = await serve(t, ["--site", SITE], { cwd: await emptyFolder(t), env: { ADMIN_TOKEN: TOKEN } });
  const run = (words, { env = { ADMIN_TOKEN: TOKEN }, yes = true } = {}) =>
    laifang(["import", "--to", to.url, "--site", SITE, ...(yes ? ["--yes"] : []), ...words], { cwd, env });
  const owner = (part) => fetch(`${to.url}/v1/sites/${SITE}${part}`, { headers: { Authorization: `Bearer ${TOKEN}` } });
  return {
    cwd,
    to,
    run,
    write: (name, bytes) => writeFileSync(join(cwd, name), bytes),
    exported: async () => (await owner("/export")).text(),
    /** All-time views and visitors, and each page's views. */
    async stands() {
      const { counts } = await (await owner("")).json();
      const lines = (await this.exported()).trim().split("\n").map((line) => JSON.parse(line));
      const pages = lines.filter(({ page }) => page).map(({ page }) => [page.key, page.views]);
      return { views: counts.views, visitors: counts.visitors, pages: Object.fromEntries(pages) };
    },
  };
}

const NOTHING = { views: 0, visitors: 0, pages: {} };
const TABLE = "page,views,visitors\n*,500,200\n/a,10,4\n";

test("a file is checked first, and imported only with a yes; twice is the same as once", async (t) => {
  const me = await setting(t);
  me.write("counts.csv", TABLE);
  const shy = await me.run(["counts.csv"], { yes: false });
  assert.equal(shy.code, 0, shy.stderr);
  assert.match(shy.stdout, /What would change.*views {5}0 → 500\n.*visitors {2}0 → 200\n.*1 new, 0 changed, 0 removed\nNothing was changed\. Add --yes/s);
  assert.deepEqual(await me.stands(), NOTHING);
  const { code, stdout, stderr } = await me.run(["counts.csv"]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /Imported to/);
  const after = { views: 500, visitors: 200, pages: { "/a": 10 } };
  assert.deepEqual(await me.stands(), after);
  assert.match((await me.run(["counts.csv"])).stdout, /This was imported before: nothing changes/);
  assert.deepEqual(await me.stands(), after);
  assert.equal((await me.to.hit({ url: `https://${SITE}/a` })).visitor, 201);
});

test("an export goes back as it is, packed or not, of any size", async (t) => {
  const me = await setting(t);
  const rows = Array.from({ length: 60_000 }, (_, index) => `/page-${index},${index + 1},1`);
  me.write("counts.csv", `page,views,visitors\n*,9000000,70\n${rows.join("\n")}\n`);
  assert.equal((await me.run(["counts.csv"])).code, 0);
  const text = await me.exported();
  me.write("export.ndjson", text);
  me.write("export.ndjson.gz", gzipSync(text));
  assert.match((await me.run(["export.ndjson"])).stderr, /answered 409.*--replace/);
  for (const file of ["export.ndjson", "export.ndjson.gz"]) {
    const { code, stderr } = await me.run(["--replace", file]);
    assert.equal(code, 0, stderr);
    const { views, visitors, pages } = await me.stands();
    assert.deepEqual([views, visitors, pages["/page-59999"], Object.keys(pages).length], [9000000, 70, 60000, 60_000]);
  }
});

const GOATCOUNTER = [
  "2Path,Title,Event,UserAgent,Browser,System,Session,Bot,Referrer,Referrer scheme,Screen size,Location,FirstVisit,Date",
  '/a,"A, of ""all""",false,,Firefox 1,Linux,s1,0,,,,CN,true,2026-01-01T00:00:00Z',
  "/a,A,false,,Firefox 1,Linux,s1,0,,,,CN,false,2026-01-01T00:01:00Z",
  "/b,B,false,,Firefox 1,Linux,s1,0,,,,CN,true,2026-01-01T00:02:00Z",
  "/a,A,false,,Firefox 1,Linux,s2,0,,,,CN,true,2026-01-02T00:00:00Z",
  "/a,A,false,,Bot,,s3,4,,,,CN,true,2026-01-02T00:00:00Z",
  "click,Click,true,,Firefox 1,Linux,s1,0,,,,CN,true,2026-01-02T00:00:00Z",
  "",
].join("\n");

test("a GoatCounter export is taken, packed as it comes", async (t) => {
  const me = await setting(t);
  me.write("goat.csv.gz", gzipSync(GOATCOUNTER));
  const { code, stderr } = await me.run(["goat.csv.gz"]);
  assert.equal(code, 0, stderr);
  assert.deepEqual(await me.stands(), { views: 4, visitors: 2, pages: { "/a": 3, "/b": 1 } });
});

test("a bad file, a wrong token, a refusal each give a sentence that says what to do", async (t) => {
  const me = await setting(t);
  for (let views = 0; views < 3; views++) await me.to.hit({ url: `https://${SITE}/a` });
  me.write("bad.csv", `${TABLE}/b,bad,1\n`);
  me.write("low.csv", "page,views,visitors\n*,500,200\n/a,2,1\n");
  me.write("holiday.jpg", Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]));
  me.write("empty.csv", "");
  me.write("torn.gz", gzipSync(TABLE).subarray(0, 20));
  const said = async (words, options) => {
    const { code, stderr } = await me.run(words, options);
    assert.equal(code, 1, words.join(" "));
    assert.doesNotMatch(stderr, /\n\s+at /);
    return stderr;
  };
  assert.match(await said(["bad.csv"]), /answered 400: .*“bad” is not a whole number/);
  assert.match(await said(["low.csv"]), /answered 409: .*3 views.*--keep-higher keeps what is higher/);
  assert.match(await said(["holiday.jpg"]), /is not a text file.*An export of a Laifang site/);
  assert.match(await said(["empty.csv"]), /empty\.csv is empty/);
  assert.match(await said(["torn.gz"]), /torn\.gz can't be read/);
  assert.match(await said(["absent.csv"]), /absent\.csv can't be read \(ENOENT\)/);
  assert.match(await said(["low.csv"], { env: { ADMIN_TOKEN: "not-the-owners-token" } }), /answered 401.*ADMIN_TOKEN of that deployment/);
  assert.match(await said(["low.csv"], { env: {} }), /token is missing: set the variable ADMIN_TOKEN.*--token-file/);
  assert.match(await said(["low.csv"], { env: { ADMIN_TOKEN: "short" } }), /too short/);
  assert.match(await said(["--site", "other.example", "low.csv"]), /answered 403.*SITES/);
  assert.match(await said(["--to", "http://127.0.0.1:18999", "low.csv"]), /can't be reached \(ECONNREFUSED\)/);
  assert.match(await said(["--to", "http://count.example.cn", "low.csv"]), /not encrypted: the owner's token could be read/);
  assert.match(await said(["--to", "localhost:18999", "low.csv"]), /http:\/\/localhost:18999 can't be reached/);
  assert.match(await said(["--from", "cnzz", "--sitemap", "https://example.cn/sitemap.xml"]), /--from takes busuanzi or vercount/);
  assert.match(await said([]), /name one file to import/);
  assert.equal((await me.stands()).views, 3, "nothing was imported");
  assert.equal((await me.run(["--keep-higher", "low.csv"])).code, 0);
  assert.deepEqual(await me.stands(), { views: 500, visitors: 200, pages: { "/a": 3 } });
});

test("nothing that a sitemap says steers the terminal", async (t) => {
  const address = await standIn(t, (request, response) => response.end("<sitemapindex><sitemap><loc>http://127.0.0.1:1/\u001b]0;gone\u0007\u009b2J</loc></sitemap></sitemapindex>"));
  const { run } = await setting(t);
  const { stderr } = await run(["--from", "vercount", "--sitemap", `${address}/sitemap.xml`]);
  assert.match(stderr, /127\.0\.0\.1:1/);
  assert.doesNotMatch(stderr, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
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

const WALKED = "page,views,visitors\n*,900,301\n/,40,\n/a/,7,\n/b/?id=1,5,\n/c/,0,\n";
const MOVED = { views: 900, visitors: 301, pages: { "/": 40, "/a": 7, "/b?id=1": 5 } };
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
  assert.deepEqual(await me.stands(), MOVED);
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
  assert.deepEqual(await me.stands(), NOTHING);
  appendFileSync(join(me.cwd, "laifang-example.cn-busuanzi.ndjson"), '{"page":"https://www.exam');
  const { code, stdout, stderr } = await me.run(words);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /2 pages are in .* already/);
  assert.deepEqual(await me.stands(), MOVED);
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
  assert.deepEqual(await me.stands(), MOVED);
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
  assert.deepEqual(await me.stands(), { ...MOVED, visitors: 300 });
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

test("a public sitemap leads into no private network, by name, redirect or address", async (t) => {
  const asked = [];
  const inside = await standIn(t, (request, response) => response.end(`<urlset><url><loc>https://example.cn/secret</loc></url></urlset>${asked.push(request.url)}`));
  const index = (address) => `<sitemapindex><sitemap><loc>${address}</loc></sitemap></sitemapindex>`;
  const answers = {
    "https://example.cn/index.xml": () => new Response(index(`${inside}/a.xml`)),
    "https://example.cn/named.xml": () => new Response(index(inside.replace("127.0.0.1", "localhost"))),
    "https://example.cn/moved.xml": () => new Response(null, { status: 302, headers: { Location: `${inside}/b.xml` } }),
    "https://example.cn/mapped.xml": () => new Response(index(inside.replace("127.0.0.1", "[::ffff:127.0.0.1]"))),
  };
  const real = globalThis.fetch;
  t.after(() => (globalThis.fetch = real));
  globalThis.fetch = async (address, init) => answers[address]?.() ?? real(address, init);
  for (const address of Object.keys(answers)) await assert.rejects(pagesOf(address), /inside this machine or its network/, address);
  assert.deepEqual(asked, []);
  globalThis.fetch = real;
  assert.deepEqual(await pagesOf(`${inside}/c.xml`), ["https://example.cn/secret"], "named by its owner it is read");
});

test("an answer that holds no counts is not taken for zeros", async (t) => {
  const me = await setting(t);
  const endpoint = await standIn(t, (request, response) => response.end('{"status":"success","data":{"site_uv":1}}'));
  const { code, stderr } = await me.run(["--from", "vercount", "--sitemap", `${await sitemaps(t)}/sitemap.xml`, "--endpoint", endpoint, ...pause]);
  assert.deepEqual([code, /holds no counts/.test(stderr), await me.stands()], [1, true, NOTHING]);
  assert.throws(() => countsIn("sorry"), /not understood: sorry/);
});
