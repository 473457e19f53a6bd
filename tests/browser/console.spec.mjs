// The owner's console in real Chromium on the real Worker: the door, and the numbers behind it.
import { readFile } from "node:fs/promises";
import { eventually, startWorker } from "../edge/worker.mjs";
import { addDays, axe, english, expect, freshWorker, makeCounts, open, openSite, part, signIn, simplified, SITE, test, tile, TOKEN, visitor, WORDS } from "./console_page.mjs";

const session = freshWorker();

test.describe("what it is made of", () => {
  const shapeOf = (value) => (typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)])) : typeof value);

  test("every language has every word", () => {
    for (const words of Object.values(WORDS)) expect(shapeOf(words)).toEqual(shapeOf(english));
  });

  test("it has no inline script or style, may not be framed, and takes no HTML", async ({ page }) => {
    const response = await open(page, session);
    const policy = response.headers()["content-security-policy"];
    for (const rule of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"]) {
      expect(policy.split("; ")).toContain(rule);
    }
    expect(response.headers()["access-control-allow-origin"]).toBeUndefined();
    const html = await readFile(new URL("../../www/console/index.html", import.meta.url), "utf8");
    expect(html).not.toMatch(/<style|style=|<script(?![^>]*src=)|\son\w+=/);
    const refused = await page.evaluate(() => {
      try {
        document.body.innerHTML = "<b>x</b>";
        return false;
      } catch {
        return true;
      }
    });
    expect(refused).toBe(true);
    session.troubles.length = 0;
  });

  test("/console leads there, and the first language is the browser's", async ({ browser }) => {
    for (const [locale, language] of [["zh-TW", "zh-Hant"], ["zh-CN", "zh-Hans"], ["fr-FR", "en"]]) {
      const context = await browser.newContext({ locale });
      const page = await context.newPage();
      await page.goto(`${session.worker.host.url}/console`);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(WORDS[language].signIn.title);
      expect(await page.locator("html").getAttribute("lang")).toBe(language);
      expect(await page.title()).toBe(WORDS[language].title);
      await context.close();
    }
  });
});

