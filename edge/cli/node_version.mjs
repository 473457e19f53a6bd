// Says what to do where Node is too old. Kept to syntax that an old Node reads.

const OLDEST_NODE = 20;

/** What to tell a person with this version of Node, or undefined if it is new enough. */
export function oldNodeMessage(version) {
  if (parseInt(version, 10) >= OLDEST_NODE) return undefined;
  return "this is Node " + version + "; Laifang needs Node " + OLDEST_NODE + " or newer. Install one from https://nodejs.org/ and try again.";
}
