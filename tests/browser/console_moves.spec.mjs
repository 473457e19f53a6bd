// Pages at new addresses, and what a query means, in the owner's console.
import { readFile } from "node:fs/promises";
import { axe, english, expect, fileOf, freshWorker, makeCounts, openSite, part, SITE, simplified, standing, test, visitor } from "./console_page.mjs";

const session = freshWorker();
const view = (path, number = 1) => session.worker.hit({ url: `https://${SITE}${path}` }, visitor(number));
const led = async () => (await (await session.worker.owner("GET", { part: "/moves" })).json()).moves;

test.describe("moves", () => {
  test("one address: first shows what would change, and changes it only when told so", async ({ page }) => {
    await makeCounts(session);
    await openSite(page, session);
    const moving = part(page, "Move pages");
    const show = moving.getByRole("button", { name: english.moves.check });
    await show.click();
    await expect(moving.getByRole("alert")).toHaveText(english.moves.missing);
    await moving.getByLabel("Old address").fill("/a");
    await moving.getByLabel("New address").fill(`https://${SITE}/中/b`);
    await show.click();
    await expect(moving.getByRole("row")).toHaveText(["Old addressNew addressViews addedViews after", "/a/中/b34"]);
    await expect(moving).toContainText("Pages: 2 before, 1 after.");
    expect(await led()).toEqual([]);
    expect(await axe(page)).toEqual([]);
    await expect(moving.getByRole("button", { name: "Move", exact: true })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(moving).toContainText("Moved: 1 address.");
    await expect(part(page, "Pages").getByRole("row").nth(1)).toContainText("/中/b44");
    expect(await led()).toEqual([{ from: "/a", to: "/%E4%B8%AD/b" }]);
    await expect(moving).toContainText("Old addresses that lead to new ones: 1.", { timeout: 15_000 });
    const saved = page.waitForEvent("download");
    await moving.getByRole("button", { name: english.moves.save }).click();
    expect(await readFile(await (await saved).path(), "utf8")).toBe("from,to\n/a,/%E4%B8%AD/b\n");
    await show.click();
    await expect(moving).toContainText(english.moves.nothing);
  });

  test("a file of many, whose bad line is named in the reader's language", async ({ page }) => {
    await makeCounts(session);
    await openSite(page, session, "zh-Hans");
    const moving = part(page, simplified.moves.title);
    const choose = (text) => moving.getByLabel(simplified.moves.file).setInputFiles(fileOf(text, "moves.csv"));
    await choose("旧网址,新网址\n/a,/b\n/b,/a\n");
    await moving.getByRole("button", { name: simplified.moves.check }).click();
    await expect(moving.getByRole("alert")).toContainText("什么也没有改：第 3 行不行：这些网址绕成了一圈：“/");
    await choose("旧网址,新网址\n/a,/posts/a\n/nothing,/posts/b\n");
    await moving.getByRole("button", { name: simplified.moves.check }).click();
    await expect(moving.getByRole("row")).toHaveCount(3);
    await moving.getByRole("button", { name: simplified.moves.apply }).click();
    await expect(moving).toContainText("改好了 2 个网址。");
    await moving.getByLabel(simplified.moves.file).setInputFiles([]);
    await moving.getByLabel(simplified.moves.from).fill("a");
    await moving.getByLabel(simplified.moves.to).fill("/b");
    await moving.getByRole("button", { name: simplified.moves.check }).click();
    await expect(moving.getByRole("alert")).toHaveText("什么也没有改：“a”不是网址：开头应该是 / 或 https://。");
  });
});

test.describe("what a query means", () => {
  test("nothing can be chosen before what was chosen is there", async ({ page }) => {
    await view("/a");
    let answer;
    const asked = new Promise((done) => (answer = done));
    await page.route(`**/v1/sites/${SITE}`, async (route) => {
      await asked;
      await route.continue();
    });
    await openSite(page, session);
    const setting = part(page, "Settings");
    const controls = [setting.getByLabel(english.settings.query.label), setting.getByLabel(english.settings.zone), setting.getByRole("button", { name: "Save" })];
    for (const control of controls) await expect(control).toBeDisabled();
    answer();
    for (const control of controls) await expect(control).toBeEnabled();
  });

  test("a new rule is saved, pages that it makes one are shown, and added up when told so", async ({ page }) => {
    for (const path of ["/a", "/a?x=1", "/a?id=1", "/a?id=1&x=2"]) await view(path);
    await openSite(page, session);
    const setting = part(page, "Settings");
    const save = setting.getByRole("button", { name: "Save" });
    const choice = setting.getByLabel(english.settings.query.label);
    await expect(choice).toHaveValue("keep");
    await choice.selectOption("names");
    await setting.getByLabel("Names").fill("id，p");
    await save.click();
    await expect(setting.getByRole("row")).toHaveText([/^Old/, "/a?x=1/a12", "/a?id=1&x=2/a?id=1" + "12"]);
    expect((await standing(session)).settings).toEqual({ time_zone: null, query: ["id", "p"] });
    expect((await standing(session)).pages).toBe(4);
    await setting.getByRole("button", { name: english.settings.query.merge }).click();
    await expect(setting).toContainText("Saved, and 2 pages were added to others.");
    expect((await standing(session)).pages).toBe(2);
    await expect(part(page, "Pages").getByRole("row")).toHaveCount(3);

    await page.reload();
    await openSite(page, session);
    await expect(setting.getByLabel("Names")).toHaveValue("id p");
    await setting.getByLabel("Names").fill("id&p");
    await save.click();
    await expect(setting.getByRole("alert").first()).toContainText("`query` can't list");
    await choice.selectOption("keep");
    await expect(setting.getByLabel("Names")).toBeHidden();
    await save.click();
    await expect(setting).toContainText(english.settings.saved);
    expect((await standing(session)).settings.query).toBe("keep");
  });
});
