// Boxes whose services are gone, taken over in place: ours stands inside the old element, with the networks that
// it held, in their order. Its dead buttons are hidden by style. Nothing of the page's own is removed, moved or
// replaced, so that what else is in there, and whoever rendered it, goes on working.

/** Attributes of share.js's box, and ours. */
const SAME = { url: "url", title: "title", description: "summary", image: "image" };
const NAME = /(?:^|\s)(?:bds_|jiathis_button_|bshare-|addthis_button_|icon-)(\w+)/;
const BUTTON = /(?:^|\s)(?:bds_|jiathis|jtico|bshare|BSHARE|addthis|at-icon|social-share-icon|shareCount)/;
const INTERACTIVE = "a,button,input,select,textarea";

const classOf = (element) => element.getAttribute("class") || "";
const isButton = (element) => element.hasAttribute("data-cmd") || BUTTON.test(classOf(element));

/** Whether a part is of the dead service alone: an element of the page's own in it keeps it visible. */
const isDead = (part) => isButton(part) && Array.from(part.querySelectorAll(INTERACTIVE)).every(isButton);

/** The boxes of ours by the dead ones they stand in. */
const taken = new WeakMap();

/** Whether a dead box, or one it is part of, holds a box of ours already. */
function isTaken(old) {
  for (let element = old; element; element = element.parentNode) {
    if (element.localName == "laifang-share" || (taken.has(element) && element.contains(taken.get(element)))) return true;
  }
}

/** Puts a box of ours into a dead one. */
export function takeOver(old) {
  if (old.querySelector("laifang-share") || isTaken(old)) return;
  const box = document.createElement("laifang-share"), names = [];
  const parts = old.querySelectorAll("[data-cmd],[class]");
  for (const part of parts) {
    const [, name] = NAME.exec(classOf(part)) || [];
    names.push(part.getAttribute("data-cmd") || name || "");
  }
  box.setAttribute("networks", old.getAttribute("data-sites") || names.join(" "));
  for (const key of Object.keys(SAME)) if (old.hasAttribute("data-" + key)) box.setAttribute(SAME[key], old.getAttribute("data-" + key));
  for (const part of parts) if (isDead(part)) part.style.setProperty("display", "none", "important");
  old.append(box);
  taken.set(old, box);
}
