// Pages of the site itself: on a route such as www.example.cn/* the Worker hands each request on to the origin and puts the
// tag at the end of pages, and the counter is at /laifang/ of the site.
//
// The site comes first: whatever is no whole page goes out as the origin sent it, and so does a failure of the origin's.
// Out of scope: answers of the API, and putting the tag in (`tag_stream.js`).
import { withTag } from "./tag_stream.js";

/** The folder of the site that the counter has. */
export const FOLDER = "/laifang/";
const TAG = `<script async src="${FOLDER}widget.js" data-share></script>`;
const PAGE_DESTINATIONS = ["document", "iframe", "frame"];
/** A tag that is there already: the counter's folder, or the line that the documentation gives. */
const IN_FOLDER = /\/laifang\/(v\/[^/]+\/)?widget\.js([?#]|$)/;
const AT_A_HOST = /^(https?:)?\/\/[^/]+\/(v\/[^/]+\/)?widget\.js([?#]|$)/;

/** Whether pages of this host get the tag. */
export const isTagged = (env, host) => (env.TAG_HOSTS ?? "").split(/\s+/).includes(host);

const asksForPage = ({ method, headers }) =>
  method === "GET" && PAGE_DESTINATIONS.includes(headers.get("Sec-Fetch-Dest") ?? "document") && !headers.has("X-Requested-With");

function isPage({ status, headers, body }) {
  const isHtml = /^text\/html\s*(;|$)/i.test(headers.get("Content-Type") ?? "");
  const isFile = /^attachment/i.test(headers.get("Content-Disposition") ?? "");
  return status === 200 && body !== null && isHtml && !isFile && !/no-transform/i.test(headers.get("Cache-Control") ?? "");
}

const isOurs = (script) => {
  const address = script.getAttribute("src") ?? "";
  return IN_FOLDER.test(address) || (AT_A_HOST.test(address) && script.hasAttribute("async") && script.hasAttribute("crossorigin"));
};

/** The origin's answer, with the tag where it is a page. */
export async function passOn(request) {
  const response = await fetch(request);
  if (!asksForPage(request) || !isPage(response)) return response;
  const headers = new Headers(response.headers);
  headers.delete("Content-Length");
  return new Response(withTag(response.body, TAG, isOurs), { status: response.status, statusText: response.statusText, headers });
}

/** An answer from the counter's folder: a redirect stays in it. */
export function insideFolder(response) {
  const location = response.headers.get("Location") ?? "";
  if (!/^\/(?!\/)/.test(location)) return response;
  const headers = new Headers(response.headers);
  headers.set("Location", FOLDER + location.slice(1));
  return new Response(response.body, { status: response.status, headers });
}

/** A request to the counter's folder, as the counter knows it. */
export function withoutFolder(request, url) {
  const inside = new URL(url);
  inside.pathname = url.pathname.slice(FOLDER.length - 1);
  return new Request(inside, request);
}
