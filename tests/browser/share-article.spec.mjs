// Which facts of a page are shared: what the box says, then what the page says, in its order.
import { expect, test } from "@playwright/test";
import { network, open, pageUrl, serveBoxes } from "./share-page.mjs";

serveBoxes();

/** Address, title, summary, picture of what a page would share, as QZone's link has them. */
async function facts(browser, options) {
  const { page, seen } = await open(browser, { body: '<laifang-share networks="qzone"></laifang-share>', ...options });
  await page.waitForLoadState("load");
  await network(page, "qzone").dispatchEvent("click");
  const { searchParams } = new URL(await network(page, "qzone").evaluate((link) => link.href));
  expect(seen.errors).toEqual([]);
  await page.context().close();
  return ["url", "title", "summary", "pics", "site"].map((name) => searchParams.get(name));
}
const meta = (values) => Object.entries(values).map(([name, value]) => `<meta ${name.startsWith("og:") ? "property" : "name"}="${name}" content="${value}">`).join("");
const linked = (data) => `<script type="application/ld+json">${typeof data === "string" ? data : JSON.stringify(data)}</script>`;
const OG = meta({ "og:url": "/og?utm_source=x&a=1", "og:title": "OG", "og:description": "of OG", "og:image": "/og.png", "og:site_name": "雲溪新聞網" });
const CANONICAL = '<link rel=canonical href="/canonical?from=timeline&id=2#top">';

test("with nothing said, the page's own address, heading and large picture", async ({ browser }) => {
  const body = '<header><h1>雲溪新聞網</h1><img src="/picture-logo"></header><article><h1> 古渡口\n 修好了 </h1><img src="/picture-small"><img src="/picture-wide"><img src="/picture-1"></article><laifang-share networks="qzone"></laifang-share>';
  expect(await facts(browser, { body, path: "/a?id=7&from=groupmessage&isappinstalled=0&fbclid=1#top" })).toEqual([pageUrl("/a?id=7"), "古渡口 修好了", null, pageUrl("/picture-1"), "localhost"]);
});

test("the canonical address comes before the page's own, <meta> and Open Graph before those", async ({ browser }) => {
  expect((await facts(browser, { head: CANONICAL }))[0]).toBe(pageUrl("/canonical?id=2"));
  expect(await facts(browser, { head: CANONICAL + meta({ description: "of meta" }) + OG })).toEqual([pageUrl("/og?a=1"), "OG", "of OG", pageUrl("/og.png"), "雲溪新聞網"]);
  expect((await facts(browser, { head: meta({ description: "of meta", "twitter:title": "on a card", "twitter:image": "https://e.cn/card.png" }) })).slice(1, 4)).toEqual(["on a card", "of meta", "https://e.cn/card.png"]);
});

const ARTICLE = { "@context": "https://schema.org", "@type": "NewsArticle", headline: "LD", description: "of LD", url: "https://e.cn/ld?utm_medium=x", image: ["/ld.png", "/no.png"] };
const LINKED = {
  "an object": ARTICLE,
  "a list": [{ "@type": "BreadcrumbList" }, ARTICLE],
  "a graph": { "@graph": [{ "@type": "WebSite", url: "https://e.cn/" }, { ...ARTICLE, "@type": ["Article", "NewsArticle"] }] },
  "a page's main entity": { "@type": "WebPage", mainEntity: { ...ARTICLE, "@type": "BlogPosting", image: { "@type": "ImageObject", url: "/ld.png" } } },
  "an address of the page it is the main entity of": { ...ARTICLE, url: undefined, mainEntityOfPage: { "@type": "WebPage", "@id": "https://e.cn/ld" } },
};
for (const [kind, data] of Object.entries(LINKED)) {
  test(`JSON-LD as ${kind} comes before Open Graph`, async ({ browser }) => {
    expect((await facts(browser, { head: OG + linked(data) })).slice(0, 4)).toEqual(["https://e.cn/ld", "LD", "of LD", pageUrl("/ld.png")]);
  });
}

test("a picture that JSON-LD tells of elsewhere is looked for elsewhere, one by its content's address is taken", async ({ browser }) => {
  const image = { "@id": "https://e.cn/ld#primaryimage" };
  expect((await facts(browser, { head: OG + linked({ ...ARTICLE, image }) }))[3]).toBe(pageUrl("/og.png"));
  expect((await facts(browser, { head: OG + linked({ ...ARTICLE, image: [{ "@type": "ImageObject", contentUrl: "/content.png" }] }) }))[3]).toBe(pageUrl("/content.png"));
});

test("malformed and foreign JSON-LD is skipped", async ({ browser }) => {
  const head = OG + linked("{ 'headline': oops }") + linked("null") + linked({ "@type": "Product", name: "No" }) + linked({ ...ARTICLE, url: "javascript:alert(1)", image: 7 });
  expect((await facts(browser, { head })).slice(0, 4)).toEqual([pageUrl("/og?a=1"), "LD", "of LD", pageUrl("/og.png")]);
});

