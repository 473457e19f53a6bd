// A counter on KV alone: get, add one, put. It checks what the others check. Two requests that read the same number write
// the same number, so hits are lost; it knows no ids, so a retry counts twice.
import { answer, readHit, refuse } from "./checks.js";

export default {
  async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/v1/health") return answer(200, '{"status":"ok"}');
    if (pathname === "/v1/counts") return answer(200, JSON.stringify({ site: { views: Number(await env.COUNTS.get(searchParams.get("site"))) } }));
    if (pathname !== "/v1/hits" || request.method !== "POST") return refuse(404, "Not Found");
    const { refusal, site } = await readHit(request, env);
    if (refusal) return refusal;
    const views = Number(await env.COUNTS.get(site)) + 1;
    await env.COUNTS.put(site, String(views));
    return answer(200, JSON.stringify({ counted: true, site: { views } }));
  },
};
