// A counter in plain JavaScript, as one would write it for this platform: the yardstick for ours.
//
// One SQLite object a site keeps ids (for retries), the visitors of a day, pages and totals in four ordinary tables. It
// checks what ours checks: the body, the id, the page's host, the origin, robots. Out of scope: everything else that ours does
// (visitors of a page, days, shares, ceilings, KV, owners).
import { DurableObject } from "cloudflare:workers";
import { answer, readHit, refuse } from "./checks.js";

/** In a build for measuring: how many rows were written, at /v1/_lab/costs. */
const costs = { rows: 0, calls: 0, alarms: 0 };
const TABLES = `
  create table if not exists ids (id text primary key, reply text not null);
  create table if not exists visitors (day text, visitor text, number integer not null, primary key (day, visitor));
  create table if not exists pages (page text primary key, views integer not null);
  create table if not exists totals (day text primary key, views integer not null, visitors integer not null);
`;

const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
const counted = (sql) => ({
  exec(...words) {
    const cursor = sql.exec(...words);
    const rows = cursor.toArray();
    costs.rows += cursor.rowsWritten;
    return { toArray: () => rows };
  },
});

export class Site extends DurableObject {
  constructor(state, env) {
    super(state, env);
    this.sql = MEASURING ? counted(state.storage.sql) : state.storage.sql;
    this.sql.exec(TABLES);
    this.salt = crypto.randomUUID();
  }

  first(query, ...values) {
    return this.sql.exec(query, ...values).toArray()[0];
  }

  /** The reply of a hit, as text. */
  async hit(id, page, address, userAgent) {
    const words = new TextEncoder().encode(`${this.salt}\n${address}\n${userAgent}`);
    const visitor = hex(await crypto.subtle.digest("SHA-256", words));
    return this.count(id, page, visitor);
  }

  count(id, page, visitor) {
    const known = this.first("select reply from ids where id = ?", id);
    if (known) return known.reply;
    const day = new Date(Date.now() + 8 * 3600_000).toISOString().slice(0, 10);
    const before = this.first("select visitors from totals where day = ?", day)?.visitors ?? 0;
    const seen = this.first("select number from visitors where day = ? and visitor = ?", day, visitor)?.number;
    const number = seen ?? before + 1;
    if (!seen) this.sql.exec("insert into visitors values (?, ?, ?)", day, visitor, number);
    const site = this.first(
      "insert into totals values (?, 1, ?) on conflict do update set views = views + 1, visitors = visitors + excluded.visitors returning views, visitors",
      day,
      seen ? 0 : 1,
    );
    const { views } = this.first(
      "insert into pages values (?, 1) on conflict do update set views = views + 1 returning views",
      page,
    );
    const reply = JSON.stringify({ counted: true, visitor: number, site, page: { views } });
    this.sql.exec("insert into ids values (?, ?)", id, reply);
    return reply;
  }

  counts(page) {
    const site = this.first("select sum(views) as views, sum(visitors) as visitors from totals");
    const views = this.first("select views from pages where page = ?", page)?.views ?? 0;
    return JSON.stringify({ site, page: { views } });
  }
}

export default {
  async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/v1/health") return answer(200, '{"status":"ok"}');
    if (MEASURING && pathname === "/v1/_lab/costs") return Response.json(costs);
    if (pathname === "/v1/hits" && request.method === "POST") {
      const { refusal, id, site, page, address, userAgent } = await readHit(request, env);
      return refusal ?? answer(200, await env.SITE.getByName(site).hit(id, page, address, userAgent));
    }
    if (pathname === "/v1/counts") return answer(200, await env.SITE.getByName(searchParams.get("site")).counts(searchParams.get("page") ?? "/"));
    return refuse(404, "Not Found");
  },
};
