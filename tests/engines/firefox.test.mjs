import { startFirefox } from "./firefox.mjs";
import { runScenarios } from "./scenarios.mjs";

await runScenarios(startFirefox);
