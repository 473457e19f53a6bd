// Finds what a page offers by role and accessible name, as assistive technology does, in any engine.
//
// One script in the page, built from a maintained library: no engine's driver finds by role inside shadow
// roots in the same way as another's.
import { buildSync } from "esbuild";
import { fileURLToPath } from "node:url";

const IN_PAGE = `
  import { computeAccessibleName, getRole } from "dom-accessibility-api";
  function* everything(root) {
    for (const element of root.querySelectorAll("*")) {
      yield element;
      if (element.shadowRoot) yield* everything(element.shadowRoot);
    }
  }
  const isShown = (element) => element.getClientRects().length > 0 && getComputedStyle(element).visibility === "visible";
  const focused = (root) => (root.activeElement?.shadowRoot ? focused(root.activeElement.shadowRoot) : root.activeElement);
  const byRole = (role, name) =>
    [...everything(document)].find(
      (element) => getRole(element) === role && (!name || computeAccessibleName(element) === name) && isShown(element),
    );
  window.roles = {
    isThere: ({ role, name }) => Boolean(byRole(role, name)),
    focus: ({ role, name }) => byRole(role, name).focus(),
    focused: () => ({ role: getRole(focused(document)), name: computeAccessibleName(focused(document)) }),
  };`;

const { outputFiles } = buildSync({
  stdin: { contents: IN_PAGE, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
  bundle: true,
  write: false,
  format: "iife",
});
const SCRIPT = outputFiles[0].text;

/** Questions about roles to the page that is open in a tab now. */
export async function rolesOf(tab) {
  await tab.addScript(SCRIPT);
  return {
    isThere: (role, name) => tab.evaluate((what) => window.roles.isThere(what), { role, name }),
    focus: (role, name) => tab.evaluate((what) => window.roles.focus(what), { role, name }),
    focused: () => tab.evaluate(() => window.roles.focused()),
  };
}
