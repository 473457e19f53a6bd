// Which page a place is of: what an attribute says, or the link of the article that the place stands in.

const HEADING_LINKS = "h1 a[href],h2 a[href],h3 a[href],h4 a[href],a[rel~=bookmark]";

/** A path for comparing: decoded, without `index.html` and a final slash. */
function comparable(path) {
  try {
    path = decodeURI(path);
  } catch (error) {
    // Not UTF-8: compared as it is.
  }
  return path.replace(/(^|\/)index\.html?$/, "$1").replace(/\/+$/, "");
}

const isThisPage = (path) => comparable(path) == comparable(location.pathname + location.search);

const bare = (hostname) => hostname.replace(/^www\./, "");

/** The path and query of an address or path that an attribute holds; undefined if it is this page's, null if it is none of this site's. */
export function elsewhere(name) {
  if (!name) return;
  try {
    const { hostname, pathname, search } = new URL(name, new URL("/", location.href));
    if (bare(hostname) != bare(location.hostname)) return null;
    return isThisPage(pathname + search) ? undefined : pathname + search;
  } catch (error) {
    return null;
  }
}

/** The page of a LeanCloud place, whose id is its path, encoded or not, with or without the site's root path. */
export function leancloudPage({ id, parentElement }) {
  const path = "/" + id.replace(/^\/+/, ""), end = comparable(path);
  if (isThisPage(path)) return;
  if (end) {
    if (comparable(location.pathname).endsWith(end)) return;
    const link = climb(parentElement, (ancestor) => [...ancestor.querySelectorAll("a[href]")].find(({ host, pathname }) => host == location.host && comparable(pathname).endsWith(end)));
    if (link) return link.pathname;
  }
  return elsewhere(path);
}

/** The path of the one link in the heading of the article that an element stands in. */
export function articlePage(element) {
  const link = climb(element, (ancestor) => {
    const links = [...ancestor.querySelectorAll(HEADING_LINKS)].filter(({ host, pathname }) => host == location.host && !isThisPage(pathname));
    // With several we are past the article.
    return links.length && (links.every(({ pathname }) => pathname == links[0].pathname) ? links[0] : { pathname: "", search: "" });
  });
  return link && link.pathname + link.search;
}

/** What `find` finds in the nearest ancestor in which it finds anything. */
function climb(element, find) {
  for (; element && element != document.body; element = element.parentElement) {
    const found = find(element);
    if (found) return found;
  }
}
