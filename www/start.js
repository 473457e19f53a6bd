// The start page. Its language and what was chosen in the snippet builder stand in the address
// (#en&share=own), so that a link keeps them; nothing is kept in the browser. Without one the reader's own
// language is spoken, and without scripts Simplified Chinese.
import { builder } from "./builder/builder.js";
import { BUILDER_WORDS } from "./builder/words.js";
import { readHash, writeHash } from "./page/address.js";
import { followLanguage, linkLanguages } from "./page/languages.js";
import { currentLanguage, speak, useWords } from "./page/speech.js";
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

function follow() {
  const choices = followLanguage();
  // What leads on does so in the same language.
  for (const onward of document.querySelectorAll(".links a")) onward.hash = currentLanguage();
  takeChoice(choices);
}

function keep(choices) {
  const { language } = readHash(location.hash);
  history.replaceState(null, "", writeHash(language, choices));
  linkLanguages(choices);
}

learnWords();
const takeChoice = builder({ form: byId("builder"), lines: byId("lines"), frame: byId("preview"), onChoice: keep });
addEventListener("hashchange", follow);
follow();
showNumbers();
