// A site whose stored counts can't be read, in the console: what is said, and the way out.
import { eventually } from "../edge/worker.mjs";
import { damageTotals } from "../long/damage.mjs";
import { axe, english, expect, freshWorker, makeCounts, openSite, simplified, SITE, test, tile } from "./console_page.mjs";

const session = freshWorker();

async function damaged() {
  await makeCounts(session);
  await eventually(async () => expect((await session.worker.counts()).site.views).toBe(4));
  await session.worker.kill();
  damageTotals(session.worker.folder);
  await session.worker.restart();
}

test("it is an alarm with the way out, and one press restores what was published", async ({ page }) => {
  await damaged();
  await openSite(page, session);
  const alarm = page.getByRole("alert").filter({ hasText: english.damage.title });
  await expect(alarm).toContainText(english.damage.advice);
  expect(await axe(page)).toEqual([]);
  await page.screenshot({ path: "tests/results/console-damage.png" });
  await alarm.getByRole("button", { name: english.damage.restore }).click();
  await expect(alarm).toHaveCount(0);
  await expect(tile(page, english.views)).toHaveText("4");
  await expect(page.getByRole("status").filter({ hasText: "restored from published counts" })).toBeVisible();
});

test("where nothing was published it says so, and a reset begins at zero", async ({ page }) => {
  await damaged();
  await page.route("**/restore", async (route) => {
    await route.fulfill({ status: 409, json: { type: "about:blank", title: "Conflict", status: 409, code: "not-published", detail: "KV holds nothing of the site." } });
  });
  await openSite(page, session, "zh-Hans");
  await page.getByRole("button", { name: simplified.damage.restore }).click();
  await expect(page.getByText(simplified.troubles.notPublished())).toBeVisible();
  await page.getByRole("button", { name: simplified.reset.open }).click();
  await page.getByLabel(simplified.reset.confirm(SITE)).fill(SITE);
  await page.getByRole("button", { name: simplified.reset.submit, exact: true }).click();
  await expect(tile(page, simplified.views)).toHaveText("0");
  expect((await (await session.worker.hit()).json()).site.views).toBe(1);
});
