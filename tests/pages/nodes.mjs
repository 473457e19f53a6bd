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
