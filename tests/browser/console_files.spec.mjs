// Files in the owner's console: brought in from one, taken away as one.
import { readFile, readdir } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { english, expect, exported, fileOf, freshWorker, makeCounts, openSite, part, SITE, simplified, standing, test, tile, traditional, visitor } from "./console_page.mjs";
import { oddityOf } from "../../www/console/src/odd_number.js";
import { KNOWN } from "../../www/console/src/words/reasons.js";

const session = freshWorker();
/** A file of another counter, after its documented form. */
const example = (name) => readFile(new URL(`../package/imports/${name}`, import.meta.url));

test.describe("import", () => {
  const choose = (page, file) => page.getByLabel("File", { exact: true }).setInputFiles(file);
  const check = (page) => page.getByRole("button", { name: "Check the file" }).click();
  const said = (page) => part(page, "Import").getByRole("alert");

  test("first shows what would change, and changes it only when told so", async ({ page }) => {
    await makeCounts(session);
    await openSite(page, session);
    await choose(page, fileOf("page,views,visitors\n*,5000,1200\n/a,300,100\n/new,7,3\n"));
    await check(page);
    const importing = part(page, "Import");
    await expect(importing.getByRole("row")).toHaveText([/What/, "Visitors31,200", "Views45,000", "New pages1", /^Changed pages/]);
    expect((await standing(session)).counts.views).toBe(4);
    await expect(page.getByRole("button", { name: "Import", exact: true })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(importing).toContainText("Imported 3 lines.");
    await expect(tile(page, "Views")).toHaveText("5,000");
    await expect(part(page, "Pages").getByRole("row").nth(1)).toContainText("/a300100");
    await check(page);
    await expect(importing).toContainText(english.import.already);
  });

  test("names a bad line, and imports nothing", async ({ page }) => {
    await openSite(page, session);
    await choose(page, fileOf("page,views,visitors\n/a,1,1\n/b,many,1\n"));
    await check(page);
    await expect(said(page)).toContainText("Nothing was imported: line 3 can't be read. It says “/b,many,1”; “many” is not a whole number");
    await expect(said(page)).toContainText("Fix it and choose the file again.");
    await expect(page.getByRole("button", { name: "Import", exact: true })).toBeHidden();
  });

  test("every reason the counter has for not taking a line is known in Chinese", async () => {
    const folders = ["import", "moves"].map((name) => new URL(`../../tally/src/${name}/`, import.meta.url));
    const namesIn = async (folder) => (await readdir(folder)).filter((name) => name !== "tests.rs").map((name) => new URL(name, folder));
    const files = (await Promise.all(folders.map(namesIn))).flat();
    const sources = await Promise.all(files.map((file) => readFile(file, "utf8")));
    const code = sources.join("\n").replace(/^\s*\/\/.*$/gm, "");
    const sentences = [...code.matchAll(/"((?:[^"\\]|\\.)* (?:[^"\\]|\\.)*)\."/g)].map(([, text]) => text.replaceAll('\\"', '"').replace(/\{\w*\}/g, "{}"));
    expect(sentences.length).toBeGreaterThan(25);
    for (const known of KNOWN) expect(known.sort()).toEqual([...new Set(sentences)].sort());
  });

  test("a bad line is explained in Chinese, and what has no Chinese comes as it is", () => {
    const trouble = (reason) => ({ line: 3, text: "/b,many,1", reason });
    expect(simplified.troubles.badLine(trouble("“many” is not a whole number from 0 to 9"))).toBe("什么也没有导入：第 3 行“/b,many,1”读不懂：“many”不是 0 到 9 的整数。请改正后重新选择文件。");
    expect(traditional.troubles.badLine(trouble("“many” is not a whole number from 0 to 9"))).toBe("什麼也沒有匯入：第 3 行「/b,many,1」讀不懂：「many」不是 0 到 9 的整數。請改正後重新選擇檔案。");
    expect(simplified.troubles.lowerStart(trouble("the site has 9 views already, and 5 would lower that"))).toContain("会把已有的数字改小：全站已有 9 次浏览，文件里只有 5。");
    expect(simplified.troubles.badLine(trouble("something new"))).toContain("读不懂：something new。");
  });

  test("10 MB with a bad last line: progress, then the line's number", async ({ page }) => {
    const lines = 99_000;
    const rows = Array.from({ length: lines }, (_, index) => `/2024/a-page-with-a-rather-long-address-${"x".repeat(65)}-${index}.html,12,9\n`);
    expect(rows.join("").length).toBeGreaterThan(10 * 1024 * 1024);
    await openSite(page, session);
    await expect(page.locator(".progress")).toBeAttached();
    const progress = page.evaluate(() => new Promise((done) => {
      const told = [];
      const watch = new MutationObserver(() => {
        const text = document.querySelector(".progress p").textContent;
        if (told.at(-1) !== text) told.push(text);
        if (document.querySelector(".progress").hidden && told.length) done(told);
      });
      watch.observe(document.querySelector(".progress"), { subtree: true, childList: true, attributes: true, characterData: true });
    }));
    await choose(page, fileOf(`page,views,visitors\n${rows.join("")}/b,-5,1\n`));
    await check(page);
    await expect(said(page)).toContainText(`line ${(lines + 2).toLocaleString("en")} can't be read. It says “/b,-5,1”;`, { timeout: 30_000 });
    const told = await progress;
    expect(told[0]).toMatch(/^Sent: .* of 11.5 MB\.$/);
    expect(told).toContain(english.import.checking);
    expect((await standing(session)).counts.views).toBe(0);
  });

  test("what can't be imported is told before it is sent", async ({ page }) => {
    let sent = 0;
    page.on("request", (request) => (sent += request.url().includes("/import")));
    await openSite(page, session);
    const picture = Buffer.concat([Buffer.from("89504e470d0a1a0a0000000d", "hex"), Buffer.alloc(10 * 1024 * 1024)]);
    const files = {
      binary: picture,
      brokenZip: Buffer.from("504b0304140000", "hex"),
      brokenGzip: gzipSync("page,views\n/a,1\n").subarray(0, 12),
      utf16: Buffer.from("\ufeffpage,views", "utf16le"),
      notUtf8: Buffer.from("2fd6d0b9fa2c312c31", "hex"),
      empty: Buffer.alloc(0),
      html: Buffer.from("<!doctype html><title>Sign in</title>"),
      comments: await example("not-counts/twikoo-comment.json"),
    };
    for (const [problem, buffer] of Object.entries(files)) {
      await choose(page, { name: "numbers.csv", mimeType: "text/csv", buffer });
      await check(page);
      await expect(said(page)).toHaveText(english.import.problems[problem]());
    }
    await choose(page, fileOf((await example("twikoo-counter.json")).toString().replace('"time": 3,', '"time": 3x,'), "twikoo-counter.json"));
    await check(page);
    await expect(said(page)).toHaveText(english.import.problems.damaged({ line: 14 }));
    expect(sent).toBe(0);
  });

  test("another counter's export says what was understood, what was not and why, and only its counts are sent", async ({ page }) => {
    await page.addInitScript(() => {
      const send = XMLHttpRequest.prototype.send;
      XMLHttpRequest.prototype.send = function (body) {
        window.sent = body;
        send.call(this, body);
      };
    });
    await openSite(page, session);
    const importing = part(page, "Import");
    await choose(page, { name: "waline.json.gz", mimeType: "application/gzip", buffer: gzipSync(await example("waline.json")) });
    await check(page);
    await expect(importing.getByRole("listitem")).toHaveText([
      "Understood: Waline, 5 pages",
      "Left out: 1 record has no count of views (/reacted/)",
      "Left out: 1 record names no page's path (guestbook)",
      "Left out: 1 record is of another site (https://other.example/a)",
      english.import.notes.noTotal,
    ]);
    await expect(importing.getByRole("row")).toHaveText([/What/, "Visitors00", "Views00", "New pages4", "Lines merged into another page1"]);
    const sent = await page.evaluate(() => window.sent.text());
    expect(sent).toContain("/about/,57,");
    expect(sent).not.toMatch(/ming|\$2a/);
    await page.getByRole("button", { name: "Import", exact: true }).click();
    await expect(part(page, "Pages").getByRole("row").nth(1)).toContainText("/2024/渡口3200");
    await check(page);
    await expect(importing).toContainText(english.import.already);
    const lower = (await example("waline.json")).toString().replace('"time": 21', '"time": 20');
    await choose(page, fileOf(lower, "waline.json"));
    await check(page);
    await expect(said(page)).toContainText('line 44 (“"/2025/a,b.html",20,”) would lower a number');
  });

  test("an archive is read as it was downloaded", async ({ page }) => {
    await openSite(page, session);
    const entries = await Promise.all(["info.json", "paths.jsonl", "hit_stats.jsonl"].map(async (name) => [`goatcounter-export/${name}`, await example(`goatcounter/${name}`)]));
    await choose(page, { name: "goatcounter.zip", mimeType: "application/zip", buffer: Buffer.from(zipSync(Object.fromEntries(entries))) });
    await check(page);
    await expect(part(page, "Import").getByRole("listitem").first()).toHaveText("Understood: GoatCounter, 3 pages");
    await page.getByRole("button", { name: "Import", exact: true }).click();
    await expect(tile(page, "Views")).toHaveText("10");
  });

  test("a file that doesn't fit what is counted says what to tick", async ({ page }) => {
    await makeCounts(session);
    await openSite(page, session);
    await choose(page, fileOf("page,views,visitors\n/a,2,1\n"));
    await check(page);
    await expect(said(page)).toContainText("line 2 (“/a,2,1”) would lower a number that is already counted");
    await page.getByLabel("Keep existing numbers that are larger").check();
    await check(page);
    await expect(part(page, "Import")).toContainText("Kept (existing number is larger)");
    await choose(page, fileOf(await exported(session), "example.cn.ndjson"));
    await check(page);
    await expect(said(page)).toHaveText(english.troubles.notEmpty());
    await page.getByLabel("Replace existing counts").check();
    await check(page);
    await expect(part(page, "Import")).toContainText("Checked");
  });

  test("can be cancelled, and a connection that breaks off says what to do", async ({ page }) => {
    await openSite(page, session);
    await choose(page, fileOf("page,views,visitors\n/a,1,1\n"));
    let release;
    await page.route("**/import*", (route) => new Promise((done) => (release = () => done(route.abort()))));
    await check(page);
    await page.getByRole("button", { name: "Cancel" }).click();
    await expect(part(page, "Import")).toContainText(english.troubles.cancelled());
    release();
    await page.unroute("**/import*");
    await page.route("**/import*", (route) => route.abort("connectionreset"));
    await check(page);
    await expect(said(page)).toHaveText(english.troubles.brokenOff());
  });

  test("starts from the number that stands on a page, once the owner says so", async ({ page }) => {
    await makeCounts(session);
    for (const number of [4, 3]) await session.worker.hit({ url: `https://${SITE}/old`, shown: 10233 }, visitor(number));
    await openSite(page, session);
    const start = part(page, english.start.title);
    await expect(start).toContainText("Your page /old already shows a number: 10,233.");
    await expect(start.locator(".notice")).toHaveCount(0);
    expect((await standing(session)).counts.visitors).toBe(4);
    await page.getByLabel("Views so far").fill("12");
    await page.getByRole("button", { name: "Start from 10,233" }).click();
    await expect(page.getByText(english.start.atLeast(10233))).toBeVisible();
    await page.getByLabel("Views so far").fill("20,000");
    await page.getByRole("button", { name: "Start from 10,233" }).click();
    await expect(page.getByText(english.start.done(10233))).toBeVisible();
    await expect(start).toHaveCount(0);
    await expect(tile(page, "Visitors")).toHaveText("10,233");
    await expect(tile(page, "Views")).toHaveText("20,000");
    expect((await (await session.worker.hit({}, visitor(5))).json()).visitor).toBe(10234);
  });

  for (const [oddity, number] of [["year", 2019], ["placeholder", 12345], ["huge", 13_800_138_000]]) {
    test(`a number that looks like a ${oddity} is proposed with a warning`, async ({ page }) => {
      for (const one of [4, 3]) await session.worker.hit({ url: `https://${SITE}/old`, shown: number }, visitor(one));
      await openSite(page, session);
      await expect(part(page, english.start.title)).toContainText(english.start.odd[oddity]);
    });
  }

  test("numbers like any other are no oddities", () => {
    for (const number of [7, 42, 123, 999, 1989, 2100, 4321_0, 10_233, 1_234_657, 99_999_998]) expect([number, oddityOf(number)]).toEqual([number, null]);
    for (const number of [1111, 99_999, 10_000, 1_000_000, 98_765, 1_234_567]) expect([number, oddityOf(number)]).toEqual([number, "placeholder"]);
  });
});

test.describe("export", () => {
  const lines = (text) => text.trim().split("\n").slice(1).sort();

  test("saves the very file the API gives", async ({ page }) => {
    await makeCounts(session);
    await page.addInitScript(() => delete window.showSaveFilePicker);
    await openSite(page, session);
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export" }).click();
    const file = await download;
    expect(file.suggestedFilename()).toMatch(/^example\.cn-\d{4}-\d\d-\d\d\.ndjson$/);
    expect(lines(await readFile(await file.path(), "utf8"))).toEqual(lines(await exported(session)));
    await expect(part(page, "Export")).toContainText("Done: example.cn-");
  });

  test("is written to the disk while it comes, where the browser can do that", async ({ page }) => {
    await makeCounts(session);
    // A file of the browser's own storage stands for the one a person would choose.
    await page.addInitScript(() => {
      window.showSaveFilePicker = async ({ suggestedName }) => (await navigator.storage.getDirectory()).getFileHandle(suggestedName, { create: true });
    });
    await openSite(page, session);
    await page.getByRole("button", { name: "Export" }).click();
    await expect(part(page, "Export")).toContainText("Done: example.cn-");
    const written = await page.evaluate(async () => {
      for await (const handle of (await navigator.storage.getDirectory()).values()) return (await handle.getFile()).text();
    });
    expect(lines(written)).toEqual(lines(await exported(session)));
  });

  test("says so when the file is not whole", async ({ page }) => {
    await page.addInitScript(() => {
      delete window.showSaveFilePicker;
      const ask = window.fetch;
      window.fetch = async (path, init) => (String(path).endsWith("/export") ? new Response(new ReadableStream({ pull: (controller) => controller.error(new TypeError("network error")) })) : ask(path, init));
    });
    await openSite(page, session);
    await page.getByRole("button", { name: "Export" }).click();
    await expect(part(page, "Export").getByRole("alert")).toHaveText(english.export.broken);
  });
});
