// Where the counter is: the folder above this script's, which may be one of a site (`/laifang/`).

/** Ends with a slash. */
export const BASE = new URL("../", import.meta.url).href;
