// Puts numbers where Rust says they belong. Writes text and attributes only, and no more than the number.
import { read, element as readElement, room } from "laifang:bindgen";
import { NAMED, isInHead, lines } from "./lines.js";

// What becomes of a place (`plan::Action`), how a number is written (`gap::Number`), `read`'s flags (`true` among them is REPLACE).
const WRITE = 0, KEEP = 1, SHOW = 4;
const WIDTH = 63, FULL_WIDTH = 64, GROUPED = 128, ORDINAL = 256;
const REPLACE = 1, IN_HEAD = 2, OURS = 4;
// A label that stands more often is that of a list of articles.
const MAX_LABELS = 2;
// A clause that makes it a prize or a queue (a table in Rust would be three times its bytes).
const PRIZE = /[\u5956\u734e]|\u6392[\u961f\u968a]/;

// Blocks whose numbers we wrote: these may be written over.
const ours = new WeakSet();
// An element of a count says itself what we wrote, to whoever saved or copied it.
const SHOWN = "data-laifang-shown";
// Another page's count, or a number in a format of its own.
const PLACE = '[data-page*="/"],[data-page=""],[data-format]';
const FOREIGN = /\b(busuanzi|vercount)_\w+/;

// The memory shared with Rust (`Room` in lib.rs).
const FIELDS = 6, PLACES = 32 * FIELDS, COUNTS = 16, MAX_UNITS = 8192;
// What the reply of a hit does not tell begins here: the counts of periods.
const PERIODS = 8;
let numbers, units, isReplacing;

/** Numbers that stand in the way, for the part `places` to tell of. */
export const standing = [];

/** Takes the memory of the part that was started, and the tag's `data-replace`: where it is empty, counts that stand are written over. */
export function attach({ memory }, replace) {
  isReplacing = replace == "";
  numbers = new Float64Array(memory.buffer, room(), PLACES + COUNTS);
  units = new Uint16Array(memory.buffer, room() + numbers.byteLength, MAX_UNITS);
}

/** Lays a text before Rust, and a 0 that ends it; says where the next one may begin. */
function lay(text, at = 0) {
  for (let index = 0; index < text.length && at < MAX_UNITS - 1; ) units[at++] = text.charCodeAt(index++);
  units[at++] = 0;
  return at;
}

/**
 * Fills the page; filling it again changes only what differs. `counts` are in the order of `metric.rs`.
 * `onFailure` is called when a picture turns out to be dead.
 * Returns whether there is work for the part `places`.
 */
export function fill(counts, onFailure) {
  let hasPlaces;
  numbers.set(counts, PLACES);
  for (const element of document.querySelectorAll(NAMED)) if (isPlace(element, counts)) hasPlaces = true;
  const places = [], labels = [];
  for (const line of lines(onFailure)) {
    lay(line.text);
    const told = read((ours.has(line.block) ? REPLACE : isReplacing) | (isInHead(line) ? IN_HEAD : 0));
    // From the right, so that offsets stay true.
    for (let index = told; index--; ) {
      const place = placeAt(index);
      labels[place.metric] = (labels[place.metric] || 0) + 1;
      place.line = line;
      places.push(place);
    }
  }
  for (const place of places) {
    // Where elements name their counts, a label before nothing is one of theirs.
    if (place.metric ? labels[place.metric] > MAX_LABELS || (place.from == place.to && place.line.block.querySelector(NAMED)) : PRIZE.test(place.line.text.substr(place.to, 40))) continue;
    if (place.action == WRITE) {
      write(place, counts[place.metric]);
      ours.add(place.line.block);
    } else if (place.action > KEEP || place.metric >= PERIODS) hasPlaces = standing.push(place);
  }
  return hasPlaces;
}

function placeAt(index) {
  const [action, from, to, metric, style, shown] = numbers.subarray(index * FIELDS);
  return { action, from, to, metric, style, shown };
}

/** Fills an element that names a count of this page or its site; true if that is for the part `places`. */
function isPlace(element, counts) {
  const [foreign] = FOREIGN.exec(element.id + " " + element.getAttribute("class")) || [""];
  return !isListed(foreign) && (element.closest(PLACE) || !fillElement(element, element.getAttribute("metric") || element.getAttribute("data-laifang") || foreign, counts));
}

