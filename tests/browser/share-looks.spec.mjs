// How the box looks and what it is called: every state under axe, names in four languages, sizes, colours.
// Pictures of each state are left in tests/results/looks.
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { mkdir } from "node:fs/promises";
import { network, open, serveBoxes } from "./share-page.mjs";

serveBoxes();

const LOOKS = "tests/results/looks";
const WECHAT = "Mozilla/5.0 (Linux; Android 14; Phone) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36 MicroMessenger/8.0.50.2701";
const PHONE = { hasTouch: true, isMobile: true, viewport: { width: 320, height: 640 }, deviceScaleFactor: 2 };
const ALL = '<laifang-share networks="all" with-counts></laifang-share>';
const BOX = "<laifang-share></laifang-share>";
const DARK_PAGE = "<meta name=color-scheme content='light dark'>";

const STATES = {
  light: { options: {} },
  dark: { head: DARK_PAGE, options: { colorScheme: "dark" } },
  "dark-system-light-page": { options: { colorScheme: "dark" } },
  "forced-colours": { options: { forcedColors: "active", colorScheme: "dark" } },
  "320px": { options: PHONE },
  wechat: { options: { ...PHONE, userAgent: WECHAT } },
  all: { body: ALL, options: {} },
  "all-dark": { body: ALL, head: DARK_PAGE, options: { colorScheme: "dark" } },
};

async function check(page, name) {
  await mkdir(LOOKS, { recursive: true });
  await page.screenshot({ path: `${LOOKS}/${name}.png` });
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), name).toEqual([]);
}

for (const [name, { body = BOX, head = "", options }] of Object.entries(STATES)) {
  test(`axe finds nothing in ${name}: the row, the dialog, after copying, after failing`, async ({ browser }) => {
    const { page } = await open(browser, { body: `<main><h1>古渡口修好了</h1><p>正文。</p>${body}</main>`, head, options: { viewport: { width: 900, height: 640 }, ...options } });
    if (body === ALL) await expect(network(page, "vk")).toBeVisible();
    await check(page, name);
    await network(page, "wechat").click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await page.getByRole("dialog").getByRole("button", { name: "复制链接" }).click();
    await expect(page.getByRole("dialog").getByRole("status")).toHaveText("链接已复制");
    await check(page, `${name}-dialog`);
    await page.keyboard.press("Escape");
    await network(page, "copy").click();
    await expect(page.locator("laifang-share").getByRole("status")).toHaveText("链接已复制");
    await check(page, `${name}-copied`);
    const width = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    expect(width[0]).toBeLessThanOrEqual(width[1]);
    await page.context().close();
  });
}

const NAMES = {
  "zh-Hans": ["分享到", ["微信", "微博", "QQ好友", "QQ空间", "豆瓣", "邮件", "复制链接", "打印", "LINE"], ["微信扫一扫，分享给好友或朋友圈", "复制链接", "保存图片", "关闭", "链接已复制"]],
  "zh-Hant": ["分享到", ["微信", "微博", "QQ好友", "QQ空間", "豆瓣", "電子郵件", "複製連結", "列印", "LINE"], ["用微信掃一掃，分享給好友或朋友圈", "複製連結", "儲存圖片", "關閉", "已複製連結"]],
  en: ["Share", ["WeChat", "Weibo", "QQ", "Qzone", "Douban", "Email", "Copy link", "Print", "LINE"], ["Scan with WeChat to share", "Copy link", "Save picture", "Close", "Link copied"]],
  ja: ["シェア", ["WeChat", "Weibo", "QQ", "Qzone", "Douban", "メール", "リンクをコピー", "印刷", "LINE"], ["WeChatでスキャンしてシェア", "リンクをコピー", "画像を保存", "閉じる", "リンクをコピーしました"]],
};
for (const [lang, [label, names, [scan, copy, save, close, copied]]] of Object.entries(NAMES)) {
  test(`a screen reader hears ${lang}`, async ({ browser }) => {
    const { page, box } = await open(browser, { lang, body: '<laifang-share networks="wechat weibo qq qzone douban email copy print line"></laifang-share>' });
    const group = page.getByRole("group", { name: label, exact: true });
    await expect(group).toHaveAttribute("lang", lang);
    const heard = await group.locator("[data-network]").evaluateAll((all) => all.map((item) => [item.tagName, item.dataset.network]));
    for (const [index, [tag, id]] of heard.entries()) {
      await expect(network(page, id)).toHaveRole(tag === "A" ? "link" : "button");
      await expect(network(page, id)).toHaveAccessibleName(names[index]);
    }
    expect(heard.filter(([tag]) => tag === "BUTTON").map(([, id]) => id)).toEqual(["wechat", "copy", "print"]);
    await page.getByRole("button", { name: names[0], exact: true }).click();
    const dialog = page.getByRole("dialog", { name: scan, exact: true });
    await expect(dialog.getByRole("img", { name: scan })).toBeVisible();
    await expect(dialog.getByRole("link", { name: save })).toBeVisible();
    await dialog.getByRole("button", { name: copy }).click();
    await expect(dialog.getByRole("status")).toHaveText(copied);
    await dialog.getByRole("button", { name: close }).click();
    await expect(box.getByRole("status")).toHaveAttribute("role", "status");
  });
}

