// What other counters export, as files after their documented form (`imports/`), through `laifang import`.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { recognise } from "../../dist/cli/formats/recognise.mjs";
import { laifang, serve, TOKEN } from "./command.mjs";

const FILES = fileURLToPath(new URL("imports", import.meta.url));
const read = (name) => readFileSync(join(FILES, name));

const CASES = {
  "waline.example": {
    file: "waline.json",
    stands: { views: 0, visitors: 0, pages: { "/2024/%E6%B8%A1%E5%8F%A3": [320, 0], "/about": [57, 0], "/2025/a,b.html": [21, 0] } },
    says: [/^Understood: Waline, 4 pages$/m, /^Left out: {3}1 records have no count of views \(\/reacted\/\)$/m, /1 records name no page's path \(guestbook\)/, /2 records are of another site \(https:\/\/other\.example\/a, https:\/\/www\.example\.cn\/2023\/old\.html\)/, /no count of the whole site and no visitors/],
  },
  "example.cn": {
    file: "waline.json",
    stands: { views: 0, visitors: 0, pages: { "/2024/%E6%B8%A1%E5%8F%A3": [320, 0], "/about": [57, 0], "/2025/a,b.html": [21, 0], "/2023/old.html": [77, 0] } },
    says: [/Understood: Waline, 5 pages/, /1 records are of another site/],
  },
  "twikoo.example": {
    file: "twikoo-counter.json",
    stands: { views: 0, visitors: 0, pages: { "/posts/%E6%98%A5%E5%A4%A9": [123, 0], "/": [2048, 0] } },
    says: [/Understood: Twikoo, 3 pages/, /1 records name no page's path$/m, /1 lines name a page that another line names differently/],
  },
  "leancloud.example": {
    file: "leancloud-results.json",
    stands: { views: 900, visitors: 300, pages: { "/2024/%E6%B8%A1%E5%8F%A3": [42, 0] } },
    says: [/Understood: LeanCloud, 2 pages/],
  },
  "headless.example": {
    file: "leancloud-headless.jsonl",
    stands: { views: 0, visitors: 0, pages: { "/2024/%E6%B8%A1%E5%8F%A3": [41, 0], "/about": [7, 0] } },
    says: [/Understood: LeanCloud, 2 pages/],
  },
  "goatcounter.example": {
    zip: "goatcounter",
    stands: { views: 10, visitors: 0, pages: { "/": [5, 5], "/%E4%B8%AD%E6%96%87": [5, 5] } },
    says: [/Understood: GoatCounter, 3 pages/, /1 records are events, not page views \(click-banana\)/, /It has visits/, /Days are not imported/],
  },
  "plausible.example": {
    zip: "plausible",
    stands: { views: 33, visitors: 18, pages: { "/": [29, 17], "/notes/a,%20%22b%22": [4, 3] } },
    says: [/Understood: Plausible, 2 pages/],
  },
  "plausible-table.example": {
    file: "plausible/imported_pages_20250101_20250102.csv",
    stands: { views: 33, visitors: 0, pages: { "/": [29, 17], "/notes/a,%20%22b%22": [4, 3] } },
    says: [/The site's views are the sum of its pages; its visitors stay/],
  },
  "plausible-dashboard.example": {
    zip: "plausible-dashboard",
    stands: { views: 33, visitors: 18, pages: { "/": [29, 17], "/notes/a": [4, 3] } },
    says: [/Understood: Plausible, 2 pages/],
  },
  "umami.example": {
    file: "umami/path.csv",
    stands: { views: 2140, visitors: 0, pages: { "/": [2100, 800], "/blog/%E4%B8%AD%E6%96%87": [40, 31] } },
    says: [/Understood: Umami, 2 pages/],
  },
  "umami-visitors.example": {
    zip: "umami",
    only: ["pages.csv"],
    stands: { views: 831, visitors: 0, pages: { "/": [800, 800], "/blog/%E4%B8%AD%E6%96%87": [31, 31] } },
    says: [/It has the visitors of pages: each is also imported as one view/],
  },
  "umami-cloud.example": {
    file: "umami/website_event.csv",
    stands: { views: 4, visitors: 3, pages: { "/": [3, 2], "/blog": [1, 1] } },
    says: [/1 records are events, not page views \(\/blog\/\)/],
  },
};

/** A folder of example files as the archive it is downloaded as. */
function zipOf(folder, names = readdirSync(join(FILES, folder))) {
  return Buffer.from(zipSync(Object.fromEntries(names.map((name) => [`export-2026/${name}`, read(`${folder}/${name}`)]))));
}

let cwd;
let counter;
const cleanUps = [];

before(async () => {
  cwd = mkdtempSync(join(tmpdir(), "laifang-formats-"));
  cleanUps.push(() => rmSync(cwd, { recursive: true, force: true }));
  const sites = [...Object.keys(CASES), "damaged.example", "many.example"].flatMap((site) => ["--site", site]);
  counter = await serve({ after: (cleanUp) => cleanUps.unshift(cleanUp) }, sites, { cwd, env: { ADMIN_TOKEN: TOKEN } });
});
after(async () => {
  for (const cleanUp of cleanUps) await cleanUp();
});

const run = (site, file, ...more) => laifang(["import", "--to", counter.url, "--site", site, ...more, file], { cwd, env: { ADMIN_TOKEN: TOKEN } });

function put(name, bytes) {
  writeFileSync(join(cwd, name), bytes);
  return name;
}

async function stands(site) {
  const response = await fetch(`${counter.url}/v1/sites/${site}/export`, { headers: { Authorization: `Bearer ${TOKEN}` } });
  const lines = (await response.text()).trim().split("\n").map((line) => JSON.parse(line));
  const { views = 0, visitors = 0 } = lines.find((line) => line.site)?.site ?? {};
  return { views, visitors, pages: Object.fromEntries(lines.filter((line) => line.page).map(({ page }) => [page.key, [page.views, page.visitors]])) };
}
const NOTHING = { views: 0, visitors: 0, pages: {} };

for (const [site, { file, zip, only, stands: expected, says }] of Object.entries(CASES)) {
  test(`${file ?? `${zip}.zip`} for ${site}: a dry run tells what was understood, importing twice is once`, async () => {
    const name = put(`${site}.data`, file ? read(file) : zipOf(zip, only));
    const dry = await run(site, name);
    assert.equal(dry.code, 0, dry.stderr);
    for (const sentence of says) assert.match(dry.stdout, sentence);
    assert.deepEqual(await stands(site), NOTHING);
    for (let time = 0; time < 2; time++) {
      const { code, stderr, stdout } = await run(site, name, "--yes");
      assert.equal(code, 0, stderr);
      if (time) assert.match(stdout, /imported before/);
      assert.deepEqual(await stands(site), expected);
    }
  });
}

test("a Twikoo export of just as many records as Tencent's database gives at once comes with a warning", () => {
  const notes = (records) => {
    const bytes = Buffer.from(JSON.stringify(Array.from({ length: records }, (_, index) => ({ url: `/${index}/`, time: 1 }))));
    return recognise(bytes).read(bytes, "example.cn").notes;
  };
  assert.deepEqual([99, 100, 1000, 1001].map((records) => notes(records).includes("maybeCut")), [false, true, true, false]);
});

test("it may be packed with gzip, and begin with a byte order mark", async () => {
  const bytes = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), read("twikoo-counter.json")]);
  const { code, stdout, stderr } = await run("damaged.example", put("twikoo.json.gz", gzipSync(bytes)));
  assert.equal(code, 0, stderr);
  assert.match(stdout, /Understood: Twikoo, 3 pages/);
});

