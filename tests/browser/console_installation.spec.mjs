// What the console says of the installation, from how the counter sees the owner's own request.
import { english, expect, freshWorker, signIn, simplified, test } from "./console_page.mjs";

const session = freshWorker();
const MINUTE_MS = 60_000;

/** As a web server in front does: it names the visitor. */
const inFront = (page, headers) => page.route("**/v1/visitor", (route) => route.continue({ headers: { ...route.request().headers(), ...headers } }));
const alarms = (page) => page.locator(".alarm");

for (const [language, words] of [["en", english], ["zh-Hans", simplified]]) {
  test(`a web server that is not believed is an alarm with what to do (${language})`, async ({ page }) => {
    await inFront(page, { "X-Forwarded-For": "203.0.113.9", "X-Real-IP": "203.0.113.9" });
    await signIn(page, session, language);
    await expect(alarms(page)).toHaveText([words.installation.unbelieved("10.0.0.1", "203.0.113.9")]);
    await expect(alarms(page)).toContainText("--trusted-proxy 10.0.0.1");
  });
}

test("without one, and with one that agrees, there is none", async ({ page }) => {
  for (const headers of [{}, { "X-Forwarded-For": "10.0.0.1:5555" }, { "X-Real-IP": "::ffff:10.0.0.1" }]) {
    await inFront(page, headers);
    const answer = page.waitForResponse("**/v1/visitor");
    await signIn(page, session);
    expect((await answer).status()).toBe(200);
    await expect(page.getByRole("table")).toBeVisible();
    await expect(alarms(page)).toHaveCount(0);
    await page.unrouteAll();
    await page.reload();
  }
});

test("a clock that is minutes wrong is an alarm, and a refused answer is none", async ({ page }) => {
  await page.clock.setFixedTime(Date.now() + 10 * MINUTE_MS);
  await signIn(page, session);
  await expect(alarms(page)).toContainText("The counter's clock says");
  await page.clock.setFixedTime(Date.now());
  await page.route("**/v1/visitor", (route) => route.fulfill({ status: 404 }));
  await page.reload();
  await signIn(page, session);
  await expect(page.getByRole("table")).toBeVisible();
  await expect(alarms(page)).toHaveCount(0);
});
