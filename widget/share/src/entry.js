// The share box's JavaScript side: the element's class (life cycle only), its style sheet, the clipboard
// and the report of a share. What the box holds and does is decided in Rust.
import * as glue from "laifang:bindgen";
import { start as startPart } from "laifang:start";

const state = window[Symbol.for("laifang")];

const CSS = `
:host{display:block;margin:1em 0;font:14px/1.5 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;color:inherit}
:host([hidden]){display:none}
[part=box]{display:flex;flex-wrap:wrap;gap:.5em;align-items:center}
a,button{box-sizing:border-box;min-height:32px;padding:.3em .8em;font:inherit;color:var(--laifang-share-color,#1d3557);background:var(--laifang-share-background,#fff);border:1px solid var(--laifang-share-border,#8d99ae);border-radius:var(--laifang-share-radius,4px);text-decoration:none;cursor:pointer;display:inline-flex;align-items:center}
a:hover,button:hover{background:var(--laifang-share-hover,#edf2f7)}
a:focus-visible,button:focus-visible{outline:3px solid #2a6fdb;outline-offset:2px}
dialog{max-width:min(92vw,30em);padding:1.2em;border:0;border-radius:8px;text-align:center;color:#1a1a1a;background:#fff}
dialog::backdrop{background:rgba(0,0,0,.5)}
dialog p{margin:.6em 0}
dialog button{margin:.3em}
[part=code]{max-width:100%;height:auto}
[part=address]{overflow-wrap:anywhere;user-select:all;font-size:13px}
@media(pointer:coarse){a,button{min-height:44px;min-width:44px}}
@media(forced-colors:active){a,button{border-color:ButtonBorder;forced-color-adjust:auto}}
`;
const sheet = new CSSStyleSheet();
sheet.replaceSync(CSS);

// Pages on plain http have no clipboard API; a selected text field and execCommand work there.
function copyBySelection(text) {
  const field = document.createElement("textarea");
  field.value = text;
  field.readOnly = true;
  const ground = document.querySelector("dialog[open]") || document.body;
  ground.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  return copied;
}

globalThis.laifangShare = {
  async copy(text, done) {
    let copied = false;
    try {
      if (navigator.clipboard) {
        await navigator.clipboard.writeText(text);
        copied = true;
      } else copied = copyBySelection(text);
    } catch {
      copied = copyBySelection(text);
    }
    done(copied);
  },
  report(network) {
    const id = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => (byte + 256).toString(16).slice(1)).join("");
    const site = state.tag.getAttribute("data-site") || undefined;
    const body = JSON.stringify({ url: location.href, network, id, site });
    fetch(`${state.base}v1/shares`, { method: "POST", body, credentials: "omit", keepalive: true }).catch(() => {});
  },
};

class LaifangShare extends HTMLElement {
  static observedAttributes = ["networks", "lang"];
  connectedCallback() {
    const root = this.shadowRoot || this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    glue.render(this, root);
  }
  attributeChangedCallback() {
    if (this.shadowRoot) glue.render(this, this.shadowRoot);
  }
}

function start() {
  if (state.tag.hasAttribute("data-share")) glue.place(state.tag.getAttribute("data-share"));
  if (!customElements.get("laifang-share")) customElements.define("laifang-share", LaifangShare);
}

startPart(state.plain || fetch(state.share), glue).then(
  () => {
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
    else start();
  },
  (error) => console.warn(`laifang: the share box can't be shown (${error.message})`),
);
