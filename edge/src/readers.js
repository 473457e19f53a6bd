// Who reads: people or robots. The maintained list `isbot` decides; but people who read inside Chinese news apps,
// Alipay, Sogou's browser and the Google app have words of robots in the name of their app.
//
// So an app's own token is left out before the list is asked, and only beside a browser engine on a phone: a robot
// that bears the same word still has a word of its own. Out of scope: prefetches, which are no matter of names.
import { isbot } from "isbot";

const PHONE_BROWSER = /(?:AppleWebKit|Gecko)\/\d.*Mobile|Android.*(?:AppleWebKit|Gecko)\/\d/;
const APP_TOKENS = [
  // Toutiao, NetEase News; Tencent's, Sohu's, Sina's and others' `…news/8.1`
  /\bNews(?:Article|App|Lite)[/ ][\w.]+|(?<![\w-])[a-z]+news\/[\w.]+/gi,
  // Alipay's screen size has a `|` in it
  /\bAlipayDefined\([^()]*\)|\bAliApp\(AP\/[^()]*\)/gi,
  /\bSogouMSE\b|\bSogouMobileBrowser\/[\w.]+/gi,
  /\bcom\.google\.GoogleMobile\/[\w.]+/gi,
];

/** Whether a user agent is a robot's. */
export function isRobot(userAgent) {
  if (!PHONE_BROWSER.test(userAgent)) return isbot(userAgent);
  return isbot(APP_TOKENS.reduce((rest, token) => rest.replace(token, ""), userAgent));
}
