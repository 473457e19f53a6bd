// Carries what arrives into the wasm in few pieces, and a job to its site's object. Each way between JavaScript and wasm
// costs as much as a rule of Rust's: so a request's head crosses as one text, its body as another, and what comes out is a
// response, or the job. Out of scope: every decision.
import * as bindings from "laifang:bindgen";

const ABSENT = "\0";
/** The routes whose bodies are small texts. Rust finds out for itself which route it is. */
const HAS_TEXT = /^[^/]*\/\/[^/]*\/v1\/(?:hits|shares)(?:[?#]|$)/;
const MAX_BODY_BYTES = 8192;
const OBJECT_TIMEOUT_MS = 10_000;
/** What jobs are sent to: an object looks at other addresses of its own itself. */
export const JOB_ADDRESS = "https://site.invalid/";

/** A request's head as lines: `head.rs` reads them. */
function headOf({ method, url, headers }) {
  const get = (name) => headers.get(name) ?? ABSENT;
  const purposes = `${get("Sec-Purpose")} ${get("Purpose")} ${get("X-Moz")}`;
  return `${method}\n${url}\n${get("Origin")}\n${get("User-Agent")}\n${purposes}\n${get("CF-Connecting-IP")}\n${get("X-Forwarded-For")}\n${get("X-Real-IP")}`;
}

/** A body as text; undefined if it is longer than any that is taken. */
async function textOf(request) {
  const declared = request.headers.get("Content-Length");
  if (declared > MAX_BODY_BYTES) return undefined;
  // A declared length is kept to by HTTP itself; a chunked body is read only as far as the limit.
  if (declared !== null || request.body === null) return request.text();
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const piece of request.body) {
    bytes += piece.length;
    if (bytes > MAX_BODY_BYTES) return undefined;
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
}

/** Asks a site's object, for a bounded time. `asked` is the site and the job, a line each. */
async function askObject(asked, env) {
  const end = asked.indexOf("\n");
  let timer;
  try {
    const stub = env.SITE_COUNTER.getByName(asked.slice(0, end));
    const answer = stub.fetch(JOB_ADDRESS, { method: "POST", body: asked.slice(end + 1) });
    const late = new Promise((done) => (timer = setTimeout(done, OBJECT_TIMEOUT_MS)));
    return (await Promise.race([answer, late])) ?? bindings.late();
  } catch (error) {
    return bindings.unreachable(String(error));
  } finally {
    clearTimeout(timer);
  }
}

/** The counter's answer. */
export async function respond(request, env) {
  const body = request.method === "POST" && HAS_TEXT.test(request.url) ? await textOf(request) : undefined;
  const answer = await bindings.fetch(headOf(request), body, request, env);
  return typeof answer === "string" ? askObject(answer, env) : answer;
}
