// Boxes whose services are gone: ours in the same spot, with the same networks in the same order.
import { expect, test } from "@playwright/test";
import { boxOf, network, open, pageUrl, serveBoxes } from "./share-page.mjs";

serveBoxes();

export const DEAD = {
  "Baidu's": {
    html: '<div class="bdsharebuttonbox"><a href="#" class="bds_more" data-cmd="more"></a><a href="#" class="bds_tsina" data-cmd="tsina" title="分享到新浪微博"></a><a href="#" class="bds_weixin" data-cmd="weixin"></a><a href="#" class="bds_sqq" data-cmd="sqq"></a><a href="#" class="bds_tqq" data-cmd="tqq"></a><a href="#" class="bds_douban" data-cmd="douban"></a></div>',
    networks: ["more", "weibo", "wechat", "qq", "douban"],
  },
  "JiaThis's": {
    html: '<div class="jiathis_style"><span class="jiathis_txt">分享到：</span><a class="jiathis_button_qzone">QQ空间</a><a class="jiathis_button_tsina">新浪微博</a><a class="jiathis_button_weixin">微信</a><a class="jiathis_button_renren">人人网</a><a class="jiathis_button_copy">复制网址</a><a href="http://www.jiathis.com/share" class="jiathis jiathis_txt jtico jtico_jiathis">更多</a></div>',
    networks: ["qzone", "weibo", "wechat", "copy"],
  },
  "bShare's": {
    html: '<div class="bshare-custom"><a title="分享到QQ空间" class="bshare-qzone"></a><a title="分享到新浪微博" class="bshare-sinaminiblog"></a><a title="分享到微信" class="bshare-weixin"></a><a title="更多平台" class="bshare-more bshare-more-icon more-style-addthis"></a><span class="BSHARE_COUNT bshare-share-count">0</span></div>',
    networks: ["qzone", "weibo", "wechat", "more"],
  },
  "share.js's, with its sites": {
    html: '<div class="social-share" data-sites="wechat, qq, weibo,qzone" data-url="https://example.cn/7" data-title="标题" data-description="摘要" data-image="https://example.cn/7.png"></div>',
    networks: ["wechat", "qq", "weibo", "qzone"],
  },
  "share.js's, drawn": {
    html: '<div class="social-share share-component"><a class="social-share-icon icon-weibo" href="#"></a><a class="social-share-icon icon-qq" href="#"></a><a class="social-share-icon icon-wechat" href="javascript:"></a></div>',
    networks: ["weibo", "qq", "wechat"],
  },
  "JiaThis's of a size": {
    html: '<div class="jiathis_style_32x32"><a class="jiathis_button_weixin"></a><a class="jiathis_button_tsina"></a><a class="jiathis_counter_style"></a></div>',
    networks: ["wechat", "weibo"],
  },
  "JiaThis's oldest": { html: '<div id="ckepop"><a class="jiathis_button_tsina">微博</a><a class="jiathis_button_qzone">空间</a></div>', networks: ["weibo", "qzone"] },
  "Baidu's older": {
    html: '<div id="bdshare" class="bdshare_t bds_tools get-codes-bdshare"><a class="bds_qzone"></a><a class="bds_tsina"></a><span class="bds_more">更多</span><a class="shareCount"></a></div>',
    networks: ["qzone", "weibo", "more"],
  },
  "AddThis's": { html: '<div class="addthis_toolbox addthis_default_style"><a class="addthis_button_facebook"></a><a class="addthis_button_linkedin"></a></div>', networks: ["facebook", "linkedin"] },
  "JiaThis's streak, with names nobody knows": { html: '<div class="jiathis_streak"><a class="jiathis_button_tools_1"></a><a class="jiathis_button_tqq"></a></div>', networks: ["wechat", "weibo", "qq", "qzone", "copy"] },
  "bShare's, opened by a click": { html: '<div class="bsharePop"><a class="bshare-sinaminiblog"></a><a href="http://www.bshare.cn/share">更多</a></div>', networks: ["weibo"] },
  "AddThis's inline one": { html: '<div class="addthis_inline_share_toolbox_x1y2"></div>', networks: ["wechat", "weibo", "qq", "qzone", "copy"] },
  "AddThis's with sizes": { html: '<div class="addthis_sharing_toolbox"><a class="addthis_button_twitter"></a><a class="addthis_button_compact"></a></div>', networks: ["x", "more"] },
  "share.js's, without some": { html: '<div class="social-share" data-disabled="google, twitter,facebook,linkedin"></div>', networks: ["weibo", "qq", "wechat", "douban", "qzone"] },
  "share.js's, with sites and without some": { html: '<div class="social-share" data-sites="weibo,qq,qzone" data-disabled="qq"></div>', networks: ["weibo", "qzone"] },
  "one that says nothing": { html: '<div class="bdsharebuttonbox"></div>', networks: ["wechat", "weibo", "qq", "qzone", "copy"] },
};

