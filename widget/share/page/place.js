// Where boxes go on a page that has none: after the article, or after the element the tag names. And in the
// boxes whose services are gone, which `dead.js` takes over.
import { isPhone } from "./dialog.js";
import { state } from "./state.js";
import { fetchMore, networkOf } from "./tables.js";

const ARTICLES = "[itemprop=articleBody]|article|#article|.article|#content|.content|.article-content|.post-content|.entry-content|main|[role=main]";

const first = (selector) => document.querySelector(selector);

function placeAfter(selector) {
  let anchor, box = document.createElement("laifang-share");
  try {
    if (selector) anchor = first(selector);
    else for (const own of ARTICLES.split("|")) anchor = anchor || first(own);
  } catch (error) {
    // Not a selector.
  }
  if (selector && !anchor) state.fail("data-share names no element: " + selector);
  else if (!anchor) document.body.append(box);
  else if (anchor.tagName == "TD") anchor.append(box);
  else anchor.after(box);
}

/** Takes over dead boxes; where the page has none, and no box of ours, places one if the tag asks for it. Not before
 * the page is read, and not before the counter has said which boxes are dead: it asks for boxes when it starts. */
export function placeBoxes() {
  if (!state.dead || document.readyState == "loading") return;
  const dead = document.querySelectorAll(state.dead);
  if (dead[0] && fetchMore(placeBoxes)) return;
  if (state.takeOver) for (const old of dead) state.takeOver(old, networkOf, isPhone());
  if (state.tag.hasAttribute("data-share") && !first("laifang-share")) placeAfter(state.tag.getAttribute("data-share"));
}
