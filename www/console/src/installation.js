// What is wrong with the installation, as far as a request of the owner's shows it: a web server in front that is not
// believed, a clock that is wrong. `laifang doctor` sees more.
import { h } from "../../page/dom.js";
import { moment } from "./format.js";

const CLOCKS_MAY_DIFFER_MS = 60_000;

/** An address without port, brackets, or what IPv6 puts before one of IPv4. */
const plain = (address) => address.trim().toLowerCase().replace(/^\[(.*)\](:\d+)?$/, "$1").replace(/^(\d+(\.\d+){3}):\d+$/, "$1").replace(/^::ffff:/, "");

function* faultsOf({ address, forwarded_for: forwardedFor, real_ip: realIp, now }) {
  const named = plain((forwardedFor ?? realIp ?? address).split(",")[0]);
  if (named !== plain(address)) yield (words) => words.installation.unbelieved(address, named);
  if (Math.abs(Date.parse(now) - Date.now()) > CLOCKS_MAY_DIFFER_MS) yield (words) => words.installation.clock(moment(now));
}

/** Alarms, once something is known to be wrong. What can't be asked is not missed here. */
export function installation({ api, signal }) {
  const place = h("div", {});
  api.visitor(signal).then(
    (seen) => place.replaceChildren(...[...faultsOf(seen)].map((text) => h("p", { class: "alarm" }, text))),
    () => {},
  );
  return place;
}
