// Looks whether a deployed counter works at its address, without counting on any real site.
import { setTimeout as wait } from "node:timers/promises";
import { Failure } from "./failure.mjs";
import { t } from "./speech.mjs";
import { progress } from "./terminal.mjs";

const TRY_EVERY_MS = 3000;
/** A new domain's certificate takes a while. The variable is the tests'. */
const PATIENCE_MS = Number(process.env.LAIFANG_PATIENCE_MS ?? 180_000);
/** A site nobody can have; the counter must refuse it. */
const NOBODYS_PAGE = "https://laifang-check.invalid/";

async function answer(address, init) {
  const response = await fetch(address, { redirect: "manual", signal: AbortSignal.timeout(15_000), ...init });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

async function untilHealthy(base, version) {
  const line = progress();
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    const said = await answer(`${base}/v1/health`).then(({ text }) => JSON.parse(text), (error) => error);
    if (said.status === "ok" && said.version === version) return line.end(t`${base} answers, release ${version}`);
    if (Date.now() > giveUpAt) throw new Failure(unreachable(base, said, version));
    line.show(t`waiting for ${base} (a new domain's certificate takes a minute or two)`);
    await wait(TRY_EVERY_MS);
  }
}

function unreachable(base, said, version) {
  const why = said instanceof Error ? (said.cause?.code ?? said.message) : t`release ${said.version}`;
  return t`the counter is deployed, but ${base}/v1/health does not answer with release ${version} yet (${why}). A new domain may take some minutes: open the address in a browser, and run this again to check.`;
}

const CHECKS = [
  [t`the script pages load`, "/widget.js", {}, ({ status, headers }) => status === 200 && headers.get("access-control-allow-origin") === "*"],
  [t`a browser's preflight`, "/v1/hits", { method: "OPTIONS" }, ({ status }) => status === 204],
  [
    t`a page of nobody's is refused`,
    "/v1/hits",
    { method: "POST", body: JSON.stringify({ url: NOBODYS_PAGE, id: "laifang-check-0000000" }), headers: { "User-Agent": "Mozilla/5.0 (laifang deploy)" } },
    ({ status, text }) => status === 403 && text.includes("site-not-allowed"),
  ],
];

/** Checks the address; a Failure names what does not work. `site` is one of the owner's, read but not counted. */
export async function checkLive(base, { site, token, version }) {
  await untilHealthy(base, version);
  const checks = [...CHECKS];
  if (site) checks.push([t`the counts of ${site} can be read`, `/v1/counts?site=${site}`, {}, ({ status }) => status === 200]);
  if (site && token) {
    const headers = { Authorization: `Bearer ${token}` };
    checks.push([t`the owner's token is known`, `/v1/sites/${site}`, { headers }, ({ status }) => status === 200]);
  }
  for (const [claim, path, init, holds] of checks) {
    const said = await answer(base + path, init);
    if (!holds(said)) {
      throw new Failure(t`the counter answers, but not as it should: ${claim}? ${base}${path} said ${said.status} ${said.text.slice(0, 200)}\nRun this again; a change takes up to a minute to be everywhere.`);
    }
    console.log(`  ✓ ${claim}`);
  }
}
