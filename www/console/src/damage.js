// A site whose stored counts can't be read: says so, and restores it from what was published.
import { h, notice, once } from "../../page/dom.js";
import { explain, isCancelled } from "./explain.js";

export function damage({ api, name, onTrouble, isDamaged, stands, changed }) {
  const box = h("div", { role: "alert" });
  const said = notice();
  const button = h("button", { type: "button", on: { click: () => once(button, restore) } }, (words) => words.damage.restore);
  const alarm = h("div", { class: "alarm" }, h("strong", {}, (words) => words.damage.title), h("span", {}, (words) => words.damage.advice), h("p", {}, button), said.element);

  async function restore() {
    try {
      await api.restore(name);
      changed();
    } catch (error) {
      if (!isCancelled(error) && !onTrouble(error)) said.say(explain(error), { isTrouble: true });
    }
  }
  isDamaged(() => box.firstChild ?? box.append(alarm));
  stands(() => box.replaceChildren());
  return box;
}
