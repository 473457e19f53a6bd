// The facts of the article, read at the moment they are needed: what the box says, then JSON-LD, Open Graph
// and Twitter cards, <meta>, the canonical address, the first real heading and the first large picture.
import { state } from "./state.js";

export const FURNITURE = "header,nav,footer,aside,[hidden]";
const LARGE_PX = 200;

const tidy = (text) => (typeof text == "string" ? text.replace(/\s+/g, " ").trim().slice(0, 2000) : "");
export const all = (selector) => Array.from(document.querySelectorAll(selector));

/** An address made absolute, if it is one of the web. */
function absolute(address) {
  try {
    const { protocol, href } = new URL(address, document.baseURI);
    return address && /^http/.test(protocol) ? href : "";
  } catch (error) {
    return "";
  }
}

/** Parameters that tell how a reader came, not what is read; a part of the counter's maintained list. */
const TRACKING = /^(utm_.*|isappinstalled|nsukey|pass_ticket|wx_header|chksm|weibo_id|share_token|share_source|bd_vid|(fb|g|d|y|tw|tt)clid|msclkid|igsh(id)?|_g[al]|from=((single|group)message|timeline))(=|$)/;

/** An address without them, without secrets, and without the place on the page. */
export function cleaned(address) {
  const [, page, query, route] = /^([^?#]*)\??([^#]*)(.*)/.exec(state.clean(address));
  const kept = query.split("&").filter((pair) => pair && !TRACKING.test(pair)).join("&");
  return page + (kept && "?" + kept) + route;
}

function meta(...names) {
  for (const name of names) {
    const found = tidy((document.querySelector(`meta[property="${name}"],meta[name="${name}"],meta[itemprop="${name}"]`) || {}).content);
    if (found) return found;
  }
}

/** Path, query and route of an address, in the form that is compared. */
const parts = (address) => /^\w+:\/\/[^/]*([^?#]*?)\/?(?:index\.\w+)?(\?[^#]*)?(#.*)?$/.exec(cleaned(address)) || [];

/** Whether an address names the page that was loaded, though another is shown now; or, where none is named, might. */
function isOld(address) {
  const [, path, query, route] = parts(JSON.parse(state.first).url), [, nowPath, nowQuery, nowRoute] = parts(location.href), [, oldPath, oldQuery] = parts(address);
  return (!address || oldPath == path) && (path != nowPath || route != nowRoute || (query && oldQuery == query && query != nowQuery));
}

const addressOf = (data) => absolute(text(data.url)) || absolute(text(data.mainEntityOfPage));

/** The first article in a piece of JSON-LD, of the page that is shown. */
function articleIn(node, depth) {
  if (!node || typeof node != "object" || depth > 4) return;
  if (/Article|Posting|Report/.test(node["@type"])) return isOld(addressOf(node)) ? undefined : node;
  for (const inner of Array.isArray(node) ? node : [node["@graph"], node.mainEntity]) {
    const found = articleIn(inner, depth + 1);
    if (found) return found;
  }
}

function linkedData() {
  for (const { textContent } of all('script[type="application/ld+json"]')) {
    try {
      const found = articleIn(JSON.parse(textContent), 0);
      if (found) return found;
    } catch (error) {
      // What is malformed says nothing.
    }
  }
  return {};
}

/** The text of a value that may be a list, or an object with an address. */
function text(value) {
  if (Array.isArray(value)) value = value[0];
  return tidy(value && typeof value == "object" ? value.url || value.contentUrl || value["@id"] || value["@value"] : value);
}

const heading = () => tidy((all("h1").filter((title) => !title.closest(FURNITURE) && tidy(title.textContent))[0] || {}).textContent);

function picture() {
  const isLarge = (image) => image.naturalWidth >= LARGE_PX && image.naturalHeight >= LARGE_PX && !image.closest(FURNITURE);
  const found = all("article img,main img").concat(all("img")).filter(isLarge)[0];
  return found && (found.currentSrc || found.src);
}

/** What a box's attribute says. */
export const own = (box, name) => tidy(box.getAttribute(name));

/** Address, title, summary, picture and site of what a box shares, to a network that may have its own: `weibo-title`.
 * A picture with a # only names one told of elsewhere. */
export function factsOf(box, network) {
  const said = (name) => own(box, network + "-" + name) || own(box, name);
  const canonical = document.querySelector("link[rel=canonical]"), link = absolute(canonical && canonical.getAttribute("href"));
  const card = absolute(meta("og:url", "twitter:url")), data = linkedData(), named = [addressOf(data), card, link].filter((address) => address && !isOld(address))[0];
  // What the head says is that of the page it names.
  const head = isOld(card || link) ? () => "" : meta;
  return [
    absolute(said("url")) || cleaned(named || location.href),
    said("title") || text(data.headline) || text(data.name) || head("og:title", "twitter:title") || heading() || tidy(document.title),
    said("summary") || text(data.description) || head("og:description", "twitter:description", "description") || "",
    absolute(said("image")) || absolute(text(data.image).replace(/.*#.*/, "")) || absolute(head("og:image", "twitter:image", "image")) || absolute(picture()),
    meta("og:site_name") || location.hostname,
  ];
}
