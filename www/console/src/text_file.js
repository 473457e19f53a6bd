// The lines of a file that the counter names.

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
