// What was found, a line each, with what to do below it.
import { t } from "../speech.mjs";

export class Report {
  #wrong = 0;

  good(finding) {
    console.log(`  ✓ ${finding}`);
  }

  /** Something an owner has to mend, and how; what is undefined is left out. */
  wrong(finding, ...advice) {
    this.#wrong++;
    console.log([`  ✗ ${finding}`, ...advice.filter(Boolean).map((line) => `    ${line}`)].join("\n"));
  }

  /** Something that may be meant. */
  note(finding) {
    console.log(`  ! ${finding}`);
  }

  /** Something that was not looked at. */
  skipped(finding) {
    console.log(`  – ${finding}`);
  }

  /** The sum; the process ends with 1 where anything is wrong. */
  end() {
    console.log(this.#wrong ? t`\nWrong: ${this.#wrong}` : t`\nNothing wrong was found.`);
    if (this.#wrong) process.exitCode = 1;
  }
}
