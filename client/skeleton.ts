import { element } from './elements.js';

/** Grey bars where an answer will be. They appear late, so that a quick answer does not flash them first. */
export function skeleton(label: string, rows: number): HTMLElement {
  const bars = Array.from({ length: rows }, () =>
    element('div', { class: 'skeleton-row' }, element('span'), element('span'), element('span')),
  );
  return element('div', { class: 'skeleton', role: 'status', 'aria-label': label }, ...bars);
}
