// Reads `_headers`, the file in which Cloudflare's assets say which response headers they carry, so that
// the local host serves them alike.

export function parseHeaders(text) {
  const rules = {};
  let rule;
  for (const line of text.split("\n")) {
    if (!line.trim() || line.trim().startsWith("#")) continue;
    if (!/^\s/.test(line)) {
      rule = rules[line.trim()] ??= { set: {}, unset: [] };
      continue;
    }
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).trim();
    if (colon < 0 && name.startsWith("!")) rule.unset.push(name.slice(1).trim());
    else rule.set[name] = line.slice(colon + 1).trim();
  }
  return { version: 2, rules };
}
