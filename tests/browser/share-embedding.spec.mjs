// What leaves the browser, and from where the parts come: secrets and fragments, the tag's nonce, data-counter.
import { expect, test } from "@playwright/test";
import { network, open, pageUrl, serveBoxes, theWorker } from "./share-page.mjs";

serveBoxes();

const api = () => `http://localhost:${theWorker().host.port}`;

/** What was sent of an address: with the hit, with a share, and to the network. */
async function sent(browser, path) {
  const hits = [];
  const prepare = (page) => page.on("request", (request) => request.url().endsWith("/v1/hits") && hits.push(request.postDataJSON().url));
  const { page, seen } = await open(browser, { body: '<laifang-share networks="qzone"></laifang-share>', path, prepare });
  await network(page, "qzone").click();
  await expect.poll(() => seen.shares.length).toBe(1);
  const link = await network(page, "qzone").evaluate((item) => new URL(item.href).searchParams.get("url"));
  const everything = decodeURIComponent(seen.requests.slice(1).concat(hits, JSON.stringify(seen.shares)).join("\n"));
  expect(everything).not.toContain("SECRET");
  await page.context().close();
  return [hits[0], seen.shares[0].url, link].map((url) => url.replace(pageUrl(""), ""));
}

const ADDRESSES = {
  "/a?access_token=SECRET": ["/a?", "/a"],
  "/a?id=7&id_token=SECRET&b=2": ["/a?id=7&&b=2", "/a?id=7&b=2"],
  "/a?token=SECRET&id=7": ["/a?&id=7", "/a?id=7"],
  "/a?Refresh-Token=SECRET&client_secret=SECRET&password=SECRET&api_key=SECRET": ["/a?&&&", "/a"],
  "/a?code=SECRET&id=7&state=x": ["/a?&id=7&state=x", "/a?id=7&state=x"],
  "/a?state=x&code=SECRET": ["/a?state=x&", "/a?state=x"],
  "/a?code=600519": ["/a?code=600519", "/a?code=600519"],
  "/a?tokens=3&mytokenx=2": ["/a?tokens=3&mytokenx=2", "/a?tokens=3&mytokenx=2"],
  "/a#access_token=SECRET&state=x": ["/a", "/a"],
  "/a#SECRET": ["/a", "/a"],
  "/a#/callback?token=SECRET": ["/a#/callback?", "/a#/callback?"],
  "/a#!/list?page=2": ["/a#!/list?page=2", "/a#!/list?page=2"],
  [`/a#${"x".repeat(70_000)}`]: ["/a", "/a"],
};
for (const [path, [hit, share]] of Object.entries(ADDRESSES)) {
  test(`of ${path.slice(0, 80)} no secret is sent`, async ({ browser }) => {
    expect(await sent(browser, path)).toEqual([hit, share, share]);
  });
}

test("what is read only asks for the page that is shown, without secrets", async ({ browser }) => {
  const { page, seen } = await open(browser, { attributes: 'data-mode="read"', path: "/a?token=SECRET&id=7#/route" });
  await page.evaluate(() => window.laifang.ready);
  const asked = seen.requests.filter((url) => url.includes("/v1/counts"));
  expect(asked.map((url) => new URL(url).searchParams.get("page"))).toEqual(["/a?&id=7#/route"]);
  expect(seen.requests.filter((url) => url.includes("/v1/hits"))).toEqual([]);
});

for (const slash of ["", "/"]) {
  test(`data-counter names the API for a script that is served from elsewhere, in a file of another name${slash && ", with a slash"}`, async ({ browser }) => {
    const prepare = async (page) => {
      const loader = await (await fetch(`${api()}/widget.js`)).text();
      await page.route(/\/static\/combined\.js/, (route) => route.fulfill({ contentType: "text/javascript", body: `var other = 1;\n${loader}` }));
    };
    const body = `<laifang-share></laifang-share><script src="/static/combined.js?v=1/2" data-counter="${api()}${slash}"></script>`;
    const { page, seen } = await open(browser, { body, prepare });
    expect((await page.evaluate(() => window.laifang.ready)).counted).toBe(true);
    expect(seen.requests.filter((url) => url.includes("/v1/hits"))).toEqual([`${api()}/v1/hits`]);
    expect(seen.requests.filter((url) => url.startsWith(pageUrl("/static/")))).toEqual([pageUrl("/static/combined.js?v=1/2")]);
    expect(await page.evaluate(() => window[Symbol.for("laifang")].tag.src)).toContain("combined.js");
    expect(seen.errors).toEqual([]);
  });
}

test("the tag's nonce goes to every script and style that is inserted", async ({ browser }) => {
  const policy = "default-src 'none'; connect-src COUNTER; script-src 'nonce-abc' 'wasm-unsafe-eval'; style-src 'nonce-abc'";
  const prepare = (page) => page.addInitScript(() => {
    window.refused = [];
    addEventListener("securitypolicyviolation", ({ violatedDirective }) => window.refused.push(violatedDirective));
    // A browser from before 2023.
    Object.defineProperty(ShadowRoot.prototype, "adoptedStyleSheets", { value: undefined });
  });
  const { page, seen } = await open(browser, { body: '<laifang-share networks="telegram more"></laifang-share>', policy, attributes: "nonce=abc", prepare });
  await expect(network(page, "telegram")).toHaveCSS("display", "flex");
  expect(await page.evaluate(() => window.refused)).toEqual([]);
  expect(seen.errors).toEqual([]);
});
