// Whether a file can be text that the counter reads, by its first bytes: told before it is sent. What is in
// the lines is the counter's to judge; the one it names can be shown.

const HEAD_BYTES = 65_536;
const startsWith = (bytes, start) => start.every((byte, index) => bytes[index] === byte);

/** The name of what is wrong, among the words of `import`, or null. */
export async function whyNotText(file) {
  if (!file.size) return "emptyFile";
  const bytes = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  if (startsWith(bytes, [0x1f, 0x8b]) || startsWith(bytes, [0x50, 0x4b, 3, 4])) return "packed";
  if (startsWith(bytes, [0xff, 0xfe]) || startsWith(bytes, [0xfe, 0xff])) return "utf16";
  if (bytes.includes(0)) return "binary";
  try {
    // The head may end within a character.
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return "notUtf8";
  }
  return null;
}

const SHOWN_CHARACTERS = 80;

/** What the line with this number says, counted from 1, cut to what a sentence can hold. */
export async function lineOf(file, number) {
  const reader = file.stream().pipeThrough(new TextDecoderStream()).getReader();
  let line = "";
  for (let ended = 0; ; ) {
    const { value, done } = await reader.read();
    if (done) return shortened(line);
    const pieces = value.split("\n");
    for (const piece of pieces.slice(0, -1)) {
      ended += 1;
      if (ended === number) return reader.cancel().then(() => shortened(line + piece));
      line = "";
    }
    line = (line + pieces.at(-1)).slice(0, SHOWN_CHARACTERS + 1);
  }
}

function shortened(line) {
  const text = line.trimEnd();
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}
