// The address of a network's share page, from its template and the facts of the article.
//
// A template's placeholders are {url}, {title}, {summary}, {image} and {name} (of the site); the first letter is
// enough. Parts begin at ?, & and #. Every value is encoded; a part whose placeholders all come to nothing is left
// out, and what stands between two placeholders stands only between two values.

/** What a title or summary may hold where a network sets no limit, in graphemes: with both in Chinese, nine bytes
 * a character, the address stays under the 4 KB every server takes. */
const DEFAULT_LIMIT = 200;
/** A text of at most so many graphemes, with an ellipsis for what is cut off. Browsers before 2021, Firefox before
 * 2024, do not know graphemes; there a cut falls between code points. */
function shortened(text, limit) {
  const graphemes = typeof Intl == "object" && Intl.Segmenter ? Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment) : Array.from(text);
  return graphemes.length > limit ? graphemes.slice(0, limit - 1).join("") + "\u2026" : text;
}

/** As encodeURIComponent does; an apostrophe, which ends an attribute in careless hands, too. Half a character goes. */
function encoded(text) {
  try {
    return encodeURIComponent(text).replace(/'/g, "%27");
  } catch (error) {
    return encoded(text.replace(/[\ud800-\udfff]/g, ""));
  }
}

/**
 * Fills a template with address, title, summary, picture and site. `limit` is how many graphemes a title or summary
 * may have; if it is negative, how many it may have together with the address and a space; 0 is the default.
 */
export function addressOf(template, limit, facts) {
  const room = limit < 0 ? Math.max(1, -limit - facts[0].length - 1) : limit || DEFAULT_LIMIT;
  let separator = "?";
  return template.replace(/[?&#]?[^?&#]*/g, (part) => {
    const pieces = part.split(/\{(\w)\w*\}/);
    let filled = pieces[0].replace(/^[?&]/, separator), between = "", hasValue;
    for (let at = 1; at < pieces.length; at += 2) {
      const index = "utsin".indexOf(pieces[at]), value = facts[index];
      if (value) {
        filled += (hasValue ? between : "") + encoded(index == 1 || index == 2 ? shortened(value, room) : value);
        hasValue = 1;
      }
      between = pieces[at + 1];
    }
    if (pieces[1] && !hasValue) return "";
    if (filled[0] == "?") separator = "&";
    return filled + between;
  });
}
