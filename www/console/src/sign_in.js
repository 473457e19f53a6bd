// Asks for the token, and tries it by asking for the list of sites.
import { Api } from "./api.js";
import { field, h, notice, once } from "../../page/dom.js";
import { explain } from "./explain.js";

/** `signedIn(api)` is called with a token that works; `trouble` is why one has to sign in again. */
export function signIn({ signedIn, trouble }) {
  const token = h("input", { type: "password", autocomplete: "off", spellcheck: "false", autocapitalize: "off" });
  const said = notice();
  const submit = h("button", { type: "submit" }, (words) => words.signIn.submit);
  if (trouble) said.say(explain(trouble), { isTrouble: true });

  const refuse = (sentence) => {
    said.say(sentence, { isTrouble: true });
    token.setAttribute("aria-invalid", "true");
    token.focus();
  };
  async function tryToken() {
    if (!token.value.trim()) return refuse((words) => words.signIn.empty);
    const api = new Api(token.value.trim());
    said.say((words) => words.loading);
    try {
      await api.sites();
    } catch (error) {
      return refuse(explain(error));
    }
    token.value = "";
    signedIn(api);
  }
  const form = h(
    "form",
    { class: "card narrow", novalidate: true, on: { submit: (event) => (event.preventDefault(), once(submit, tryToken)) } },
    field((words) => words.signIn.token, token, (words) => words.signIn.hint),
    said.element,
    submit,
  );
  return [h("h1", { tabindex: "-1" }, (words) => words.signIn.title), form];
}
