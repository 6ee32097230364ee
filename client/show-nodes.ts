/** Puts these nodes into a place. Those that are there already, in this order, are left alone: they keep the focus. */
export function showNodes(place: HTMLElement, nodes: readonly Node[]): void {
  const isShown =
    place.childNodes.length === nodes.length &&
    nodes.every((node, index) => place.childNodes[index] === node);
  if (!isShown) place.replaceChildren(...nodes);
}
