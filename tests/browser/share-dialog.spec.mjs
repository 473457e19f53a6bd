// The WeChat dialog and the other actions: by keyboard, on a phone, inside other apps, on plain http, and
// in browsers that lack what it is built on.
import { expect, test } from "@playwright/test";
import { network, open, outcomes, pageUrl, serveBoxes } from "./share-page.mjs";

serveBoxes();

const ANDROID = "Mozilla/5.0 (Linux; Android 14; Phone) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36";
const WECHAT = `${ANDROID} MMWEBID/1 MicroMessenger/8.0.50.2701 WeChat/arm64 Weixin`;
const QQ = `${ANDROID} V1_AND_SQ_9.0 QQ/9.0.60`;
const WEIBO = `${ANDROID} Weibo (phone__weibo__14.8.0__android)`;
const phone = (userAgent = ANDROID) => ({ userAgent, viewport: { width: 375, height: 700 }, hasTouch: true, isMobile: true });
const focused = (page) => page.evaluate(() => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element?.textContent;
});
const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());
const withClipboard = (page, context) => context.grantPermissions(["clipboard-read", "clipboard-write"]);

test("by keyboard alone: along the row, into the dialog, around it, out, and back to where one was", async ({ browser }) => {
  const { page } = await open(browser, { prepare: withClipboard });
  for (const name of ["微信", "微博", "QQ好友", "QQ空间", "复制链接"]) {
    await page.keyboard.press("Tab");
    expect(await focused(page)).toBe(name);
  }
  for (let times = 0; times < 4; times++) await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeVisible();
  expect(await focused(page)).toBe("复制链接");
  await page.keyboard.press("Space");
  await expect(page.getByRole("dialog").getByRole("status")).toHaveText("链接已复制");
  expect(await clipboard(page)).toBe(pageUrl());
  await page.keyboard.press("Tab");
  expect(await focused(page)).toBe("保存图片");
  await page.keyboard.press("Tab");
  expect(await focused(page)).toBe("关闭");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  expect(await focused(page)).toBe("微信");
  await page.keyboard.press("Space");
  await page.keyboard.press("Shift+Tab");
  await page.getByRole("dialog").getByRole("button", { name: "关闭" }).press("Enter");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  expect(await focused(page)).toBe("微信");
  expect((await outcomes(page)).filter((line) => line.includes("copied"))).toEqual(["laifang-shared copy copied"]);
});

test("a click on the backdrop closes, one inside does not", async ({ browser }) => {
  const { page } = await open(browser);
  await network(page, "wechat").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("微信扫一扫").click();
  await expect(dialog).toBeVisible();
  await page.mouse.click(5, 5);
  await expect(dialog).toHaveCount(0);
  expect(await focused(page)).toBe("微信");
});

test("the address stands as text that one click selects whole", async ({ browser }) => {
  const { page } = await open(browser);
  await network(page, "wechat").click();
  await page.locator("laifang-share [part=address]").click();
  expect(await page.evaluate(() => getSelection().toString())).toBe(pageUrl());
});

test("on a phone outside WeChat the link is copied and WeChat opened; there is nothing to scan", async ({ browser }) => {
  const { page } = await open(browser, { options: phone(), prepare: withClipboard });
  await network(page, "wechat").click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("先复制链接，再打开微信粘贴给好友");
  await expect(dialog.locator("canvas,img")).toHaveCount(0);
  await dialog.getByRole("button", { name: "复制链接" }).click();
  await expect(dialog.getByRole("status")).toHaveText("链接已复制");
  expect(await clipboard(page)).toBe(pageUrl());
  await expect(dialog.getByRole("link", { name: "打开微信" })).toHaveAttribute("href", "weixin://");
});

const VIVO = "Mozilla/5.0 (Linux; Android 14; V2309A Build/UP1A.231005.007";
const SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";
const READERS = {
  "Chrome on Android": [`${VIVO}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36`, 1],
  "Safari": [`${SAFARI} Version/17.5 Mobile/15E148 Safari/604.1`, 1],
  "the QQ browser": [`${VIVO}) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/109.0.5414.86 MQQBrowser/15.1 Mobile Safari/537.36`, 1],
  "an app's WebView on Android": [`${VIVO}; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.0.0 Mobile Safari/537.36`, 0],
  "an app's WebView on iOS": [`${SAFARI} Mobile/15E148`, 0],
  "Alipay": [`${VIVO}) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/100.0.4896.58 UWS/5.12.3 Mobile Safari/537.36 UCBS/5.12 NebulaSDK/1.8 AlipayDefined AliApp(AP/10.6.0) AlipayClient/10.6.0`, 0],
  "Toutiao": [`${VIVO}) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/100.0 Mobile Safari/537.36 NewsArticle/9.8.0`, 0],
  "Baidu's app": [`${VIVO}) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/97.0 Mobile Safari/537.36 T7/13.60 baiduboxapp/13.60.0.10`, 0],
};
for (const [kind, [agent, links]] of Object.entries(READERS)) {
  test(`in ${kind} the dialog ${links ? "opens" : "has no link to"} WeChat`, async ({ browser }) => {
    const { page } = await open(browser, { options: phone(agent) });
    await network(page, "wechat").click();
    await expect(page.getByRole("dialog").getByRole("button", { name: "复制链接" })).toBeVisible();
    await expect(page.getByRole("link", { name: "打开微信" })).toHaveCount(links);
  });
}

