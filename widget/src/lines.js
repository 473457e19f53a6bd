// The page as lines of text: a block's text with that of its inline children, and what each unit of it stands on.
//
// What a line says is for Rust to read. Pictures, frames and empty elements stand in it as one unit each.

// What ends a line of text. Everything else, unknown elements too, stands in it.
const BLOCK = "address,article,aside,blockquote,body,caption,center,dd,details,dialog,dir,div,dl,dt,fieldset,figcaption,figure,footer,form,h1,h2,h3,h4,h5,h6,header,hr,html,legend,li,main,marquee,menu,nav,ol,p,section,summary,table,tbody,td,tfoot,th,thead,tr,ul";
// Elements whose text is not the page's prose.
const NEVER = "script,style,textarea,pre,code,template,noscript,select,option,title,svg,canvas,input,audio,video,[contenteditable],[hidden]";
/** Elements another rule fills. */
export const NAMED = "laifang-counter,[data-laifang],[id^=busuanzi_],[id^=vercount_],[class*=busuanzi_],[class*=vercount_],[id^=leancloud-],[class*=leancloud]";

// A line without any of these holds no place for a number.
// (A string: no minifier writes what is not ASCII in a literal as escapes.)
const TRIGGER = new RegExp("[第訪访覽览閱阅點点線线氣气流參参目]|人次|あなた|방문|조회|접속|visit|guest|view|reader|you are", "i");

// A number or placeholder with its unit may stand in the next cell or block, and the rest of a sentence behind it.
const NUMBER = new RegExp("^[\\d０-９,_*.…—\ufffb\ufffc-]+[人次位명]{0,2}$");
const TAIL = new RegExp("^[位个個名号號人番]");
// Only where a word or colon ends it a line goes on; what begins with another number is the page's own.
const IS_OPEN = /[a-z:#\u3040-\uff1a]\s*$/i, OWN_NUMBER = /\u2028\s*[\d,]+(?![\d,]|\s*[\u5e74./-])/;
// Where a number comes first each stands above its label, and what follows is the next label's.
const STANDS_ABOVE = /^\s*\d/;
// A label that is no count's asks whoever reads it to write something.
const ASKS = new RegExp("^\\s*\\D{1,13}[^量数數次问問览覽线線][:：]\\s*$");
const CONTROL = /<(input|select|textarea|button|form|a)\b/;
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
  // `isWhole`: what is read goes on with the line, each element of it apart.
  const visit = (node, isWhole) => {
    if (node.nodeType == 3) add(node, node.data);
    // `<?php echo $a->b ?>` is a comment, or an instruction, up to its first `>`, and text from there.
    if (node.nodeType > 6 && node.nextSibling && /\?>/.test(node.nextSibling.data)) add(node, "<?");
    if (!isElement(node) || node.matches("script,style,noscript,template")) return;
    if (!isWhole && node.matches(BLOCK)) {
      join(node);
      next();
    } else if (node.matches(NAMED) || node.matches(NEVER)) add(node, WALL);
    else if (node.matches("img,iframe,object,embed")) {
      if (node.style.display != "none") add(node, said(node, onFailure));
    } else if (node.matches("br,wbr")) line.text.length < MAX_BROKEN ? add(node, BREAK) : next();
    else if (node.firstElementChild || (isWhole ? node.textContent.trim() : node.textContent)) {
      if (isWhole) line.text += BREAK;
      walk(node, isWhole);
    } else if (!node.matches(BLOCK) || node.matches("td,dd,li")) add(node, SLOT);
  };
  const walk = (parent, isWhole) => {
    for (let node = parent.firstChild; node; node = node.nextSibling) visit(node, isWhole);
  };
  // What stands behind a label decides: a number is the label's, an empty cell is filled, beside prose the label
  // takes it; with a form, a list, elements or another label it is no counter.
  const join = (node) => {
    const { text, items } = line, { length } = items;
    if (text.length > MAX_LABEL || !IS_OPEN.test(text) || !TRIGGER.test(text)) return;
    // (What stands above a long list is not asked: each of its blocks would read all of it.)
    let parts = 0, isTail, row = block.closest("tr") || block, { parentElement } = block, isOther = asks(row.previousElementSibling) || asks(row.nextElementSibling) || (!parentElement.children[99] && STANDS_ABOVE.test(parentElement.textContent));
    for (; node && !isOther && !isTail; node = following(node)) {
      const start = line.text.length, first = items.length;
      line.text += BREAK;
      visit(node, true);
      const read = line.text.slice(start), words = read.replace(/\s+/g, ""), isControl = CONTROL.test(node.outerHTML);
      isTail = parts && TAIL.test(words);
      if (isControl || words.length > MAX_NUMBER || !(isTail || NUMBER.test(words))) {
        isOther = !parts && (OWN_NUMBER.test(read) || isControl || node.firstElementChild || /^(td|th|dd)$/.test(node.localName));
        items.length = first;
        line.text = line.text.slice(0, start);
        break;
      }
      parts++;
    }
    if (isOther || (parts > 1 && !isTail)) {
      line.text = text;
      items.length = length;
      add(block, WALL);
    }
  };
  next();
  walk(block);
  const near = following(block), row = block.parentElement;
  // A row's last cell may stand over a column.
  if (!near && block.matches("td,th") && row.children[1] && (block.matches("th") || row.nextElementSibling)) add(block, WALL);
  join(near);
}

const isElement = (node) => node.nodeType == 1;

/** What the page shows behind a node in the same parent. */
function following(node) {
  do node = node.nextSibling;
  while (node && (isElement(node) ? node.matches("script,style,noscript,template,br") : node.nodeType != 3 || !node.data.trim()));
  return node;
}

/** Whether a label asks whoever reads it to write something. */
const asks = (element) => element && ASKS.test(element.textContent);

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
  for (let level = 3, element = block; level-- && element; element = element.parentElement) {
    for (let step = 3, sibling = element; step-- && (sibling = sibling.previousElementSibling) && sibling.textContent.length < 200; ) {
      if (sibling.matches("h1,h2,[class*=title]") || sibling.querySelector("h1")) return true;
    }
  }
}
