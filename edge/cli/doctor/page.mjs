// A page as a browser reads it without running its scripts: the scripts that stand in it, and its policies.
import parsePolicy from "content-security-policy-parser";
import { parse } from "parse5";

const HTML = "http://www.w3.org/1999/xhtml";
/** What only a header may say. */
const NOT_IN_META = ["frame-ancestors", "report-uri", "sandbox"];
const LOOKED_AT_FOR_CHARSET = 1024;

/** Text in the encoding that the header or the page's beginning names; markup is the same in nearly all. */
function decoded({ bytes, headers }) {
  const named = /charset\s*=\s*["']?([\w-]+)/i;
  const [, label] = named.exec(headers.get("content-type") ?? "") ?? named.exec(bytes.toString("latin1", 0, LOOKED_AT_FOR_CHARSET)) ?? [];
  try {
    return new TextDecoder(label).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

/** All elements of the document; what stands in a template or, for a browser with scripts, in `<noscript>` is none. */
function elementsOf(document) {
  const elements = [], open = [document];
  // (Pages are nested deeper than calls may be.)
  while (open.length) {
    const node = open.pop();
    if (node.namespaceURI === HTML) elements.push(node);
    for (let index = node.childNodes?.length ?? 0; index--; ) open.push(node.childNodes[index]);
  }
  return elements;
}

const attributesOf = ({ attrs }) => Object.fromEntries(attrs.map(({ name, value }) => [name, value]));

function policyInMeta(element) {
  const { "http-equiv": name = "", content } = attributesOf(element);
  if (element.tagName !== "meta" || element.parentNode.tagName !== "head" || name.toLowerCase() !== "content-security-policy" || !content) return [];
  const policy = parsePolicy(content);
  for (const directive of NOT_IN_META) policy.delete(directive);
  return [policy];
}

/** `{url, headers, baseUrl, scripts: [attributes], policies: [Map]}`. */
export function pageOf(answer) {
  const elements = elementsOf(parse(decoded(answer)));
  const inHeader = (answer.headers.get("content-security-policy") ?? "").split(",").filter((text) => text.trim()).map((text) => parsePolicy(text));
  const base = elements.map((element) => element.tagName === "base" && attributesOf(element).href).find(Boolean);
  return {
    url: answer.url,
    headers: answer.headers,
    baseUrl: base && URL.canParse(base, answer.url) ? new URL(base, answer.url).href : answer.url,
    scripts: elements.filter(({ tagName }) => tagName === "script").map(attributesOf),
    policies: [...inHeader, ...elements.flatMap(policyInMeta)],
  };
}
