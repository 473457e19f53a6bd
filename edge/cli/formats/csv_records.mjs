// Records of a CSV file, each with the number of the line it begins on: `{cells, line}`. Quoted cells may hold
// commas, quotation marks and line breaks.
import { FileProblem } from "./file_problem.mjs";

const CELL = /"((?:[^"]|"")*)"([ \t]*)(,|\r?\n|$)|([^",\r\n]*)(,|\r?\n|$)/y;

export function* recordsOf(text, file) {
  let cells = [];
  let line = 1;
  let begin = 1;
  CELL.lastIndex = 0;
  while (CELL.lastIndex < text.length) {
    const found = CELL.exec(text);
    if (!found) throw new FileProblem("damaged", { line, file });
    const [all, inQuotes, , endQuoted, plain, endPlain] = found;
    cells.push(inQuotes === undefined ? plain.trim() : inQuotes.replaceAll('""', '"'));
    line += all.split("\n").length - 1;
    if ((endQuoted ?? endPlain) === ",") {
      if (CELL.lastIndex < text.length) continue;
      cells.push("");
    }
    if (cells.some(Boolean)) yield { cells, line: begin };
    cells = [];
    begin = line;
  }
}

/** The records after a heading as objects by column: `{value, line}`. */
export function* rowsOf(text, file) {
  let columns;
  for (const { cells, line } of recordsOf(text, file)) {
    if (!columns) columns = cells.map((cell) => cell.toLowerCase());
    else if (cells.length !== columns.length) throw new FileProblem("otherWidth", { line, file, cells: cells.length, columns: columns.length });
    else yield { value: Object.fromEntries(columns.map((column, at) => [column, cells[at]])), line };
  }
}
