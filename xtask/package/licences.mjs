// The licences of what others wrote, as one text: each licence once, with whose it is.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const LICENCE_FILE = /^(licen[cs]e|copying|unlicense|notice|disclaimer)/i;
const MIT_FILE = /^licen[cs]e[-.]mit/i;
/** Packages that carry no licence text though theirs may be MIT: who is to be named. */
const HOLDERS = {
  "gloo-dialogs": "the Rust and WebAssembly Working Group",
  "gloo-utils": "the Rust and WebAssembly Working Group",
  lol_alloc: "the authors of lol_alloc (https://github.com/Craig-Macomber/lol_alloc)",
  std: "The Rust Project Contributors",
};
const MIT = readFileSync(new URL("mit.txt", import.meta.url), "utf8");

const mayBeMit = (licence) => /(^|[ (])MIT($|[ )])/.test(licence) && !/ AND /.test(licence);

/** A package's own texts: of a choice MIT's, where it is a file of its own. */
function textsOf({ name, licence, folder }) {
  const files = folder ? readdirSync(folder).filter((file) => LICENCE_FILE.test(file)).sort() : [];
  const mit = mayBeMit(licence) ? files.filter((file) => MIT_FILE.test(file)) : [];
  const texts = (mit.length ? mit : files).map((file) => readFileSync(join(folder, file), "utf8").replace(/\r\n/g, "\n").trim());
  if (texts.length) return texts;
  if (HOLDERS[name] && mayBeMit(licence)) return [MIT.replace("HOLDER", HOLDERS[name]).trim()];
  throw new Error(`${name} has no licence text: name its holder in xtask/package/licences.mjs`);
}

/** The text. */
export function licencesOf(components) {
  const owners = new Map();
  for (const component of components) {
    for (const text of textsOf(component)) owners.set(text, [...(owners.get(text) ?? []), `${component.name} ${component.version} (${component.licence})`]);
  }
  const rule = "=".repeat(80);
  const parts = [...owners].map(([text, names]) => `${rule}\n${names.join("\n")}\n${rule}\n\n${text}\n`);
  return `What others wrote of this package, and under which licences. sbom.cdx.json lists the same in CycloneDX's form.\n\n${parts.join("\n")}`;
}
