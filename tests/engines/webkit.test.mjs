import { startWebKit } from "./webkit.mjs";
import { runScenarios } from "./scenarios.mjs";

await runScenarios(startWebKit);
