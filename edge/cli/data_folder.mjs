// The folder that keeps the counts, and the claim on it: two counters on one folder would give numbers twice.
//
// The claim is a file that names the process that serves and its workerd. Both are looked up when it is found
// again: after a SIGKILL a workerd may be left over, still writing; it is ended before another begins.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Failure } from "./failure.mjs";
import { t } from "./speech.mjs";

const CLAIM = "serving.json";

/** The command line of a process, or "" if there is no such process. */
function programOf(pid) {
  try {
    if (existsSync("/proc/self/cmdline")) return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    return execFileSync("ps", ["-o", "args=", "-p", String(pid)], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return "";
  }
}

function readClaim(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return {};
  }
}

async function endLeftover(pid) {
  process.kill(pid, "SIGKILL");
  for (let tries = 0; programOf(pid).includes("workerd") && tries < 50; tries++) await wait(100);
}

async function yieldOf(file, folder) {
  const { serving, workerd } = readClaim(file);
  if (serving && serving !== process.pid && programOf(serving).includes("serve")) {
    throw new Failure(t`the folder ${folder} is in use by process ${serving}. Stop that one, or choose another folder with --data.`);
  }
  if (workerd && programOf(workerd).includes("workerd")) await endLeftover(workerd);
  rmSync(file, { force: true });
}

/** Makes the folder if need be and claims it. Gives `{folder, name(workerd), release()}`. */
export async function claimFolder(given) {
  const folder = resolve(given);
  const file = join(folder, CLAIM);
  const write = (claim, flag) => writeFileSync(file, JSON.stringify(claim), { flag });
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    await yieldOf(file, folder);
    write({ serving: process.pid }, "wx");
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(t`the data folder ${folder} can't be written (${error.code}). Give this user the right to, or choose another with --data.`);
  }
  return {
    folder,
    name: (workerd) => write({ serving: process.pid, workerd }, "w"),
    release: () => rmSync(file, { force: true }),
  };
}
