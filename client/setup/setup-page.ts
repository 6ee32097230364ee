import { element } from '../elements.js';
import type { Page, Shell } from '../page.js';

export function setupPage(_shell: Shell): Page {
  const heading = element('h1', { tabindex: '-1' }, 'setup');
  return {
    element: element('div', {}, heading),
    shortcuts: [],
    show: () => undefined,
    focus: () => heading.focus(),
    leave: () => undefined,
  };
}
