// The examples of the page on the share box do what they say, and its tables name what there is.
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { transform } from "esbuild";
import { readFile } from "node:fs/promises";
import { FORMATS, METRICS, TAKEN_OVER } from "../../www/builder/choice.js";
import { network, open, outcomes, serveBoxes, theWorker } from "./share-page.mjs";

serveBoxes();

const asset = async (path) => (await theWorker().fetch(path)).text();
const source = (path) => readFile(new URL(`../../widget/share/${path}`, import.meta.url), "utf8");

/** The codes of the documentation page that match a selector, with an attribute of their <pre>. */
async function examples(browser, selector) {
  const page = await browser.newPage();
  await page.goto(`${theWorker().host.url}/docs/share.html`);
  const found = await page.locator(selector).evaluateAll((all) => all.map((code) => ({ text: code.textContent, shows: code.parentElement.dataset.shows })));
  await page.close();
  return found;
}

test("each example shows the networks it names", async ({ browser }) => {
  const found = await examples(browser, "[data-shows] code");
  expect(found.length).toBeGreaterThanOrEqual(7);
  for (const { text, shows } of found) {
    const { page, seen } = await open(browser, { body: text });
    expect(await page.locator("laifang-share [part~=network]").evaluateAll((all) => all.map((item) => item.dataset.network).join(" ")), text).toBe(shows);
    expect(seen.errors).toEqual([]);
    await page.context().close();
  }
});

test("the example of looks changes them, that of events hears and stops shares", async ({ browser }) => {
  const [[style], [script]] = [await examples(browser, "[data-style]"), await examples(browser, "[data-script]")];
  const { page } = await open(browser, { head: `<style>${style.text}</style><script>window.printed = 0; window.print = () => window.printed++; ${script.text}</script>`, body: '<laifang-share networks="weibo copy print"></laifang-share>' });
  await expect(network(page, "weibo")).toHaveCSS("border-top-left-radius", "18px");
  await expect(network(page, "weibo")).toHaveCSS("background-color", "rgb(255, 251, 230)");
  await expect(page.locator("laifang-share [part=label]")).toBeHidden();
  const said = page.waitForEvent("console", (message) => message.text().startsWith("copy "));
  await network(page, "print").click();
  await network(page, "copy").click();
  expect((await said).text()).toMatch(/^copy http:\/\/localhost:\d+\/article copied$/);
  expect(await page.evaluate(() => window.printed)).toBe(0);
  expect(await outcomes(page)).not.toContain("laifang-shared print opened");
});

test("custom-elements.json, the types and the documentation name every attribute, event, property and part", async () => {
  const { attributes, events, cssProperties, cssParts } = JSON.parse(await asset("/custom-elements.json")).modules[0].declarations[0];
  const names = (list) => list.map(({ name }) => name).sort();
  const css = await source("page/box.css"), scripts = (await Promise.all(["box", "dialog", "dom", "article", "audience"].map((name) => source(`page/${name}.js`)))).join("\n");
  expect(names(cssProperties)).toEqual([...new Set(css.match(/--laifang-share-[a-z-]+/g))].sort());
  const parts = [...scripts.matchAll(/\bpart: "([a-z]+)|setAttribute\("part", "([a-z]+)/g)].map(([, one, other]) => one ?? other);
  expect(names(cssParts)).toEqual([...new Set(parts)].sort());
  expect(names(events)).toEqual([...new Set(scripts.match(/"laifang-shared?"/g))].map((name) => name.slice(1, -1)).sort());
  for (const name of names(attributes)) expect(scripts, name).toMatch(new RegExp(`(own\\(box, |said\\(|hasAttribute\\()"${name}"`));
  const types = await asset("/laifang.d.ts"), docs = await asset("/docs/share.html");
  await transform(types, { loader: "ts" });
  for (const name of [...names(attributes), ...names(events)]) expect(types).toContain(name);
  for (const name of [...names(attributes), ...names(events), ...names(cssProperties), ...names(cssParts)]) expect(docs, name).toContain(name);
  for (const { id } of JSON.parse(await source("networks.json"))) expect(docs, id).toContain(`<code>${id}</code>`);
});

test("custom-elements.json, the types, the documentation and the snippet builder name every number and format of a counter", async () => {
  const { tagName, attributes } = JSON.parse(await asset("/custom-elements.json")).modules[0].declarations[1];
  expect(tagName).toBe("laifang-counter");
  const types = await asset("/laifang.d.ts"), docs = await asset("/docs/numbers.html"), described = JSON.stringify(attributes);
  for (const { name } of attributes) {
    expect(types).toContain(name);
    expect(docs).toContain(name);
  }
  for (const metric of METRICS) {
    expect(docs, metric).toContain(`<code>${metric}</code>`);
    expect(described, metric).toContain(metric.replace(/^site\.\w+(?=-)/, ""));
    expect(types, metric).toContain(`"${metric.replace(/^site\.\w+(?=-)|^site\.(?!online)/, "")}"`);
  }
  for (const format of FORMATS) for (const text of [docs, described]) expect(text, format).toContain(format);
  for (const name of TAKEN_OVER) expect(docs, name).toContain(`<code>data-replace="${name}"</code>`);
});

test("axe finds nothing on the page", async ({ page }) => {
  await page.goto(`${theWorker().host.url}/docs/share.html`);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
});