test("without a tag of its language a page's characters decide, and a mainland page in Traditional gets WeChat first", async ({ browser }) => {
  const ids = (page) => page.locator("laifang-share [data-network]").evaluateAll((all) => all.map((item) => item.dataset.network).join(" "));
  for (const [head, body, lang, expected] of [
    ["<title>这个时候来说</title>", "", "zh-Hans", "wechat weibo qq qzone copy"],
    ["<title>這個時候來說</title>", "", "zh-Hant", "line facebook threads x copy"],
    ["<title>這個時候來說</title>", "雲ICP備00000000號", "zh-Hant", "wechat weibo line facebook threads x copy"],
    ["<title>渡し場が直った</title>", "", "ja", "facebook x linkedin email copy"],
    ["<title>The ferry is back</title>", "", "en", "facebook x linkedin email copy"],
  ]) {
    const { page } = await open(browser, { lang: "", head, body: `<p>${body}</p>${BOX}` });
    await expect(page.locator("laifang-share [part=box]")).toHaveAttribute("lang", lang);
    expect(await ids(page)).toBe(expected);
    await page.context().close();
  }
  const { page } = await open(browser, { body: '<laifang-share lang="en"></laifang-share>', attributes: 'data-lang="ja"' });
  await expect(page.locator("laifang-share [part=box]")).toHaveAttribute("lang", "en");
  const tagged = await open(browser, { attributes: 'data-lang="ja"' });
  await expect(tagged.page.locator("laifang-share [part=box]")).toHaveAttribute("lang", "ja");
});

test("a finger finds 44 pixels, and nothing is wider than 320", async ({ browser }) => {
  const { page } = await open(browser, { options: PHONE, body: ALL });
  await expect(network(page, "vk")).toBeVisible();
  const sizes = () => page.locator("laifang-share").evaluate((box) => Array.from(box.shadowRoot.querySelectorAll("a,button"), (item) => item.getBoundingClientRect()).map(({ width, height, right }) => [width, height, right]));
  await network(page, "wechat").click();
  for (const [width, height, right] of await sizes()) {
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(44);
    expect(right).toBeLessThanOrEqual(320);
  }
});

/** Contrast of two colours, as the guidelines compute it. */
function contrast(left, right) {
  const luminance = (colour) => {
    const [red, green, blue] = colour.match(/[\d.]+/g).map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [dark, light] = [luminance(left), luminance(right)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}
for (const colorScheme of ["light", "dark"]) {
  test(`in ${colorScheme} every name stands out 4.5 times from its ground, every icon 3 times`, async ({ browser }) => {
    const { page } = await open(browser, { head: DARK_PAGE, body: ALL, options: { colorScheme } });
    await expect(network(page, "vk")).toBeVisible();
    const colours = await page.locator("laifang-share").evaluate((box) => Array.from(box.shadowRoot.querySelectorAll("[data-network]"), (item) => [
      item.dataset.network, getComputedStyle(item).color, getComputedStyle(item).backgroundColor, getComputedStyle(item.querySelector("path")).fill]));
    expect(colours.length).toBeGreaterThan(20);
    for (const [id, text, ground, icon] of colours) {
      expect(contrast(text, ground), id).toBeGreaterThanOrEqual(4.5);
      expect(contrast(icon, ground), `${id}'s icon`).toBeGreaterThanOrEqual(3);
    }
  });
}

test("a page changes its looks by custom properties and parts", async ({ browser }) => {
  const head = "<style>laifang-share { --laifang-share-color: rgb(1, 2, 3); --laifang-share-background: rgb(250, 251, 252); --laifang-share-border: rgb(9, 9, 9); --laifang-share-radius: 0px; --laifang-share-size: 50px; --laifang-share-font-size: 20px } laifang-share::part(weibo) { letter-spacing: 3px } laifang-share::part(name) { text-transform: uppercase }</style>";
  const { page } = await open(browser, { head });
  expect(await network(page, "weibo").evaluate((item) => {
    const { color, backgroundColor, borderTopColor, borderTopLeftRadius, minHeight, fontSize, letterSpacing } = getComputedStyle(item);
    return { color, backgroundColor, borderTopColor, borderTopLeftRadius, minHeight, fontSize, letterSpacing, name: getComputedStyle(item.querySelector("[part=name]")).textTransform };
  })).toEqual({ color: "rgb(1, 2, 3)", backgroundColor: "rgb(250, 251, 252)", borderTopColor: "rgb(9, 9, 9)", borderTopLeftRadius: "0px", minHeight: "50px", fontSize: "20px", letterSpacing: "3px", name: "uppercase" });
});

test("in forced colours icons take the colour of their text", async ({ browser }) => {
  const { page } = await open(browser, { options: { forcedColors: "active" } });
  const [icon, text] = await network(page, "weibo").evaluate((item) => [getComputedStyle(item.querySelector("path")).fill, getComputedStyle(item).color]);
  expect(icon).toBe(text);
});
