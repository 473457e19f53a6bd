// Our own pages as they work wherever the counter is, at a host of its own or in a folder of a site (`/laifang/`).
//
// Sources name each other from the root (`/docs/nginx.html`); published, they do so from where they are. And they lack the
// closing tags of head and body, which HTML lets one leave out: web servers that put a site's tag into every page put it there,
// and our pages are none of the site's. Code that is shown as text stays as it is.
//
// node xtask/package/own_pages.mjs FOLDER
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, posix, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "parse5";

const ADDRESSES = ["href", "src"];
const LEFT_OUT = ["head", "body"];

/** The way from a page to what is named from the root; both begin with a slash. */
export function wayFrom(page, address) {
  const [, path, rest] = /^([^?#]*)(.*)$/s.exec(address);
  const way = posix.relative(posix.dirname(page), path);
  if (way === "") return `./${rest}`;
  return `${way}${path.endsWith("/") ? "/" : ""}${rest}`;
}

function* elementsOf(node) {
  for (const child of node.childNodes ?? []) {
    if (child.sourceCodeLocation) yield child;
    yield* elementsOf(child);
  }
}

/** What changes in an element: `{from, to, text}` of each place. */
function* changesOf({ tagName, attrs = [], sourceCodeLocation: { endTag, attrs: places } }, page) {
  if (LEFT_OUT.includes(tagName) && endTag) yield { from: endTag.startOffset, to: endTag.endOffset, text: "" };
  for (const { name, value } of attrs) {
    if (!ADDRESSES.includes(name) || !/^\/(?!\/)/.test(value)) continue;
    yield { from: places[name].startOffset, to: places[name].endOffset, text: `${name}="${wayFrom(page, value)}"` };
  }
}

/** A page as it is published at `page`, a path from the root. */
export function published(html, page) {
  const changes = [...elementsOf(parse(html, { sourceCodeLocationInfo: true }))].flatMap((element) => [...changesOf(element, page)]);
  // From the end on, so that places stay where they are.
  changes.sort((one, other) => other.from - one.from);
  return changes.reduce((made, { from, to, text }) => made.slice(0, from) + text + made.slice(to), html);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const name of readdirSync(process.argv[2], { recursive: true }).filter((entry) => entry.endsWith(".html"))) {
    const file = join(process.argv[2], name);
    writeFileSync(file, published(readFileSync(file, "utf8"), `/${name.split(sep).join("/")}`));
  }
}
