// The page as lines of text: a block's text with that of its inline children, and what each unit of it stands on.
//
// What a line says is for Rust to read. Pictures, frames and empty elements stand in it as one unit each.

// What ends a line of text. Everything else, unknown elements too, stands in it.
const BLOCK = "address,article,aside,blockquote,body,caption,center,dd,details,dialog,dir,div,dl,dt,fieldset,figcaption,figure,footer,form,h1,h2,h3,h4,h5,h6,header,hr,html,legend,li,main,marquee,menu,nav,ol,p,section,summary,table,tbody,td,tfoot,th,thead,tr,ul";
// Elements whose text is not the page's prose.
const NEVER = "script,style,textarea,pre,code,template,noscript,select,option,title,svg,canvas,input,audio,video,[contenteditable],[hidden]";
/** Elements another rule fills. */
export const NAMED = "laifang-counter,[data-laifang],[id^=busuanzi_],[id^=vercount_],[class*=busuanzi_],[class*=vercount_]";

// A line without any of these holds no place for a number.
// (A string: no minifier writes what is not ASCII in a literal as escapes.)
const TRIGGER = new RegExp("[第訪访覽览閱阅擊击點点線线氣气流參参目積积]|人次|visitor|guest|viewer|reader|you are", "i");

// A label's number may stand in the next cell or block: what a number, a placeholder and a unit are written with.
const NUMBER = /^[\d\uff10-\uff19,_*.\u2026\u2013\u2014 \xa0-]+\s*(?:\u4eba?\u6b21|[\u4eba\u4f4d])?$/;
const CONTROL = "input,select,textarea,button,a,img," + BLOCK;
const FIELD = "input,select,textarea";
const MAX_LABEL = 30, MAX_NUMBER = 24;

// A sentence may go on over a line break, but Rust reads no endless line.
const MAX_BROKEN = 2000;

const OBJECT = "\ufffc", SLOT = "\ufffb", BREAK = "\u2028";
// What we can't read or may not touch: no sentence goes on over it.
const WALL = "\ufffd";

/** All lines that may ask for a number, block by block. */
export function lines(onFailure) {
  const found = [], blocks = new Set(), walker = document.createTreeWalker(document, 4 /* SHOW_TEXT */);
  while (walker.nextNode()) {
    const { data, parentElement } = walker.currentNode;
    const block = parentElement && TRIGGER.test(data) && parentElement.closest(BLOCK);
    if (block && !block.closest(NEVER)) blocks.add(block);
  }
  for (const block of blocks) addLines(block, found, onFailure);
  return found;
}

/** The lines of one block: other blocks in it end a line. */
function addLines(block, found, onFailure) {
  let line;
  const next = () => found.push((line = { block, text: "", items: [] }));
  const add = (node, text) => {
    const start = line.text.length;
    line.text += text;
    line.items.push({ node, start, end: line.text.length });
  };
  const walk = (parent) => {
    for (let node = parent.firstChild; node; node = node.nextSibling) {
      if (node.nodeType == 3) add(node, node.data);
      // `<?php echo $a->b ?>` is a comment, or an instruction, up to its first `>`, and text from there.
      if (node.nodeType > 6 && node.nextSibling && /\?>/.test(node.nextSibling.data)) add(node, "<?");
      if (node.nodeType != 1 || node.matches("script,style,noscript,template")) continue;
      if (node.matches(BLOCK)) next();
      else if (node.matches(NAMED) || node.matches(NEVER)) add(node, WALL);
      else if (node.matches("img,iframe,object,embed")) {
        if (node.style.display != "none") add(node, said(node, onFailure));
      } else if (node.matches("br,wbr")) line.text.length < MAX_BROKEN ? add(node, BREAK) : next();
      else if (node.firstChild) walk(node);
      else add(node, SLOT);
    }
  };
  // What stands behind a label decides: a number is the label's, an empty cell is filled, anything else is no counter.
  const join = (neighbour) => {
    const text = neighbour ? neighbour.textContent.trim() : "", isNumber = text.length < MAX_NUMBER && NUMBER.test(text);
    if (/^\s*\d/.test(block.nextSibling && block.nextSibling.data) || (!neighbour && block.matches("th"))) add(block, WALL);
    else if (!neighbour) return;
    else if (isNumber && !neighbour.querySelector(CONTROL)) walk(neighbour);
    else if (neighbour.matches("td,dd,li") && !text && !neighbour.firstElementChild) add(neighbour, SLOT);
    else if (isNumber || /[:\uff1a]$/.test(text) || block.matches("td,th,dt") || neighbour.matches(FIELD) || neighbour.querySelector(FIELD)) add(block, WALL);
  };
  next();
  walk(block);
  if (line.text.length < MAX_LABEL && line.items.length) join(block.nextElementSibling);
}

/** What a picture or frame says: a digit, a number, nothing (it is dead), or something we can't read. */
function said(element, onFailure) {
  if (element.localName == "img") {
    const digit = /(?:^|[/?_-])(\d)(?:\.[a-z]+)?$/i.exec(element.getAttribute("src"));
    if (digit) return digit[1];
    if (!element.complete) element.addEventListener("error", onFailure, { once: true });
    // A pixel of a statistics service shows nothing.
    return element.complete && element.naturalWidth < 3 ? OBJECT : WALL;
  }
  try {
    const text = element.contentDocument.body.textContent.trim();
    if (/^\d{1,16}$/.test(text)) return text;
  } catch (error) {}
  return OBJECT;
}

/** Whether a line stands in an article's head: close below its title. */
export function isInHead({ block }) {
  for (let level = 0, element = block; level < 3 && element; level++, element = element.parentElement) {
    let sibling = element.previousElementSibling;
    for (let step = 0; step < 3 && sibling && sibling.textContent.length < 200; step++, sibling = sibling.previousElementSibling) {
      if (sibling.matches("h1,h2,[class*=title]") || sibling.querySelector("h1")) return true;
    }
  }
}
