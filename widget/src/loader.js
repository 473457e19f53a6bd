// The script tag pages paste: sends the hit at once and fetches everything else beside it.
//
// Built twice: for /widget.js, which moves with each release, and for /v/VERSION/widget.js, which never changes and names the
// hash of every part (INTEGRITY; null in the other), so that the hash in a tag covers them all.
//
// Parses as ES5; a browser without fetch, crypto or Symbol is left as it is. What the parts need stands at
// window[Symbol.for("laifang")]:
//   base     where API and parts are, with its final slash: the folder of this file, or what data-counter names
//   tag      the script element
//   plain    whether this browser or page runs no WebAssembly: parts come as plain JavaScript
//   read     whether to show without counting
//   clean    (address) -> the address without secrets, and without a fragment that is no route
//   body     (kind) -> the JSON of a new view
//   send     (body) -> Promise<Response>: sends a hit (again)
//   first    the first view's JSON
//   hit      the promise of its reply; none in pages that are read only
//   wasm     Promise<Response> of the counter's wasm
//   file     (part, ending) -> its address, or the request that checks its hash: what `fetch` takes
//   start    () -> void: sends the first hit and fetches the counter
//   box      () -> void: fetches the share box, once
//   load     (part) -> its script element, inserted, in the form this page runs
//   fail     (message) -> void: tells the page's maintainer, the first time, by a warning and `laifang-error`
(function () {
  var w = window, d = document, S = w.Symbol, state, key, policy;
  if (!w.fetch || !w.crypto || !S) return;
  key = S["for"]("laifang");
  if (w[key]) return;
  var tag = d.currentScript;
  if (!(tag instanceof HTMLScriptElement)) tag = d.querySelector('script[data-counter],script[src*="/widget.js"]');
  if (!tag) return;
  var attribute = function (name) { return tag.getAttribute("data-" + name); };
  var counter = attribute("counter");
  var base = (counter ? counter + "/" : tag.src).replace(/\/*[^/]*([?#].*)?$/, "/");
  // That of a release has the API and the parts two folders up.
  if (__LAIFANG_INTEGRITY__ && !counter) base = base.replace(/v\/[^/]*\/$/, "");
  function address(part, ending) { return base + part + __LAIFANG_FINGERPRINT__ + ending; }
  function integrity(part, ending) { return __LAIFANG_INTEGRITY__.split(part + "." + ending + "=")[1].split(" ")[0]; }
  var file = !__LAIFANG_INTEGRITY__ ? address : function (part, ending) {
    return new Request(address(part, ending), { integrity: integrity(part, ending) });
  };
  // By hand: old libraries change what JSON.stringify does. An address has nothing that needs more.
  var quote = function (text) { return '"' + text.replace(/["\\\s]/g, encodeURIComponent) + '"'; };
  state = w[key] = {
    base: base, tag: tag, file: file, start: start,
    clean: function (address) {
      return address.replace(/#(?!!?\/).*/, "").replace(/([?&])(code|[\w-]*(token|secret|passw\w*|api_?key))=[^&#]*/gi, function (pair, mark, name) {
        // Of these only `code` has four letters; it is a secret where it stands with `state`.
        return name[4] || /[?&]state=/i.test(address) ? mark : pair;
      });
    },
    body: function (kind) {
      var site = attribute("site");
      // Sixteen random bytes, in decimals.
      return '{"url":' + quote(state.clean(location.href)) + ',"id":"' + crypto.getRandomValues(new Uint8Array(16)).join("-") + '","kind":"' + kind + '"' + (site ? ',"site":' + quote(site) : "") + "}";
    },
    send: function (body) {
      return fetch(base + "v1/hits", { method: "POST", body: body, credentials: "omit", keepalive: true });
    },
    load: function (part) {
      var script = d.createElement("script"), types = w.trustedTypes, ending = state.plain ? "plain.js" : "js", url = address(part, ending);
      if (__LAIFANG_INTEGRITY__) script.integrity = integrity(part, ending);
      script.crossOrigin = "";
      script.nonce = tag.nonce;
      script.onerror = function () { state.fail("can't load " + url); };
      try {
        policy = policy || types && types.createPolicy("laifang", { createScriptURL: String });
        script.src = policy ? policy.createScriptURL(url) : url;
        d.head.appendChild(script);
      } catch (error) {
        state.fail(error.message);
      }
      return script;
    },
    box: function () {
      state.box = S;
      state.load("share");
    },
    fail: function (message) {
      // Once. (`Symbol` serves as a function that does nothing.)
      state.fail = S;
      console.warn("laifang: " + message);
      d.dispatchEvent(new CustomEvent("laifang-error", { detail: { message: message }, bubbles: true, composed: true }));
    }
  };
  state.read = attribute("mode") == "read" || origin == "null";
  try {
    state.read |= localStorage.laifang == "off";
  } catch (error) {}
  function start() {
    // Where the tag asks for another address of the page, a part knows it, and starts again.
    if (attribute("page-address") && !state.places) return state.load("places");
    // The visitor's own switch; entry.js opens it.
    state.read |= /^#laifang-o(n|ff)$/.test(location.hash);
    state.first = state.body("load");
    if (!state.read) (state.hit = state.send(state.first))["catch"](S);
    // A policy may forbid WebAssembly; only trying tells, and in WebKit only an instance does.
    try {
      new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)));
    } catch (error) {
      state.plain = 1;
    }
    if (!state.plain) {
      state.wasm = fetch(file("widget", "wasm"));
      state.wasm["catch"](S);
    }
    state.load("widget");
    if (attribute("share") != null) state.box();
  }
  if (d.prerendering) d.addEventListener("prerenderingchange", start);
  else start();
})();
