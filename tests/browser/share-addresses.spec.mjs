// Where each network's link leads, for every kind of title, and that nobody hears of the page before a click.
import { expect, test } from "@playwright/test";
import { readFileSync } from "node:fs";
import { network, open, outcomes, pageUrl, serveBoxes } from "./share-page.mjs";

serveBoxes();

const NETWORKS = JSON.parse(readFileSync(new URL("../../widget/share/networks.json", import.meta.url)));
const LINKED = NETWORKS.filter(({ template }) => template);
const URL_ = "https://www.example.cn/a?b=1&c=%E4%BD%A0#/d";
const LONG = "渡".repeat(500);
const TITLES = {
  "signs of addresses and of HTML": `A & B # 100% "C" 'D' <E> = + ? / \\ ; : @ \` { } |`,
  "an emoji of several characters": "家 👩‍👩‍👧 👍🏽 🇨🇳 😀",
  "Chinese": "古渡口修好了，摆渡人回来了：《慢慢号》",
  "500 characters": LONG,
  "several lines": "第一行\n第二行\r\n\t第三行",
};
const clean = (text) => text.replace(/\s+/g, " ").trim();

/** Cuts as a reader counts, with the engine's own rules. */
const graphemes = (text) => Array.from(new Intl.Segmenter("zh", { granularity: "grapheme" }).segment(text), ({ segment }) => segment);
const cut = (text, limit) => (graphemes(text).length > limit ? graphemes(text).slice(0, limit - 1).join("") + "…" : text);

