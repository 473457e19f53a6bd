// The rule above all others: no node that the page made is removed, moved or replaced. Runs in the page.

/** Remembers every node below an element: what it is in, and what stands before it. */
export const REMEMBER_NODES = `
function nodesBelow(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ALL), nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  return nodes;
}
/** The page's own nodes that stand elsewhere than before, or nowhere: their names and texts. */
function rememberNodes(root) {
  const before = nodesBelow(root).map((node) => ({ node, parent: node.parentNode }));
  return () => {
    const now = nodesBelow(root), own = new Set(before.map(({ node }) => node));
    const order = now.filter((node) => own.has(node));
    return before
      .filter(({ node, parent }, index) => node.parentNode !== parent || order[index] !== node)
      .map(({ node }) => node.nodeName + " " + (node.data ?? node.outerHTML));
  };
}`;