/** Fills an element with the count of this name; false if there is none, or a number stands. `spell` writes the number. */
export function fillElement(element, name, counts, spell = String) {
  const text = element.textContent, start = lay(name);
  lay(text, start);
  numbers.set(counts, PLACES);
  if (!readElement(start, isReplacing | (text == element.getAttribute(SHOWN) ? OURS : 0))) return;
  const place = placeAt(0);
  if (place.action == SHOW) element.style.setProperty("display", "inline");
  else if (place.action == WRITE) {
    put(element, spell(counts[place.metric]));
    element.setAttribute(SHOWN, element.textContent);
  } else if (place.action > KEEP) return !standing.push(place);
  return true;
}

/** Whether a page's count is named as often as in a list, in which each would be another page's. */
const isListed = (name) => /page/.test(name) && (document.querySelectorAll("#" + name)[1] || document.querySelectorAll("." + name)[2]);

function write({ line, from, to, style }, number) {
  const low = Math.min(from, to), high = Math.max(from, to);
  const text = spell(number, style);
  const texts = [], digits = [];
  let slot, whole;
  // (Without the methods of arrays, which old libraries change.)
  for (const item of line.items) {
    const { node, start, end } = item;
    if (start > high || end < low) continue;
    const isWithin = start >= low && end <= high && end > start;
    if (start < to && end > from && DIGITS.test(line.text.slice(Math.max(start, from), Math.min(end, to)))) digits.push(item);
    if (isWithin && (isSlot(node) || fillsElement(node, line.block))) slot = slot || item;
    if (node.nodeType == 3) texts.push(item);
    if (node.nodeType == 3 && start <= low && end >= high) whole = whole || item;
  }
  if (digits.length > 1) return writeDigits(digits, text);
  for (const { node, start, end } of line.items) if (start < high && end > low && OBJECT.test(node.nodeName)) hide(node);
  const target = slot || whole || texts[0];
  if (!target) return;
  for (const item of texts) if (item != target && item.start < to && item.end > from) splice(item, from, to, "");
  if (isSlot(target.node)) put(target.node, text);
  else splice(target, slot ? target.start : from, slot ? target.end : to, text);
}

/** Makes a text all that an element shows: one text takes it, others are emptied, other elements hidden. */
function put(element, text) {
  const walker = document.createTreeWalker(element, 4 /* SHOW_TEXT */);
  if (!element.textContent) element.append(text);
  let target = walker.nextNode(), node;
  while ((node = walker.nextNode())) {
    if (target.data.trim()) node.data = "";
    else target = node;
  }
  target.data = text;
  for (const child of element.querySelectorAll("*")) if (!child.contains(target)) hide(child);
}

/** Where `to` lies before `from` what stands between is on both sides afterwards. */
function splice({ node, start, end }, from, to, text) {
  node.data = node.data.slice(0, clamp(from, start, end) - start) + text + node.data.slice(clamp(to, start, end) - start);
}

const clamp = (at, low, high) => Math.min(Math.max(at, low), high);

const hide = (element) => element.style.setProperty("display", "none", "important");

const DIGITS = /[\d\uff10-\uff19]+/;

const OBJECT = /^(img|iframe|object|embed)$/i;

/** An inline element with nothing in it. */
const isSlot = (node) => node.nodeType == 1 && !OBJECT.test(node.nodeName) && !/br$/i.test(node.nodeName);

/** A text that is all its element holds: the element and its style stay. */
const fillsElement = (node, block) => node.nodeType == 3 && node.parentNode != block && node.parentNode.childNodes.length == 1;

/** Digits that stand one to an element stay so; the first takes what there is more. Pictures give way to text. */
function writeDigits(items, text) {
  let left = text.length;
  for (let index = items.length - 1; index >= 0; index--) {
    const { node, start, end } = items[index];
    const from = index ? Math.max(left - (end - start), 0) : 0;
    const digits = text.slice(from, left);
    left = from;
    if (node.nodeType == 1) {
      hide(node);
      node.before(digits);
      continue;
    }
    node.data = node.data.replace(DIGITS, digits);
    // A screen reader is to hear one number.
    const element = node.parentElement;
    if (index) element.setAttribute("aria-hidden", "true");
    else {
      element.setAttribute("role", "img");
      element.setAttribute("aria-label", text);
    }
  }
}

/** A number as the page writes it. */
function spell(number, style) {
  let text = String(number).padStart(style & WIDTH, "0");
  if (style & GROUPED) text = text.replace(/\B(?=(?:\d{3})+$)/g, ",");
  if (style & ORDINAL) text += (!/1\d$/.test(text) && ["", "st", "nd", "rd"][number % 10]) || "th";
  if (style & FULL_WIDTH) text = text.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
  return text;
}
