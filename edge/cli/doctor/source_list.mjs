// Whether a source list of a Content-Security-Policy has an address: the matching of CSP Level 3 (6.7.2).
//
// Out of scope: nonces and hashes (`policy.mjs`).

const PORTS = { "http:": "80", "https:": "443", "ws:": "80", "wss:": "443" };
const UPGRADES = { "http:": ["http:", "https:"], "ws:": ["ws:", "wss:", "http:", "https:"], "wss:": ["wss:", "https:"] };
const HOST_SOURCE = /^(?:([a-z][a-z0-9+.-]*:)\/\/)?(\*|(?:\*\.)?[a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::(\d+|\*))?(\/[^?#]*)?$/i;

const portOf = ({ port, protocol }) => port || PORTS[protocol];
const hasScheme = (scheme, protocol) => (UPGRADES[scheme] ?? [scheme]).includes(protocol);

function hasHost(pattern, host) {
  if (pattern === "*") return true;
  return pattern.startsWith("*.") ? host.endsWith(pattern.slice(1)) : host === pattern;
}

function hasPort(port, url) {
  if (port === "*") return true;
  if (port === undefined) return portOf(url) === PORTS[url.protocol];
  return port === portOf(url) || (port === "80" && portOf(url) === "443");
}

function hasPath(path, { pathname }) {
  if (!path) return true;
  const unescaped = (text) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  };
  return path.endsWith("/") ? unescaped(pathname).startsWith(unescaped(path)) : unescaped(pathname) === unescaped(path);
}

const isSelf = (self, url) => self.hostname === url.hostname && (self.origin === url.origin || (hasScheme(self.protocol, url.protocol) && portOf(self) === PORTS[self.protocol] && portOf(url) === PORTS[url.protocol]));

function matches(source, url, self) {
  const word = source.toLowerCase();
  if (word === "*") return url.protocol in PORTS || url.protocol === self.protocol;
  if (word === "'self'") return isSelf(self, url);
  if (/^[a-z][a-z0-9+.-]*:$/.test(word)) return hasScheme(word, url.protocol);
  const [, scheme, host, port, path] = HOST_SOURCE.exec(source) ?? [];
  if (!host) return false;
  return hasScheme(scheme?.toLowerCase() ?? self.protocol, url.protocol) && hasHost(host.toLowerCase(), url.hostname) && hasPort(port, url) && hasPath(path, url);
}

/** Whether one of the sources is that of `url`, for a page at `pageUrl`. */
export const hasSource = (sources, url, pageUrl) => sources.some((source) => matches(source, new URL(url), new URL(pageUrl)));
