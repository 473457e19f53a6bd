// Who reads the page: in which language, and where.
import { own } from "./article.js";
import { state } from "./state.js";

/** Characters few texts do without, in the one script and in the other. */
const TRADITIONAL = /[\u9019\u500b\u4f86\u5011\u70ba\u570b\u6642\u8aaa]/g;
const SIMPLIFIED = /[\u8fd9\u4e2a\u6765\u4eec\u4e3a\u56fd\u65f6\u8bf4]/g;

/** 0 Simplified Chinese, 1 Traditional Chinese, 2 English, 3 Japanese: by the tag, or by the text's characters. */
export function languageOf(tag, text) {
  const count = (characters) => (text.match(characters) || []).length;
  if (/^ja/i.test(tag)) return 3;
  if (tag) return /^zh/i.test(tag) ? Number(/hant|tw|hk|mo/i.test(tag) && !/hans/i.test(tag)) : 2;
  const kana = count(/[\u3041-\u30fa]/g), han = count(/[\u4e00-\u9fff]/g);
  if ((kana + han) * 10 <= text.length) return 2;
  return kana * 5 > han ? 3 : Number(count(TRADITIONAL) > count(SIMPLIFIED));
}

/** The language a box speaks, and whether the page's readers are on the mainland: its host, or what it names, says so. */
export function audienceOf(box) {
  const closest = box.closest("[lang]"), text = document.title + document.body.textContent;
  const tag = own(box, "lang") || own(state.tag, "data-lang") || (closest ? own(closest, "lang") : "");
  return [languageOf(tag, text.slice(0, 4000)), /\.cn$/.test(location.hostname) || /ICP[\u5907\u5099]|\u5fae\u4fe1|\u5fae\u535a/.test(text)];
}
