// A file that can't be taken: `code` names why, `values` are shown in the sentence. The command and the console
// each have a sentence for every code, in their languages.

export class FileProblem extends Error {
  /** `values`: `{line, file, text, names}`, whichever the sentence of `code` needs. */
  constructor(code, values = {}) {
    super(`${code} ${JSON.stringify(values)}`);
    Object.assign(this, { code, values });
  }
}

const SHOWN_CHARACTERS = 60;

/** A piece of a file, short enough for a sentence. */
export function shown(text) {
  const line = String(text).replace(/[\p{Cc}\s]+/gu, " ").trim();
  return line.length > SHOWN_CHARACTERS ? `${line.slice(0, SHOWN_CHARACTERS)}…` : line;
}
