// Boxes whose services are gone, taken over in place: our box stands inside the old one, whose dead buttons are
// hidden by style. Nothing of the page is removed, moved or replaced; what else it keeps in there stays.
// This is a part of the script that is fetched later: what it needs of the first comes as arguments.
import { state } from "./state.js";

/** Attributes of share.js's and AddThis's boxes, and ours. */
const SAME = { url: "url", title: "title", description: "summary", image: "image" };

/** Classes of the services' own buttons, labels and counts, and addresses of the services. */
const DEAD_CLASS = /(^|\s)(bds?_|bdshare|shareCount|jiathis|jtico|bshare|bspromo|social-share-icon|addthis|at300|at-icon|at-share|atclear)/i;
const DEAD_ADDRESS = /^(https?:)?\/\/([\w-]+\.)*(jiathis\.com|bshare\.cn|addthis\.com|share\.baidu\.com)(\/|$)/i;

/** What share.js shows where its box does not say. */
const SHARE_JS = "weibo qq wechat douban qzone linkedin facebook twitter";

const attribute = (element, name) => element.getAttribute(name) || "";

const isDead = (part) =>
  DEAD_CLASS.test(attribute(part, "class")) || DEAD_ADDRESS.test(attribute(part, "href")) ||
  (part.hasAttribute("data-cmd") && !part.matches("button,input,[onclick]"));

/** The dead parts of an element, outermost first. A part that holds a link or field of the page's own is none, but what
 * is dead in it is. */
function deadParts(element) {
  const found = [];
  for (const part of Array.from(element.children)) {
    if (part.localName == "laifang-share") continue;
    const isButton = isDead(part) && (part.localName == "a" || !part.matches(state.dead));
    if (isButton && Array.from(part.querySelectorAll("a,button,input")).every(isDead)) found.push(part);
    else found.push(...deadParts(part));
  }
  return found;
}

/** The networks a dead box held, by our names, in its order. */
function networksOf(old, networkOf, isPhone) {
  const isShareJs = old.matches(".social-share"), names = [];
  for (const part of old.querySelectorAll("[data-cmd],[class]")) {
    const [, name] = /(?:^|\s)(?:bds_|jiathis_button_|bshare-|icon-|addthis_button_)(\w+)/.exec(attribute(part, "class")) || [];
    names.push(attribute(part, "data-cmd") || name || "");
  }
  const disabled = attribute(old, "data-disabled");
  const sites = (isPhone && attribute(old, "data-mobile-sites")) || attribute(old, "data-sites") || names.join(" ");
  const idsOf = (text) => text.split(/[\s,]+/).map((name) => (networkOf(/^(compact|expanded)$/.test(name) ? "more" : name, 0) || {}).id).filter(Boolean);
  const without = idsOf(disabled), ids = idsOf(sites);
  return (ids[0] || !isShareJs || !disabled ? ids : idsOf(SHARE_JS)).filter((id) => without.indexOf(id) < 0);
}

/** A box of ours that shares what the old one did. */
function successorOf(old, networkOf, isPhone) {
  const box = document.createElement("laifang-share"), networks = networksOf(old, networkOf, isPhone).join(" ");
  if (networks) box.setAttribute("networks", networks);
  for (const { name, value } of Array.from(old.attributes)) {
    const [, whose, key] = /^(?:data-|addthis:)(?:(\w+)-)?(url|title|description|image)$/.exec(name) || [];
    const network = whose && networkOf(whose, 0);
    if (key && (!whose || network)) box.setAttribute((whose ? network.id + "-" : "") + SAME[key], value);
  }
  // The old element has the margins the page gave it.
  box.style.margin = 0;
  return box;
}

/** A dead box that is a link itself leads nowhere any more; the links of our box do. */
function guard(event) {
  const path = event.composedPath(), ours = path.slice(0, path.indexOf(event.currentTarget));
  if (!ours.some(({ localName }) => localName == "a")) event.preventDefault();
}

/** Takes a dead box over; once more if it has changed. */
export function takeOver(old, networkOf, isPhone) {
  if (old.parentElement && old.parentElement.closest(state.dead)) return;
  const parts = deadParts(old);
  if (!old.querySelector("laifang-share")) {
    if (old.localName == "a") old.addEventListener("click", guard);
    // At the end: every node of the page's keeps its neighbours.
    old.append(successorOf(old, networkOf, isPhone));
  }
  // The children of a dead link are its picture and its words.
  if (old.localName == "a") parts.push(...Array.from(old.children).filter(({ localName }) => localName != "laifang-share"));
  for (const { style } of parts) if (style.display != "none") style.setProperty("display", "none", "important");
}
