#!/usr/bin/env node
// Stands in for wrangler: remembers in a folder (FAKE_ACCOUNT) what an account would, and every call with its
// standard input. `fails` in the account's file names the command that fails, and what is said then.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const words = process.argv.slice(2);
const folder = process.env.FAKE_ACCOUNT;
const file = join(folder, "account.json");
const account = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { namespaces: [], secrets: [] };
const input = words[0] === "secret" && words[1] === "put" ? readFileSync(0, "utf8") : "";
appendFileSync(join(folder, "calls.ndjson"), JSON.stringify({ words, input }) + "\n");

function say(text) {
  writeFileSync(file, JSON.stringify(account));
  console.log(text);
  process.exit(0);
}

const command = words.join(" ");
for (const [begins, text] of Object.entries(account.fails ?? {})) {
  if (!command.startsWith(begins)) continue;
  console.error(text);
  process.exit(1);
}
if (command === "whoami") say(account.isLoggedOut ? "You are not authenticated. Please run `wrangler login`." : "You are logged in.");
if (command === "kv namespace list") say(JSON.stringify(account.namespaces, null, 2));
if (command.startsWith("kv namespace create ")) {
  account.namespaces.push({ id: `id-of-${words[3]}`, title: words[3] });
  say(`🌀 Creating namespace with title "${words[3]}"\n✨ Success!`);
}
if (words[0] === "deploy") {
  account.deployed = JSON.parse(readFileSync(words[words.indexOf("--config") + 1], "utf8"));
  say(`Uploaded laifang\nDeployed laifang triggers\n  https://laifang.owner.workers.dev\nCurrent Version ID: 1`);
}
if (command.startsWith("secret list")) say(JSON.stringify(account.secrets.map((name) => ({ name, type: "secret_text" }))));
if (command.startsWith("secret put ADMIN_TOKEN")) {
  account.secrets = ["ADMIN_TOKEN"];
  say("✨ Success! Uploaded secret ADMIN_TOKEN");
}
console.error(`unknown command ${command}`);
process.exit(1);
