// A file that the owner chose, as what is sent: what the counter reads goes as it is, another counter's export
// becomes a table first, here, so that nothing else of that file leaves the browser. The command shares the formats.
import { HEAD_BYTES, recognise } from "../../../edge/cli/formats/recognise.mjs";
import { FileProblem } from "../../../edge/cli/formats/file_problem.mjs";

const GZIP_MARK = [0x1f, 0x8b];

/** `{body, understood}`: what is sent, and what was understood of another counter's file. A FileProblem if nothing is. */
export async function numbersIn(file, site) {
  const plain = await unpacked(file);
  const { own, read } = recognise(await bytesOf(plain.slice(0, HEAD_BYTES)));
  if (own) return { body: plain };
  const understood = read(await bytesOf(plain), site);
  return { body: new Blob([understood.text], { type: "text/csv" }), understood };
}

const bytesOf = async (blob) => new Uint8Array(await blob.arrayBuffer());

async function unpacked(file) {
  const head = await bytesOf(file.slice(0, GZIP_MARK.length));
  if (!GZIP_MARK.every((byte, index) => head[index] === byte)) return file;
  try {
    return await new Response(file.stream().pipeThrough(new DecompressionStream("gzip"))).blob();
  } catch {
    throw new FileProblem("brokenGzip");
  }
}

/** What a problem is, as a sentence; null for what is no problem of a file. */
export function sentenceOf(error) {
  if (!(error instanceof FileProblem)) return null;
  const { code, values } = error;
  return (words) => (values.file ? `${values.file}: ` : "") + words.import.problems[code](values);
}
