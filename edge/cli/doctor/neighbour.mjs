// Asks a web server on this machine as another visitor of this machine: from 127.0.0.2, where the first came from 127.0.0.1.
//
// A counter that sees the first come from 127.0.0.1 may know its visitor, or its web server alone: they have one address. Of the
// second they have not. Linux has all of 127.0.0.0/8; elsewhere, or where the web server is on another machine, nothing is told.
import { request as overHttp } from "node:http";
import { request as overHttps } from "node:https";
import { networkInterfaces } from "node:os";
import { addressesOf } from "../private_address.mjs";
import { jsonOf } from "./read.mjs";

export const NEIGHBOUR = "127.0.0.2";
const TIMEOUT_MS = 5_000;
const MOST_BYTES = 65_536;

/** Whether an address is one of this machine's. */
export const isHere = (address) => /^127\.|^::1$/.test(address) || Object.values(networkInterfaces()).flat().some((own) => own.address === address);

async function leadsHere(url) {
  const there = await addressesOf(url, 4);
  return there.length > 0 && there.every(isHere);
}

function ask(url, headers) {
  const open = url.protocol === "https:" ? overHttps : overHttp;
  return new Promise((done) => {
    const request = open(url, { headers, localAddress: NEIGHBOUR, family: 4, agent: false, signal: AbortSignal.timeout(TIMEOUT_MS) }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("error", () => done(undefined));
      response.on("data", (piece) => (text.length > MOST_BYTES ? request.destroy() : (text += piece)));
      response.on("end", () => done(response.statusCode === 200 ? jsonOf({ text }) : undefined));
    });
    request.on("error", () => done(undefined)).end();
  });
}

/** What the counter says of the neighbour's request to an address on this machine; undefined where it can't be asked. */
export async function asNeighbour(address, headers) {
  const url = new URL(address);
  return (await leadsHere(url)) ? ask(url, headers) : undefined;
}
