// Boxes whose services are gone, replaced in their place, with the networks they held, in their order.

/** Attributes of share.js's box, and ours. */
const SAME = { url: "url", title: "title", description: "summary", image: "image" };

/** Puts a box of ours in the place of a dead one. */
export function replaceDead(old) {
  const box = document.createElement("laifang-share"), names = [];
  for (const part of old.querySelectorAll("[data-cmd],[class]")) {
    const [, name] = /(?:^|\s)(?:bds_|jiathis_button_|bshare-|icon-)(\w+)/.exec(part.getAttribute("class")) || [];
    names.push(part.getAttribute("data-cmd") || name || "");
  }
  box.setAttribute("networks", old.getAttribute("data-sites") || names.join(" "));
  for (const key of Object.keys(SAME)) if (old.hasAttribute("data-" + key)) box.setAttribute(SAME[key], old.getAttribute("data-" + key));
  old.parentNode.replaceChild(box, old);
}
