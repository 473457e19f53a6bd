// Who the visitor is: the other end of the connection, or, where that is one of the owner's own proxies, who
// the proxy says it speaks for. What anybody else writes into the same headers counts for nothing.
import { BlockList, isIP, isIPv4 } from "node:net";
import { Failure } from "./failure.mjs";
import { t } from "./speech.mjs";

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** An address in its plainest form, without port, brackets or zone; undefined if it is none. */
export function plainAddress(text = "") {
  const bare = text.trim().replace(/^\[(.*)\](:\d+)?$/, "$1").replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, "$1").replace(/%.*$/, "");
  const address = MAPPED.exec(bare)?.[1] ?? bare;
  return isIP(address) ? address.toLowerCase() : undefined;
}

const familyOf = (address) => (isIPv4(address) ? "ipv4" : "ipv6");

/** The proxies an owner trusts, as addresses or networks such as 10.0.0.0/8. */
export class TrustedProxies {
  #list = new BlockList();

  constructor(entries) {
    for (const entry of entries) this.#add(entry);
  }

  #add(entry) {
    const [network, bits] = entry.split("/");
    const address = plainAddress(network);
    try {
      if (!address) throw new RangeError("no address");
      if (bits === undefined) this.#list.addAddress(address, familyOf(address));
      else this.#list.addSubnet(address, /^\d+$/.test(bits) ? Number(bits) : -1, familyOf(address));
    } catch {
      throw new Failure(t`--trusted-proxy takes addresses such as 127.0.0.1 or networks such as 10.0.0.0/8, not “${entry}”.`);
    }
  }

  has(address) {
    return this.#list.check(address, familyOf(address));
  }

  /** The visitor's address. */
  visitorOf(peer, headers) {
    const socket = plainAddress(peer) ?? "";
    if (!socket || !this.has(socket)) return socket;
    const forwarded = this.#nearestStranger(headers["x-forwarded-for"]);
    const real = plainAddress(headers["x-real-ip"]);
    // The one before the proxy may be another proxy of ours; then the longer chain knows more.
    const named = real && !this.has(real) ? real : undefined;
    // A proxy that sets one header and hands on the other lets a visitor write it: they then disagree.
    if (forwarded && named && forwarded !== named) return socket;
    return forwarded ?? named ?? socket;
  }

  /** Each proxy adds whom it heard from at the end, so the last that isn't ours is the visitor. */
  #nearestStranger(chain = "") {
    let nearest;
    for (const entry of chain.split(",").reverse()) {
      const address = plainAddress(entry);
      if (!address) return nearest;
      nearest = address;
      if (!this.has(address)) return nearest;
    }
    return nearest;
  }
}
