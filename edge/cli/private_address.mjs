// Whether an address leads into this machine or its private network, by its name or by what the name resolves to.
import { lookup } from "node:dns/promises";
import { BlockList, isIP, isIPv6 } from "node:net";

const PRIVATE = new BlockList();
/** What IANA's registries of special-purpose addresses call not globally reachable, but for documentation's, and multicast. */
const NETWORKS_V4 = ["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4"];
const NETWORKS_V6 = ["::/127", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2002::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"];
const addAll = (networks, family) => {
  for (const [network, bits] of networks.map((text) => text.split("/"))) PRIVATE.addSubnet(network, Number(bits), family);
};
addAll(NETWORKS_V4, "ipv4");
addAll(NETWORKS_V6, "ipv6");

/** Of an IP address; one of IPv4 within IPv6 as IPv4 has it. */
export const isPrivateIp = (address) => PRIVATE.check(address, isIPv6(address) ? "ipv6" : "ipv4");

const hostOf = (url) => new URL(url).hostname.replace(/^\[(.*)\]$/, "$1");

/** The addresses that a URL's host leads to, of one `family` (4 or 6) or both. A name that does not resolve leads nowhere. */
export async function addressesOf(url, family = 0) {
  const found = await lookup(hostOf(url), { all: true, family }).catch(() => []);
  return found.map(({ address }) => address);
}

/** Of a URL. */
export async function isPrivate(url) {
  const host = hostOf(url);
  return isIP(host) ? isPrivateIp(host) : (await addressesOf(url)).some(isPrivateIp);
}
