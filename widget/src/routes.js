// In-page navigation: another page is shown without a load. Tells when, and changes nothing of the page's own.
//
// The Navigation API says so where there is one. Elsewhere `history.pushState` and `replaceState` are wrapped.
// What follows # belongs to the page's address only as a route: #/a, #!/a.

const route = () => (/^#!?\//.test(location.hash) ? location.hash : "");
const withQuery = (query) => location.pathname + query + route();
/** The address, and the page alone. (Without `map`: the page may have another.) */
const address = () => [withQuery(location.search), withQuery("")];

/** Calls `onRoute` once the address is another page's. */
export function watchRoutes(onRoute) {
  let shown = address(), replaced = true, timer;
  const check = () => {
    timer = 0;
    // An entry that is replaced keeps the page, unless its path changes: filters and scroll positions are no pages.
    const part = +replaced, before = shown[part];
    shown = address();
    replaced = true;
    if (before != shown[part]) onRoute();
  };
  // After whatever else the navigation does: a redirect is one view.
  const changed = (isReplaced) => {
    replaced = replaced && isReplaced;
    timer = timer || setTimeout(check);
  };
  if (window.navigation && navigation.addEventListener) {
    navigation.addEventListener("currententrychange", ({ navigationType }) => changed(navigationType != "push" && navigationType != "traverse"));
    return;
  }
  for (const name of ["pushState", "replaceState"]) {
    const original = history[name];
    history[name] = function () {
      const result = original.apply(this, arguments);
      changed(name == "replaceState");
      return result;
    };
  }
  addEventListener("popstate", () => changed(false));
  addEventListener("hashchange", () => changed(false));
}
