// The snippet builder on the start page: what is chosen, shown and copied.
import { test, expect } from "@playwright/test";
import AxeBuilder from "@axe-core/playwright";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { startWorker } from "../edge/worker.mjs";
import { AROUND } from "../../www/builder/around.js";
import { METRICS, NETWORKS, readChoice, STANDARD, tagText, boxText, countersText, listText, lookText, pictureText, writeChoice } from "../../www/builder/choice.js";
import { BUILDER_WORDS } from "../../www/builder/words.js";

let worker;
let requests;
test.beforeEach(async ({ page }) => {
  worker = await startWorker({ dev: true });
  requests = [];
  page.on("request", (request) => requests.push(request));
});
test.afterEach(() => worker.end());

const open = (page, hash = "", base = worker.host.url) => page.goto(`${base}/#${hash}`);
const preview = (page) => page.frameLocator("#preview");
const axe = async (page) => (await new AxeBuilder({ page }).exclude("iframe").analyze()).violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
const shapeOf = (value) => (typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)])) : typeof value);

test("an address that was written is read back as the same choice", () => {
  const choice = {
    ...STANDARD, counter: "elements", metrics: ["site.views", "page.views"], format: "digits=6", list: true, takeover: ["artalk"], canonical: true, share: "own", networks: ["x", "wechat"], counts: true,
    look: "own", colors: { color: "#112233", background: "#445566", border: "#778899" }, lang: "en", site: "a.cn", spa: false, read: true, replace: true, picture: true, pinned: true, after: "#b > c",
  };
  expect(readChoice(writeChoice(choice))).toEqual(choice);
  expect(readChoice(new URLSearchParams())).toEqual(STANDARD);
  expect(writeChoice(STANDARD).toString()).toBe("");
});

