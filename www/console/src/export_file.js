// Takes everything away as one file, written while it arrives: straight to the disk where the browser lets a
// page do that, else gathered by the browser and saved at the end.
import { h, notice, once, section } from "../../page/dom.js";
import { explain, isCancelled } from "./explain.js";
import { saveBlob } from "./save_file.js";

const TELL_EVERY_MS = 250;

export function exportPart({ api, name, signal, onTrouble }) {
  const said = notice();
  const button = h("button", { type: "button", on: { click: () => once(button, run) } }, (words) => words.export.submit);
  async function run() {
    const fileName = `${name}-${new Date().toISOString().slice(0, 10)}.ndjson`;
    try {
      const target = await chooseTarget(fileName);
      if (!target) return;
      const response = await api.exportOf(name, signal);
      const received = await target.take(response.body.pipeThrough(counting((bytes) => said.say((words) => words.export.progress(bytes)))));
      said.say((words) => words.export.done(fileName, received));
    } catch (error) {
      if (isCancelled(error) || onTrouble(error)) return;
      said.say(error.name === "Trouble" ? explain(error) : (words) => words.export.broken, { isTrouble: true });
    }
  }
  return section((words) => words.export.title, h("p", {}, (words) => words.export.about), button, said.element);
}

/** Where the file goes; null where the owner closed the dialog. */
async function chooseTarget(fileName) {
  if (!window.showSaveFilePicker) return gathered(fileName);
  try {
    return written(await window.showSaveFilePicker({ suggestedName: fileName }));
  } catch (error) {
    return error.name === "AbortError" ? null : gathered(fileName);
  }
}

const written = (handle) => ({
  async take(stream) {
    await stream.pipeTo(await handle.createWritable());
    return (await handle.getFile()).size;
  },
});

const gathered = (fileName) => ({
  async take(stream) {
    const blob = await new Response(stream).blob();
    saveBlob(blob, fileName);
    return blob.size;
  },
});

/** Passes a stream on, and tells now and then how much of it has come. */
function counting(tell) {
  let bytes = 0;
  let toldAt = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      controller.enqueue(chunk);
      if (performance.now() - toldAt < TELL_EVERY_MS) return;
      toldAt = performance.now();
      tell(bytes);
    },
  });
}
