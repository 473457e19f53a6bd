// Shares are counted, shown where asked for, and published; a count that fails never stops a share.
import { expect, test } from "@playwright/test";
import { network, open, outcomes, pageUrl, serveBoxes, theWorker } from "./share-page.mjs";

serveBoxes();

const published = async (page) => (await (await theWorker().fetch(`/v1/counts?site=localhost&page=${encodeURIComponent(page)}`)).json()).pages[page].shares ?? {};

test("what was opened and copied is counted once each, published, and shown to the next reader", async ({ browser }) => {
  const options = { path: "/counted?utm_source=x&id=7", body: "<laifang-share with-counts></laifang-share>" };
  const { page, seen } = await open(browser, options);
  await expect(page.locator("laifang-share [part=count]").first()).toBeHidden();
  const popup = page.context().waitForEvent("page");
  await network(page, "weibo").click();
  await popup;
  await expect(network(page, "weibo").locator("[part=count]")).toHaveText("1");
  await network(page, "copy").click();
  await expect(network(page, "copy").locator("[part=count]")).toHaveText("1");
  expect(seen.shares.map(({ network, url }) => [network, url])).toEqual([["weibo", pageUrl("/counted?id=7")], ["copy", pageUrl("/counted?id=7")]]);
  expect(new Set(seen.shares.map(({ id }) => id)).size).toBe(2);
  await expect.poll(() => published("/counted?id=7"), { timeout: 20_000 }).toEqual({ weibo: 1, copy: 1 });
  const next = await open(browser, options);
  await expect(network(next.page, "weibo").locator("[part=count]")).toHaveText("1");
  await expect(network(next.page, "weibo")).toHaveAccessibleName("微博 1");
  await expect(network(next.page, "qq").locator("[part=count]")).toBeHidden();
});

test("without with-counts nothing is read and nothing shown, even where the second part is there", async ({ browser }) => {
  const { page, seen } = await open(browser, { body: '<laifang-share networks="copy vk"></laifang-share>' });
  await network(page, "copy").click();
  await expect.poll(() => seen.shares.length).toBe(1);
  await page.waitForTimeout(300);
  expect(seen.requests.filter((url) => url.includes("/v1/counts"))).toEqual([]);
  await expect(page.locator("laifang-share [part=count]").first()).toBeHidden();
});

test("a share of another page of the site is that page's, one of another site is this page's", async ({ browser }) => {
  const { page, seen } = await open(browser, { body: '<laifang-share url="/other"></laifang-share>' });
  await network(page, "copy").click();
  await page.locator("laifang-share").evaluate((box) => box.setAttribute("url", "https://example.com/elsewhere"));
  await network(page, "copy").click();
  await expect.poll(() => seen.shares.map(({ url }) => url)).toEqual([pageUrl("/other"), pageUrl()]);
});

for (const [kind, answer] of Object.entries({
  "can't be sent": (route) => route.abort(),
  "is refused": (route) => route.fulfill({ status: 429, body: "{}" }),
  "is answered with nonsense": (route) => route.fulfill({ status: 200, headers: { "Access-Control-Allow-Origin": "*" }, body: "<html>" }),
})) {
  test(`when the count ${kind}, the share happens all the same, without a word`, async ({ browser }) => {
    const { page, seen } = await open(browser, { body: "<laifang-share with-counts></laifang-share>", prepare: (page) => page.route(/\/v1\/(shares|counts)/, answer) });
    const popup = page.context().waitForEvent("page");
    await network(page, "weibo").click();
    await popup;
    await network(page, "copy").click();
    await expect(page.locator("laifang-share").getByRole("status")).toHaveText("链接已复制");
    expect(await outcomes(page)).toContain("laifang-shared weibo opened");
    expect(seen).toMatchObject({ warnings: [], errors: [] });
  });
}

test("old libraries that change JSON and arrays change nothing of it", async ({ browser }) => {
  const { page, seen } = await open(browser, { prepare: (page) => page.addInitScript(() => {
    Array.prototype.toJSON = String.prototype.toJSON = function () { return "broken"; };
    Array.prototype.each = Array.prototype.include = function () {};
    Object.prototype.extend = function () {};
  }), body: '<laifang-share with-counts networks="weibo copy"></laifang-share>' });
  await network(page, "copy").click();
  await expect.poll(() => seen.shares).toMatchObject([{ network: "copy", url: pageUrl() }]);
  expect(seen.errors).toEqual([]);
});