test("an address with anything in it becomes no markup", () => {
  const hostile = '"><script>alert(1)</script>';
  const choice = readChoice(new URLSearchParams({ site: hostile, after: hostile, share: "after", networks: hostile, look: hostile, color: hostile, lang: hostile, format: hostile, takeover: hostile, counter: "elements", list: "1" }));
  expect(tagText(choice, { src: "https://c.example/widget.js" })).not.toContain("data-replace");
  expect(countersText(choice, AROUND.en)).toBe('<p>You are visitor number <laifang-counter metric="visitor"></laifang-counter></p>');
  expect(listText(choice, AROUND.en)).toBe('<span><span data-laifang="page.views" data-page=""></span> views</span>');
  expect(tagText(choice, { src: "https://c.example/widget.js" }).match(/<script/g)).toHaveLength(1);
  expect(tagText(choice, { src: "https://c.example/widget.js" })).toContain('data-share="&quot;>&lt;script>');
  expect(boxText({ ...choice, share: "own" })).toBe("<laifang-share></laifang-share>");
  expect(pictureText({ ...choice, picture: true }, "https://c.example", { language: "en", alt: "x" }).match(/["<>]/g)).toHaveLength(12);
  expect(lookText(choice)).toBe("");
});

test("every language has every word", () => {
  const [first, ...others] = Object.values(BUILDER_WORDS).map(shapeOf);
  for (const other of others) expect(other).toEqual(first);
  for (const around of Object.values(AROUND)) expect(Object.keys(around).sort()).toEqual([...METRICS, "list.views"].sort());
});

test("the preview is the old page but for one line", async () => {
  const read = async (name) => (await readFile(new URL(`../../www/demo/${name}`, import.meta.url), "utf8")).split("\n");
  const before = await read("before.html");
  const added = (await read("preview.html")).filter((line) => !before.includes(line));
  expect(added).toEqual(['<script type="module" src="/builder/preview.js"></script>']);
});

test("the preview shows the real widget, counts nothing, and can't reach the page around it", async ({ page }) => {
  await open(page);
  await expect(preview(page).getByText("您是第 10234 位來訪者")).toBeVisible();
  await expect(preview(page).locator("laifang-share").getByRole("button").first()).toBeVisible();
  const frame = page.frames().find((one) => one.url().includes("/demo/preview"));
  const refused = () => [() => localStorage, () => top.document.title].map((reach) => { try { return typeof reach(); } catch (error) { return error.name; } });
  expect(await frame.evaluate(refused)).toEqual(["SecurityError", "SecurityError"]);
  const asked = requests.filter((request) => request.frame() === frame).map((request) => new URL(request.url()).pathname);
  expect(asked.filter((path) => path.startsWith("/v1/"))).toEqual([]);
  const direct = await page.goto(`${worker.host.url}/demo/preview`);
  expect(direct.headers()["content-security-policy"]).toContain("sandbox allow-scripts");
  expect((await page.evaluate(refused))[0]).toBe("SecurityError");
});

test("by keyboard alone: numbers, box, networks in order, looks, language; the lines and the preview follow", async ({ page }) => {
  await open(page, "zh-Hans");
  const press = async (...keys) => { for (const key of keys) await page.keyboard.press(key); };
  const tabTo = async (locator) => {
    for (let presses = 0; presses < 80; presses++) {
      if (await locator.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press("Tab");
    }
    throw new Error("no way there by Tab");
  };
  await tabTo(page.getByRole("radio", { name: /网页里已有/ }));
  await press("ArrowDown");
  await tabTo(page.getByRole("checkbox", { name: "本站总访问量 N 次" }));
  await press("Space");
  await tabTo(page.getByRole("radio", { name: "放在文章后面" }));
  await press("ArrowDown", "ArrowDown");
  await tabTo(page.getByRole("checkbox", { name: "微博" }));
  await press("Space");
  await tabTo(page.getByRole("checkbox", { name: "复制链接" }));
  await press("Space");
  await tabTo(page.getByRole("button", { name: "复制链接 上移" }));
  await press("Enter");
  await expect(page.getByRole("button", { name: "复制链接 上移" })).toBeFocused();
  await tabTo(page.getByRole("radio", { name: "原样" }));
  await press("ArrowDown");
  await expect(page.locator("#counter-lines")).toHaveText('<p>您是第 <laifang-counter metric="visitor"></laifang-counter> 位访客</p>\n<p>本站总访问量 <laifang-counter metric="site.views"></laifang-counter> 次</p>');
  await expect(page.locator("#box")).toHaveText('<laifang-share networks="copy weibo"></laifang-share>');
  await expect(page.locator("#looks")).toContainText("--laifang-share-radius: 99px;");
  await expect(page.locator("#tag")).toHaveText(`<script async crossorigin src="${worker.host.url}/widget.js"></script>`);
  await expect(preview(page).getByText("本站总访问量 20345 次")).toBeVisible();
  const names = preview(page).locator("laifang-share").locator("a, button");
  await expect(names).toHaveText([/複製連結|复制链接/, "微博"]);
  await expect(names.first()).toHaveCSS("border-radius", "99px");
  await tabTo(page.getByRole("combobox", { name: "语言" }));
  await press("e");
  await expect(page.locator("#tag")).toContainText('data-lang="en"');
  await expect(preview(page).getByText("You are visitor number 10234")).toBeVisible();
});

test("who wants visitors without scripts counted gets a picture that counts them", async ({ page, browser }) => {
  await open(page, "en&site=localhost");
  const line = page.locator("#picture");
  await expect(line).toBeHidden();
  await page.getByRole("checkbox", { name: "Count visitors who have scripts turned off too (by a picture)" }).check();
  await expect(line).toContainText(`<noscript><img src="${worker.host.url}/v1/hit.svg?url=https://localhost/a.html&amp;lang=en"`);
  const text = await line.innerText();
  const context = await browser.newContext({ javaScriptEnabled: false });
  const visitor = await context.newPage();
  await visitor.route("**/a.html", (route) => route.fulfill({ contentType: "text/html", body: `<!doctype html><title>x</title>${text.replace(worker.host.url, `http://localhost:${worker.host.port}`)}` }));
  const drawn = visitor.waitForResponse((response) => response.url().includes("/v1/hit.svg"));
  await visitor.goto(`http://localhost:${worker.host.port}/a.html`);
  expect(await (await drawn).text()).toContain("<title>You are visitor number 1</title>");
  await expect(visitor.getByRole("img", { name: "visitor number" })).toBeVisible();
  await context.close();
  await page.getByRole("checkbox", { name: "Show only, don't count" }).check();
  await expect(line).toBeHidden();
});

test("every number offered is shown in the preview, in the format that was chosen", async ({ page }) => {
  await open(page, `en&counter=elements&format=grouped&metrics=${METRICS.join("+")}`);
  const shown = preview(page).locator("laifang-counter");
  await expect(shown).toHaveCount(METRICS.length);
  for (const counter of await shown.all()) await expect(counter).toHaveText(/^\d{1,3}(,\d{3})*$/);
  await expect(preview(page).getByText("4,870 views this month")).toBeVisible();
  await expect(page.locator("#counter-lines")).toContainText('<p><laifang-counter metric="site.views-month" data-format="grouped"></laifang-counter> views this month</p>');
});

test("a line for lists, other counters' places and the canonical link", async ({ page }) => {
  await open(page, "en&share=none");
  await expect(page.locator("#list-line")).toBeHidden();
  const formats = page.getByRole("group", { name: "How a number is written" });
  await expect(formats).toBeHidden();
  await page.getByRole("checkbox", { name: "Show each article's views in lists too" }).check();
  await formats.getByRole("radio", { name: "12.3k" }).check();
  await expect(page.locator("#list-line")).toHaveText('<span><span data-laifang="page.views" data-page="" data-format="short"></span> views</span>');
  const takeover = page.getByRole("group", { name: "Fill the places of these counters too" });
  await takeover.getByRole("checkbox", { name: "Twikoo" }).check();
  await takeover.getByRole("checkbox", { name: "Waline" }).check();
  await page.getByRole("checkbox", { name: "Tell pages apart by their canonical link" }).check();
  await expect(page.locator("#tag")).toHaveText(`<script async crossorigin src="${worker.host.url}/widget.js" data-replace="waline twikoo" data-page-address="canonical"></script>`);
});

test("the tag of a version that doesn't move names the hash of what is there", async ({ page }) => {
  await open(page, "en&share=none");
  await page.getByRole("checkbox", { name: "Stay with this version, its content checked by the browser (integrity)" }).check();
  const [, path, integrity] = /src="http:[^"]*?(\/v\/[\d.]+\/widget\.js)" integrity="(sha384-[^"]+)"/.exec(await page.locator("#tag").innerText());
  const response = await page.request.get(worker.host.url + path);
  expect(response.headers()["cache-control"]).toBe("public, max-age=31536000, immutable");
  expect(`sha384-${createHash("sha384").update(await response.body()).digest("base64")}`).toBe(integrity);
});

test("every network offered is one the box knows", async ({ page }) => {
  await open(page, `share=own&networks=${NETWORKS.join("+")}`);
  const box = preview(page).locator("laifang-share");
  await expect(box.locator("[data-network]").first()).toBeAttached();
  const known = await box.evaluate((element) => [...element.shadowRoot.querySelectorAll("[data-network]")].map((item) => item.dataset.network));
  // The device's own menu exists only on a secure page of a device that has one.
  expect(NETWORKS.filter((id) => !known.includes(id) && id !== "native")).toEqual([]);
});

for (const [how, host] of [["with the clipboard", "localhost"], ["on plain http, without it", "demo.test"]]) {
  test(`the lines are copied ${how}`, async ({ page, context }) => {
    const base = `http://${host}:${worker.host.port}`;
    if (host === "localhost") await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: base });
    await open(page, "en&share=none&mode", base);
    if (host === "demo.test") expect(await page.evaluate(() => typeof navigator.clipboard)).toBe("undefined");
    await page.getByRole("button", { name: "Copy", exact: true }).click();
    await expect(page.getByText("Copied", { exact: true })).toBeVisible();
    await page.getByRole("textbox", { name: "Count for this site" }).focus();
    await page.keyboard.press("Control+V");
    await expect(page.getByRole("textbox", { name: "Count for this site" })).toHaveValue(`<script async crossorigin src="${base}/widget.js"></script>`);
  });
}

test("a browser that copies nothing says so", async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, "clipboard", { value: undefined });
    document.execCommand = () => false;
  });
  await open(page, "en");
  await page.getByRole("button", { name: "Copy", exact: true }).click();
  await expect(page.getByText("Couldn't copy; select it and press Ctrl+C")).toBeVisible();
});

test("the link keeps the choice, in every language", async ({ page }) => {
  await open(page, "zh-Hans");
  await page.getByRole("radio", { name: "不要" }).check();
  await page.getByRole("checkbox", { name: "只显示，不计数" }).check();
  const link = await page.locator("#link").innerText();
  await page.goto("about:blank");
  await page.goto(link);
  await expect(page.getByRole("radio", { name: "不要" })).toBeChecked();
  await page.getByRole("link", { name: "English" }).click();
  await expect(page.getByRole("heading", { name: "Choose, then copy" })).toBeVisible();
  await expect(page.getByRole("checkbox", { name: "Show only, don't count" })).toBeChecked();
  await expect(page.locator("#tag")).toHaveText(`<script async crossorigin src="${worker.host.url}/widget.js" data-mode="read"></script>`);
  await expect(page.locator("#console")).toHaveAttribute("href", /\/console\/#en$/);
});

const CHOSEN = "share=own&networks=weibo+line&look=own&counter=elements&list=1&takeover=waline&picture=1";
for (const language of ["zh-Hans", "zh-Hant", "en"]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`in ${language}, ${colorScheme}, at 360 px: axe is content and nothing overflows`, async ({ browser }) => {
      const context = await browser.newContext({ colorScheme, viewport: { width: 360, height: 740 } });
      const page = await context.newPage();
      const troubles = [];
      page.on("console", (message) => message.type() === "error" && troubles.push(message.text()));
      page.on("pageerror", (error) => troubles.push(error.message));
      await open(page, `${language}&${CHOSEN}`);
      await expect(preview(page).locator("laifang-share").locator("a, button").first()).toBeVisible();
      expect(await axe(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
      expect(await page.locator("html").getAttribute("lang")).toBe(language);
      expect(troubles).toEqual([]);
      await context.close();
    });
  }
}
