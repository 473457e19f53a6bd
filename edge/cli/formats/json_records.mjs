// Records of a JSON document, each with the number of the line it begins on, so that a damaged one can be named.
// `JSON.parse` alone would name a place in some browsers and none in others.
import { FileProblem } from "./file_problem.mjs";

const TOKEN = /"(?:[^"\\\n]|\\.)*"([ \t]*:)?|[{}[\]"\n]/g;
/** Counters' files are four deep; the path to an array is worked out anew for each, so depth is bounded. */
const DEEPEST = 100;
const CLOSES = { "}": "{", "]": "[" };
const linesIn = (text) => text.split("\n").length - 1;

/**
 * The objects of the arrays that `isWanted(keys)` chooses: `{value, line, lineOf(key)}`. `keys` leads from the top of
 * the document to the array: none for an array at the top.
 */
export function* objectsIn(text, isWanted) {
  const open = [];
  const last = () => open.at(-1);
  let key;
  let line = 1;
  for (const { 0: token, 1: colon, index } of text.matchAll(TOKEN)) {
    if (token === "\n") line += 1;
    else if (token === '"') throw new FileProblem("damaged", { line });
    else if (colon !== undefined) key = JSON.parse(token.slice(0, -colon.length));
    else if (token === "{" || token === "[") {
      if (open.length === DEEPEST) throw new FileProblem("damaged", { line });
      const isRecord = token === "{" && last()?.isWanted;
      const own = last()?.bracket === "{" ? key : undefined;
      open.push({ bracket: token, key: own, index, line, isRecord });
      if (token === "[") last().isWanted = isWanted(open.map((one) => one.key).filter((one) => one !== undefined));
    } else if (CLOSES[token]) {
      const closed = open.pop();
      if (closed?.bracket !== CLOSES[token]) throw new FileProblem("damaged", { line });
      if (closed.isRecord) yield record(text.slice(closed.index, index + 1), closed.line);
    }
  }
  if (open.length) throw new FileProblem("cutShort", { line });
}

function record(text, line) {
  const value = parsed(text, line);
  return { value, line, lineOf: (key) => line + linesIn(text.slice(0, Math.max(0, text.indexOf(JSON.stringify(key))))) };
}

/** A line, or a few, of JSON. */
export function parsed(text, line, file) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FileProblem("damaged", { line: line + linesBefore(error.message, text), file });
  }
}

/** How many lines into the text an engine found the mistake; 0 if it doesn't say. */
function linesBefore(message, text) {
  const position = /position (\d+)/.exec(message);
  if (position) return linesIn(text.slice(0, Number(position[1])));
  const line = /line (\d+)/.exec(message);
  return line ? Number(line[1]) - 1 : 0;
}

/** The objects of JSON lines: `{value, line}`. Empty lines are passed over. */
export function* linesOf(text, file) {
  let line = 0;
  for (const one of text.split("\n")) {
    line += 1;
    if (one.trim()) yield { value: parsed(one, line, file), line };
  }
}
