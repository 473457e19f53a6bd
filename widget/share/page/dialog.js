// The WeChat dialog: a code to scan on a desk; the link to copy on a phone, which can't scan its own screen;
// the hint at the menu inside WeChat, QQ and Weibo, and inside WeChat a picture to press.
import { make } from "./dom.js";
import { codeOf } from "./code.js";
import { state } from "./state.js";
import { fetchMore } from "./tables.js";

export const isPhone = () => /Mobi|Android|iP(hone|ad)/.test(navigator.userAgent) || matchMedia("(pointer:coarse)").matches;

/** Browsers inside other apps hand nothing on to WeChat. Most tell by how they run, the others by name. */
const IN_OTHER = /; wv\)|iP(?!.*Safari)|AliApp|News|baidubox|Line\/|GSA\//;

/** Opens it. `copy` copies the address, within the dialog; `words` are those of `words.json`. */
export function openDialog(root, url, words, copy) {
  const [, , scan, menu, hold, paste, save, copyLink, openApp, close, , , long] = words;
  const isWeChat = /MicroMessenger/.test(navigator.userAgent), isInApp = isWeChat || /\bQQ\/|Weibo/i.test(navigator.userAgent);
  const canScan = !isInApp && !isPhone(), hint = isInApp ? menu : canScan ? scan : paste;
  const code = (isWeChat || canScan) && codeOf(url), hasClose = "showModal" in document.createElement("dialog");
  const button = (text, act) => {
    const made = make("button", { type: "button" }, text);
    made.onclick = act;
    return made;
  };
  const before = (root.host ? root : document).activeElement;
  const end = () => {
    dialog.remove();
    if (before) before.focus();
  };
  const shut = () => (hasClose ? dialog.close() : end());
  if (code) {
    code.setAttribute("part", "code");
    code.setAttribute("role", "img");
    code.setAttribute("aria-label", hint);
  }
  const panel = make("div", { part: "panel" },
    make("p", { part: "hint" }, hint),
    code || (canScan && make("p", {}, long)),
    isWeChat && code && make("p", {}, hold),
    make("p", { part: "address" }, url),
    button(copyLink, () => copy(panel)),
    code && canScan && make("a", { download: "qr.png", href: code.toDataURL() }, save),
    !canScan && !isInApp && !IN_OTHER.test(navigator.userAgent) && make("a", { href: "weixin://" }, openApp),
    button(close, shut),
    make("p", { role: "status" }));
  const dialog = make("dialog", { part: "dialog", "aria-label": hint }, panel);
  // WeChat knows pictures, not canvases; where a policy forbids them the canvas stays.
  if (isWeChat && code) {
    const picture = make("img", { part: "code", alt: hint });
    picture.onload = () => code.replaceWith(picture);
    picture.src = code.toDataURL();
  }
  dialog.onclick = (event) => {
    if (event.target == dialog) shut();
  };
  dialog.addEventListener("close", end);
  root.append(dialog);
  if (hasClose) return dialog.showModal();
  // Browsers before 2022.
  const byHand = () => state.modal && state.modal(dialog, shut);
  if (!fetchMore(byHand)) byHand();
}
