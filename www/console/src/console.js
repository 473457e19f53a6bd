// The owner's console: which view is shown, in which language, for which site.
//
// The address keeps the language and the site (#zh-Hant&site=example.cn), so that a reload comes back to
// them; the token is kept by `Api` in memory alone, so that a reload asks for it. Out of scope: what the
// views show.
import "uplot/dist/uPlot.min.css";
import { BASE } from "../../page/base.js";
import "./console.css";
import { LANGUAGES } from "../../page/address.js";
import { Trouble } from "./api.js";
import { h, newId } from "../../page/dom.js";
import { signIn } from "./sign_in.js";
import { site } from "./site.js";
import { sites } from "./sites.js";
import english from "./words/en.js";
import simplified from "./words/zh_hans.js";
import traditional from "./words/zh_hant.js";
import { followLanguage } from "../../page/languages.js";
import { speak, useWords } from "../../page/speech.js";

const NAMES = { "zh-Hans": "简体", "zh-Hant": "繁體", en: "English" };
const main = document.querySelector("main");
const state = { api: null, shown: undefined, leaving: new AbortController() };

/** Ends what the last view was doing, and shows another. */
function show(key, build) {
  state.leaving.abort();
  state.leaving = new AbortController();
  state.shown = key;
  main.replaceChildren(...build(state.leaving.signal));
  main.querySelector("h1")?.focus();
}

function signedIn(api) {
  state.api = api;
  document.querySelector("#sign-out").hidden = false;
  follow();
}

function signOut(trouble) {
  state.api = null;
  document.querySelector("#sign-out").hidden = true;
  show("sign-in", () => signIn({ signedIn, trouble }));
}

/** A token that holds no longer ends the session; everything else the view says itself. */
function onTrouble(error) {
  if (!(error instanceof Trouble && error.kind === "wrongToken")) return false;
  signOut(error);
  return true;
}

function follow() {
  const name = followLanguage().get("site") ?? "";
  const key = state.api ? `site ${name}` : "sign-in";
  if (state.shown === key) return;
  if (!state.api) return signOut();
  const context = { api: state.api, onTrouble };
  show(key, (signal) => (name ? site({ ...context, name, signal }) : sites({ ...context, signal })));
}

function head() {
  const brand = h("a", { href: BASE, class: "brand" }, (words) => words.title);
  const links = LANGUAGES.map((name) => h("a", { href: `#${name}`, lang: name, hreflang: name }, NAMES[name]));
  const leave = h("button", { type: "button", id: "sign-out", class: "quiet", hidden: true, on: { click: () => signOut() } }, (words) => words.signOut);
  const docs = h("a", { href: `${BASE}docs/` }, (words) => words.docs);
  document.querySelector("header").append(brand, h("nav", { "aria-label": (words) => words.languages, id: newId() }, ...links), docs, leave);
  speak(document.querySelector("title"), (words) => (document.title = words.title));
}

useWords({ en: english, "zh-Hans": simplified, "zh-Hant": traditional });
head();
addEventListener("hashchange", follow);
follow();
