// The apps as a page's build bundles them, and as their server renders them.
import { compile } from "@vue/compiler-dom";
import { build } from "esbuild";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const templates = {
  name: "templates",
  setup({ onLoad }) {
    onLoad({ filter: /\.vue\.html$/ }, async ({ path }) => {
      const { code } = compile(await readFile(path, "utf8"), { mode: "module", hoistStatic: true, prefixIdentifiers: true, isCustomElement: (name) => name.startsWith("laifang-") });
      return { contents: code, loader: "js" };
    });
  },
};

async function bundled(options) {
  const { outputFiles } = await build({
    bundle: true,
    write: false,
    minify: true,
    jsx: "automatic",
    plugins: [templates],
    target: "es2020",
    define: { "process.env.NODE_ENV": '"production"', __VUE_OPTIONS_API__: "true", __VUE_PROD_DEVTOOLS__: "false", __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false" },
    ...options,
  });
  return outputFiles[0].text;
}

const folder = fileURLToPath(new URL(".", import.meta.url));

/** One of the apps as a script for a page. */
export const forPage = (name) => bundled({ entryPoints: [folder + name], format: "iife" });

const SERVERS = {
  "react.jsx": 'import { renderToString } from "react-dom/server"; import { element } from "./react.jsx"; export const render = (path) => ((globalThis.serverPath = path), renderToString(element));',
  "vue.js": 'import { renderToString } from "vue/server-renderer"; import { forServer } from "./vue.js"; export const render = (path) => renderToString(forServer(path));',
};

/** What a server sends of an app that is to be hydrated. */
export async function renderedByServer(name, path) {
  const code = await bundled({ stdin: { contents: SERVERS[name], resolveDir: folder }, format: "esm" });
  const { render } = await import(`data:text/javascript;base64,${Buffer.from(code).toString("base64")}`);
  return render(path);
}