test("a second tap while the device's sheet is open is no failure", async ({ browser }) => {
  const prepare = (page) => page.addInitScript(() => {
    let isOpen;
    navigator.share = () => {
      if (isOpen) return Promise.reject(new DOMException("An earlier share has not yet completed.", "InvalidStateError"));
      isOpen = true;
      return new Promise((done) => setTimeout(done, 1000));
    };
  });
  const { page, seen } = await open(browser, { body: '<laifang-share networks="native copy"></laifang-share>', prepare });
  await network(page, "native").click();
  await network(page, "native").click();
  await expect.poll(() => outcomes(page)).toEqual(["laifang-share native", "laifang-share native", "laifang-shared native dismissed", "laifang-shared native shared"]);
  await expect(page.locator("laifang-share [part=status]")).toHaveText("");
  expect(seen.shares).toHaveLength(1);
});

test("inside WeChat the menu is pointed at, and a plain picture can be pressed", async ({ browser }) => {
  const { page } = await open(browser, { options: phone(WECHAT) });
  await network(page, "wechat").click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("点击右上角“…”，分享给好友或朋友圈");
  await expect(dialog.locator("img")).toHaveAttribute("src", /^data:image\/png/);
  await expect(dialog.locator("canvas")).toHaveCount(0);
  await expect(dialog).toContainText("长按图片保存");
  await expect(dialog.getByRole("link")).toHaveCount(0);
});

for (const [name, userAgent] of Object.entries({ QQ, Weibo: WEIBO })) {
  test(`inside ${name} the menu is pointed at and the link can be copied`, async ({ browser }) => {
    const { page } = await open(browser, { options: phone(userAgent) });
    await network(page, "wechat").click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText("点击右上角“…”");
    await expect(dialog.locator("canvas,img")).toHaveCount(0);
    await expect(dialog.getByRole("link")).toHaveCount(0);
    await expect(dialog.getByRole("button", { name: "复制链接" })).toBeVisible();
  });
}

test("on plain http, without a clipboard API, the link is copied all the same", async ({ browser }) => {
  const { page } = await open(browser, { host: "demo.test", body: "<laifang-share></laifang-share><textarea id=paste></textarea>" });
  expect(await page.evaluate(() => navigator.clipboard)).toBeUndefined();
  for (const where of ["row", "dialog"]) {
    if (where === "dialog") await network(page, "wechat").click();
    const ground = where === "dialog" ? page.getByRole("dialog") : page;
    await ground.getByRole("button", { name: "复制链接" }).click();
    await expect(ground.getByRole("status")).toHaveText("链接已复制");
    expect(await focused(page)).toBe("复制链接");
    if (where === "dialog") await page.keyboard.press("Escape");
    await page.locator("#paste").fill("");
    await page.locator("#paste").press("Control+V");
    await expect(page.locator("#paste")).toHaveValue(pageUrl("/article", "demo.test"));
  }
  await expect(page.locator("laifang-share textarea")).toHaveCount(0);
});

test("a copy that is refused says so", async ({ browser }) => {
  const { page, seen } = await open(browser, { prepare: (page) => page.addInitScript(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error("no"));
    document.execCommand = () => false;
  }) });
  await network(page, "copy").click();
  await expect(page.locator("laifang-share").getByRole("status")).toHaveText("没能完成，请重试");
  expect(await outcomes(page)).toEqual(["laifang-share copy", "laifang-shared copy failed"]);
  expect(seen.shares).toEqual([]);
});

const sharing = (answer) => (page) => page.addInitScript((answer) => {
  navigator.share = (data) => {
    window.handed = data;
    return answer ? Promise.reject(new DOMException("", answer)) : Promise.resolve();
  };
}, answer);
for (const [answer, outcome] of [["", "shared"], ["AbortError", "dismissed"], ["NotAllowedError", "failed"]]) {
  test(`what the device's own sheet comes to is told truthfully: ${outcome}`, async ({ browser }) => {
    const { page, seen } = await open(browser, { options: phone(), prepare: sharing(answer), body: '<laifang-share title="T" summary="S"></laifang-share>' });
    await expect(page.locator("laifang-share [data-network]").first()).toHaveAttribute("data-network", "native");
    await network(page, "native").click();
    await expect.poll(() => outcomes(page)).toEqual(["laifang-share native", `laifang-shared native ${outcome}`]);
    expect(await page.evaluate(() => window.handed)).toEqual({ title: "T", text: "S", url: pageUrl() });
    await expect(page.locator("laifang-share").getByRole("status")).toHaveText(outcome === "failed" ? "没能完成，请重试" : "");
    await expect.poll(() => seen.shares.length).toBe(outcome === "shared" ? 1 : 0);
  });
}

test("print prints, and more shows the rest with the focus on the first of it", async ({ browser }) => {
  const { page } = await open(browser, { body: '<laifang-share networks="weibo print more"></laifang-share>', prepare: (page) => page.addInitScript(() => (window.print = () => (window.printed = true))) });
  await network(page, "print").click();
  expect(await page.evaluate(() => window.printed)).toBe(true);
  expect(await outcomes(page)).toEqual(["laifang-share print", "laifang-shared print opened"]);
  await network(page, "more").press("Enter");
  await expect(network(page, "more")).toHaveCount(0);
  expect(await page.locator("laifang-share [data-network]").count()).toBeGreaterThan(20);
  expect(await focused(page)).toBe("微信");
});

test("where dialogs are not built in, focus moves in, stays, and returns all the same", async ({ browser }) => {
  const { page } = await open(browser, { prepare: (page) => page.addInitScript(() => {
    for (const name of ["showModal", "close", "show"]) delete HTMLDialogElement.prototype[name];
  }) });
  await network(page, "wechat").focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog).toBeVisible();
  await expect(dialog).toHaveAttribute("aria-modal", "true");
  expect(await focused(page)).toBe("复制链接");
  await page.keyboard.press("Shift+Tab");
  expect(await focused(page)).toBe("关闭");
  await page.keyboard.press("Tab");
  expect(await focused(page)).toBe("复制链接");
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  expect(await focused(page)).toBe("微信");
});
