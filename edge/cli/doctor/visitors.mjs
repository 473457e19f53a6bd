// Whether the counter knows visitors apart: are web servers in front believed, and nobody else.
//
// The counter says whose address it takes a request of the owner's to have, and what the headers named. A second request
// names a false address, as a visitor could.
import { lookup } from "node:dns/promises";
import { networkInterfaces } from "node:os";
import { isPrivate, isPrivateIp } from "../private_address.mjs";
import { t } from "../speech.mjs";
import { plainAddress } from "../trusted_proxies.mjs";
import { jsonOf } from "./read.mjs";

/** An address that nobody has (RFC 5737). */
const NOBODY = "192.0.2.77";

const chainOf = (text) => (text ?? "").split(",").map(plainAddress).filter(Boolean);

/** Whether an address is that of the machine that the counter's name leads to, and not this one. */
async function isCounters(address, base) {
  const here = Object.values(networkInterfaces()).flat().some((own) => own.address === address);
  const there = await lookup(new URL(base).hostname.replace(/^\[(.*)\]$/, "$1"), { all: true }).catch(() => []);
  return !here && there.some((its) => its.address === address);
}

async function checkBelieved({ seen, base, report }) {
  const chain = chainOf(seen.forwarded_for);
  const address = plainAddress(seen.address);
  const real = plainAddress(seen.real_ip ?? "");
  const first = chain[0] ?? real;
  if (first === address) return true;
  if (chain.length && real && !chain.includes(real)) {
    report.wrong(t`X-Forwarded-For (${chain.join(", ")}) and X-Real-IP (${real}) disagree, so visitors count as one: ${seen.address}`, t`Let the web server in front set both from the connection, and hand on none that a visitor wrote.`);
    return false;
  }
  if (first) {
    report.wrong(t`requests come through ${seen.address}, which speaks for ${first} and is not believed: its visitors count as one`, t`If ${seen.address} is a web server or CDN of yours: start laifang serve with --trusted-proxy ${seen.address}, or set TRUSTED_PROXIES on Cloudflare.`);
    return false;
  }
  const isInside = isPrivateIp(seen.address) && !(await isPrivate(base));
  if (!isInside && !(await isCounters(seen.address, base))) return true;
  report.wrong(t`the web server in front does not say who the visitor is: everybody is ${seen.address}`, t`Let it set X-Forwarded-For and X-Real-IP, and start laifang serve with --trusted-proxy ${seen.address}.`);
  return false;
}

/** Looks at how the counter saw the owner's request, and tries to be somebody else. */
export async function checkVisitors({ request, base, seen, report }) {
  if (!(await checkBelieved({ seen, base, report }))) return;
  report.good(t`the counter takes this machine for ${seen.address}`);
  // From inside, this machine may be one of the trusted.
  if (isPrivateIp(seen.address)) return report.skipped(t`whether visitors can pass for others is not seen from inside: run this from elsewhere`);
  const forged = jsonOf(await request("v1/visitor", { "X-Forwarded-For": NOBODY, "X-Real-IP": NOBODY }));
  if (forged?.address !== NOBODY) return report.good(t`visitors can't pass for others`);
  report.wrong(t`visitors can pass for others: a request that said it was ${NOBODY} was believed`, t`Let the web server in front write X-Forwarded-For and X-Real-IP itself, and name no network in --trusted-proxy or TRUSTED_PROXIES that visitors are in.`);
}
