// Redirects within the counter, for it may be in a folder of a site that it does not know of (`location /laifang/`).
import { posix } from "node:path";

/** A `Location` of this host as a reference from the path that was asked for; any other as it is. */
export function relativeLocation(asked, location) {
  if (!/^\/(?![/\\])/.test(location)) return location;
  const [, path, rest] = /^([^?#]*)(.*)$/s.exec(location);
  const folder = asked.replace(/[?#].*$/s, "").replace(/[^/]*$/, "");
  const way = posix.relative(folder, path);
  const end = path.endsWith("/") && way !== "" ? "/" : "";
  return `./${way}${end}${rest}`;
}
