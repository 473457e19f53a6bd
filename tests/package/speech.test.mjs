// What the commands say in other languages than English: nothing is left out, and the environment chooses.
import { test } from "node:test";
import assert from "node:assert/strict";
import { join } from "node:path";
import { DIST, emptyFolder, laifang } from "./command.mjs";
import { HELP, SOURCES, TABLES, namesIn, sourceOf } from "./messages.mjs";

const { languageOf } = await import(join(DIST, "cli/speech.mjs"));
const placesIn = (text) => [...text.matchAll(/\{\d+\}/g)].map(([place]) => place).sort();

test("every message of the code has its place in every table, and no table has others", () => {
  const names = [...new Set(SOURCES.flatMap((name) => namesIn(sourceOf(name))))].sort();
  assert.ok(names.length > 100);
  for (const [language, { MESSAGES }] of Object.entries(TABLES)) assert.deepEqual(Object.keys(MESSAGES).sort(), names, language);
});

test("a translation has the values of the message, and is in its language", () => {
  for (const [language, { MESSAGES }] of Object.entries(TABLES)) {
    for (const [name, text] of Object.entries(MESSAGES)) {
      assert.deepEqual(placesIn(text), placesIn(name), text);
      assert.match(text, /[\u4e00-\u9fff]/, name);
      if (language === "zh-Hant") assert.doesNotMatch(text, /[这网们说计访问题没户过还发让“”]|許可權|明瞭|回車/, text);
    }
  }
});

test("the help of each command names the same options in every language", () => {
  const optionsIn = (text) => [...text.matchAll(/^ {2}(--[\w-]+(?: [A-Z]+)?)/gm)].map(([, option]) => option);
  for (const { HELP: translated } of Object.values(TABLES)) {
    assert.deepEqual(Object.keys(translated), Object.keys(HELP));
    for (const [command, text] of Object.entries(translated)) {
      assert.deepEqual(optionsIn(text), optionsIn(HELP[command]), command);
      assert.ok(Math.max(...text.split("\n").map((line) => line.length)) < 120, "lines fit a terminal");
    }
  }
});

test("no message passes by the tables", () => {
  for (const name of SOURCES) {
    assert.doesNotMatch(sourceOf(name), /new (Failure|Unreadable)\(["`]|console\.(log|error)\("(?!laifang: ")|purpose: ["`]|(ask|askSecret|confirm)\((?:"|`[^$])/, name);
  }
});

test("the environment chooses the language, else the system", () => {
  for (const [environment, language] of [
    [{ LANG: "zh_CN.UTF-8" }, "zh-Hans"],
    [{ LANG: "zh" }, "zh-Hans"],
    [{ LANG: "zh_SG.UTF-8" }, "zh-Hans"],
    [{ LANG: "zh_TW.UTF-8" }, "zh-Hant"],
    [{ LANG: "zh_HK" }, "zh-Hant"],
    [{ LANG: "en_US.UTF-8", LC_MESSAGES: "zh_TW" }, "zh-Hant"],
    [{ LANG: "zh_TW.UTF-8", LC_ALL: "C.UTF-8" }, "en"],
    [{ LANG: "zha_CN" }, "en"],
    [{}, "en"],
  ]) assert.equal(languageOf(environment, "en-US"), language, JSON.stringify(environment));
  assert.equal(languageOf({}, "zh-CN"), "zh-Hans");
  assert.equal(languageOf({}, "zh-Hant-TW"), "zh-Hant");
});

test("errors, help and the plan of a deployment are said in the reader's language", async (t) => {
  const cwd = await emptyFolder(t);
  const say = (words, LC_ALL) => laifang(words, { cwd, env: { LC_ALL } });
  const refused = await say(["serve", "--port", "x"], "zh_CN.UTF-8");
  assert.deepEqual([refused.code, refused.stderr.trim()], [1, "laifang: --port 要写 0 到 65535 的整数，不能是“x”。"]);
  assert.match((await say(["serve", "--port", "x"], "zh_TW.UTF-8")).stderr, /要寫 0 到 65535 的整數/);
  assert.match((await say(["serve", "--port", "x"], "en_US.UTF-8")).stderr, /takes a whole number/);
  assert.match((await say(["import", "--help"], "zh_TW.UTF-8")).stdout, /管理金鑰/);
  const plan = await say(["deploy", "--site", "example.cn", "--domain", "count.example.org", "--dry-run"], "zh_CN.UTF-8");
  assert.match(plan.stdout, /^会做下面这些；现在什么也没有做。\n/);
  assert.match(plan.stdout, /\d\. 检查 https:\/\/count\.example\.org：/);
});
