// Copying, counting and telling: how a share ends.
import { state } from "./state.js";

export const host = (name) => name.replace(/^www\./, "");

/** Sends an event from the box; false if somebody cancelled it. */
export const tell = (box, name, detail) =>
  box.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, cancelable: !detail.outcome, detail }));

/** Whether the text is on the clipboard now. Pages on plain http have no clipboard API; selecting works there. */
export async function copied(text, ground) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch (error) {
    const field = document.createElement("textarea"), before = (ground.getRootNode ? ground.getRootNode() : document).activeElement;
    field.value = text;
    field.readOnly = true;
    ground.append(field);
    field.select();
    try {
      return document.execCommand("copy");
    } catch (error) {
      return false;
    } finally {
      field.remove();
      if (before) before.focus();
    }
  }
}

/** The page that is counted: what is shared, if it is of this site. */
export const counted = (url) => state.clean(host(new URL(url).hostname) == host(location.hostname) ? url : location.href);

/** Counts a share and hands over the new counts; whatever becomes of it, the share has happened. */
export async function report(network, url, then) {
  try {
    // A share is told as a view is, but for its page and its kind. Addresses have no quotation marks.
    const body = state.body("").replace(/"url":"[^"]*"/, () => `"url":"${counted(url).replace(/["\\]/g, encodeURIComponent)}"`).replace('"kind":""', `"network":"${network}"`);
    const response = await fetch(state.base + "v1/shares", { method: "POST", body, credentials: "omit", keepalive: true });
    if (response.ok) then((await response.json()).shares);
  } catch (error) {
    // Not counted.
  }
}
