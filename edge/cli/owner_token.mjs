// The owner's token: from the variable ADMIN_TOKEN, a file, or typed without being shown. Never from the
// command line, never written to a file or a log.
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { Failure } from "./failure.mjs";
import { t } from "./speech.mjs";

const SHORTEST_TOKEN = 16;

/** The token of the variable or the file, or undefined where neither is given. */
export function givenToken(file) {
  const token = file === undefined ? process.env.ADMIN_TOKEN : readToken(file);
  return token ? checkToken(token) : undefined;
}

function readToken(file) {
  try {
    return readFileSync(file, "utf8").trim() || fail(t`${file} is empty; write the owner's token into it.`);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(t`the token's file ${file} can't be read (${error.code}).`);
  }
}

function fail(message) {
  throw new Failure(message);
}

/** The token itself, if it can be sent in a header and is too long to be guessed. */
export function checkToken(token) {
  if (!/^[\x21-\x7e]+$/.test(token)) fail(t`the owner's token may hold letters, digits and signs of ASCII, no spaces.`);
  if (token.length < SHORTEST_TOKEN) fail(t`the owner's token is too short: use ${SHORTEST_TOKEN} characters or more.`);
  return token;
}

/** A new one that nobody can guess. */
export const newToken = () => randomBytes(24).toString("base64url");
