// `data-page-address="canonical"`: the page is the one that its `rel=canonical` names, for hits, shares and reads.
//
// Out of scope: pages of other hosts, which can't be counted from here.

/** Starts the counter with an address that follows the canonical link, once the page's head is there. */
export function followCanonical(state) {
  const { clean } = state, start = () => {
    const landing = { path: location.pathname, canonical: canonical() };
    state.clean = (address) => {
      const named = address == location.href && canonical();
      // After an in-page navigation a head that still names the page that was loaded is not believed.
      const isOld = named && named == landing.canonical && location.pathname != landing.path;
      return clean(named && !isOld ? named : address);
    };
    state.start();
  };
  if (document.readyState == "loading") document.addEventListener("DOMContentLoaded", start, { once: true });
  else start();
}

function canonical() {
  const link = document.querySelector("link[rel=canonical][href]");
  // (A link's own parts are those of an address that may be none: `a` reads them without an error.)
  const { host, pathname, search } = Object.assign(document.createElement("a"), { href: link ? link.href : "" });
  return link && host == location.host ? location.origin + pathname + search : "";
}