for (const [kind, { html, networks }] of Object.entries(DEAD)) {
  for (const attributes of ["", "data-share"]) {
    test(`${kind} box is taken over where it stands${attributes && ", and no second one is placed"}`, async ({ browser }) => {
      const { page, seen } = await open(browser, { body: `<article><p>正文</p><p id=before>前</p>${html}<p id=after>后</p></article>`, attributes });
      await expect(boxOf(page)).toHaveCount(1);
      await expect(page.locator("#before + div > laifang-share")).toHaveCount(1);
      await expect(page.locator("#before + div + #after")).toHaveCount(1);
      await expect(page.locator("#before + div > :not(laifang-share):visible")).toHaveCount(0);
      await expect.poll(() => page.locator("laifang-share [data-network]").evaluateAll((all) => all.map((item) => item.dataset.network))).toEqual(networks);
      expect(seen.outside).toEqual([]);
      expect(seen.errors).toEqual([]);
    });
  }
}

test("what a share.js box was told is what is shared", async ({ browser }) => {
  const { page } = await open(browser, { body: DEAD["share.js's, with its sites"].html });
  const { searchParams } = new URL(await network(page, "qzone").getAttribute("href"));
  expect(Object.fromEntries(searchParams)).toEqual({ url: "https://example.cn/7", title: "标题", summary: "摘要", pics: "https://example.cn/7.png", site: "localhost" });
});

test("a share.js box has sites for phones, and words of its own for a network", async ({ browser }) => {
  const body = '<div class="social-share" data-sites="qzone" data-mobile-sites="weibo,douban" data-title="标题" data-weibo-title="微博标题" data-douban-url="https://example.cn/db"></div>';
  const { page } = await open(browser, { body, options: { hasTouch: true, isMobile: true } });
  const sent = async (id) => Object.fromEntries(new URL(await network(page, id).getAttribute("href")).searchParams);
  await expect(page.locator("laifang-share [data-network]")).toHaveCount(2);
  expect((await sent("weibo")).title).toBe("微博标题");
  expect(await sent("douban")).toMatchObject({ href: "https://example.cn/db", name: "标题" });
  await network(page, "weibo").dispatchEvent("click");
  expect((await sent("weibo")).title).toBe("微博标题");
});

