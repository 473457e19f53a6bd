// Browser tests: real Chromium (the system's, none is downloaded) against the real Worker.
import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "browser",
  outputDir: "results",
  // Two files side by side, each with a server and a Worker of its own.
  workers: 2,
  timeout: 120_000,
  reporter: "list",
  use: {
    // Whoever reads the pages, unless a test says otherwise.
    locale: "zh-CN",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--host-resolver-rules=MAP demo.test 127.0.0.1",
      ],
    },
  },
});
