// How often each network was chosen so far, for boxes that show it.
import { counted, host } from "./outcome.js";
import { state } from "./state.js";

/** Hands over how often each network was chosen so far. */
export async function readCounts(url, then) {
  try {
    const page = counted(url).replace(/^\w+:\/\/[^/]*/, ""), name = state.tag.getAttribute("data-site") || host(location.hostname);
    const response = await fetch(`${state.base}v1/counts?site=${encodeURIComponent(name)}&page=${encodeURIComponent(page)}`);
    then((await response.json()).pages[page].shares || {});
  } catch (error) {
    // A box without counts.
  }
}
