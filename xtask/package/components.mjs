// What others wrote of what the package holds: crates that are compiled into its wasm, npm packages that are bundled into
// its scripts or whose data is in them.
//
// Crates are those that `cargo tree` names; npm packages those that esbuild read (`--metafile`), and the few whose data is
// copied. Out of scope: what only runs while building.
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";

const PARTS = ["laifang-edge", "laifang-widget", "laifang-share", "laifang-switch"];
/** Not bundled: icons in the share box's tables, a list of parameters in the Worker. */
const DATA_OF = ["simple-icons", "tidy-url"];
const IN_NODE_MODULES = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//;

const cargo = (root, ...words) => execFileSync("cargo", [...words, "--locked"], { cwd: root, encoding: "utf8", maxBuffer: 64_000_000 });

/** An expression of SPDX; `/` is an older way to write OR. */
const expressionOf = (text) => text.replace(/\s*\/\s*/g, " OR ");

function cratesOf(root) {
  const tree = PARTS.flatMap((part) =>
    cargo(root, "tree", "--package", part, "--target", "wasm32-unknown-unknown", "--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}").split("\n"),
  );
  const used = new Set(tree.filter((line) => line && !line.includes(root.replace(/\/$/, ""))).map((line) => line.replace(/^(\S+) v(\S+).*$/, "$1 $2")));
  const { packages } = JSON.parse(cargo(root, "metadata", "--format-version", "1"));
  return packages
    .filter(({ name, version }) => used.has(`${name} ${version}`))
    .map(({ name, version, license, manifest_path: manifest }) => ({ kind: "cargo", name, version, licence: expressionOf(license), folder: dirname(manifest) }));
}

/** Names of the npm packages whose files esbuild read. */
function bundledIn(metaFolder) {
  const inputs = readdirSync(metaFolder).flatMap((file) => Object.keys(JSON.parse(readFileSync(join(metaFolder, file), "utf8")).inputs));
  return inputs.map((input) => IN_NODE_MODULES.exec(input)?.[1]).filter(Boolean);
}

function npmPackagesOf(root, metaFolder) {
  const names = new Set([...bundledIn(metaFolder), ...DATA_OF]);
  return [...names].map((name) => {
    const folder = join(root, "node_modules", name);
    const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return { kind: "npm", name, version, licence: license, folder };
  });
}

/** The standard library, which has no package; its version is the compiler's. */
const standardLibrary = (compiler) => ({ kind: "rust", name: "std", version: /^rustc (\S+)/.exec(compiler)[1], licence: "MIT OR Apache-2.0" });

/** `{kind, name, version, licence, folder}` of each, in a fixed order. */
export function componentsOf(root, metaFolder, compiler) {
  const all = [standardLibrary(compiler), ...cratesOf(root), ...npmPackagesOf(root, metaFolder)];
  const key = ({ kind, name, version }) => `${kind} ${name} ${version}`;
  return all.sort((left, right) => (key(left) < key(right) ? -1 : 1));
}
