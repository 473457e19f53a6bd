// The snippet builder: a form, a preview of the demo article, and the lines to paste. Out of scope: where
// the choice is kept (in the address, by the start page), and what comes of it (`choice.js`).
import { BASE } from "../page/base.js";
import { h } from "../page/dom.js";
import { currentLanguage } from "../page/speech.js";
import { COUNTERS, FORMATS, LOOKS, readChoice, SHARES, writeChoice } from "./choice.js";
import { colors, languages, line, metrics, networks, radios, takeover, tick } from "./form.js";
import { linesTo } from "./lines.js";

const PREVIEW_PAUSE_MS = 250;

/**
 * Builds into `form` and `lines`, and shows in `frame`. `onChoice(query)` is told each change; what is
 * returned takes the choice of an address.
 */
export function builder({ form, lines, frame, onChoice }) {
  const state = { choice: readChoice(new URLSearchParams()), changed };
  const showLines = linesTo(lines);
  const showPreview = previewIn(frame);
  let { controls, show: showControls } = controlsOf(state);
  form.replaceChildren(...controls);

  function show() {
    showControls();
    showLines(state.choice);
    showPreview(state.choice);
  }
  function changed() {
    show();
    onChoice(writeChoice(state.choice));
  }
  function take(query) {
    const asked = readChoice(query);
    // A form that says so already is left alone: it may have the focus.
    if (writeChoice(asked).toString() !== writeChoice(state.choice).toString()) {
      state.choice = asked;
      ({ controls, show: showControls } = controlsOf(state));
      form.replaceChildren(...controls);
    }
    show();
  }
  return take;
}

/** The form's parts, and what hides those that say nothing for a choice. */
function controlsOf(state) {
  const counted = metrics(state);
  const format = radios(state, "format", FORMATS, (words) => words.builder.format, (name) => (words) => words.builder.formats[name]);
  const after = line(state, "after", (words) => words.builder.after, (words) => words.builder.afterHint);
  const own = h("div", {}, networks(state), tick(state, "counts", (words) => words.builder.counts));
  const ownColors = colors(state);
  const look = h("div", {}, radios(state, "look", Object.keys(LOOKS), (words) => words.builder.look, (name) => (words) => words.builder.looks[name]), ownColors);
  const controls = [
    radios(state, "counter", COUNTERS, (words) => words.builder.counter, (name) => (words) => words.builder.counters[name]),
    counted,
    tick(state, "list", (words) => words.builder.list),
    format,
    radios(state, "share", SHARES, (words) => words.builder.share, (name) => (words) => words.builder.shares[name]),
    after,
    own,
    look,
    more(state),
  ];
  const show = () => {
    const { choice } = state;
    counted.hidden = choice.counter !== "elements";
    format.hidden = counted.hidden && !choice.list;
    after.hidden = choice.share !== "after";
    own.hidden = choice.share !== "own";
    look.hidden = choice.share === "none";
    ownColors.hidden = choice.look !== "own";
  };
  return { controls, show };
}

function more(state) {
  const ticks = ["spa", "read", "replace", "canonical", "picture", "pinned"].map((name) => tick(state, name, (words) => words.builder[name]));
  const site = line(state, "site", (words) => words.builder.site, (words) => words.builder.siteHint);
  return h("fieldset", {}, h("legend", {}, (words) => words.builder.more), languages(state), site, ...ticks, takeover(state));
}

/** Shows a choice in the frame, a moment after the last change, without a step in the browser's history. */
function previewIn(frame) {
  let shown;
  let timer;
  return (choice) => {
    const query = writeChoice(choice);
    query.set("words", currentLanguage());
    const address = `${BASE}demo/preview?${query}`;
    if (address === shown) return;
    clearTimeout(timer);
    if (shown) timer = setTimeout(() => frame.contentWindow.location.replace(address), PREVIEW_PAUSE_MS);
    else frame.src = address;
    shown = address;
  };
}
