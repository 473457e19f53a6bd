// Questions to a person, and lines that are written over. Asks nothing where nobody is there to answer.
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { Failure } from "./failure.mjs";
import { t } from "./speech.mjs";

/** Whether somebody can answer. */
export const isAttended = () => Boolean(process.stdin.isTTY && process.stdout.isTTY);

function question(text, output, before = () => {}) {
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  before();
  return new Promise((done, fail) => {
    lines.once("SIGINT", () => fail(new Failure(t`stopped; nothing more was done.`)));
    lines.once("close", () => fail(new Failure(t`the input ended before the question was answered; nothing more was done.`)));
    lines.question(text, done);
  }).finally(() => lines.close());
}

/** Asks until an answer passes `check`, which gives the value or throws a Failure. */
export async function ask(text, { preset = "", check = (answer) => answer } = {}) {
  for (;;) {
    const answer = (await question(preset ? `${text} [${preset}] ` : `${text} `, process.stdout)).trim() || preset;
    try {
      return await check(answer);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      console.log(error.message);
    }
  }
}

/** Asks for something nobody should see; what is typed is not shown. */
export async function askSecret(text) {
  const silent = new Writable({ write: (chunk, encoding, done) => done() });
  // Only once the terminal echoes no more: somebody may paste as soon as they see the question.
  const answer = await question("", silent, () => process.stdout.write(`${text} `));
  process.stdout.write("\n");
  return answer.trim();
}

/** Asks for a yes. */
export const confirm = async (text) => /^(y|yes|是|好)$/i.test(await ask(`${text} [y/N]`));

/** Text of others on one line, without codes that a terminal would obey. */
export const plain = (text) => text.replace(/\p{Cc}+/gu, " ");

/** A line of progress: written over on a terminal, now and then a line of its own elsewhere. */
export function progress({ everyMs = process.stderr.isTTY ? 200 : 10_000 } = {}) {
  let shownAt = 0;
  return {
    show(text) {
      if (Date.now() - shownAt < everyMs) return;
      shownAt = Date.now();
      process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${plain(text)}` : `${plain(text)}\n`);
    },
    end(text) {
      process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${plain(text)}\n` : `${plain(text)}\n`);
    },
  };
}