test.describe("the token", () => {
  test("is asked for, is kept in memory only, and is asked for again after a reload", async ({ page }) => {
    await signIn(page, session, "en&site=" + SITE);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(SITE);
    const kept = await page.evaluate(async () => JSON.stringify([
      location.href, document.cookie, { ...localStorage }, { ...sessionStorage }, await indexedDB.databases(), await caches.keys(), history.state, document.body.innerHTML,
    ]));
    expect(kept).not.toContain(TOKEN);
    await page.reload();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Sign in");
    await page.getByLabel("Owner's token").fill(TOKEN);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(SITE);
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(page.getByLabel("Owner's token")).toHaveValue("");
  });

  for (const [language, words] of Object.entries(WORDS)) {
    test(`a wrong one gets a sentence that says what to do (${language})`, async ({ page }) => {
      await signIn(page, session, language, "not-the-token");
      await expect(page.getByRole("alert")).toHaveText(words.troubles.wrongToken());
      await expect(page.locator("input[type=password]")).toBeFocused();
      expect(await axe(page)).toEqual([]);
    });
  }

  for (const [language, words] of Object.entries(WORDS)) {
    test(`after too many wrong ones the right one has to wait (${language})`, async ({ page }) => {
      for (let i = 0; i < 10; i++) expect((await session.worker.owner("GET", { token: `guess-${i}` })).status).toBe(401);
      await signIn(page, session, language);
      await expect(page.getByRole("alert")).toHaveText(words.troubles.tooManyGuesses());
    });
  }

  test("none at all, a Worker without one, and one that changed meanwhile", async ({ page }) => {
    await open(page, session);
    await page.keyboard.press("Tab");
    await page.getByRole("button", { name: "Sign in" }).press("Enter");
    await expect(page.getByRole("alert")).toHaveText(english.signIn.empty);
    await openSite(page, session);
    await expect(tile(page, "Views")).toHaveText("0");
    await page.route("**/v1/sites/*/stats*", (route) => route.fulfill({ status: 401, contentType: "application/problem+json", body: '{"code":"unauthorized","detail":"no"}' }));
    // Not `check`: the radio is gone once the answer is there.
    await page.getByRole("radio", { name: "365 days" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Sign in");
    await expect(page.getByRole("alert")).toHaveText(english.troubles.wrongToken());
    await session.worker.end();
    session.worker = await startWorker({ dev: true, vars: { ADMIN_TOKEN: "" } });
    await signIn(page, session);
    await expect(page.getByRole("alert")).toHaveText(english.troubles.noToken());
  });
});

test.describe("a Worker that is down", () => {
  test("says so at the door", async ({ page }) => {
    await open(page, session, "zh-Hans");
    await session.worker.kill();
    await page.getByLabel("管理密钥").fill(TOKEN);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("alert")).toHaveText(simplified.troubles.unreachable());
  });

  test("leaves the last numbers standing, and says that", async ({ page }) => {
    await makeCounts(session);
    await page.clock.install();
    await openSite(page, session);
    await expect(tile(page, "Views")).toHaveText("4");
    await session.worker.kill();
    await page.clock.runFor(11_000);
    await expect(part(page, "Now").getByRole("alert")).toHaveText(english.live.lost(english.troubles.unreachable()));
    await expect(tile(page, "Views")).toHaveText("4");
  });

  test("is told from something else that answers in its place", async ({ page }) => {
    await page.route("**/v1/sites", (route) => route.fulfill({ status: 521, contentType: "text/html", body: "<h1>Web server is down</h1>" }));
    await signIn(page, session);
    await expect(page.getByRole("alert")).toHaveText(english.troubles.down({ status: 521 }));
    await page.unroute("**/v1/sites");
    await page.route("**/v1/sites", (route) => route.fulfill({ status: 200, contentType: "text/html", body: "<h1>Welcome to nginx</h1>" }));
    await page.keyboard.press("Enter");
    await expect(page.getByRole("alert")).toHaveText(english.troubles.down({ status: 200 }));
  });
});

const today = () => new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format(new Date());
const dayBefore = (date, days) => new Date(Date.parse(date) - days * 86_400_000).toISOString().slice(0, 10);

/** How many dots of a colour the chart has. */
const inkOf = (page, name) => page.evaluate((property) => {
  const canvas = document.querySelector("canvas");
  const wanted = getComputedStyle(canvas).getPropertyValue(property).trim().match(/\w\w/g).map((hex) => parseInt(hex, 16));
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let dots = 0;
  for (let at = 0; at < data.length; at += 4) dots += wanted.every((value, channel) => Math.abs(data[at + channel] - value) < 24) && data[at + 3] > 200;
  return dots;
}, name);

test.describe("numbers", () => {
  test("are those that were counted", async ({ page }) => {
    await makeCounts(session);
    await openSite(page, session);
    for (const [name, number] of [["Online now", 3], ["Visitors today", 3], ["Views today", 4], ["Visitors", 3], ["Views", 4]]) {
      await expect(tile(page, name)).toHaveText(String(number));
    }
    const rows = part(page, "Pages").getByRole("row");
    await expect(rows.nth(1)).toHaveText("/a332");
    await expect(rows.nth(2)).toHaveText("/中/b110");
    await expect(part(page, "Pages").getByRole("status").last()).toHaveText("2 pages.");
    await expect(part(page, "Shares by network").getByRole("row")).toHaveText([/Network/, /Weibo150%/, /WeChat150%/].sort());
    await expect(part(page, "Days").getByRole("row").nth(1)).toContainText(/\(today so far\)430$/);
  });

  test("are listed for every site that may count", async ({ page }) => {
    await makeCounts(session);
    await eventually(async () => expect((await session.worker.counts()).site.views).toBe(4));
    await signIn(page, session);
    const rows = page.getByRole("row");
    await expect(rows.filter({ hasText: SITE })).toContainText("343");
    await expect(rows.filter({ hasText: "demo.test" })).toContainText("–––nothing published yet");
    await page.getByRole("link", { name: SITE }).click();
    await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
    await page.getByRole("link", { name: "All sites" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Sites");
  });

  test("of hosts that only a pattern allows come with their first page", async ({ page }) => {
    await session.worker.end();
    session.worker = await startWorker({ vars: { SITES: "*.example.cn" } });
    await signIn(page, session);
    await expect(page.getByText(english.sites.waiting("*.example.cn"))).toBeVisible();
    await session.worker.hit({ url: "https://blog.example.cn/" });
    await eventually(async () => expect((await session.worker.counts("site=blog.example.cn")).site.views).toBe(1));
    await page.reload();
    await signIn(page, session);
    await expect(page.getByRole("link", { name: "blog.example.cn" })).toBeVisible();
    await open(page, session, "en&site=other.test");
    await expect(part(page, "Now").getByRole("alert")).toHaveText(english.troubles.notListed());
  });

  test("are renewed every ten seconds, but not while nobody looks or while they are paused", async ({ page }) => {
    await page.clock.install();
    let asked = 0;
    page.on("request", (request) => (asked += request.url().endsWith(`/v1/sites/${SITE}`)));
    await openSite(page, session);
    await expect(tile(page, "Views")).toHaveText("0");
    await makeCounts(session);
    await page.clock.runFor(10_000);
    await expect(tile(page, "Views")).toHaveText("4");
    const look = (hidden) => page.evaluate((isHidden) => {
      Object.defineProperty(document, "hidden", { configurable: true, value: isHidden });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
    const before = asked;
    await look(true);
    await page.clock.runFor(60_000);
    expect(asked).toBe(before);
    await look(false);
    await expect.poll(() => asked).toBe(before + 1);
    await page.getByRole("button", { name: "Pause" }).click();
    await page.clock.runFor(60_000);
    expect(asked).toBe(before + 1);
    await page.getByRole("button", { name: "Pause" }).click();
    await expect.poll(() => asked).toBe(before + 2);
  });

  test("of 7, 30 and 365 days stand in a chart and in a table beside it", async ({ page }) => {
    const days = Array.from({ length: 729 }, (_, back) => ({ date: dayBefore(today(), back + 1), views: 500 + back, visitors: 200 + back }));
    await addDays(session, [...days].reverse());
    await openSite(page, session);
    for (const range of [7, 30, 365]) {
      await page.getByRole("radio", { name: `${range} days`, exact: true }).check();
      const rows = part(page, "Days").getByRole("row");
      await expect(rows).toHaveCount(range + 1);
      await expect(rows.nth(2)).toContainText(new RegExp(`500200${(500 + range).toLocaleString("en")}$`));
      await expect(page.getByRole("img", { name: english.days.chart(range) })).toBeVisible();
      expect(await inkOf(page, "--views")).toBeGreaterThan(100);
      expect(await inkOf(page, "--visitors")).toBeGreaterThan(100);
    }
    await page.locator(".u-over").hover();
    await expect(page.locator(".chart-hint")).toContainText(/Views [\d,]+/);
    await expect(page.locator(".chart-hint")).toContainText(/Previous views [\d,]+/);
  });

  test("of days that the owner chooses stand beside those of as many days before, and can be taken along", async ({ page }) => {
    const back = (days) => dayBefore(today(), days);
    const views = { 5: 100, 6: 20, 7: 30, 8: 40, 9: 10 };
    await addDays(session, Object.entries(views).map(([days, count]) => ({ date: back(Number(days)), views: count, visitors: count / 2 })).reverse());
    await openSite(page, session);
    const days = part(page, "Days");
    await expect(days.locator(".totals li")).toHaveText(["Views: 200. 30 days before: 0.", "Visitors (sum of days): 100. 30 days before: 0.", english.days.unfinished]);
    await page.getByRole("radio", { name: "Custom" }).check();
    await expect(page.getByLabel("First day")).toHaveValue(back(29));
    await expect(page.getByLabel("Last day")).toHaveValue(back(0));
    await page.getByLabel("First day").fill(back(6));
    await page.getByLabel("Last day").fill(back(5));
    await expect(days.locator(".totals li")).toHaveText(["Views: 120. 2 days before: 70 (+71.4%).", "Visitors (sum of days): 60. 2 days before: 35 (+71.4%)."]);
    await expect(days.getByRole("row")).toHaveText([/Day/, /1005030$/, /201040$/]);
    await expect(page.getByRole("img", { name: english.days.chart(2) })).toBeVisible();
    expect(await inkOf(page, "--quiet")).toBeGreaterThan(10);
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download CSV" }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe(`${SITE}-${back(6)}-${back(5)}.csv`);
    expect(await readFile(await file.path(), "utf8")).toBe(`date,views,visitors\n${back(6)},20,10\n${back(5)},100,50\n`);
  });

  test("come for the last 30 days where dates are chosen before the first answer", async ({ page }) => {
    const chosen = Promise.withResolvers();
    await page.route(`**/v1/sites/${SITE}`, async (route) => {
      await chosen.promise;
      await route.continue();
    });
    await openSite(page, session);
    await page.getByRole("radio", { name: "Custom" }).check();
    chosen.resolve();
    await expect(page.getByLabel("Last day")).toHaveValue(today());
    await expect(part(page, "Days").getByRole("row")).toHaveCount(31);
  });

  test("are not asked for while the dates are no range: a sentence says which are", async ({ page }) => {
    await openSite(page, session);
    const days = part(page, "Days");
    await page.getByRole("radio", { name: "Custom" }).check();
    await expect(days.getByRole("row")).toHaveCount(31);
    let asked = 0;
    page.on("request", (request) => (asked += request.url().includes("/stats?from")));
    for (const [field, date] of [["First day", dayBefore(today(), -1)], ["Last day", dayBefore(today(), -2)], ["First day", "2000-01-01"], ["Last day", today()]]) {
      await page.getByLabel(field).fill(date);
      await expect(days.getByRole("alert")).toHaveText(/^Choose a first day that is not after the last/);
    }
    await page.getByLabel("First day").fill("");
    expect(asked).toBe(0);
    await page.getByLabel("First day").fill(today());
    await expect(days.getByRole("row")).toHaveCount(2);
    await expect(days.getByRole("alert")).toHaveCount(0);
    expect(asked).toBe(1);
  });

  test("that can't be saved any more are an alarm that says what to do, until they can", async ({ page }) => {
    let isFailing = true;
    await page.route(`**/v1/sites/${SITE}`, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), checkpoints_failing: isFailing } });
    });
    await page.clock.install();
    await openSite(page, session);
    const alarm = page.getByRole("alert").filter({ hasText: english.site.failing });
    await expect(alarm).toContainText(english.site.failingAdvice);
    expect(await axe(page)).toEqual([]);
    isFailing = false;
    await page.clock.runFor(11_000);
    await expect(alarm).toHaveCount(0);
  });

  test("show what strangers named as it is: a network called like a function, a page with marks of direction", async ({ page }) => {
    await makeCounts(session);
    const url = `https://${SITE}/%E2%80%AEgnp.exe`;
    await session.worker.hit({ url }, visitor(1));
    const body = JSON.stringify({ url, network: "constructor", id: "share-of-the-tests-constructor" });
    expect((await session.worker.fetch("/v1/shares", { method: "POST", body, headers: visitor(1) })).status).toBe(200);
    await openSite(page, session);
    await expect(part(page, english.shares.title)).toContainText("constructor");
    await expect(part(page, english.shares.title)).not.toContainText("native code");
    await expect(part(page, "Pages")).toContainText("/%E2%80%AEgnp.exe");
  });

  test("of pages can be searched, in the words a person reads", async ({ page }) => {
    await makeCounts(session);
    await openSite(page, session);
    const pages = part(page, "Pages");
    await pages.getByRole("searchbox").fill("中");
    await expect(pages.getByRole("row")).toHaveText([/Page/, /^\/中\/b/]);
    await pages.getByRole("searchbox").fill("nothing-like-it");
    await expect(pages.getByRole("row")).toHaveCount(0);
    await expect(pages).toContainText(english.pages.noMatch("nothing-like-it"));
  });
});
