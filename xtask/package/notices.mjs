// Puts into the package what is in it that others wrote: an SBOM (CycloneDX), and their licences.
//
// The SBOM has no time and no serial number, so that the same package has the same one. Components that npm fetches when
// the package is installed are named, too, and told apart by a property.
//
// node xtask/package/notices.mjs DIST META_FOLDER COMPILER
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Enums, Models, Serialize, Spec } from "@cyclonedx/cyclonedx-library";
import { componentsOf } from "./components.mjs";
import { licencesOf } from "./licences.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const [dist, metaFolder, compiler] = process.argv.slice(2);
const readJson = (file) => JSON.parse(readFileSync(file, "utf8"));

function componentOf({ kind, name, version, licence }, isFetched) {
  // A package URL has no kind for the standard library.
  const purl = kind === "rust" ? undefined : `pkg:${kind}/${name.replace("@", "%40")}@${version}`;
  const component = new Models.Component(kind === "rust" ? Enums.ComponentType.Platform : Enums.ComponentType.Library, name, { version, purl, bomRef: `${kind}:${name}@${version}` });
  component.licenses.add(/ (OR|AND|WITH) /.test(licence) ? new Models.LicenseExpression(licence) : new Models.SpdxLicense(licence));
  component.properties.add(new Models.Property("laifang:comes", isFetched ? "with npm install" : "in the package"));
  return component;
}

/** What npm installs beside the package: the dependencies of its manifest. */
function fetchedOf({ dependencies }) {
  return Object.entries(dependencies).map(([name, version]) => ({ kind: "npm", name, version, licence: readJson(join(ROOT, "node_modules", name, "package.json")).license }));
}

function sbomOf(manifest, components) {
  const bom = new Models.Bom();
  const own = new Models.Component(Enums.ComponentType.Application, manifest.name, { version: manifest.version, purl: `pkg:npm/${manifest.name}@${manifest.version}`, bomRef: "laifang" });
  own.licenses.add(new Models.LicenseExpression(manifest.license));
  bom.metadata.component = own;
  // What is fetched and bundled as well is in the package.
  const shipped = new Set(components.map(({ kind, name }) => `${kind} ${name}`));
  const all = [...components.map((component) => componentOf(component, false)), ...fetchedOf(manifest).filter(({ kind, name }) => !shipped.has(`${kind} ${name}`)).map((component) => componentOf(component, true))];
  for (const component of all) {
    bom.components.add(component);
    own.dependencies.add(component.bomRef);
  }
  return new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6)).serialize(bom, { sortLists: true, space: 1 });
}

const components = componentsOf(ROOT, metaFolder, compiler);
writeFileSync(join(dist, "THIRD-PARTY-LICENSES.txt"), licencesOf(components));
writeFileSync(join(dist, "sbom.cdx.json"), `${sbomOf(readJson(join(dist, "package.json")), components)}\n`);
