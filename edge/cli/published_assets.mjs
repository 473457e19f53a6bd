// The files visitors download: this release's, and what the release before had under names with a fingerprint.
//
// A page that was open during an update, or a browser that keeps widget.js for its five minutes, still asks for
// those. So the files are put together in a folder of the owner's, which knows what it held until now. A page that
// names a release (/v/0.2.0/widget.js) asks for it for ever: such a loader stays, with the parts it names. Out of
// scope: other files of releases before the last, which nobody asks for any more.
import { cpSync, existsSync, readFileSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "./failure.mjs";
import { PACKAGE_FOLDER } from "./release.mjs";
import { t } from "./speech.mjs";

const SHIPPED = join(PACKAGE_FOLDER, "assets");
const FINGERPRINTED = /^[a-z]+-([0-9a-f]{10})\./;

/** Where each release has the loader that never changes. */
const RELEASES = "v";

const fingerprintOf = (name) => FINGERPRINTED.exec(name)?.[1];

/** The fingerprint of the release a folder holds: the one its widget.js asks for. */
function releaseIn(folder) {
  const loader = readFileSync(join(folder, "widget.js"), "utf8");
  return readdirSync(folder).map(fingerprintOf).find((fingerprint) => fingerprint && loader.includes(fingerprint));
}

/** The fingerprints that loaders of named releases ask for. */
function namedIn(folder) {
  const releases = existsSync(join(folder, RELEASES)) ? readdirSync(join(folder, RELEASES)) : [];
  const loaders = releases.map((version) => join(folder, RELEASES, version, "widget.js")).filter((file) => existsSync(file));
  const texts = loaders.map((file) => readFileSync(file, "utf8"));
  return (fingerprint) => texts.some((text) => text.includes(`-${fingerprint}.`));
}

/** What stays of a folder when `release` is put there: the release it held, or, if it is the same, the one before. */
function kept(folder, release) {
  if (!existsSync(join(folder, "widget.js"))) return [];
  const held = releaseIn(folder);
  const isNamed = namedIn(folder);
  return readdirSync(folder).filter((name) => {
    const fingerprint = fingerprintOf(name);
    return fingerprint && fingerprint !== release && (isNamed(fingerprint) || held === release || held === fingerprint);
  });
}

/** Brings back the folder if the machine stopped while it was replaced: at every moment one of these is whole. */
function recover(folder, { made, old }) {
  const left = [old, made].find((one) => existsSync(one));
  if (!existsSync(folder) && left) renameSync(left, folder);
  for (const one of [old, made]) rmSync(one, { recursive: true, force: true });
}

/** Puts this release into `folder` and keeps there what is still asked for. It is replaced once all is there. */
export function publishAssets(folder, shipped = SHIPPED) {
  const [made, old] = [`${folder}.new`, `${folder}.old`];
  try {
    recover(folder, { made, old });
    cpSync(shipped, made, { recursive: true });
    for (const name of kept(folder, releaseIn(shipped))) cpSync(join(folder, name), join(made, name));
    if (existsSync(join(folder, RELEASES))) cpSync(join(folder, RELEASES), join(made, RELEASES), { recursive: true, force: false });
    if (existsSync(folder)) renameSync(folder, old);
    renameSync(made, folder);
    rmSync(old, { recursive: true, force: true });
  } catch (error) {
    if (!error.code) throw error;
    throw new Failure(t`the folder ${folder}, for the files visitors download, can't be written (${error.code}). Give this user the right to.`);
  }
  return folder;
}
