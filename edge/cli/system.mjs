// Says what to do where the system's C library is too old for workerd, whose own message names none of this.
import { Failure } from "./failure.mjs";
import { t } from "./speech.mjs";

/** What workerd's binary for Linux is linked against. */
const OLDEST_GLIBC = "2.35";

const isOlder = (version, than) => version.localeCompare(than, "en", { numeric: true }) < 0;

/** Throws where workerd can't start on this system. */
export function checkSystem() {
  if (process.platform !== "linux") return;
  // Without this a report looks up the names of all open connections.
  process.report.excludeNetwork = true;
  const glibc = process.report.getReport().header.glibcVersionRuntime;
  if (glibc && !isOlder(glibc, OLDEST_GLIBC)) return;
  const found = glibc ? `glibc ${glibc}` : "no glibc";
  throw new Failure(t`this system has ${found}; laifang serve needs glibc ${OLDEST_GLIBC} or newer: Ubuntu 22.04, Debian 12 or later, or a container of one of these.`);
}