const text = (name) => read(name).toString();
const DAMAGED = {
  "a count that is none": [text("twikoo-counter.json").replace('"time": 3,', '"time": -3,'), /line 14 has “-3” where a count should be/],
  "a broken record": [text("twikoo-counter.json").replace('"time": 3,', '"time": 3x,'), /line 14 is damaged/],
  "a string that isn't closed": [text("waline.json").replace('"url": "/about/"', '"url": "/about/'), /line 41 is damaged/],
  "a string that isn't closed among the comments": [text("waline.json").replace('"nick": "阿明"', '"nick": "阿明'), /line 14 is damaged/],
  "a file that was cut short": [text("waline.json").slice(0, -300), /ends in line \d+, so it is incomplete/],
  "a table with a cell too few": [text("umami/path.csv").replace("40,31", "40"), /line 3 has 5 columns, the heading has 6/],
  "a table with a quotation mark too many": [text("plausible/imported_pages_20250101_20250102.csv").replace('"/",8', '"/,8'), /line 4 is damaged/],
  "a table with a count that is none": [text("umami/path.csv").replace("2100", "2.1k"), /line 2 has “2.1k” where a count/],
  "a LeanCloud record": [text("leancloud-headless.jsonl").replace('"time":7}', '"time":7'), /line 2 is damaged/],
  "an event without a time": [text("umami/website_event.csv").replace("2026-03-06 10:00:00", "yesterday"), /line 4 has “yesterday” where a time/],
};

