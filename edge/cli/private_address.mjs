// Whether an address leads into this machine or its private network, by its name or by what the name resolves to.
import { lookup } from "node:dns/promises";
import { BlockList, isIP, isIPv6 } from "node:net";

const PRIVATE = new BlockList();
for (const [network, bits] of [["0.0.0.0", 8], ["10.0.0.0", 8], ["100.64.0.0", 10], ["127.0.0.0", 8], ["169.254.0.0", 16], ["172.16.0.0", 12], ["192.168.0.0", 16]]) {
  PRIVATE.addSubnet(network, bits, "ipv4");
}
PRIVATE.addAddress("::", "ipv6");
PRIVATE.addAddress("::1", "ipv6");
for (const [network, bits] of [["fc00::", 7], ["fe80::", 10]]) PRIVATE.addSubnet(network, bits, "ipv6");

/** Of an IP address; one of IPv4 within IPv6 as IPv4 has it. */
export const isPrivateIp = (address) => PRIVATE.check(address, isIPv6(address) ? "ipv6" : "ipv4");

/** Of a URL. A name that does not resolve leads nowhere. */
export async function isPrivate(url) {
  const host = new URL(url).hostname.replace(/^\[(.*)\]$/, "$1");
  if (isIP(host)) return isPrivateIp(host);
  const addresses = await lookup(host, { all: true }).catch(() => []);
  return addresses.some(({ address }) => isPrivateIp(address));
}
