// Saves what the page holds as a file of the reader's.
import { h } from "../../page/dom.js";

/** Lets the browser save a blob under this name. */
export function saveBlob(blob, fileName) {
  const link = h("a", { href: URL.createObjectURL(blob), download: fileName });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
