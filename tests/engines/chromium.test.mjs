import { startChromium } from "./chromium.mjs";
import { runScenarios } from "./scenarios.mjs";

await runScenarios(startChromium);
