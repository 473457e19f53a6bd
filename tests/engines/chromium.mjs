// Drives the system's Chromium by Playwright.
import { chromium } from "@playwright/test";
import config from "../playwright.config.mjs";

export async function startChromium() {
  const browser = await chromium.launch({
    ...config.use.launchOptions,
    // Playwright turns the back/forward cache off; visitors have it.
    ignoreDefaultArgs: ["--disable-back-forward-cache"],
  });
  return {
    name: "Chromium",
    version: browser.version(),
    async open() {
      const page = await (await browser.newContext()).newPage();
      return {
        goto: (url) => page.goto(url),
        evaluate: (run, argument) => page.evaluate(run, argument),
        addScript: (source) => page.evaluate(source),
        press: (key) => page.keyboard.press(key),
        reload: () => page.reload(),
        close: () => page.context().close(),
      };
    },
    stop: () => browser.close(),
  };
}