for (const [what, [content, sentence]] of Object.entries(DAMAGED)) {
  test(`${what} is named by its line, and nothing is imported`, async () => {
    const { code, stderr } = await run("damaged.example", put("damaged.data", content), "--yes");
    assert.equal(code, 1);
    assert.match(stderr, sentence);
    assert.match(stderr, /Nothing was imported/);
    assert.deepEqual(await stands("damaged.example"), NOTHING);
  });
}

test("a damaged line within an archive is named with its file", async () => {
  const files = { "hit_stats.jsonl": `${text("goatcounter/hit_stats.jsonl")}{"hour":"2026`, "paths.jsonl": text("goatcounter/paths.jsonl") };
  const zip = (changed) => Buffer.from(zipSync(Object.fromEntries(Object.entries({ ...files, ...changed }).map(([name, content]) => [name, Buffer.from(content)]))));
  const said = async (changed) => (await run("damaged.example", put("damaged.zip", zip(changed)), "--yes")).stderr;
  assert.match(await said({}), /damaged\.zip \(hit_stats\.jsonl\): line 6 is damaged/);
  assert.match(await said({ "hit_stats.jsonl": '{"path_id":999,"count":1}\n' }), /line 1 counts a path \(999\) that paths\.jsonl does not name/);
  assert.match(await said({ "info.json": '{"export_version":"2.0"}' }), /GoatCounter export of version 2\.0/);
  assert.deepEqual(await stands("damaged.example"), NOTHING);
});

test("a start below what is counted is refused with the line of the owner's file", async () => {
  const site = "headless.example";
  const lower = text("leancloud-headless.jsonl").replace('"time":7}', '"time":5}');
  const { code, stderr } = await run(site, put("lower.jsonl", lower), "--yes");
  assert.equal(code, 1);
  assert.match(stderr, /answered 409: Line 2: “\/about” has 7 views already, and 5 would lower that/);
});

