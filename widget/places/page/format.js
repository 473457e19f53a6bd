// How an element writes its number: `data-format` is `plain`, `grouped`, `short` or `digits=6`.

/** The function that spells a number for an element; none for plain digits. */
export function spelledAs(element, tag) {
  const format = element.getAttribute("data-format") || "", digits = /^digits[=: ]*(\d+)$/.exec(format);
  if (digits) return (number) => String(number).padStart(digits[1], "0");
  const options = { grouped: {}, short: { notation: "compact", maximumFractionDigits: 1 } }[format];
  if (!options) return;
  const { lang } = element.closest("[lang]") || { lang: tag.getAttribute("data-lang") };
  return (number) => inLanguage(lang, options).format(number).replace("K", "k");
}

function inLanguage(lang, options) {
  try {
    return new Intl.NumberFormat(lang || undefined, options);
  } catch (error) {
    // A tag that is none.
    return new Intl.NumberFormat(undefined, options);
  }
}
