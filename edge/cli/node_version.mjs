// Says what to do where Node is too old, in English and in Chinese, for an old Node reads no table. Kept to syntax that it reads.

const OLDEST_NODE = 20;

/** What to tell a person with this version of Node, or undefined if it is new enough. */
export function oldNodeMessage(version) {
  if (parseInt(version, 10) >= OLDEST_NODE) return undefined;
  return "this is Node " + version + "; Laifang needs Node " + OLDEST_NODE + " or newer. Install one from https://nodejs.org/ and try again.\n" +
    "这是 Node " + version + "，来访要 Node " + OLDEST_NODE + " 或更新的版本。请到 https://nodejs.org/ 安装，再试一次。";
}
