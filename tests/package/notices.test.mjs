// What the package says of what others wrote: its SBOM and the licences.
import { test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { DIST } from "./command.mjs";

const text = readFileSync(join(DIST, "sbom.cdx.json"), "utf8");
const sbom = JSON.parse(text);
const manifest = JSON.parse(readFileSync(join(DIST, "package.json"), "utf8"));
const licences = readFileSync(join(DIST, "THIRD-PARTY-LICENSES.txt"), "utf8");
const comes = ({ properties }) => properties.find(({ name }) => name === "laifang:comes").value;
const named = (kind) => sbom.components.filter(({ purl }) => purl?.startsWith(`pkg:${kind}/`)).map(({ name }) => name);

test("the SBOM is valid CycloneDX 1.6, of this release, and the same for the same package", async () => {
  assert.equal(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(text), null);
  assert.deepEqual([sbom.metadata.component.name, sbom.metadata.component.version], [manifest.name, manifest.version]);
  assert.deepEqual([sbom.serialNumber, sbom.metadata.timestamp], [undefined, undefined]);
  assert.doesNotMatch(text, /[0-9]{4}-[0-9]{2}-[0-9]{2}T|\/(home|root|tmp)\//);
});

test("what is in the wasm, in the scripts, and what npm fetches is listed, and what only builds is not", () => {
  for (const name of ["worker", "url", "postcard", "siphasher", "wasm-bindgen", "lol_alloc", "gloo"]) assert.ok(named("cargo").includes(name), name);
  for (const name of ["isbot", "uplot", "fflate", "simple-icons", "tidy-url", ...Object.keys(manifest.dependencies)]) assert.ok(named("npm").includes(name), name);
  for (const name of ["esbuild", "terser", "svgo", "serde_derive", "syn", "qrcodegen-no-heap", "anyhow"]) assert.ok(![...named("cargo"), ...named("npm")].includes(name), name);
  assert.ok(sbom.components.some(({ name, purl }) => name === "std" && !purl));
  for (const { name, version, purl } of sbom.components.filter(({ purl: address }) => address?.startsWith("pkg:npm/"))) {
    assert.equal(version, manifest.dependencies[name] ?? version, purl);
  }
});

test("each part of the package has its licence's text, and none that may not be passed on", () => {
  const texts = licences.split(/^={80}$/m);
  for (const component of sbom.components.filter((each) => comes(each) === "in the package")) {
    const heading = texts.findIndex((each) => each.includes(`\n${component.name} ${component.version} (`));
    assert.ok(heading > 0, `${component.name} is missing`);
    assert.match(texts[heading + 1], /permi|licen[cs]e|waive/i, component.name);
    const [{ expression, license }] = component.licenses;
    assert.doesNotMatch(expression ?? license.id, /(^| )(A|L)?GPL/, component.name);
  }
});
