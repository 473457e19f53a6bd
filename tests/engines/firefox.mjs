// Drives the system's Firefox by Puppeteer over WebDriver BiDi.
import puppeteer from "puppeteer-core";

const PREFERENCES = {
  "network.dns.localDomains": "demo.test",
  // Nothing but the pages of the tests is asked for.
  "app.update.enabled": false,
  "browser.newtabpage.enabled": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "extensions.update.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "services.settings.server": "http://127.0.0.1:9/",
};

export async function startFirefox() {
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: process.env.FIREFOX ?? "/usr/bin/firefox-esr",
    headless: true,
    extraPrefsFirefox: PREFERENCES,
    timeout: 120_000,
    protocolTimeout: 60_000,
  });
  const [name, version] = (await browser.version()).split("/");
  return {
    name: name === "firefox" ? "Firefox" : name,
    version,
    async open() {
      const context = await browser.createBrowserContext();
      const page = await context.newPage();
      return {
        goto: (url) => page.goto(url, { timeout: 60_000 }),
        evaluate: (run, argument) => page.evaluate(run, argument),
        addScript: (source) => page.evaluate(source),
        press: (key) => page.keyboard.press(key),
        reload: () => page.reload({ timeout: 60_000 }),
        close: () => context.close(),
      };
    },
    stop: () => browser.close(),
  };
}
