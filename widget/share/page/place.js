// Where boxes go on a page that has none: after the article, or after the element the tag names. And in the
// place of boxes whose services are gone, with the networks those held, in their order.
import { state } from "./state.js";

const ARTICLES = "[itemprop=articleBody]|article|#article|.article|#content|.content|.article-content|.post-content|.entry-content|main|[role=main]";
const DEAD = ".bdsharebuttonbox,.jiathis_style,.bshare-custom,.social-share";
/** Attributes of share.js's box, and ours. */
const SAME = { url: "url", title: "title", description: "summary", image: "image" };

const first = (selector) => document.querySelector(selector);

function replaceDead(old) {
  const box = document.createElement("laifang-share"), names = [];
  for (const part of old.querySelectorAll("[data-cmd],[class]")) {
    const [, name] = /(?:^|\s)(?:bds_|jiathis_button_|bshare-|icon-)(\w+)/.exec(part.getAttribute("class")) || [];
    names.push(part.getAttribute("data-cmd") || name || "");
  }
  box.setAttribute("networks", old.getAttribute("data-sites") || names.join(" "));
  for (const key of Object.keys(SAME)) if (old.hasAttribute("data-" + key)) box.setAttribute(SAME[key], old.getAttribute("data-" + key));
  old.parentNode.replaceChild(box, old);
}

function placeAfter(selector) {
  let anchor, box = document.createElement("laifang-share");
  try {
    if (selector) anchor = first(selector);
    else for (const own of ARTICLES.split("|")) anchor = anchor || first(own);
  } catch (error) {
    // Not a selector.
  }
  if (selector && !anchor) console.warn("laifang: data-share names no element: " + selector);
  else if (!anchor) document.body.append(box);
  else if (anchor.tagName == "TD") anchor.append(box);
  else anchor.after(box);
}

/** Takes over dead boxes; where the page has none, and no box of ours, places one if the tag asks for it. */
export function placeBoxes() {
  for (const old of document.querySelectorAll(DEAD)) if (!old.closest("laifang-share")) replaceDead(old);
  if (state.tag.hasAttribute("data-share") && !first("laifang-share")) placeAfter(state.tag.getAttribute("data-share"));
}
