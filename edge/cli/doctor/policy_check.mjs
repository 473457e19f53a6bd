// Says what a page's policies forbid, and what to write instead.
import { t } from "../speech.mjs";
import { faultsOf } from "./policy.mjs";

const SAID = {
  script: ({ rule, isByNonce }, origin) => [
    t`the page's Content-Security-Policy stops the script: ${rule}`,
    isByNonce ? t`Give the tag the nonce that the page's other scripts have.` : t`Add ${origin} to script-src. Where there is no script-src yet, begin it with what default-src has.`,
  ],
  request: ({ rule }, origin) => [
    t`the page's Content-Security-Policy stops the requests that count: ${rule}`,
    t`Add ${origin} to connect-src. Where there is no connect-src yet, begin it with what default-src has.`,
  ],
  type: ({ rule }) => [t`the page's Content-Security-Policy does not know our policy of Trusted Types: ${rule}`, t`Add laifang to trusted-types.`],
  sandbox: ({ rule }) => [t`the page is sandboxed: ${rule}`, t`Add allow-scripts and allow-same-origin to sandbox, or take it away.`],
};

/** Looks at each policy: a page may have several, and all of them hold. */
export function checkPolicies(page, tag, report) {
  const faults = page.policies.flatMap((policy) => faultsOf(policy, tag, page.url));
  const { origin } = new URL(tag.base);
  const named = origin === new URL(page.url).origin ? "'self'" : origin;
  for (const fault of faults) {
    if (fault.kind !== "wasm") report.wrong(...SAID[fault.kind](fault, named));
  }
  if (faults.some(({ kind }) => kind === "wasm")) report.note(t`The Content-Security-Policy allows no WebAssembly, so a larger copy in plain JavaScript is loaded. 'wasm-unsafe-eval' in script-src spares that.`);
  if (faults.every(({ kind }) => kind === "wasm")) report.good(page.policies.length ? t`the page's Content-Security-Policy allows the counter` : t`the page has no Content-Security-Policy`);
}
