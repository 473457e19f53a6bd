// Six unlike old pages, before and after the tag: only the numbers differ. Pictures of both are left in tests/results.
import { test, expect } from "@playwright/test";
import iconv from "iconv-lite";
import { COUNTS } from "../pages/sentences.mjs";
import { startSite } from "../pages/site.mjs";

/** Name, encoding, what the page says before and after, and the page. */
const PAGES = [
  ["a portal of tables", "gb18030", "您是第 位来访者", "您是第 4321 位来访者",
    `<body bgcolor=#e8eef4><table width=760 align=center bgcolor=#ffffff><tr><td bgcolor=#b22222 height=60 align=center><font color=white size=6>云溪新闻网</font></td></tr>
     <tr><td><p>清江从山里出来，到了青石镇忽然慢下来。</p></td></tr><tr><td align=center bgcolor=#f5f0e6><font size=2>主办：云溪新闻社<br><font color=#8b1a1a>您是第 位来访者</font></font></td></tr></table>`],
  ["a school with an odometer of pictures", "big5", "您是第位訪客", "您是第4321位訪客",
    `<body><center><h2>青石國民小學</h2><hr width=80%>校址：青石鎮渡口路一號<br>您是第<img src=/dead/0.gif width=16 height=20><img src=/dead/1.gif width=16 height=20><img src=/dead/7.gif width=16 height=20>位訪客</center>`],
  ["an office with a dead counter", "utf-8", "您是本站第 位访客", "您是本站第 4321 位访客",
    `<body style="font:12px SimSun"><div style="width:700px;margin:auto;border:1px solid #06c"><div style="background:#06c;color:#fff;padding:8px">清江市图书馆</div><p>开放时间：八点到二十点</p>
     <p align=right>您是本站第 <img src="/dead/count.php?id=7" alt=""> 位访客</p></div>`],
  ["a blog with labels", "utf-8", "本站总访问量次 本文阅读 0 次", "本站总访问量20345次 本文阅读 12 次",
    `<body style="font:16px/1.8 sans-serif;max-width:600px;margin:40px auto"><h1>慢慢号</h1><p>孩子们给船起了个名字，用粉笔写在船头。</p><footer style="color:#888">本站总访问量<span id=busuanzi_value_site_pv></span>次 <span>本文阅读 <b>0</b> 次</span></footer>`],
  ["a home page in Japanese", "shift_jis", "あなたは 00017 人目の訪問者です", "あなたは 04321 人目の訪問者です",
    `<body bgcolor=#fff0f5><center><font size=5 color=#cc3366>★ わたしの渡し船 ★</font><br>since 1999<hr>あなたは <font color=red><b>00017</b></font> 人目の訪問者です</center>`],
  ["a home page in English", "utf-8", "You are visitor number 000042", "You are visitor number 004321",
    `<body bgcolor=black text=lime><center><h1>Welcome to the ferry page!</h1><table border=3><tr><td>You are visitor number <font face=courier color=yellow>000042</font></td></tr></table></center>`],
];

let site;
test.beforeAll(async () => {
  site = await startSite({
    reply: () => COUNTS,
    page(path) {
      const [, kind, index] = /^\/(before|after)\/(\d)$/.exec(path) ?? [];
      if (!kind) return null;
      const [, encoding, , , body] = PAGES[index];
      const tag = kind === "after" ? `<script async src="${site.widget()}"></script>` : "";
      const html = `<html><head><meta http-equiv=Content-Type content="text/html; charset=${encoding}"></head>${body}${tag}</body></html>`;
      return { html: iconv.encode(html, encoding), headers: { "Content-Type": "text/html" } };
    },
  });
});
test.afterAll(() => site.end());

PAGES.forEach(([name, , before, after], index) => {
  test(`${name} reads as before, with its numbers`, async ({ page }) => {
    await page.setViewportSize({ width: 800, height: 360 });
    const text = () => page.evaluate(() => document.body.innerText.replace(/\s+/g, " "));
    await page.goto(`${site.url}/before/${index}`);
    const original = await text();
    expect(original).toContain(before);
    await page.screenshot({ path: `tests/results/old-${index}-before.png` });
    await page.goto(`${site.url}/after/${index}`);
    await expect.poll(text).toBe(original.replace(before, after));
    await page.screenshot({ path: `tests/results/old-${index}-after.png` });
  });
});
