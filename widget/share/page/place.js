// Where boxes go on a page that has none: after the article, or after the element the tag names. And in the
// boxes whose services are gone, which `dead.js` takes over.
import { FURNITURE, all } from "./article.js";
import { isPhone } from "./dialog.js";
import { state } from "./state.js";
import { fetchMore, networkOf } from "./tables.js";

const ARTICLES = "[itemprop=articleBody]|article|#article|.article|#content|.content|.article-content|.post-content|.entry-content|main|[role=main]";
// As long as `watch.js` looks for what comes late.
const LATE_MS = 30000;
let placed, timer;

/** The page's article, or what holds all its articles if there are several and not one alone has the page's heading. */
function article() {
  const several = [];
  for (const selector of ARTICLES.split("|")) {
    const found = all(selector).filter((one) => !one.parentNode.closest(selector) && !one.closest(FURNITURE));
    const [anchor, other] = found[1] ? found.filter((one) => one.querySelector("h1")) : found;
    if (anchor && !other && several.every((one) => anchor.contains(one))) return anchor;
    several.push(...found);
  }
}

/** Places the box, or puts it back where it belongs if the page has changed since. */
function place(selector) {
  let anchor;
  const warn = () => placed || state.fail("data-share names no element: " + selector);
  try {
    anchor = selector ? all(selector)[0] : article();
  } catch (error) {
    timer = setTimeout(warn);
  }
  if (selector && !anchor) return (timer = timer || setTimeout(warn, LATE_MS));
  const isCell = anchor && anchor.tagName == "TD";
  placed = placed || document.createElement("laifang-share");
  if (placed.parentNode == (isCell ? anchor : anchor ? anchor.parentNode : document.body) && (!anchor || anchor.compareDocumentPosition(placed) & 4 /* FOLLOWING */)) return;
  if (anchor && !isCell) anchor.after(placed);
  else (anchor || document.body).append(placed);
}

/** Takes over dead boxes; where the page has none, and no box of ours, places one if the tag asks for it. Not before
 * the page is read, and not before the counter has said which boxes are dead: it asks for boxes when it starts. */
export function placeBoxes() {
  if (!state.dead || document.readyState == "loading") return;
  const dead = all(state.dead), selector = state.tag.getAttribute("data-share");
  if (dead[0] && fetchMore(placeBoxes)) return;
  if (state.takeOver) for (const old of dead) state.takeOver(old, networkOf, isPhone());
  if (selector != null && all("laifang-share").every((box) => box == placed)) place(selector);
}
