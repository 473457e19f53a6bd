// The script tag pages paste: sends the hit at once and fetches everything else beside it.
//
// Parses as ES5; a browser without fetch, Promise or Symbol is left as it is. What the parts need stands at
// window[Symbol.for("laifang")]:
//   base     folder of this file, with its final slash: the API's base too
//   tag      the script element
//   version  of the release
//   read     whether to show without counting
//   body     the hit's JSON, for a retry with the same id
//   send     (read) -> Promise<Response>: sends the hit (again), or reads the counts
//   hit      the first such promise
//   wasm     Promise<Response> of the counter's wasm
//   share    address of the share box's wasm
//   load     (file) -> void: inserts a script of ours
//   fail     (message) -> void: tells the page's maintainer, the first time, by a warning and `laifang-error`
(function () {
  var w = window, d = document, S = w.Symbol, state, key;
  if (!w.fetch || !w.Promise || !S || !S["for"] || !w.crypto || !w.URL) return;
  key = S["for"]("laifang");
  if (w[key]) return;
  var tag = d.currentScript;
  if (!(tag instanceof HTMLScriptElement)) tag = d.querySelector('script[src*="/widget.js"]');
  if (!tag) return;
  var base = new URL(".", tag.src).href;
  var attribute = function (name) { return tag.getAttribute("data-" + name); };
  state = w[key] = {
    base: base, tag: tag, version: __LAIFANG_VERSION__, share: base + __LAIFANG_SHARE_WASM__,
    read: attribute("mode") == "read",
    send: function (read) {
      if (read || state.read) {
        return fetch(base + "v1/counts?site=" + encodeURIComponent(attribute("site") || location.hostname) +
          "&page=" + encodeURIComponent(location.pathname + location.search));
      }
      return fetch(base + "v1/hits", { method: "POST", body: state.body, credentials: "omit", keepalive: true });
    },
    load: function (file) {
      var script = d.createElement("script");
      script.src = base + file;
      script.crossOrigin = "anonymous";
      script.onerror = function () { state.fail(file + " can't be loaded"); };
      (d.head || d.documentElement).appendChild(script);
    },
    fail: function (message) {
      if (state.failed) return;
      state.failed = 1;
      console.warn("laifang: " + message);
      d.dispatchEvent(new CustomEvent("laifang-error", { bubbles: true, composed: true, detail: { message: message } }));
    }
  };
  function share() {
    if (!state.shared && (tag.hasAttribute("data-share") || d.querySelector("laifang-share"))) {
      state.shared = 1;
      state.load(__LAIFANG_SHARE_JS__);
    }
  }
  function start() {
    var id = "", bytes = crypto.getRandomValues(new Uint8Array(16)), i;
    for (i = 0; i < 16; i++) id += (bytes[i] + 256).toString(16).slice(1);
    state.body = JSON.stringify({ url: location.href, id: id, site: attribute("site") || void 0 });
    state.hit = state.send();
    state.wasm = fetch(base + __LAIFANG_WIDGET_WASM__);
    state.hit["catch"](function () {});
    state.wasm["catch"](function () {});
    state.load(__LAIFANG_WIDGET_JS__);
    share();
    d.addEventListener("DOMContentLoaded", share);
  }
  if (d.prerendering) d.addEventListener("prerenderingchange", start, { once: true });
  else start();
})();
