// What a web server in front has to be told, in its own words, where its answers say which one it is.
//
// Out of scope: Apache and Caddy, whose lines the documentation has; the general advice holds for them.
import { t } from "../speech.mjs";

const isNginx = ({ headers }) => /^(nginx|openresty|tengine)\b/i.test(headers?.get("server") ?? "");
const MANUAL = t`the page “I have nginx and a static site” of the documentation`;

/** Where the counter's address answered otherwise than a counter; undefined where nothing is known of the server. */
export function adviceOfServer(answer) {
  if (!isNginx(answer)) return undefined;
  if ([502, 504].includes(answer.status)) return t`nginx says it, not the counter: it gets no answer from the address after proxy_pass. Look whether laifang serve runs there (systemctl status laifang) and at that port; nginx's error log names the reason. See ${MANUAL}.`;
  if (answer.status === 404) return t`With nginx that means: there is no location for the counter's folder, or another one wins (such as location ~ \\.js$), or its proxy_pass lacks the slash at the end. Write location ^~ /laifang/ with proxy_pass http://127.0.0.1:8787/; and run nginx -t and systemctl reload nginx. See ${MANUAL}.`;
  if (answer.isHtml) return t`nginx hands out a page of the site there (try_files does): write location ^~ /laifang/ with proxy_pass http://127.0.0.1:8787/; so that no other location wins. See ${MANUAL}.`;
  return undefined;
}

/** Where a page of its lacks the tag. */
export function adviceOnPages(page) {
  if (!isNginx(page)) return undefined;
  return t`nginx can put it into every page: sub_filter in its server { … }. If it is there: a page without </head> gets none, nor does one that gzip_static hands out; a location with a sub_filter of its own does without the server's, and what another program has compressed stays as it is (proxy_set_header Accept-Encoding ""; in that location). See ${MANUAL}.`;
}
