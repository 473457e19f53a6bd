// What the widget must leave where it is: every node of a page, to be compared before and after. Runs in the page.

/** The nodes below one, in order: each with its parent, its text, and the attributes that the widget has no business with. */
export function nodesBelow(root) {
  const walker = document.createTreeWalker(root), nodes = [];
  while (walker.nextNode()) {
    const { currentNode: node } = walker;
    const attributes = Array.from(node.attributes || [], ({ name, value }) => (/^(style|role|aria-.*|data-laifang-shown)$/.test(name) ? "" : `${name}=${value}`));
    nodes.push({ node, parent: node.parentNode, data: node.data, attributes: attributes.filter(Boolean).join() });
  }
  return nodes;
}

/** What has become of nodes that were noted: nothing, or one sentence for each that is gone, moved or altered. The widget may add
 * texts and boxes of its own. */
export function losses(before, now) {
  const here = new Map(now.map((one) => [one.node, one])), noted = new Set(before.map(({ node }) => node)), found = [];
  const say = (what, { node, data }) => void found.push(`${what}: ${node.nodeName} ${data ?? node.outerHTML}`);
  const order = before.filter(({ node }) => here.has(node)), kept = now.filter(({ node }) => noted.has(node));
  for (const one of before) {
    const { parent, attributes } = here.get(one.node) ?? say("lost", one) ?? {};
    if (parent && parent !== one.parent) say("moved", one);
    else if (parent && attributes !== one.attributes) say("altered", one);
  }
  order.forEach(({ node }, index) => kept[index].node !== node && say("in another order", kept[index]));
  for (const one of now) if (!noted.has(one.node) && !/^(#text|laifang-share)$/i.test(one.node.nodeName)) say("added", one);
  return found;
}

/** A part of a page as text, without its numbers and without what is ours: the same with the widget and without it. */
export function outline(root) {
  const copy = root.cloneNode(true);
  for (const box of copy.querySelectorAll("laifang-share")) box.remove();
  for (const element of copy.querySelectorAll("*")) {
    for (const { name } of Array.from(element.attributes)) if (/^(style|role|aria-.*|data-laifang-shown)$/.test(name)) element.removeAttribute(name);
  }
  return copy.innerHTML.replace(/\d|\s/g, "");
}
