// Whether the counter knows visitors apart: are web servers in front believed, and nobody else.
//
// The counter says whose address it takes a request of the owner's to have, and what the headers named. Where the two can't be
// told apart, because this machine is the web server's, it is asked from another address. One more request names a false
// address, as a visitor could.
import { addressesOf, isPrivate, isPrivateIp } from "../private_address.mjs";
import { t } from "../speech.mjs";
import { plainAddress } from "../trusted_proxies.mjs";
import { NEIGHBOUR, isHere } from "./neighbour.mjs";
import { jsonOf } from "./read.mjs";

/** An address that nobody has (RFC 5737). */
const NOBODY = "192.0.2.77";

const chainOf = (text) => (text ?? "").split(",").map(plainAddress).filter(Boolean);

/** Whether an address is that of the machine that the counter's name leads to, and not this one. */
async function isCounters(address, base) {
  return !isHere(address) && (await addressesOf(base)).includes(address);
}

/** `laifang serve` has neither TLS nor a folder: then a web server is in front. */
const isInFront = ({ protocol, pathname }) => protocol === "https:" || pathname !== "/";

/** Whose request the headers say it is; undefined where they say nothing. */
const namedIn = ({ forwarded_for, real_ip }) => chainOf(forwarded_for)[0] ?? plainAddress(real_ip ?? "");

function tellUnnamed(address, report) {
  report.wrong(t`the web server in front does not say who the visitor is: everybody is ${address}`, t`Let it set X-Forwarded-For and X-Real-IP, and start laifang serve with --trusted-proxy ${address}.`);
}

/** Whether nothing is wrong with what the counter believes. */
async function checkBelieved({ seen, base, report }) {
  const chain = chainOf(seen.forwarded_for);
  const address = plainAddress(seen.address);
  const real = plainAddress(seen.real_ip ?? "");
  const first = namedIn(seen);
  if (first === address) return true;
  if (chain.length && real && !chain.includes(real)) {
    report.wrong(t`X-Forwarded-For (${chain.join(", ")}) and X-Real-IP (${real}) disagree, so visitors count as one: ${seen.address}`, t`Let the web server in front set both from the connection, and hand on none that a visitor wrote.`);
    return false;
  }
  if (first) {
    report.wrong(t`requests come through ${seen.address}, which speaks for ${first} and is not believed: its visitors count as one`, t`If ${seen.address} is a web server or CDN of yours: start laifang serve with --trusted-proxy ${seen.address}, or set TRUSTED_PROXIES on Cloudflare.`);
    return false;
  }
  const isInside = isPrivateIp(seen.address) && (isInFront(new URL(base)) || !(await isPrivate(base)));
  if (!isInside && !(await isCounters(seen.address, base))) return true;
  tellUnnamed(seen.address, report);
  return false;
}

const saidOf = (address) => t`the counter takes this machine for ${address}`;

/** Asked without the web server that visitors come by: says what is not seen, and whether one that is here would be believed. */
async function checkAskedDirectly({ request, base, tagged, seen, report }) {
  const claimed = jsonOf(await request("v1/visitor", { "X-Forwarded-For": NOBODY, "X-Real-IP": NOBODY }));
  if (claimed?.address === NOBODY) report.good(t`the counter believes what a web server at ${seen.address} says of its visitors`);
  else if (isInFront(new URL(tagged))) report.note(t`The counter believes nothing that ${seen.address} says of its visitors. If the web server at ${tagged} reaches it from there, all visitors are one: start laifang serve with --trusted-proxy ${seen.address}.`);
  report.skipped(t`the counter was asked at ${base}, and visitors come by ${tagged}: to see whether they are told apart, run this with --counter ${tagged}`);
}

/** Whether nothing is wrong where visitor and web server have one address, as those on the web server's own machine do. */
async function checkNeighbour({ seen, neighbour, base, report }) {
  const address = plainAddress(neighbour?.address ?? "");
  if (neighbour && address !== NEIGHBOUR && namedIn(neighbour) === NEIGHBOUR) return checkBelieved({ seen: neighbour, base, report });
  if (address === NEIGHBOUR) report.good(saidOf(seen.address));
  else report.skipped(t`whether the web server in front is believed is not seen from this machine (it is ${seen.address} here): run this from elsewhere`);
  return true;
}

/** Looks at how the counter saw the owner's request, and tries to be somebody else. */
export async function checkVisitors({ request, asNeighbour, base, tagged, seen, report }) {
  const isDirect = !namedIn(seen) && isHere(seen.address) && !isInFront(new URL(base));
  if (isDirect && tagged && tagged !== base) return checkAskedDirectly({ request, base, tagged, seen, report });
  if (!(await checkBelieved({ seen, base, report }))) return;
  if (!namedIn(seen) || !isHere(seen.address)) report.good(saidOf(seen.address));
  else if (!(await checkNeighbour({ seen, neighbour: await asNeighbour(), base, report }))) return;
  // From inside, this machine may be one of the trusted.
  if (isPrivateIp(seen.address)) return report.skipped(t`whether visitors can pass for others is not seen from inside: run this from elsewhere`);
  const forged = jsonOf(await request("v1/visitor", { "X-Forwarded-For": NOBODY, "X-Real-IP": NOBODY }));
  if (forged?.address !== NOBODY) return report.good(t`visitors can't pass for others`);
  report.wrong(t`visitors can pass for others: a request that said it was ${NOBODY} was believed`, t`Let the web server in front write X-Forwarded-For and X-Real-IP itself, and name no network in --trusted-proxy or TRUSTED_PROXIES that visitors are in.`);
}
