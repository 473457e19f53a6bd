// Every text on the screen, in the language of the moment.
//
// A text is a function of the words; it stands in the page as what it says now, and is asked again when the
// language changes. So a form half filled in, or a file half sent, survives the switch. Text and attributes
// only, never HTML.

const spoken = new WeakMap();
let table = {};
let language = "en";

/** The language of the moment. */
export const currentLanguage = () => language;

/** What the page says: words by language. */
export function useWords(words) {
  table = words;
}

/** Calls `apply(words)` now, and again for this node whenever the language changes. */
export function speak(node, apply) {
  spoken.set(node, [...(spoken.get(node) ?? []), apply]);
  apply(table[language]);
  return node;
}

/** A text node that says `text(words)`. */
export function text(said) {
  const node = new Text();
  return speak(node, (words) => {
    node.data = said(words);
  });
}

/** Speaks another language from now on. */
export function setLanguage(name) {
  language = name;
  document.documentElement.lang = name;
  const nodes = document.createTreeWalker(document, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  while (nodes.nextNode()) spoken.get(nodes.currentNode)?.forEach((apply) => apply(table[name]));
}
