// How an element writes its number, and what a number so written says: `data-format` is `plain`, `grouped`, `short` or `digits=6`.

/** The function that spells a number for an element; none for plain digits. */
export function spelledAs(element, tag) {
  const format = element.getAttribute("data-format") || "", digits = /^digits[=: ]*(1?\d)$/.exec(format);
  if (digits) return (number) => String(number).padStart(digits[1], "0");
  const options = { grouped: {}, short: { notation: "compact", maximumFractionDigits: 1 } }[format];
  if (!options) return;
  const { lang } = element.closest("[lang]") || { lang: tag.getAttribute("data-lang") };
  return (number) => inLanguage(lang, options).format(number).replace("K", "k");
}

const UNITS = { k: 1e3, m: 1e6, b: 1e9, "\u4e07": 1e4, "\u842c": 1e4, "\u4ebf": 1e8, "\u5104": 1e8 };

/** The number that a text in the format `short` stands for; NaN for any other text. */
export function readShort(text) {
  const [, digits, unit] = /^\s*(\d+(?:\.\d+)?)\s*(\D)\s*$/.exec(text) || [];
  return digits * UNITS[(unit || "").toLowerCase()];
}

function inLanguage(lang, options) {
  try {
    return new Intl.NumberFormat(lang || undefined, options);
  } catch (error) {
    // A tag that is none.
    return new Intl.NumberFormat(undefined, options);
  }
}