const FOREIGN = {
  "not-counts/twikoo-comment.json": /holds comments, no views\. Export the view counts: in Twikoo “Export counter”/,
  "not-counts/artalk.artrans": /holds comments/,
  "not-counts/disqus.xml": /is XML, such as the export of WordPress or Disqus/,
  "not-counts/sign-in.json": /is a web page, perhaps a sign-in page/,
  "not-counts/browsers.csv": /none of its records is of a page of this site, such as “Chrome, Firefox”/,
  "not-counts/orders.csv": /columns “order,date,price”, which are not known/,
  "not-counts/unknown.json": /is an unknown kind of JSON: “\{"hello": "world"\}”/,
  "goatcounter/hit_stats.jsonl": /is a part of GoatCounter's export\. Name the ZIP/,
  "goatcounter/info.json": /is a part of GoatCounter's export\. Name the ZIP/,
  "plausible/imported_visitors_20250101_20250102.csv": /has the site's days and no pages/,
  "plausible/imported_browsers_20250101_20250102.csv": /is a table with the columns/,
};
const MADE = {
  "empty.json": [Buffer.alloc(0), /is empty/],
  "list.json": [Buffer.from("[]\n"), /is empty/],
  "no-counter.json": [Buffer.from('{"type":"waline","version":1,"data":{"Comment":[],"Counter":[],"Users":[]}}'), /it has no view counts/],
  "waline.sqlite": [Buffer.concat([Buffer.from("SQLite format 3\0"), Buffer.alloc(100)]), /is a SQLite database/],
  "utf16.csv": [Buffer.from("\ufeffpage,views", "utf16le"), /is UTF-16/],
  "gbk.csv": [Buffer.from("2fd6d0b9fa2c312c31", "hex"), /is not UTF-8 \(perhaps GBK or Big5\)/],
  "photo.jpg": [Buffer.from("ffd8ffe0000102", "hex"), /is not a text file/],
  "broken.zip": [Buffer.from("504b0304140000", "hex"), /ZIP file that can't be opened/],
  "other.zip": [Buffer.from(zipSync({ "holiday/photo.txt": Buffer.from("x") })), /without known page counts\. It contains: holiday\/photo\.txt/],
  "sheet.xlsx": [Buffer.from(zipSync({ "xl/workbook.xml": Buffer.from("<x/>") })), /is a spreadsheet/],
};

test("a file of another kind gets a sentence that says what it seems to be and what to do", async () => {
  const given = [...Object.entries(FOREIGN).map(([name, sentence]) => [name.split("/").at(-1), read(name), sentence]), ...Object.entries(MADE).map(([name, [bytes, sentence]]) => [name, bytes, sentence])];
  await Promise.all(given.map(async ([name, bytes, sentence]) => {
    const { code, stderr } = await run("damaged.example", put(name, bytes), "--yes");
    assert.equal(code, 1, name);
    assert.match(stderr, sentence, name);
    assert.doesNotMatch(stderr, /\n\s+at /, name);
  }));
  assert.deepEqual(await stands("damaged.example"), NOTHING);
});

test("nothing of a comment server's persons goes to the counter", () => {
  const { text: table } = recognise(read("waline.json")).read(read("waline.json"), "example.cn");
  assert.doesNotMatch(table, /ming|\$2a|192\.0\.2/);
});

test("a LeanCloud export of 5,000 records: the numbers agree, twice is once, a damaged line is named", async () => {
  const site = "many.example";
  const records = Array.from({ length: 5_000 }, (_, index) => {
    const path = `/文章/${index >> 1}/`;
    return { objectId: `o${index}`, url: index % 2 ? encodeURI(path) : path, title: `第 ${index} 篇`, time: index + 1 };
  });
  const lines = ['#filetype:JSON-streaming {"type":"Class","class":"Counter"}', ...records.map((record) => JSON.stringify(record)), ""];
  const damaged = [...lines];
  damaged[2_500] = damaged[2_500].replace('"time":', '"time":x');
  assert.match((await run(site, put("damaged.jsonl", damaged.join("\n")), "--yes")).stderr, /answered 400: Line 2501: this is not a record/);
  assert.deepEqual(await stands(site), NOTHING);
  for (let time = 0; time < 2; time++) {
    const { code, stderr } = await run(site, put("Counter.0.jsonl", lines.join("\n")), "--yes");
    assert.equal(code, 0, stderr);
    const { pages } = await stands(site);
    assert.equal(Object.keys(pages).length, 2_500);
    for (let page = 0; page < 2_500; page++) assert.deepEqual(pages[encodeURI(`/文章/${page}`)], [4 * page + 3, 0]);
  }
});

test("a file of 100,000 records is understood within seconds", () => {
  const records = Array.from({ length: 100_000 }, (_, index) => ({ objectId: `o${index}`, url: `/2024/${index}/`, time: index, createdAt: "2025-01-01T08:00:00.000Z" }));
  const bytes = Buffer.from(JSON.stringify({ type: "waline", version: 1, data: { Comment: [], Counter: records, Users: [] } }, null, "\t"));
  const began = performance.now();
  const understood = recognise(bytes.subarray(0, 65_536)).read(bytes, "example.cn");
  assert.equal(understood.pages, 100_000);
  assert.ok(performance.now() - began < 5_000, `${performance.now() - began} ms`);
});

test("a hostile file is refused within seconds: deeply nested, or a gigabyte once unpacked", async () => {
  const began = Date.now();
  const deep = `{"type":"waline","version":1,"data":{"Counter":${"[".repeat(500_000)}`;
  assert.match((await run("damaged.example", put("deep.json", deep))).stderr, /line 1 is damaged/);
  const bomb = gzipSync(Buffer.concat([Buffer.from('{"type":"waline","version":1,"data":{"Comment":[{"nick":"'), Buffer.alloc(450_000_000, 0x61)]), { level: 1 });
  assert.match((await run("damaged.example", put("bomb.json.gz", bomb))).stderr, /is too large once unpacked/);
  assert.ok(Date.now() - began < 30_000, "within seconds");
});
