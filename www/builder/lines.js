// The lines to paste, each with a button that copies it. Those a choice does not need are hidden. `release.js` is made by the build.
import { BASE } from "../page/base.js";
import { h, newId } from "../page/dom.js";
import { copyText } from "../page/copy.js";
import { writeHash } from "../page/address.js";
import { currentLanguage } from "../page/speech.js";
import { ALT, AROUND } from "./around.js";
import { boxText, countersText, listText, lookText, pictureText, scriptOf, tagText, writeChoice } from "./choice.js";
import { RELEASE } from "./release.js";

/** The counter's address, without its final slash. */
const COUNTER = BASE.slice(0, -1);

const linkTo = (choice) => `${location.origin}${location.pathname}${writeHash(currentLanguage(), writeChoice(choice))}`;
const languageOf = (choice) => choice.lang || currentLanguage();
const picture = (choice) => pictureText(choice, COUNTER, { language: languageOf(choice), alt: ALT[languageOf(choice)] });
const PIECES = [
  { id: "tag", title: (words) => words.builder.tagHint, copy: (words) => words.copy, text: (choice) => tagText(choice, scriptOf(choice, COUNTER, RELEASE)) },
  { id: "counter-lines", title: (words) => words.builder.counterLines, copy: (words) => words.builder.copyCounters, text: (choice) => countersText(choice, AROUND[languageOf(choice)]) },
  { id: "list-line", title: (words) => words.builder.listLine, copy: (words) => words.builder.copyList, text: (choice) => listText(choice, AROUND[languageOf(choice)]) },
  { id: "picture", title: (words) => words.builder.pictureLine, copy: (words) => words.builder.copyPicture, text: picture },
  { id: "box", title: (words) => words.builder.box, copy: (words) => words.builder.copyBox, text: boxText },
  { id: "looks", title: (words) => words.builder.style, copy: (words) => words.builder.copyStyle, text: lookText },
  { id: "link", title: (words) => words.builder.link, copy: (words) => words.builder.copyLink, text: linkTo },
];

/** Puts the pieces into `place`; what is returned shows a choice's. */
export function linesTo(place) {
  const shows = PIECES.map((piece) => {
    const { element, show } = pieceOf(piece);
    place.append(element);
    return show;
  });
  return (choice) => shows.forEach((show) => show(choice));
}

function pieceOf({ id, title, copy, text }) {
  const code = h("code", { id });
  const titleId = newId();
  const outcome = h("span", { role: "status" });
  async function copied() {
    const isCopied = await copyText(code.textContent);
    outcome.replaceChildren(h("span", {}, (words) => (isCopied ? words.builder.copied : words.builder.failed)));
  }
  const button = h("button", { type: "button", on: { click: copied } }, copy);
  const block = h("pre", { tabindex: "0", role: "region", "aria-labelledby": titleId }, code);
  const element = h("div", { class: "piece" }, h("p", { id: titleId }, title), block, h("p", { class: "actions" }, button, outcome));
  const show = (choice) => {
    const said = text(choice);
    element.hidden = !said;
    if (code.textContent === said) return;
    code.textContent = said;
    outcome.replaceChildren();
  };
  return { element, show };
}
