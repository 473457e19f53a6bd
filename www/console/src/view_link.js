// A link to another view of the console: that of a site, or, without one, that of all.
import { readHash, writeHash } from "../../page/address.js";
import { h } from "../../page/dom.js";

/** The view's address, in the language of the moment. */
function addressOf(site) {
  const { language, choices } = readHash(location.hash);
  if (site) choices.set("site", site);
  else choices.delete("site");
  return writeHash(language, choices);
}

/** The language may change before it is followed: the address is made once more then. */
export function viewLink(site, text) {
  const link = h("a", { href: addressOf(site), on: { click: () => (link.href = addressOf(site)) } }, text);
  return link;
}
