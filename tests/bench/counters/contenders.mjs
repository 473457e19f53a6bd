// Counters measured side by side: the tag a page pastes, the element its number stands in, its files, and
// how its hit is answered. Every hit, whosever it is, is counted by the same real Worker.
import { buildSync, transformSync } from "esbuild";
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseHeaders } from "../../../edge/local/headers.mjs";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const DIST = here("../../../dist/assets/");
/** How long browsers keep `widget.js`; scripts of others are kept as long. */
const SCRIPT_HEADERS = { "Cache-Control": "public, max-age=300", "Content-Type": "text/javascript", "Access-Control-Allow-Origin": "*" };
const TYPES = { js: "text/javascript", wasm: "application/wasm" };

/** The headers `_headers` gives a file. */
function headersOf(rules, name) {
  const matches = (pattern) => (pattern.endsWith("*") ? `/${name}`.startsWith(pattern.slice(0, -1)) : `/${name}` === pattern);
  const set = Object.entries(rules).filter(([pattern]) => matches(pattern)).map(([, rule]) => rule.set);
  return Object.assign({ "Content-Type": TYPES[name.split(".").pop()] }, ...set);
}

function laifangFiles() {
  const { rules } = parseHeaders(readFileSync(`${DIST}_headers`, "utf8"));
  const names = readdirSync(DIST).filter((name) => /^widget[-.].*(js|wasm)$/.test(name) && !name.includes(".plain."));
  return names.map((name) => [`/${name}`, { headers: headersOf(rules, name), bytes: readFileSync(DIST + name) }]);
}

/** busuanzi's script as its npm package ships it, bundled as its users do; only the host is another. */
function busuanzi() {
  const { outputFiles } = buildSync({ entryPoints: [here("node_modules/busuanzi.pure.js/index.js")], bundle: true, minify: true, format: "iife", write: false });
  const own = outputFiles[0].text;
  const script = own.replace("//busuanzi.ibruce.info/busuanzi?", "/busuanzi?");
  if (script === own) throw new Error("busuanzi's script names no host that could be replaced");
  return script;
}

const minimal = () => transformSync(readFileSync(here("minimal.js"), "utf8"), { minify: true }).code;

const asScript = (text) => ({ headers: SCRIPT_HEADERS, bytes: Buffer.from(text) });

/** Contenders in one order; `base` in a tag stands for the counter's own origin. */
export function contenders() {
  return [
    {
      name: "Laifang",
      tag: '<script async crossorigin src="BASE/widget.js"></script>',
      gap: '<b class="number"></b>',
      files: new Map(laifangFiles()),
    },
    {
      name: "busuanzi",
      tag: '<script async src="BASE/busuanzi.js"></script>',
      gap: '<b class="number" id="busuanzi_value_site_uv"></b>',
      files: new Map([["/busuanzi.js", asScript(busuanzi().replace('"/busuanzi?', '"BASE/busuanzi?'))]]),
    },
    {
      name: "minimal fetch",
      tag: '<script async crossorigin src="BASE/minimal.js"></script>',
      gap: '<b class="number" data-count="visitor"></b>',
      files: new Map([["/minimal.js", asScript(minimal())]]),
    },
  ];
}
