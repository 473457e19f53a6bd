// Where the counter is: the folder above this script's, which may be one of a site (`/laifang/`).

/** Ends with a slash. */
export const BASE = new URL("../", import.meta.url).href;

/** Whether it has no host of its own: then the site here is its owner's, and our pages count nothing for it. */
export const IS_IN_FOLDER = new URL(BASE).pathname !== "/";
