// How a template is filled, without a browser: the rule by itself.
import { expect, test } from "@playwright/test";
import { addressOf } from "../../widget/share/page/address.js";

const fill = (template, facts, limit = 0) => addressOf(template, limit, facts);

test("empty facts are left out, and what joins them", () => {
  expect(fill("https://e.cn/s?a={t}&b={u}&c={i}", ["v"])).toBe("https://e.cn/s?b=v");
  expect(fill("https://e.cn/s?a={t}%20{u}", ["v"])).toBe("https://e.cn/s?a=v");
  expect(fill("https://e.cn/#text={t}%20{u}", ["v", "T"])).toBe("https://e.cn/#text=T%20v");
  const mail = "mailto:?subject={t}&body={t}%0D%0A{s}%0D%0A{u}";
  expect(fill(mail, ["v"])).toBe("mailto:?body=v");
  expect(fill(mail, ["v", "T"])).toBe("mailto:?subject=T&body=T%0D%0Av");
  expect(fill(mail, ["v", "T", "S"])).toBe("mailto:?subject=T&body=T%0D%0AS%0D%0Av");
});

test("what stands around placeholders stays", () => {
  expect(fill("https://e.cn/s?a=1&text=Read:%20{title}!&u={url}", ["v", "T"])).toBe("https://e.cn/s?a=1&text=Read:%20T!&u=v");
  expect(fill("https://e.cn/{title}/x", ["v", "T"])).toBe("https://e.cn/T/x");
  expect(fill("", ["v"])).toBe("");
});

test("a broken template breaks nothing else", () => {
  for (const template of ["{", "a{", "a}{t}", "?", "a?{other}", "a{x}b{t}", "{{t}}"]) expect(typeof fill(template, ["v", "T"])).toBe("string");
});

test("half a character goes, an apostrophe is encoded", () => {
  expect(fill("?t={t}", ["v", "a\ud83d'b"])).toBe("?t=a%27b");
});

test("a cut leaves room for the ellipsis and never falls within what a reader sees as one character", () => {
  for (const whole of ["👩‍👩‍👧", "👍🏽", "🇨🇳", "e\u0301", "ก็", "か\u3099", "☎️", "नि", "好"]) {
    const cut = (limit) => decodeURIComponent(fill("?t={t}", ["v", `a${whole}bc`], limit).slice(3));
    expect([cut(4), cut(3), cut(2)]).toEqual([`a${whole}bc`, `a${whole}…`, "a…"]);
  }
});

test("a limit that holds for text and address together cuts the text alone", () => {
  const url = "https://example.cn/";
  const text = decodeURIComponent(fill("b?text={t}%20{u}", [url, "你".repeat(500)], -300).slice(7));
  expect(text).toHaveLength(300);
  expect(text.endsWith(`… ${url}`)).toBe(true);
  expect(fill("b?text={t}%20{u}", ["a".repeat(400), "A title"], -300)).toContain("a".repeat(400));
});