/** What a network's template should come to, by the browser's own parser of addresses. */
function expected({ template, limit = 200 }, facts) {
  const both = template.includes("}%20{u}");
  const room = template.includes("%20{u}") && limit !== 200 ? limit - facts.u.length - 1 : limit;
  const text = (value) => cut(value, both ? room : limit);
  const values = { u: facts.u, t: text(facts.t), s: text(facts.s), i: facts.i, n: facts.n };
  const [base, query] = template.split(/[?#]/);
  const parameters = query.split("&").map((pair) => pair.split("=")).map(([name, value]) => [name, decodeURIComponent(value).replace(/\{(.)\}/g, (_, letter) => values[letter])]);
  return { base, parameters: parameters.filter(([, value]) => value.trim()) };
}

for (const [kind, title] of Object.entries(TITLES)) {
  test(`a title with ${kind} arrives whole at every network`, async ({ browser }) => {
    const ids = LINKED.map(({ id }) => id);
    const { page, seen } = await open(browser, { body: `<laifang-share networks="${ids.join(" ")}"></laifang-share>`, wait: false, prepare: (page) =>
      page.addInitScript(([title, url]) => document.addEventListener("DOMContentLoaded", () => {
        const box = document.querySelector("laifang-share");
        for (const [name, value] of Object.entries({ title, url, summary: "摘要 & more", image: "/picture.png?a=1&b=2" })) box.setAttribute(name, value);
      }), [title, URL_]) });
    await expect(network(page, "vk")).toBeVisible();
    const facts = { u: URL_, t: clean(title), s: "摘要 & more", i: pageUrl("/picture.png?a=1&b=2"), n: "localhost" };
    for (const row of LINKED) {
      const href = await network(page, row.id).getAttribute("href");
      expect(href, row.id).toMatch(/^[\x21-\x7e]+$/);
      expect(href, row.id).not.toMatch(/["'<>\\`{}|^]/);
      const { base, parameters } = expected(row, facts);
      const [, own, query] = /^([^?#]*)[?#](.*)$/.exec(href);
      expect(own, row.id).toBe(base);
      expect(query.split("&").map((pair) => pair.split("=").map(decodeURIComponent)), row.id).toEqual(parameters);
      expect(href.length, row.id).toBeLessThan(row.limit > 200 ? 8192 : 4096);
    }
    expect(seen.outside).toEqual([]);
    expect(seen.errors).toEqual([]);
    await page.context().close();
  });
}

test("each network opens its own page in a window that can't reach ours, and not before the click", async ({ browser }) => {
  const opened = LINKED.filter(({ id }) => id !== "email");
  const { page, context, seen } = await open(browser, { body: `<laifang-share networks="${opened.map(({ id }) => id).join(" ")}"></laifang-share>` });
  await expect(network(page, "vk")).toBeVisible();
  for (const { id, template } of opened) {
    const before = seen.outside.length;
    const popup = context.waitForEvent("page");
    await network(page, id).click();
    const other = await popup;
    await other.waitForLoadState();
    expect(other.url().startsWith(template.split(/[?#]/)[0]), `${id}: ${other.url()}`).toBe(true);
    expect(await other.evaluate(() => window.opener), id).toBeNull();
    expect(seen.outside.length - before, id).toBe(1);
    await other.close();
  }
  expect(await outcomes(page)).toEqual(opened.flatMap(({ id }) => [`laifang-share ${id}`, `laifang-shared ${id} opened`]));
  await expect.poll(() => seen.shares.map(({ network }) => network)).toEqual(opened.map(({ id }) => id));
});

test("an e-mail opens no window and has its lines joined by CRLF", async ({ browser }) => {
  const { page, context } = await open(browser, { body: '<laifang-share networks="email" title="标题" summary="摘要" url="https://example.cn/"></laifang-share>' });
  const link = network(page, "email");
  await expect(link).toHaveAttribute("href", "mailto:?subject=%E6%A0%87%E9%A2%98&body=%E6%A0%87%E9%A2%98%0D%0A%E6%91%98%E8%A6%81%0D%0Ahttps%3A%2F%2Fexample.cn%2F");
  await expect(link).not.toHaveAttribute("target", /./);
  await link.click();
  expect(context.pages()).toHaveLength(1);
  expect(await outcomes(page)).toEqual(["laifang-share email", "laifang-shared email opened"]);
});

test("a cancelled share opens nothing, counts nothing and is the last that is heard of it", async ({ browser }) => {
  const { page, context, seen } = await open(browser);
  await page.evaluate(() => document.addEventListener("laifang-share", (event) => event.preventDefault()));
  for (const id of ["weibo", "wechat", "copy"]) await network(page, id).click();
  await page.waitForTimeout(300);
  expect(context.pages()).toHaveLength(1);
  await expect(page.getByRole("dialog")).toHaveCount(0);
  expect(await outcomes(page)).toEqual(["laifang-share weibo", "laifang-share wechat", "laifang-share copy"]);
  expect(seen.shares).toEqual([]);
});

test("the middle button opens a link and is told, and does nothing on a button", async ({ browser }) => {
  const { page, context } = await open(browser);
  const popup = context.waitForEvent("page");
  await network(page, "weibo").click({ button: "middle" });
  await popup;
  for (const id of ["copy", "wechat"]) await network(page, id).click({ button: "middle" });
  await network(page, "weibo").click({ button: "right" });
  await page.waitForTimeout(300);
  await expect(page.getByRole("dialog")).toHaveCount(0);
  expect(await outcomes(page)).toEqual(["laifang-share weibo", "laifang-shared weibo opened"]);
});

test("the address is read at the click: after a route change it is the new one", async ({ browser }) => {
  const { page, context, seen } = await open(browser);
  await page.evaluate(() => history.pushState({}, "", "/another?utm_source=x&id=7"));
  const popup = context.waitForEvent("page");
  await network(page, "weibo").click();
  await (await popup).waitForLoadState();
  expect(new URL(seen.outside[0]).searchParams.get("url")).toBe(pageUrl("/another?id=7"));
});

test("a network of the page's own stands where it is named, and opens its template", async ({ browser }) => {
  const body = `<laifang-share networks="weibo club copy" title="A & B" url="https://example.cn/?a=1"><a href="https://club.example/" data-network="club" data-template="https://club.example/new?t={title}&u={url}&x={image}"><svg viewBox="0 0 9 9" width="9" height="9"><path d="M0 0h9v9z"></path></svg>同好会</a></laifang-share>`;
  const { page, context, seen } = await open(browser, { body });
  expect(await page.locator("laifang-share [data-network]").evaluateAll((all) => all.filter((item) => item.getRootNode() !== document).map((item) => item.textContent.trim()))).toEqual(["微博", "同好会", "复制链接"]);
  const link = page.locator("laifang-share").locator('[part~="club"]');
  await expect(link).toHaveAttribute("href", "https://club.example/new?t=A%20%26%20B&u=https%3A%2F%2Fexample.cn%2F%3Fa%3D1");
  await expect(link.locator("svg")).toHaveCount(1);
  const popup = context.waitForEvent("page");
  await link.click();
  await popup;
  await expect.poll(() => seen.shares).toMatchObject([{ network: "club" }]);
  expect(seen.requests.some((url) => url.includes("/networks-"))).toBe(false);
});
