#!/usr/bin/env node
// `laifang`: puts the counter on Cloudflare, runs it on a machine of one's own, brings numbers along, moves pages, and
// says what is wrong.
//
// Only the first word is read here; each command is a module of its own, loaded once Node is known to be new
// enough for it. Out of scope: building the Worker, which `cargo xtask build` does.
import { oldNodeMessage } from "./node_version.mjs";

function fail(message) {
  // Messages name what others wrote, such as a sitemap's addresses: nothing in them may steer the terminal.
  console.error("laifang: " + message.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]+/g, " "));
  process.exit(1);
}

async function run(word, words) {
  if (["deploy", "serve", "import", "move", "doctor"].indexOf(word) >= 0) {
    const command = await import("./" + word + ".mjs");
    if (words.indexOf("--help") >= 0 || words.indexOf("-h") >= 0) return console.log(command.HELP);
    return command.run(words);
  }
  if (word === "--version") {
    const { VERSION } = await import("./release.mjs");
    return console.log(VERSION);
  }
  const { helpOf, t } = await import("./speech.mjs");
  const help = helpOf("main");
  if (word === undefined || word === "help" || word === "--help" || word === "-h") return console.log(help);
  fail(t`there is no command “${word}”. These are:\n${help}`);
}

const tooOld = oldNodeMessage(process.versions.node);
if (tooOld) fail(tooOld);
run(process.argv[2], process.argv.slice(3)).catch((error) => {
  fail(error && error.name === "Failure" ? error.message : (error && error.stack) || String(error));
});
