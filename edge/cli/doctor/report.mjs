// What was found, a line each, with what to do below it.
import { t } from "../speech.mjs";
import { plain } from "../terminal.mjs";

const MOST_UNITS = 1_000;

/** Prints a line, in which a page or a server may have a word. */
const say = (mark, text) => console.log(`  ${mark} ${plain(text).slice(0, MOST_UNITS)}`);

export class Report {
  #wrong = 0;

  good(finding) {
    say("✓", finding);
  }

  /** Something an owner has to mend, and how; what is undefined is left out. */
  wrong(finding, ...advice) {
    this.#wrong++;
    say("✗", finding);
    for (const line of advice.filter(Boolean)) say(" ", line);
  }

  /** Something that may be meant. */
  note(finding) {
    say("!", finding);
  }

  /** Something that was not looked at. */
  skipped(finding) {
    say("–", finding);
  }

  /** The sum; the process ends with 1 where anything is wrong. */
  end() {
    console.log(this.#wrong ? t`\nWrong: ${this.#wrong}` : t`\nNothing wrong was found.`);
    if (this.#wrong) process.exitCode = 1;
  }
}
