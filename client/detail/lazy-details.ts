import { element } from '../elements.js';

/**
 * A fold whose content is made when it is opened for the first time: what is folded may be large.
 * @param summary what stands in its title
 */
export function lazyDetails(
  kind: string,
  summary: readonly (Node | string)[],
  makeContent: () => HTMLElement,
): HTMLDetailsElement {
  const made = element('details', { class: kind }, element('summary', {}, ...summary));
  let isFilled = false;
  made.addEventListener('toggle', () => {
    if (isFilled || !made.open) return;
    isFilled = true;
    made.append(makeContent());
  });
  return made;
}
