// Where this package is, and which release it is.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder that holds `worker/`, `assets/` and `wrangler.json`. */
export const PACKAGE_FOLDER = join(dirname(fileURLToPath(import.meta.url)), "..");

export const { version: VERSION } = JSON.parse(readFileSync(join(PACKAGE_FOLDER, "package.json"), "utf8"));
