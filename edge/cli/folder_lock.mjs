// An operating-system lock on a folder, held as long as this process or a child it is handed to lives.
//
// Node.js has no flock(2), but the lock belongs to the open file, not to the process that asks for it: the small
// program that takes it inherits the file, ends, and leaves the lock with us. No signal and no crash can leave it
// behind, and process ids, which name other programs in other containers, play no part.
import { spawnSync } from "node:child_process";
import { openSync } from "node:fs";
import { join } from "node:path";

const FILE = "lock";
const PERL = "exit(flock(STDIN, LOCK_EX | LOCK_NB) ? 0 : $!{EWOULDBLOCK} ? 1 : 2)";
/** What takes the lock of its standard input's file: of Linux, and of macOS and the BSDs. */
const PROGRAMS = [
  ["flock", ["-n", "0"]],
  ["perl", ["-MFcntl=:flock", "-MErrno", "-e", PERL]],
];

/** Opens the folder's lock file; what it gives is to be kept, and may be handed to children. */
export const openLock = (folder) => openSync(join(folder, FILE), "a+");

/** Takes the lock: true, or false if another has it; undefined if this machine has no program that can. */
export function takeLock(file) {
  for (const [program, words] of PROGRAMS) {
    const { status, error } = spawnSync(program, words, { stdio: [file, "ignore", "ignore"] });
    if (!error && status === 0) return true;
    if (!error && status === 1) return false;
  }
  return undefined;
}
