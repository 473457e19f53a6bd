// Who the commands that change a site's numbers speak to: a deployment's site, with its owner's token.
import { Failure } from "./failure.mjs";
import { baseOf, hostOf, isReadable } from "./options.mjs";
import { checkToken, givenToken } from "./owner_token.mjs";
import { t } from "./speech.mjs";
import { askSecret, isAttended } from "./terminal.mjs";
import { OwnerOf } from "./upload.mjs";

/** What each of these commands takes. */
export const OWNER_OPTIONS = {
  to: { type: "string" },
  site: { type: "string" },
  yes: { type: "boolean", default: false },
  "token-file": { type: "string" },
};

export function checkOwnerOptions({ to, site }) {
  if (!to) throw new Failure(t`name the counter with --to https://count.example.cn.`);
  if (!site) throw new Failure(t`name the site the numbers are of with --site example.cn.`);
  if (!hostOf(site)) throw new Failure(t`--site takes a host such as example.cn, not “${site}”.`);
}

async function tokenOf(file) {
  const token = givenToken(file);
  if (token) return token;
  if (!isAttended()) throw new Failure(t`the owner's token is missing: set the variable ADMIN_TOKEN, or name a file that holds it with --token-file.`);
  return checkToken(await askSecret(t`The owner's token (nothing shows as you type):`));
}

/** The owner's site, once the deployment knows both. */
export async function ownerOf(options) {
  const base = baseOf(options.to, "--to");
  if (isReadable(base)) throw new Failure(t`${base} is not encrypted: the owner's token could be read on the way. Use https://, or run this on the machine that serves, with --to localhost:8787.`);
  const owner = new OwnerOf({ base, site: hostOf(options.site), token: await tokenOf(options["token-file"]) });
  await owner.standing();
  return owner;
}
