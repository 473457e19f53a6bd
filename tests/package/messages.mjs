// The messages of the commands, as their sources have them.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { DIST } from "./command.mjs";

const CLI = join(DIST, "cli");
const { nameOf } = await import(join(CLI, "speech.mjs"));
export const { HELP } = await import(join(CLI, "words/en.mjs"));
/** By language; English is in the code. */
export const TABLES = { "zh-Hans": await import(join(CLI, "words/zh_hans.mjs")), "zh-Hant": await import(join(CLI, "words/zh_hant.mjs")) };
export const SOURCES = readdirSync(CLI, { recursive: true }).filter((name) => name.endsWith(".mjs") && !/^words|^speech/.test(name));
export const sourceOf = (name) => readFileSync(join(CLI, name), "utf8");

/** The names of all messages of a source, read as JavaScript reads them. */
export function namesIn(source) {
  const values = /\$\{(?:[^{}`]|\{[^{}`]*\})*\}/g;
  return [...source.matchAll(/(?<![\w`])t(`(?:[^`\\]|\\.)*`)/g)].map(([, literal]) => new Function("tag", `return tag${literal.replace(values, "${0}")}`)(nameOf));
}

/** What a message looks like, whatever its values are. */
export const shapeOf = (message) => new RegExp(message.split(/\{\d+\}/).map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("[^]*?"));
