// The language a page speaks: the one its address names, or else the reader's own; and the links to the others.
import { preferredLanguage, readHash, writeHash } from "./address.js";
import { currentLanguage, setLanguage } from "./speech.js";

/** Speaks the address's language; what else the address says is returned. */
export function followLanguage() {
  const { language, choices } = readHash(location.hash);
  setLanguage(language ?? preferredLanguage(navigator.languages));
  linkLanguages(choices);
  return choices;
}

/** The links to languages keep what was chosen; the one that is spoken says so. */
export function linkLanguages(choices) {
  for (const link of document.querySelectorAll("nav a[lang]")) {
    link.href = writeHash(link.lang, choices);
    if (link.lang === currentLanguage()) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}
