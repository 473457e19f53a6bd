// What the tests of the console share: a Worker for each, its page, and a few words for what stands there.
import { test, expect } from "@playwright/test";
import AxeBuilder from "@axe-core/playwright";
import { TOKEN, SITE, startWorker, visitor } from "../edge/worker.mjs";
import english from "../../www/console/src/words/en.js";
import simplified from "../../www/console/src/words/zh_hans.js";
import traditional from "../../www/console/src/words/zh_hant.js";

export { test, expect, SITE, TOKEN, english, simplified, traditional, visitor };
export const WORDS = { "zh-Hans": simplified, "zh-Hant": traditional, en: english };

/** A fresh Worker for each test, and no breach of the policy in any: `session.worker`, `session.troubles`. */
export function freshWorker() {
  const session = {};
  test.beforeEach(async ({ page }) => {
    session.worker = await startWorker({ dev: true });
    session.troubles = [];
    page.on("console", (message) => /Content Security|Trusted/i.test(message.text()) && session.troubles.push(message.text()));
    page.on("pageerror", (error) => session.troubles.push(error.message));
  });
  test.afterEach(async () => {
    expect(session.troubles).toEqual([]);
    await session.worker.end();
  });
  return session;
}

export const open = (page, { worker }, hash = "en") => page.goto(`${worker.host.url}/console/#${hash}`);

export async function signIn(page, session, hash = "en", token = TOKEN) {
  await open(page, session, hash);
  await page.locator("input[type=password]").fill(token);
  await page.keyboard.press("Enter");
}

export const openSite = (page, session, language = "en") => signIn(page, session, `${language}&site=${SITE}`);
export const tile = (page, name) => page.locator(".tiles div", { has: page.locator("dt", { hasText: new RegExp(`^${name}$`) }) }).locator("dd");
export const part = (page, name) => page.getByRole("region", { name, exact: true });
export const axe = async (page) => (await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
export const fileOf = (text, name = "numbers.csv") => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });

/** Three visitors, four views of two pages, two shares. */
export async function makeCounts({ worker }) {
  for (const [number, page] of [[1, "/a"], [2, "/a"], [3, "/%E4%B8%AD/b"], [3, "/a"]]) {
    expect((await worker.hit({ url: `https://${SITE}${page}` }, visitor(number))).status).toBe(200);
  }
  for (const network of ["weibo", "wechat"]) {
    const body = JSON.stringify({ url: `https://${SITE}/a`, network, id: `share-of-the-tests-${network}` });
    expect((await worker.fetch("/v1/shares", { method: "POST", body, headers: visitor(1) })).status).toBe(200);
  }
}

const ownerFetch = ({ worker }, path, init = {}) => worker.fetch(`/v1/sites/${SITE}${path}`, { ...init, headers: { Authorization: `Bearer ${TOKEN}` } });

/** How the owner API says the site stands. */
export const standing = async ({ worker }) => (await worker.owner()).json();

/** The site as a file. */
export const exported = async (session) => (await ownerFetch(session, "/export")).text();

/** Gives the site these finished days besides what it has. */
export async function addDays(session, days) {
  const lines = (await exported(session)).trim().split("\n").map((line) => JSON.parse(line));
  const end = lines.pop();
  end.end.days += days.length;
  const body = [...lines, ...days.map((day) => ({ day })), end].map((line) => JSON.stringify(line)).join("\n");
  const answer = await ownerFetch(session, "/import?replace=1", { method: "POST", body });
  expect(await answer.text()).toContain('"dry_run":false');
}
