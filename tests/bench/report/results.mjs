// Where measurements are kept: `tests/bench/results.json`, a part for each program, with the machine, the versions and the
// date. A quick run, which is for trying the program itself, keeps its own below `target/` and touches no page.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { writePages } from "./pages.mjs";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const KEPT = here("../results.json");
const QUICK = here("../../../target/bench/results.json");

export const isQuick = process.argv.includes("--quick");

/** Longer or shorter, as the run is to be. */
export const quickly = (quick, whole) => (isQuick ? quick : whole);

export function read(file = KEPT) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT") return {};
    throw error;
  }
}

const versionOf = (name) => JSON.parse(readFileSync(here(`../../../node_modules/${name}/package.json`), "utf8")).version;

/** The machine, what ran on it, and when. `busy` is the load of the minute before. */
export const machine = () => ({
  cpu: cpus()[0].model.replace(/\s+/g, " ").trim(),
  cores: cpus().length,
  node: process.versions.node,
  workerd: versionOf("workerd"),
  miniflare: versionOf("miniflare"),
  rust: execFileSync("rustc", ["--version"], { encoding: "utf8" }).split(" ")[1],
  date: new Date().toISOString().slice(0, 10),
  busy: Number(loadavg()[0].toFixed(2)),
});

const rounded = (_, value) => (typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value);

/** Keeps what a part measured, and writes it into the pages. */
export function save(part, measured) {
  const file = isQuick ? QUICK : KEPT;
  const results = { ...read(file), [part]: measured };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(results, rounded, 1)}\n`);
  const folder = isQuick ? here("../../../target/bench/docs/") : undefined;
  const written = writePages(read(file), folder);
  console.log(`▸ ${part}: kept in ${file}${written.length ? `; written: ${written.join(", ")}` : ""}`);
}
