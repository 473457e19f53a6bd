// The folder that keeps the counts, and the claim on it: two counters on one folder would give numbers twice.
//
// The claim is a lock that this process and its workerd hold. After a SIGKILL a workerd may be left over, still
// writing: then it holds the lock, and is ended before another begins. A file beside the lock says which processes
// these are, for that and for messages. Out of scope: how the operating system locks (`folder_lock`).
import { existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Failure } from "./failure.mjs";
import { openLock, takeLock } from "./folder_lock.mjs";
import { t } from "./speech.mjs";

const CLAIM = "serving.json";
const TRIES = 50;
const BETWEEN_TRIES_MS = 100;

function readClaim(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")) ?? {};
  } catch {
    return {};
  }
}

const isAlive = (pid) => {
  try {
    return process.kill(pid, 0);
  } catch ({ code }) {
    return code === "EPERM";
  }
};

/** Whether a process has the lock file open, as our workerd does; true where the system doesn't tell. */
function holdsLock(pid, folder) {
  if (!existsSync("/proc/self/fd")) return true;
  try {
    const lock = realpathSync(join(folder, "lock"));
    return readdirSync(`/proc/${pid}/fd`).some((file) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${file}`) === lock;
      } catch {
        return false;
      }
    });
  } catch {
    return false;
  }
}

/** Ends the workerd of a counter that is gone itself. */
function endLeftover({ serving, workerd }, folder) {
  const isLeftover = Number.isInteger(serving) && Number.isInteger(workerd) && workerd > 1 && !(isAlive(serving) && holdsLock(serving, folder));
  if (isLeftover && isAlive(workerd) && holdsLock(workerd, folder)) process.kill(workerd, "SIGKILL");
}

async function lockFolder(folder, claimFile) {
  const lock = openLock(folder);
  for (let tries = 0; ; tries++) {
    const isTaken = takeLock(lock);
    if (isTaken === undefined) console.error(t`laifang: this machine has neither flock nor perl, so nothing stops a second counter on ${folder}. Take care that there is none: both would give the same numbers.`);
    if (isTaken !== false) return lock;
    const claim = readClaim(claimFile);
    endLeftover(claim, folder);
    if (tries === TRIES || (isAlive(claim.serving) && holdsLock(claim.serving, folder))) {
      throw new Failure(t`the folder ${folder} is in use by another counter. Stop that one, or choose another folder with --data.`);
    }
    await wait(BETWEEN_TRIES_MS);
  }
}

/** Makes the folder if need be and claims it. Gives `{folder, lock, name(workerd), release()}`. */
export async function claimFolder(given) {
  const folder = resolve(given);
  const file = join(folder, CLAIM);
  const write = (claim) => writeFileSync(file, JSON.stringify(claim));
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const lock = await lockFolder(folder, file);
    write({ serving: process.pid });
    return {
      folder,
      lock,
      name: (workerd) => write({ serving: process.pid, workerd }),
      release: () => rmSync(file, { force: true }),
    };
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(t`the data folder ${folder} can't be written (${error.code}). Give this user the right to, or choose another with --data.`);
  }
}
