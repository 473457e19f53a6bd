// The start page. Its language and what was chosen in the snippet builder stand in the address
// (#en&share=own), so that a link keeps them; nothing is kept in the browser. Without one the reader's own
// language is spoken, and without scripts Simplified Chinese.
import { builder } from "./builder/builder.js";
import { BUILDER_WORDS } from "./builder/words.js";
import { preferredLanguage, readHash, writeHash } from "./page/address.js";
import { currentLanguage, setLanguage, speak, useWords } from "./page/speech.js";
import { showNumbers } from "./start/numbers.js";
import { START_WORDS } from "./start/words.js";

const byId = (id) => document.getElementById(id);

function learnWords() {
  const texts = [...document.querySelectorAll("[data-text]")];
  for (const element of texts) START_WORDS["zh-Hans"][element.dataset.text] = element.textContent;
  const all = Object.entries(START_WORDS).map(([language, words]) => [language, { ...words, builder: BUILDER_WORDS[language] }]);
  useWords(Object.fromEntries(all));
  for (const element of texts) speak(element, (words) => (element.textContent = words[element.dataset.text]));
}

/** Every link that leads on in the same language says so. */
function link(language, choices) {
  for (const entry of document.querySelectorAll("nav a")) {
    entry.href = writeHash(entry.lang, choices);
    if (entry.lang === language) entry.setAttribute("aria-current", "true");
    else entry.removeAttribute("aria-current");
  }
  for (const onward of document.querySelectorAll('.links a')) onward.hash = language;
}

function follow() {
  const { language, choices } = readHash(location.hash);
  const spoken = language ?? preferredLanguage(navigator.languages);
  setLanguage(spoken);
  link(spoken, choices);
  takeChoice(choices);
}

function keep(choices) {
  const { language } = readHash(location.hash);
  history.replaceState(null, "", writeHash(language, choices));
  link(currentLanguage(), choices);
}

learnWords();
const takeChoice = builder({ form: byId("builder"), lines: byId("lines"), frame: byId("preview"), onChoice: keep });
addEventListener("hashchange", follow);
follow();
showNumbers();
