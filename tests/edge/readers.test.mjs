// People who read inside apps are people, crawlers are robots: a table of real user agents.
import { test } from "node:test";
import assert from "node:assert/strict";
import { isRobot } from "../../edge/src/readers.js";

const ANDROID = "Mozilla/5.0 (Linux; Android 12; V2131A Build/SP1A.210812.003; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/116.0.0.0 Mobile Safari/537.36";
const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 16_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148";
const ALIPAY = "Nebula AlipayDefined(nt:WIFI,ws:393|0|2.75) AliApp(AP/10.2.51.6000) AlipayClient/10.2.51.6000 Language/zh-Hans Region/CN";

const PEOPLE = [
  ["Toutiao, Android", `${ANDROID} JsSdk/2 NewsArticle/8.9.5 NetType/wifi`],
  ["Toutiao, iOS", `${IPHONE} NewsArticle/8.6.4.17 JsSdk/2.0 NetType/WIFI (NewsLite 8.6.4 15.400000)`],
  ["Tencent News, Android", `${ANDROID} qqnews/7.0.30 (android)`],
  ["Tencent News, iOS", `${IPHONE} qqnews/6.8.50`],
  ["NetEase News, Android", `${ANDROID} NewsApp/95.1 NRC/wifi`],
  ["NetEase News, iOS", `${IPHONE} NewsApp/95.1 Version/16.0`],
  ["Sohu News, Android", `${ANDROID} SohuNews/6.7.2 BuildCode/159`],
  ["Sohu News, iOS", `${IPHONE} SohuNews/7.0.1`],
  ["Sina News, iOS", `${IPHONE} sinanews/7.27`],
  ["ifeng News, Android", `${ANDROID} ifengnews/7.17.0`],
  ["Alipay, Android", `${ANDROID} UCBS/3.22.2.28_1 ${ALIPAY}`],
  ["Alipay, iOS", `${IPHONE} Ariver/1.1.0 ${ALIPAY} NebulaX/1.0.0`],
  ["Sogou's browser, Android", `${ANDROID} SogouMSE,SogouMobileBrowser/5.28.9`],
  ["Sogou's browser, iOS", `${IPHONE} Version/14.0 SogouMSE SogouMobileBrowser/6.0 Safari/604.1`],
  ["the Google app, iOS", `${IPHONE} com.google.GoogleMobile/270.0`],
  ["the Google app, GSA", `${IPHONE} GSA/175.0.395384083 Safari/604.1`],
  ["WeChat, Android", `${ANDROID} XWEB/1160065 MMWEBSDK/20231202 MicroMessenger/8.0.47.2560(0x28002F30) WeChat/arm64 Weixin NetType/WIFI Language/zh_CN`],
  ["WeChat, iOS", `${IPHONE} MicroMessenger/8.0.42(0x18002a2f) NetType/WIFI Language/zh_CN`],
  ["Weibo", `${IPHONE} Weibo (iPhone13,2__weibo__12.7.2__iphone__os15.5)`],
  ["QQ", `${ANDROID} V1_AND_SQ_8.9.80_4614_YYB_D QQ/8.9.80.12440 NetType/WIFI`],
  ["Baidu's app", `${ANDROID} T7/13.9 SP-engine/2.36.0 baiduboxapp/13.9.0.12 (Baidu; P1 10) NABar/1.0`],
  ["Douyin", `${ANDROID} aweme.app/21.5 BytedanceWebview/d8a21c6`],
  ["Xiaohongshu", `${IPHONE} xiaohongshu/7.60 discover/7.60 NetType/WiFi`],
  ["DingTalk", `${IPHONE} AliApp(DingTalk/6.5.10) com.laiwang.DingTalk/22366810 language/zh-Hans-CN`],
  ["Quark", `${ANDROID} Quark/5.9.3.228`],
  ["UC", `${ANDROID} UCBrowser/13.4.2.1122`],
  ["Firefox on a desktop", "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"],
  ["Safari on a Mac", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15"],
];
const ROBOTS = [
  ["Sogou's crawler", "Sogou web spider/4.0(+http://www.sogou.com/docs/help/webmasters.htm#07)"],
  ["Sogou's crawler as a phone", `${ANDROID} Sogou wap spider/4.0(+http://www.sogou.com/docs/help/webmasters.htm#07)`],
  ["Sogou's news crawler with its browser's token", `${ANDROID} SogouMSE Sogou News Spider/4.0`],
  ["Bytespider as a phone", `${ANDROID} Bytespider; spider-feedback@bytedance.com`],
  ["Bytespider with Toutiao's token", `${ANDROID} NewsArticle/8.9.5 Bytespider`],
  ["ToutiaoSpider", "Mozilla/5.0 (compatible; ToutiaoSpider/1.0; http://web.toutiao.com/media_cooperation/)"],
  ["Toutiao's token without a browser", "NewsArticle/8.6.4 CFNetwork/1333.0.4 Darwin/21.5.0"],
  ["the Google app's fetcher", "com.google.GoogleMobile/270.0 iPhone/16.5 hw/iPhone14_5"],
  ["Googlebot", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"],
  ["Googlebot as a phone", `${ANDROID} (compatible; Googlebot/2.1; +http://www.google.com/bot.html)`],
  ["Googlebot for news", "Googlebot-News"],
  ["Baiduspider", "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)"],
  ["Baiduspider as a phone", `${IPHONE} (compatible; Baiduspider-render/2.0; +http://www.baidu.com/search/spider.html)`],
  ["360Spider", `${ANDROID} 360Spider`],
  ["YisouSpider", `${IPHONE} YisouSpider/5.0 Safari/602.1`],
  ["PetalBot", `${ANDROID} (compatible;PetalBot;+https://webmaster.petalsearch.com/site/petalbot)`],
  ["bingbot", "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/116.0.1938.76 Safari/537.36"],
  ["a news reader's fetcher", "Mozilla/5.0 (compatible; news-please/1.5; +https://github.com/fhamborg/news-please)"],
  ["headless Chrome", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36"],
  ["curl", "curl/8.5.0"],
  ["Python", "python-requests/2.31.0"],
];

test("people who read inside apps are people", () => {
  for (const [name, userAgent] of PEOPLE) assert.equal(isRobot(userAgent), false, name);
});

test("crawlers are robots, those with an app's words in their name too", () => {
  for (const [name, userAgent] of ROBOTS) assert.equal(isRobot(userAgent), true, name);
});
