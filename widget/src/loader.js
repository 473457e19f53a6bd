// The script tag pages paste: sends the hit at once and fetches everything else beside it.
//
// Parses as ES5; a browser without fetch, crypto or Symbol is left as it is. What the parts need stands at
// window[Symbol.for("laifang")]:
//   base     folder of this file, with its final slash: the API's base too
//   tag      the script element
//   plain    whether this browser or page runs no WebAssembly: parts come as plain JavaScript
//   read     whether to show without counting
//   body     (kind) -> the JSON of a new view
//   send     (body) -> Promise<Response>: sends a hit (again), or reads the counts
//   first    the first view's JSON
//   hit      the promise of its reply
//   wasm     Promise<Response> of the counter's wasm
//   file     (part, ending) -> its address
//   box      () -> void: fetches the share box, once
//   asks     () -> boolean: whether the address names the visitor's own switch
//   load     (part) -> its script element, inserted, in the form this page runs
//   fail     (message) -> void: tells the page's maintainer, the first time, by a warning and `laifang-error`
(function () {
  var w = window, d = document, S = w.Symbol, state, key, policy;
  if (!w.fetch || !w.crypto || !S) return;
  key = S["for"]("laifang");
  if (w[key]) return;
  var tag = d.currentScript;
  if (!(tag instanceof HTMLScriptElement)) tag = d.querySelector('script[src*="/widget.js"]');
  if (!tag) return;
  var base = tag.src.replace(/[^/]*([?#].*)?$/, "");
  var attribute = function (name) { return tag.getAttribute("data-" + name); };
  var file = function (part, ending) { return base + part + __LAIFANG_FINGERPRINT__ + ending; };
  // By hand: old libraries change what JSON.stringify does. An address has nothing that needs more.
  var quote = function (text) { return '"' + text.replace(/["\\\s]/g, encodeURIComponent) + '"'; };
  state = w[key] = {
    base: base, tag: tag, file: file,
    body: function (kind) {
      var id = "", bytes = crypto.getRandomValues(new Uint8Array(16)), i, site = attribute("site");
      for (i = 0; i < 16; i++) id += (bytes[i] + 256).toString(16).slice(1);
      return '{"url":' + quote(location.href) + ',"id":"' + id + '","kind":"' + kind + '"' + (site ? ',"site":' + quote(site) : "") + "}";
    },
    send: function (body) {
      if (!body || state.read) {
        return fetch(base + "v1/counts?site=" + encodeURIComponent(attribute("site") || location.hostname) +
          "&page=" + encodeURIComponent(location.pathname + location.search));
      }
      return fetch(base + "v1/hits", { method: "POST", body: body, credentials: "omit", keepalive: true });
    },
    load: function (part) {
      var script = d.createElement("script"), types = w.trustedTypes, url = file(part, state.plain ? "plain.js" : "js");
      try {
        policy = policy || types && types.createPolicy("laifang", { createScriptURL: String });
        script.src = policy ? policy.createScriptURL(url) : url;
      } catch (error) {
        state.fail(error.message);
      }
      script.crossOrigin = "anonymous";
      script.onerror = function () { state.fail(url + " can't be loaded"); };
      return (d.head || d.documentElement).appendChild(script);
    },
    box: function () {
      state.box = function () {};
      state.load("share");
    },
    asks: function () { return /^#laifang-o(n|ff)$/.test(location.hash); },
    fail: function (message) {
      if (state.failed) return;
      state.failed = 1;
      console.warn("laifang: " + message);
      d.dispatchEvent(new CustomEvent("laifang-error", { bubbles: true, composed: true, detail: { message: message } }));
    }
  };
  state.read = attribute("mode") == "read" || w.origin == "null";
  try {
    state.read |= localStorage.getItem("laifang") == "off";
  } catch (error) {}
  function start() {
    state.read |= state.asks();
    state.hit = state.send(state.first = state.body("load"));
    state.hit["catch"](function () {});
    // A policy may forbid WebAssembly; only trying tells, and in WebKit only an instance does.
    try {
      new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])));
    } catch (error) {
      state.plain = 1;
    }
    if (!state.plain) {
      state.wasm = fetch(file("widget", "wasm"));
      state.wasm["catch"](function () {});
    }
    state.load("widget");
    if (state.asks()) state.load("switch");
    if (tag.hasAttribute("data-share")) state.box();
  }
  if (d.prerendering) d.addEventListener("prerenderingchange", start, { once: true });
  else start();
})();
