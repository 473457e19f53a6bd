// The owner's wrangler configuration: `laifang.wrangler.json` in a folder of theirs. It is written anew by each
// deploy from the package's own; what the owner chose or changed by hand (KV, variables, rate limit) stays.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { isAbsolute, join, relative, resolve } from "node:path";
import { Failure } from "./failure.mjs";
import { PACKAGE_FOLDER } from "./release.mjs";
import { t } from "./speech.mjs";

export const FILE_NAME = "laifang.wrangler.json";
/** What visitors download, beside it. */
export const ASSETS_FOLDER = "laifang-assets";

/** The configuration of the deploy before, or undefined. */
export function previousDeployment(folder) {
  const file = join(folder, FILE_NAME);
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    throw new Failure(t`${file} can't be read as JSON. Mend it, or move it away to begin anew (the counter's numbers stay in your account).`);
  }
}

/** A path below the folder as such, any other in full. */
function pathFrom(folder, path) {
  const below = relative(resolve(folder), path);
  return below.startsWith("..") || isAbsolute(below) ? path : below;
}

/** Where the counter is: at a host of its own, and before the sites whose pages get the tag. */
function placesOf(domain, tagHosts) {
  const routes = [...(domain ? [{ pattern: domain, custom_domain: true }] : []), ...tagHosts.map((host) => `${host}/*`)];
  return { ...(routes.length > 0 && { routes }), workers_dev: !domain };
}

/** The configuration to deploy. */
export function deploymentOf({ folder, name, sites, domain, tagHosts = [], namespace, previous = {} }) {
  const shipped = JSON.parse(readFileSync(join(PACKAGE_FOLDER, "wrangler.json"), "utf8"));
  return {
    ...shipped,
    name,
    main: pathFrom(folder, join(PACKAGE_FOLDER, shipped.main)),
    ...placesOf(domain, tagHosts),
    preview_urls: false,
    kv_namespaces: shipped.kv_namespaces.map((entry) => ({ ...entry, id: namespace })),
    ratelimits: previous.ratelimits ?? shipped.ratelimits,
    // Before a site the Worker has to see each request: the platform would answer the site's own / with ours.
    assets: { ...shipped.assets, directory: ASSETS_FOLDER, ...(tagHosts.length > 0 && { run_worker_first: true }) },
    vars: { ...shipped.vars, ...previous.vars, SITES: sites.join(" "), TAG_HOSTS: tagHosts.join(" ") },
  };
}

/** Writes the configuration. */
export function writeDeployment(folder, configuration) {
  const file = join(folder, FILE_NAME);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, JSON.stringify(configuration, null, 2) + "\n");
  } catch (error) {
    throw new Failure(t`${file} can't be written (${error.code}). Go to a folder of yours, or name one with --folder.`);
  }
  return file;
}