for (const [kind, html] of Object.entries({
  "bShare's": '<a class="bshareDiv" id=old href="http://www.bshare.cn/share"><img alt="分享" src="http://static.bshare.cn/b.gif"></a>',
  "AddThis's": '<a class="addthis_button" id=old href="http://www.addthis.com/bookmark.php"><span>分享</span></a>',
})) {
  test(`${kind} button, a lone link, leads to our networks and no longer to the service`, async ({ browser }) => {
    const { page, seen } = await open(browser, { body: `<p>${html}</p>` });
    await expect(page.locator("#old > :not(laifang-share):visible")).toHaveCount(0);
    const opened = page.waitForEvent("popup");
    await network(page, "qzone").click();
    await (await opened).waitForURL(/^https:\/\/sns\.qzone\.qq\.com\//);
    await network(page, "wechat").click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await page.keyboard.press("Escape");
    await page.locator("#old").focus();
    await page.keyboard.press("Enter");
    await page.waitForTimeout(200);
    expect(page.url()).toBe(pageUrl());
    expect(seen.errors).toEqual([]);
    expect(seen.outside.filter((url) => /bshare\.cn\/share|addthis/.test(url))).toEqual([]);
  });
}

test("what the page has beside dead buttons keeps its neighbours, and buttons that come later are hidden too", async ({ browser }) => {
  const body = '<div class="social-share" id=old data-sites="weibo"><b id=like>赞 7</b><a class="social-share-icon icon-weibo" href="#"></a><a id=report href="/report">举报</a></div>';
  const { page } = await open(browser, { body });
  await expect(page.locator("#like + .icon-weibo + #report + laifang-share")).toBeVisible();
  await page.evaluate(() => document.querySelector("#old").insertAdjacentHTML("beforeend", '<a class="social-share-icon icon-qq" href="#">QQ</a><a id=late href="/late">后来</a>'));
  await expect(page.locator("#old > .icon-qq")).toBeHidden();
  await expect(page.locator("#late")).toBeVisible();
  await expect(page.locator("#like")).toBeVisible();
  await expect(boxOf(page)).toHaveCount(1);
});

test("boxes within a dead box are one box", async ({ browser }) => {
  const body = '<div id=ckepop><div class="jiathis_style"><a class="jiathis_button_tsina"></a><span>本站<button data-cmd="like">赞</button></span></div><a class="jiathis" href="http://www.jiathis.com/share">更多</a></div>';
  const { page } = await open(browser, { body });
  await expect(boxOf(page)).toHaveCount(1);
  await expect(page.getByRole("button", { name: "赞" })).toBeVisible();
  expect(await page.locator("#ckepop .jiathis_button_tsina, #ckepop .jiathis").evaluateAll((all) => all.map((item) => getComputedStyle(item).display))).toEqual(["none", "none"]);
});

test("a dead box that comes later is taken over too", async ({ browser }) => {
  const { page } = await open(browser);
  await page.evaluate((html) => document.body.insertAdjacentHTML("beforeend", html), DEAD["Baidu's"].html);
  await expect(boxOf(page)).toHaveCount(2);
  await expect(page.locator(".bdsharebuttonbox > laifang-share")).toHaveCount(1);
});

const FULL = `<div class="bdsharebuttonbox" id=old>分享：<a class="bds_weixin" data-cmd="weixin"></a><a class="bds_tsina" data-cmd="tsina"></a>
  <a href="#report" id=report>举报</a><span class="bds_tools2"><button id=like>赞 <b>7</b></button></span></div>`;

test("nothing of the page's own in a dead box is removed, moved or hidden, and whoever made it may take it away", async ({ browser }) => {
  const remember = (page) =>
    page.addInitScript(() => {
      addEventListener("DOMContentLoaded", () => {
        const old = document.querySelector("#old");
        window.places = [old, ...old.querySelectorAll("*")].flatMap((element) => [element, ...element.childNodes]).map((node) => [node, node.parentNode, node.previousSibling]);
      });
    });
  const { page, seen } = await open(browser, { body: `<main id=root>${FULL}</main>`, prepare: remember });
  await expect(page.locator("#old > laifang-share")).toBeVisible();
  expect(await page.evaluate(() => window.places.every(([node, parent, before]) => node.parentNode === parent && node.previousSibling === before))).toBe(true);
  await expect(page.locator("#report")).toBeVisible();
  await expect(page.locator("#like")).toBeVisible();
  await expect(page.locator("#old > [data-cmd]:visible")).toHaveCount(0);
  await page.evaluate(() => document.querySelector("#root").removeChild(window.places[0][0]));
  await expect(boxOf(page)).toHaveCount(0);
  expect(seen.errors).toEqual([]);
});

test("a dead box that the page hides stays hidden until the page shows it", async ({ browser }) => {
  const { page } = await open(browser, { body: `<div id=hidden style="display:none">${DEAD["Baidu's"].html}</div>` , wait: false });
  await expect(page.locator("#hidden laifang-share")).toHaveCount(1);
  await expect(page.locator("#hidden laifang-share")).toBeHidden();
  await page.evaluate(() => (document.querySelector("#hidden").style.display = ""));
  await expect(page.locator("#hidden laifang-share")).toBeVisible();
});

test("a page without a box, and without a wish for one, fetches nothing of it", async ({ browser }) => {
  const { page, seen } = await open(browser, { body: "<article>正文</article>", wait: false });
  await page.waitForFunction(() => window.laifang?.ready);
  await page.evaluate(() => window.laifang.ready.catch(() => {}));
  await page.waitForTimeout(500);
  expect(seen.requests.filter((url) => /\/(share|networks)-/.test(url))).toEqual([]);
});

test("a box works in whatever order element, script and children come, and twice over", async ({ browser }) => {
  const { page, seen } = await open(browser, { prepare: (page) => page.addInitScript(() => {
    document.addEventListener("DOMContentLoaded", () => {
      const again = document.querySelector("script[src]").cloneNode();
      document.body.append(again);
    });
  }) });
  await page.evaluate(() => {
    const box = document.createElement("laifang-share");
    box.setAttribute("networks", "weibo club");
    document.body.append(box);
    box.innerHTML = '<a data-network="club" href="https://club.example/" data-template="https://club.example/?u={url}">同好会</a>';
  });
  await expect(page.locator('laifang-share >> [part~="club"]')).toHaveText("同好会");
  await page.evaluate(() => {
    document.querySelector("laifang-share").innerHTML = '<a data-network="late" href="https://late.example/" data-template="https://late.example/?u={url}">后来的</a>';
  });
  await expect(page.locator('laifang-share >> [part~="late"]')).toHaveText("后来的");
  await expect(boxOf(page)).toHaveCount(2);
  expect(seen.errors).toEqual([]);
  expect(seen.requests.filter((url) => /\/share-.*\.js$/.test(url))).toHaveLength(1);
});

test("a box that is moved is still one box", async ({ browser }) => {
  const { page } = await open(browser, { body: "<p id=end></p><laifang-share></laifang-share>" });
  expect(await page.evaluate(async () => {
    const box = document.querySelector("laifang-share");
    for (let times = 0; times < 5; times++) document.querySelector("#end").append(box);
    let built = 0;
    new MutationObserver((changes) => (built += changes.filter(({ addedNodes }) => addedNodes[0]?.getAttribute?.("part") === "box").length)).observe(box.shadowRoot, { childList: true });
    box.append("x");
    await new Promise((done) => setTimeout(done, 200));
    return built;
  })).toBe(1);
});

test("children stand for the box until it is there, and stay where scripts don't run", async ({ browser }) => {
  const body = '<laifang-share><a href="/share-by-mail">用邮件分享</a></laifang-share>';
  const { page } = await open(browser, { body, options: { javaScriptEnabled: false }, wait: false, prepare: null });
  await expect(page.getByRole("link", { name: "用邮件分享" })).toBeVisible();
  const working = await open(browser, { body });
  await expect(working.page.getByRole("link", { name: "用邮件分享" })).toBeHidden();
});
