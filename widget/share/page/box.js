// `<laifang-share>`: the row of networks, and what a click on one does.
import { factsOf, own } from "./article.js";
import { audienceOf } from "./audience.js";
import { isPhone, openDialog } from "./dialog.js";
import { dress, icon, make } from "./dom.js";
import { copied, report, tell } from "./outcome.js";
import { addressOf } from "./address.js";
import { state } from "./state.js";
import { choose, fetchMore, networkOf, wordsOf } from "./tables.js";

/** The class of the element; `entry.js` registers it. */
export class Box extends HTMLElement {
  static get observedAttributes() {
    return ["networks", "lang", "url", "with-counts"];
  }
  constructor() {
    super();
    // Networks of the page's own may come after the element. Without a shadow tree, ours are children too.
    if (this.attachShadow) new MutationObserver(() => show(this)).observe(this, { childList: true });
  }
  connectedCallback() {
    show(this);
  }
  attributeChangedCallback() {
    if (this.shadowRoot) show(this);
  }
}

/** Networks the page brings itself: links with a template, which without us are plain links. */
function ownNetworks(box) {
  const found = {};
  for (const link of box.querySelectorAll("a[data-network][data-template]")) {
    found[link.getAttribute("data-network")] = { name: link.textContent.trim(), limit: 0, template: link.getAttribute("data-template"), drawing: link.querySelector("svg") };
  }
  return found;
}

/** What a box holds now: its language, its networks, whether it has to fetch the rest for them. */
function contentsOf(box, hasCounts) {
  const [language, isMainland] = audienceOf(box), pages = ownNetworks(box);
  const asked = own(box, "networks") + (box.laifangAll ? " all" : "");
  const ids = choose(asked, Object.keys(pages).join(" "), language, isMainland, isPhone());
  const networks = ids.map((id) => Object.assign({ id }, networkOf(id, language), pages[id])).filter((network) => network.name);
  return { language, networks, isShort: hasCounts || language || networks.length < ids.length || / all /.test(asked + " ") };
}

/** Builds the box, afresh each time. Its children stand until then, for pages whose scripts don't run; and for good
 * if its words, or all of its networks, could not be fetched. */
export function show(box) {
  const hasCounts = box.hasAttribute("with-counts"), { language, networks, isShort } = contentsOf(box, hasCounts);
  if (isShort && fetchMore(() => show(box))) return;

  const words = wordsOf(language);
  if (!words || !networks[0]) return;
  const root = box.shadowRoot || (box.attachShadow ? box.attachShadow({ mode: "open" }) : box);
  while (root.firstChild) root.firstChild.remove();
  dress(root);
  const counts = {}, status = make("span", { part: "status", role: "status" });
  const items = networks.map((network) => {
    const count = (counts[network.id] = make("span", { part: "count", hidden: "" }));
    return itemOf(network, count, factsOf(box, network.id), (item, event) => act(network, item, event));
  });
  root.append(make("div", { part: "box", role: "group", "aria-label": words[1], lang: words[0] },
    make("span", { part: "label", "aria-hidden": true }, words[1]), ...items, status));

  const say = (text, ground) => {
    const line = (ground && ground.querySelector("[role=status]")) || status;
    line.textContent = "";
    setTimeout(() => (line.textContent = text), 50);
  };
  const showCounts = (shares) => {
    for (const { id } of networks) if (shares[id]) {
      counts[id].textContent = shares[id];
      counts[id].hidden = false;
    }
  };
  if (hasCounts && state.readCounts) state.readCounts(factsOf(box)[0], showCounts);

  async function copy(network, url, ground) {
    const isDone = await copied(url, ground || root);
    say(words[isDone ? 10 : 11], ground);
    finish(network, url, isDone ? "copied" : "failed");
  }
  function finish(network, url, outcome) {
    tell(box, "laifang-shared", { network, url, outcome });
    if (!/failed|dismissed/.test(outcome)) report(network, url, (shares) => hasCounts && showCounts(shares));
    if (outcome == "failed") say(words[11]);
  }
  async function act({ id, limit, template }, item, event) {
    if (id == "more") {
      box.laifangAll = true;
      show(box);
      return root.querySelectorAll("[data-network]")[items.length - 1].focus();
    }
    const facts = factsOf(box, id), [url] = facts;
    if (!tell(box, "laifang-share", { network: id, url })) return event.preventDefault();
    if (id == "copy") return copy(id, url);
    if (id == "native") return finish(id, url, await state.handedOn(facts));
    if (id == "wechat") openDialog(root, url, words, (panel) => copy("copy", url, panel));
    else if (id == "print") print();
    else item.href = addressOf(template, limit, facts);
    finish(id, url, "opened");
  }
}

/** A network's button, or its link if it has a page to open. */
function itemOf({ id, name, limit, template, colour, drawing, icon: path }, count, facts, act) {
  const item = make(template ? "a" : "button", { part: "network " + id, "data-network": id },
    path ? icon(path, colour) : drawing && drawing.cloneNode(true), make("span", { part: "name" }, name), count);
  item.onclick = (event) => act(item, event);
  if (!template) item.type = "button";
  else {
    item.href = addressOf(template, limit, facts);
    if (!/^mailto/.test(template)) item.target = "_blank";
    item.rel = "noopener";
    // The middle button opens the link, too.
    item.onauxclick = (event) => {
      if (event.button == 1) act(item, event);
    };
  }
  return item;
}
