// The WeChat code, read back by another's decoder (jsQR) from a screenshot.
import { expect, test } from "@playwright/test";
import jsQR from "jsqr";
import { PNG } from "pngjs";
import { network, open, serveBoxes } from "./share-page.mjs";

serveBoxes();

const chinese = (bytes) => {
  let url = "https://www.example.cn/articles/";
  for (const character of "清江古渡口修繕完工七十二歲的擺渡人重新撐起了篙".repeat(9)) if (url.length + 9 <= bytes) url += encodeURIComponent(character);
  return url.padEnd(bytes, "7");
};
const ADDRESSES = { short: "https://e.cn/7", "200-byte Chinese": chinese(200), "800-byte Chinese": chinese(800) };

async function decoded(locator) {
  const { data, width, height } = PNG.sync.read(await locator.screenshot());
  return jsQR(new Uint8ClampedArray(data), width, height)?.data;
}

for (const colorScheme of ["light", "dark"])
  for (const deviceScaleFactor of [1, 2])
    test(`codes can be read in ${colorScheme} at ${deviceScaleFactor}×, from the code and from the whole window`, async ({ browser }) => {
      const { page, box, seen } = await open(browser, { head: "<meta name=color-scheme content='light dark'>", options: { colorScheme, deviceScaleFactor, viewport: { width: 1280, height: 800 } } });
      for (const [kind, url] of Object.entries(ADDRESSES)) {
        await box.evaluate((box, url) => box.setAttribute("url", url), url);
        await network(page, "wechat").click();
        const code = page.getByRole("dialog").getByRole("img");
        const { width, modules } = await code.evaluate((canvas) => {
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          const at = (x, y) => data[4 * (y * canvas.width + x)];
          let corner = 0;
          while (at(corner, corner)) corner++;
          return { width: canvas.getBoundingClientRect().width, modules: canvas.width / (corner / 4) };
        });
        expect(Number.isInteger(modules), kind).toBe(true);
        expect(width / modules, `${kind}: CSS pixels a module, after a quiet zone of four`).toBeGreaterThanOrEqual(4);
        expect(await decoded(code), kind).toBe(url);
        expect(await decoded(page), kind).toBe(url);
        await page.keyboard.press("Escape");
      }
      expect(seen.outside).toEqual([]);
      await page.context().close();
    });

test("an address too long for a code says so and can be copied", async ({ browser }) => {
  const { page } = await open(browser, { body: `<laifang-share url="https://e.cn/${"a".repeat(1300)}"></laifang-share>` });
  await network(page, "wechat").click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("网址太长，画不成二维码，请复制链接");
  await expect(dialog.getByRole("img")).toHaveCount(0);
  await expect(dialog.getByRole("button", { name: "复制链接" })).toBeVisible();
});

test("the saved picture is the code", async ({ browser }) => {
  const { page } = await open(browser, { body: '<laifang-share url="https://e.cn/7"></laifang-share>' });
  await network(page, "wechat").click();
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "保存图片" }).click();
  const chunks = [];
  for await (const chunk of await (await download).createReadStream()) chunks.push(chunk);
  const { data, width, height } = PNG.sync.read(Buffer.concat(chunks));
  expect((await download).suggestedFilename()).toMatch(/\.png$/);
  expect(jsQR(new Uint8ClampedArray(data), width, height)?.data).toBe("https://e.cn/7");
});
