// What went wrong, as a sentence that says what to do.
import { Trouble } from "./api.js";

/** `(words) => sentence` for anything that was thrown. */
export function explain(error) {
  const trouble = error instanceof Trouble ? error : new Trouble("failed", { detail: error.message });
  return (words) => words.troubles[trouble.kind](trouble);
}

/** Whether somebody, or leaving the page, ended it on purpose. */
export const isCancelled = (error) => error instanceof Trouble && error.kind === "cancelled";
