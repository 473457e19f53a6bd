// The demo counts for the host it is at. Where the counter is in a folder of a site, that is the owner's site: there the preview is
// shown instead, whose numbers are made up, and the tag below does nothing, as it does where it stands twice.
(function () {
  if (new URL("../", document.currentScript.src).pathname === "/") return;
  window[Symbol.for("laifang")] = {};
  location.replace("preview");
})();
