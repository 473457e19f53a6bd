// Pages made at random from a seed: the known shapes, nested in one another's surroundings, with what editors, frameworks and
// thirty years of hand-made HTML put between.
import { mulberry32 } from "../edge/random.mjs";
import { ASKING, LEFT, PERIODS, THEMES } from "./public_pages.mjs";
import { ELEMENTS, LABELS, SENTENCES, UNTOUCHED } from "./sentences.mjs";

// A template's expression that was never run is a gap, text that looks like any other to whoever compares.
const isExpression = (html) => /<\?|<%|\{\{|\$\{/.test(html);
const FILLED = [...SENTENCES, ...LABELS, ...ELEMENTS, ...THEMES, ...ASKING, ...PERIODS];
const SHAPES = FILLED.map(([before]) => before).concat(UNTOUCHED, LEFT).filter((html) => !isExpression(html));
const PROSE = ["本报讯 昨日上午十点，三百二十名学生参加了比赛。", "版权所有 © 2009-2026", "京ICP备05012345号", "Copyright 2012", "電話：02-2345-6789", "更新日期：2026/11/27", "共 3 頁", "お問い合わせ", "1", "", " ", "阅读全文"];
const BETWEEN = ["", "", " ", "\n", "\n\t\t", "&nbsp;", "<!-- -->", "<!--[-->", "<!--]-->", "<!--$-->", "<!--/$-->", "<!--v-if-->", "<br>", "<wbr>", "\u3000"];
/** What stands around a shape; some of it is never closed. */
const AROUND = [
  (inner) => `<div>${inner}</div>`,
  (inner) => `<p>${inner}</p>`,
  (inner) => `<p>${inner}`,
  (inner) => `<center><font size=2>${inner}</font></center>`,
  (inner) => `<font color=red>${inner}`,
  (inner) => `<span>${inner}</span>`,
  (inner) => `<b><i>${inner}</b></i>`,
  (inner) => `<table><tr><td>${inner}</td></tr></table>`,
  (inner) => `<table><tr><td>${inner}<td>&nbsp;</table>`,
  (inner) => `<ul><li>${inner}</li><li>首页</li></ul>`,
  (inner) => `<ul><li>${inner}<li>2</ul>`,
  (inner) => `<footer>${inner}</footer>`,
  (inner) => `<marquee>${inner}</marquee>`,
  (inner) => `<div><!--[-->${inner}<!--]--></div>`,
  (inner) => `<section>\n  ${inner}\n</section>`,
  (inner) => `<dl><dt>${inner}</dt></dl>`,
  (inner) => `<a href="#">${inner}</a>`,
  (inner) => `<blockquote>${inner}`,
];
const MOST_SHAPES = 4;
const DEEPEST = 4;

/** `next()` is the inside of another page's body. */
export function generator(seed) {
  const random = mulberry32(seed);
  const one = (list) => list[Math.floor(random() * list.length)];
  const wrapped = (inner, depth) => (depth > 0 && random() < 0.7 ? wrapped(one(AROUND)(one(BETWEEN) + inner + one(BETWEEN)), depth - 1) : inner);
  const part = () => (random() < 0.3 ? one(PROSE) : one(SHAPES));
  return {
    next() {
      const parts = Array.from({ length: 1 + Math.floor(random() * MOST_SHAPES) }, () => wrapped(part(), DEEPEST));
      return wrapped(parts.map((piece) => piece + one(BETWEEN)).join(one(["", "\n", one(PROSE)])), 2);
    },
  };
}