test("what the box says comes first, and its address is kept as it is", async ({ browser }) => {
  const body = '<laifang-share networks="qzone" url="/own?utm_source=wechat#part" title=" Own &amp; true " summary="of its own" image="own.png"></laifang-share>';
  expect((await facts(browser, { body, head: OG + linked(ARTICLE) })).slice(0, 4)).toEqual([pageUrl("/own?utm_source=wechat#part"), "Own & true", "of its own", pageUrl("/own.png")]);
});

test("an address that is none of the web is not shared", async ({ browser }) => {
  for (const head of ['<link rel=canonical href="javascript:alert(1)">', '<link rel=canonical href="https://">', meta({ "og:url": "data:text/html,x" })])
    expect((await facts(browser, { head }))[0], head).toBe(pageUrl());
});

test("a route in the address is part of it, a place on the page is not", async ({ browser }) => {
  for (const [path, shared] of [["/#/a?utm_source=x", "/#/a?utm_source=x"], ["/#!/b", "/#!/b"], ["/a#top", "/a"]])
    expect((await facts(browser, { path }))[0]).toBe(pageUrl(shared));
});

/** What is shared after an in-page navigation to an address, with a heading of its own; `change` is done to the head. */
async function factsAfter(browser, { to = "/b", change = "", ...options }) {
  const body = '<article><h1>一</h1></article><laifang-share networks="qzone"></laifang-share>';
  const { page } = await open(browser, { body, path: "/a", ...options });
  await page.evaluate(([to, change]) => {
    history.pushState(null, "", to);
    document.querySelector("h1").textContent = "二";
    document.title = "二的标题";
    eval(change);
  }, [to, change]);
  await network(page, "qzone").dispatchEvent("click");
  const { searchParams } = new URL(await network(page, "qzone").evaluate((link) => link.href));
  await page.context().close();
  return ["url", "title", "summary", "pics"].map((name) => searchParams.get(name));
}
const NAMES_A = meta({ "og:url": "/a", "og:title": "OG", "og:description": "of OG", "og:image": "/og.png" });
const shown = (path) => [pageUrl(path), "二", null, null];

test("a head that still names the page that was loaded is not believed about another", async ({ browser }) => {
  expect(await factsAfter(browser, { head: NAMES_A })).toEqual(shown("/b"));
  expect(await factsAfter(browser, { head: "<link rel=canonical href=/a/>" + meta({ "og:title": "OG", description: "of a" }) })).toEqual(shown("/b"));
  expect(await factsAfter(browser, { head: linked({ ...ARTICLE, url: "/a" }) })).toEqual(shown("/b"));
  expect(await factsAfter(browser, { head: "<link rel=canonical href=https://www.example.cn/a/index.html>" })).toEqual(shown("/b"));
  expect(await factsAfter(browser, { head: meta({ "og:title": "OG" }) })).toEqual(shown("/b"));
  expect(await factsAfter(browser, { head: linked({ ...ARTICLE, url: undefined }) })).toEqual(shown("/b"));
  expect(await factsAfter(browser, { head: "<link rel=canonical href='/a?id=1'>", path: "/a?id=1", to: "/a?id=2" })).toEqual(shown("/a?id=2"));
  expect(await factsAfter(browser, { head: "<link rel=canonical href=/>", path: "/#/a", to: "/#/b" })).toEqual(shown("/#/b"));
});

test("a head that names the page that is shown is believed, whatever else still names the former", async ({ browser }) => {
  const og = 'document.querySelector("[property=\'og:url\']").content = "/b?from=head"';
  expect(await factsAfter(browser, { head: NAMES_A + linked({ ...ARTICLE, url: "/a" }), change: og })).toEqual([pageUrl("/b?from=head"), "OG", "of OG", pageUrl("/og.png")]);
  const canonical = 'document.querySelector("link[rel=canonical]").href = "/b"';
  expect(await factsAfter(browser, { head: "<link rel=canonical href=/a>" + NAMES_A, change: canonical })).toEqual(shown("/b"));
  expect(await factsAfter(browser, { head: "<link rel=canonical href=/a>", to: "/a?filter=1" })).toEqual([pageUrl("/a"), "二", null, null]);
  expect(await factsAfter(browser, { head: NAMES_A, to: "/a#place" })).toEqual([pageUrl("/a"), "OG", "of OG", pageUrl("/og.png")]);
});

test("back on the page that was loaded its head is believed again", async ({ browser }) => {
  expect(await factsAfter(browser, { head: NAMES_A, change: 'history.pushState(null, "", "/a")' })).toEqual([pageUrl("/a"), "OG", "of OG", pageUrl("/og.png")]);
});
