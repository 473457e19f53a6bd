// Makes the built folder an npm package: the commands, what they need of the local host, README, licence and a
// manifest with this release's version and the dependencies' versions of the root package.json.
//
// node xtask/package/assemble.mjs DIST VERSION
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { convert } from "./traditional.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const LOCAL_HOST = ["host.mjs", "headers.mjs"];
const [dist, version] = process.argv.slice(2);

const readJson = (file) => JSON.parse(readFileSync(join(ROOT, file), "utf8"));
const pinned = readJson("package.json").devDependencies;
const manifest = readJson("edge/cli/package.json");

for (const folder of ["cli", "local"]) {
  rmSync(join(dist, folder), { recursive: true, force: true });
  mkdirSync(join(dist, folder));
}
for (const entry of readdirSync(join(ROOT, "edge/cli"))) {
  if (!["package.json", "README.md"].includes(entry)) cpSync(join(ROOT, "edge/cli", entry), join(dist, "cli", entry), { recursive: true });
}

/** What the commands say in Traditional Chinese. */
async function addTraditional() {
  const { HELP, MESSAGES } = await import(pathToFileURL(join(ROOT, "edge/cli/words/zh_hans.mjs")));
  const converted = (table) => JSON.stringify(Object.fromEntries(Object.entries(table).map(([name, text]) => [name, convert(text)])), null, 2);
  const text = `// Made from zh_hans.mjs.\nexport const HELP = ${converted(HELP)};\nexport const MESSAGES = ${converted(MESSAGES)};\n`;
  writeFileSync(join(dist, "cli/words/zh_hant.mjs"), text);
}
await addTraditional();

for (const file of LOCAL_HOST) cpSync(join(ROOT, "edge/local", file), join(dist, "local", file));
cpSync(join(ROOT, "edge/cli/README.md"), join(dist, "README.md"));
cpSync(join(ROOT, "LICENSE"), join(dist, "LICENSE"));

const dependencies = Object.fromEntries(manifest.dependencies.map((name) => [name, pinned[name]]));
const missing = manifest.dependencies.filter((name) => !/^\d/.test(dependencies[name] ?? ""));
if (missing.length) throw new Error(`package.json of the workspace does not pin ${missing.join(", ")}`);
const { name, description, ...rest } = manifest;
writeFileSync(join(dist, "package.json"), JSON.stringify({ name, version, description, ...rest, dependencies }, null, 2) + "\n");
