// Rust's rules, as functions of texts. Only numbers cross: a character at a time there, a byte at a time back.
import { address, byte, dark, draw, put } from "laifang:bindgen";

function hand(text) {
  for (let at = 0; at < text.length; at++) {
    const character = text.codePointAt(at);
    if (character > 0xffff) at++;
    put(character);
  }
}

/** The address of a share page; `facts` are address, title, summary, picture and site. */
export function addressOf(template, limit, facts) {
  hand([template].concat(facts).join("\0"));
  address(limit);
  let filled = "";
  for (let at = 0, code; (code = byte(at)); at++) filled += String.fromCharCode(code);
  return filled;
}

/** The QR code of an address on a canvas, at least four CSS pixels a module; nothing if it is too long. */
export function codeOf(url) {
  hand(url);
  const side = draw(), module = Math.max(4, Math.floor(240 / side)), canvas = document.createElement("canvas");
  if (!side) return;
  canvas.width = canvas.height = side * module;
  const ground = canvas.getContext("2d");
  ground.fillStyle = "#fff";
  ground.fillRect(0, 0, canvas.width, canvas.width);
  ground.fillStyle = "#000";
  for (let at = 0; at < side * side; at++) {
    const x = at % side, y = (at - x) / side;
    if (dark(x, y)) ground.fillRect(x * module, y * module, module, module);
  }
  return canvas;
}
