// The QR code of an address, drawn in Rust and put on a canvas. Only numbers cross.
import { dark, draw, put } from "laifang:bindgen";

/** A canvas with at least four CSS pixels a module; nothing if the address is too long for a phone to read. */
export function codeOf(url) {
  for (let at = 0; at < url.length; at++) put(url.charCodeAt(at));
  const side = draw(), module = Math.max(4, Math.floor(240 / side)), canvas = document.createElement("canvas");
  if (!side) return;
  canvas.width = canvas.height = side * module;
  const ground = canvas.getContext("2d");
  for (let at = 0; at < side * side; at++) {
    const x = at % side, y = (at - x) / side;
    ground.fillStyle = dark(x, y) ? "#000" : "#fff";
    ground.fillRect(x * module, y * module, module, module);
  }
  return canvas;
}
