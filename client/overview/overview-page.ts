import { element } from '../elements.js';
import type { Page, Shell } from '../page.js';

export function overviewPage(_shell: Shell): Page {
  const heading = element('h1', { tabindex: '-1' }, 'overview');
  return {
    element: element('div', {}, heading),
    shortcuts: [],
    show: () => undefined,
    focus: () => heading.focus(),
    leave: () => undefined,
  };
}
