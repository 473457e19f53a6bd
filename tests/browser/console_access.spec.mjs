// The owner's console for everybody: by keyboard alone, in each language, in light and dark, on a phone.
import { eventually } from "../edge/worker.mjs";
import { axe, english, expect, fileOf, freshWorker, makeCounts, open, openSite, part, SITE, standing, test, tile, TOKEN, traditional, visitor, WORDS } from "./console_page.mjs";

const session = freshWorker();
const isWide = (page) => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);

/** Presses Tab until the element has the focus. */
async function tabTo(page, locator) {
  for (let presses = 0; presses < 120; presses++) {
    if (await locator.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error("no way there by Tab");
}

test.describe("by keyboard alone", () => {
  test("from the door to an import, the settings, an export, a reset and out again", async ({ page }) => {
    await makeCounts(session);
    await eventually(async () => expect((await session.worker.counts()).site.views).toBe(4));
    await page.addInitScript(() => delete window.showSaveFilePicker);
    await open(page, session, "zh-Hant");
    const press = async (...keys) => { for (const key of keys) await page.keyboard.press(key); };
    await tabTo(page, page.getByLabel("管理金鑰"));
    await page.keyboard.type(TOKEN);
    await press("Enter");
    await tabTo(page, page.getByRole("link", { name: SITE }));
    await press("Enter");
    await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
    await expect(tile(page, "瀏覽次數")).toHaveText("4");
    await tabTo(page, page.getByRole("button", { name: "暫停更新" }));
    await press("Space");
    await expect(page.getByRole("button", { name: "暫停更新" })).toHaveAttribute("aria-pressed", "true");
    await tabTo(page, page.getByRole("radio", { name: "30 天" }));
    await press("ArrowLeft");
    await expect(part(page, "每天").getByRole("row")).toHaveCount(8);
    await tabTo(page, page.getByRole("region", { name: traditional.days.caption(7) }));
    await tabTo(page, page.getByRole("searchbox"));
    await page.keyboard.type("/a");
    await expect(part(page, "頁面").getByRole("row")).toHaveCount(2);
    const chooser = page.waitForEvent("filechooser");
    await tabTo(page, page.getByLabel("檔案", { exact: true }));
    await press("Enter");
    await (await chooser).setFiles(fileOf("page,views,visitors\n*,50,10\n"));
    await tabTo(page, page.getByRole("button", { name: "檢查檔案" }));
    await press("Enter");
    await expect(page.getByRole("button", { name: "匯入", exact: true })).toBeFocused();
    await press("Enter");
    await expect(tile(page, "瀏覽次數")).toHaveText("50");
    const download = page.waitForEvent("download");
    await tabTo(page, page.getByRole("button", { name: "匯出", exact: true }));
    await press("Enter");
    await download;
    await tabTo(page, page.getByLabel("時區"));
    await page.keyboard.type("Asia/Taip");
    await tabTo(page, page.getByRole("button", { name: traditional.settings.save }));
    await press("Enter");
    await expect(page.getByText("已儲存。")).toBeVisible();
    expect((await standing(session)).settings.time_zone).toBe("Asia/Taipei");
    await tabTo(page, page.getByRole("button", { name: "把這個網站歸零……" }));
    await press("Enter");
    await expect(page.getByLabel(`請輸入 ${SITE} 以確認`)).toBeFocused();
    await page.keyboard.type("example");
    await press("Enter");
    await expect(page.getByText(traditional.reset.mismatch(SITE))).toBeVisible();
    expect((await standing(session)).counts.views).toBe(50);
    await press("Escape");
    await expect(page.getByRole("button", { name: "把這個網站歸零……" })).toBeFocused();
    await press("Enter");
    await page.keyboard.type(SITE);
    await press("Enter");
    await expect(page.getByText("已經歸零。")).toBeVisible();
    await expect(tile(page, "瀏覽次數")).toHaveText("0");
    await tabTo(page, page.getByRole("button", { name: traditional.signOut }));
    await press("Enter");
    await expect(page.getByLabel("管理金鑰")).toBeVisible();
  });

  test("another language keeps what was typed and what is shown", async ({ page }) => {
    await openSite(page, session, "zh-Hans");
    await expect(tile(page, "浏览次数")).toHaveText("0");
    await page.getByLabel("时区").selectOption("Asia/Tokyo");
    await page.getByRole("link", { name: "English" }).click();
    await expect(page.getByLabel("Time zone")).toHaveValue("Asia/Tokyo");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(SITE);
    await expect(part(page, "Now")).toContainText("Updates every 10 seconds");
    await expect(page.getByRole("img", { name: english.days.chart(30) })).toBeVisible();
  });
});

for (const language of Object.keys(WORDS)) {
  for (const colorScheme of ["light", "dark"]) {
    test(`in ${language}, ${colorScheme}, at 360 px: axe is content in every state and nothing overflows`, async ({ browser }) => {
      const words = WORDS[language];
      await makeCounts(session);
      for (const number of [4, 3]) await session.worker.hit({ url: `https://${SITE}/old`, shown: 10233 }, visitor(number));
      const context = await browser.newContext({ colorScheme, viewport: { width: 360, height: 740 } });
      const page = await context.newPage();
      const isFine = async (state) => expect([state, await axe(page), await isWide(page)]).toEqual([state, [], false]);
      await open(page, session, language);
      await isFine("sign in");
      await page.locator("input[type=password]").fill(TOKEN);
      await page.keyboard.press("Enter");
      await page.getByRole("link", { name: SITE }).waitFor();
      await isFine("sites");
      await page.getByRole("link", { name: SITE }).click();
      await expect(page.locator("canvas")).toBeVisible();
      await page.getByRole("radio", { name: words.days.other }).check();
      await page.getByLabel(words.days.to).fill("2999-01-01");
      await expect(part(page, words.days.title).getByRole("alert")).not.toBeEmpty();
      await isFine("dates that are no range");
      await expect(part(page, words.pages.title).getByRole("row")).toHaveCount(4);
      await page.getByLabel(words.import.file, { exact: true }).setInputFiles(fileOf("page,views,visitors\n/b,x,1\n"));
      await page.getByRole("button", { name: words.import.check }).click();
      await expect(part(page, words.import.title).getByRole("alert")).not.toBeEmpty();
      await isFine("site, with a bad file");
      await page.getByLabel(words.import.file, { exact: true }).setInputFiles(fileOf("page,views,visitors\n/b,1,1\n"));
      await page.getByRole("button", { name: words.import.check }).click();
      await expect(page.getByRole("button", { name: words.import.apply, exact: true })).toBeVisible();
      await isFine("site, with a checked file");
      await page.getByRole("button", { name: words.reset.open }).click();
      await page.getByRole("dialog").waitFor();
      await isFine("reset");
      await context.close();
    });
  }
}
